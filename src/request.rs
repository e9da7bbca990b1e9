//! The bytes of a request (RFC 9112, section 3).

use crate::call::{Body, Call, Fields, JSON, Method};
use crate::cookie::jar::{Context, Jar};
use crate::credentials::LoginBody;
use crate::target::Path;
use crate::window::Window;

/// The path of the login below the base path, on both runtimes.
const LOGIN_PATH: &str = "/ServiceModel/AuthService.svc/Login";

/// The names under which a CSRF token comes as a cookie and goes back as a field.
const CSRF_NAMES: [&str; 2] = ["BPMCSRF", "CRT_CSRF"];

/// The cookie that is the ticket.
pub(crate) const TICKET_NAME: &str = ".ASPXAUTH";

/// What an exchange asks.
#[derive(Clone, Copy)]
pub(crate) enum Request<'c> {
    Login(LoginBody<'c>),
    Call(Call<'c>),
}

impl<'c> Request<'c> {
    pub(crate) fn is_head(&self) -> bool {
        matches!(self, Request::Call(call) if call.method == Method::Head)
    }

    pub(crate) fn path(&self) -> Path<'c> {
        match self {
            Request::Login(_) => Path::of_ours(LOGIN_PATH),
            Request::Call(call) => call.path,
        }
    }

    pub(crate) fn wanted_field(&self) -> Option<&'c str> {
        match self {
            Request::Login(_) => None,
            Request::Call(call) => call.wanted_field,
        }
    }

    /// Writes head and body. Nothing that goes in here can end a line: see [`Path`], [`Field`](crate::Field),
    /// [`Site`](crate::Site) and [`SetCookie`](crate::cookie::set_cookie::SetCookie) for what they let through.
    pub(crate) fn write(&self, jar: &Jar<'_>, context: &Context<'_>, out: &mut Window<'_>) {
        match self {
            Request::Login(body) => {
                write_start(Method::Post, &[], "application/json", context, out);
                let len = Window::length_of(|out| body.write(out));
                write_content(Some(JSON), Some(len), out);
                out.put_str("ForceUseSession: true\r\n");
                write_cookie_line(jar, context, out);
                out.put_str("\r\n");
                body.write(out);
            }
            Request::Call(call) => {
                write_start(call.method, call.query, call.accept, context, out);
                let (content_type, len) = call.content();
                write_content(content_type, len, out);
                write_authorization(jar, context, out);
                match call.fields {
                    Fields::List(fields) => {
                        fields.iter().for_each(|field| write_line(field.name, field.value.as_bytes(), out));
                    }
                    Fields::Lines(lines) => out.put_str(lines),
                }
                out.put_str("\r\n");
                if let Body::Bytes { bytes, .. } = call.body {
                    out.put(bytes);
                }
            }
        }
    }
}

/// The request line, `Host` and `Accept`.
fn write_start(method: Method, query: &[(&str, &str)], accept: &str, context: &Context<'_>, out: &mut Window<'_>) {
    let target = &context.target;
    out.put_str(method.name());
    out.put_str(" ");
    for piece in [target.base, target.prefix, target.path] {
        out.put_str(piece);
    }
    let mut before = if target.has_query() { "&" } else { "?" };
    for (name, value) in query {
        out.put_str(before);
        before = "&";
        out.put_encoded(name);
        out.put_str("=");
        out.put_encoded(value);
    }
    out.put_str(" HTTP/1.1\r\nHost: ");
    out.put_str(context.site.host());
    if let Some(port) = context.site.explicit_port() {
        out.put_str(":");
        out.put_number(port.into());
    }
    out.put_str("\r\n");
    write_line("Accept", accept.as_bytes(), out);
}

fn write_content(content_type: Option<&str>, len: Option<usize>, out: &mut Window<'_>) {
    if let Some(content_type) = content_type {
        write_line("Content-Type", content_type.as_bytes(), out);
    }
    if let Some(len) = len {
        out.put_str("Content-Length: ");
        out.put_number(len);
        out.put_str("\r\n");
    }
}

fn write_line(name: &str, value: &[u8], out: &mut Window<'_>) {
    out.put_str(name);
    out.put_str(": ");
    out.put(value);
    out.put_str("\r\n");
}

/// The lines that authorise a call: `ForceUseSession`, `Cookie`, and for each CSRF cookie the field of its name.
pub(crate) fn write_authorization(jar: &Jar<'_>, context: &Context<'_>, out: &mut Window<'_>) {
    out.put_str("ForceUseSession: true\r\n");
    write_cookie_line(jar, context, out);
    for name in CSRF_NAMES {
        if let Some(cookie) = jar.newest(name, context) {
            write_line(name, cookie.value, out);
        }
    }
}

/// Whether a call to the context's target carries a CSRF token.
pub(crate) fn has_csrf_token(jar: &Jar<'_>, context: &Context<'_>) -> bool {
    CSRF_NAMES.iter().any(|name| jar.newest(name, context).is_some())
}

/// `Cookie: name=value; name=value` (RFC 6265bis, 5.8.3), if there is one to send.
fn write_cookie_line(jar: &Jar<'_>, context: &Context<'_>, out: &mut Window<'_>) {
    let mut before = "Cookie: ";
    for cookie in jar.to_send(context) {
        out.put_str(before);
        before = "; ";
        if !cookie.name.is_empty() {
            out.put(cookie.name);
            out.put_str("=");
        }
        out.put(cookie.value);
    }
    if before == "; " {
        out.put_str("\r\n");
    }
}
