//! The bytes of a request (RFC 9112, section 3).

use crate::cookie::jar::{Context, Jar};
use crate::credentials::LoginBody;
use crate::target::Path;
use crate::window::Window;

/// The path of the login below the base path, on both runtimes.
const LOGIN_PATH: &str = "/ServiceModel/AuthService.svc/Login";

/// The names under which a CSRF token comes as a cookie and goes back as a field.
pub(crate) const CSRF_NAMES: [&str; 2] = ["BPMCSRF", "CRT_CSRF"];

/// The cookie that is the ticket.
pub(crate) const TICKET_NAME: &str = ".ASPXAUTH";

/// The method of a [`Call`] (RFC 9110, section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`: the reply has no body.
    Head,
}

impl Method {
    const fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
        }
    }
}

/// A request after login. The session adds what authorises it.
#[derive(Clone, Copy, Debug)]
pub struct Call<'c> {
    method: Method,
    path: Path<'c>,
}

impl<'c> Call<'c> {
    /// A request without a body, that accepts JSON.
    pub const fn new(method: Method, path: Path<'c>) -> Self {
        Call { method, path }
    }

    /// `GET`.
    pub const fn get(path: Path<'c>) -> Self {
        Self::new(Method::Get, path)
    }
}

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

    /// Writes head and body. Nothing that goes in here can end a line: see [`Path`], [`Site`](crate::Site) and
    /// [`SetCookie`](crate::cookie::set_cookie::SetCookie) for what they let through.
    pub(crate) fn write(&self, jar: &Jar<'_>, context: &Context<'_>, out: &mut Window<'_>) {
        let (method, accept) = match self {
            Request::Login(_) => ("POST", "application/json"),
            Request::Call(call) => (call.method.name(), "application/json"),
        };
        out.put_str(method);
        out.put_str(" ");
        for piece in [context.target.base, context.target.prefix, context.target.path] {
            out.put_str(piece);
        }
        out.put_str(" HTTP/1.1\r\nHost: ");
        out.put_str(context.site.host());
        if let Some(port) = context.site.explicit_port() {
            out.put_str(":");
            out.put_number(port.into());
        }
        out.put_str("\r\nAccept: ");
        out.put_str(accept);
        out.put_str("\r\n");
        match self {
            Request::Login(body) => {
                out.put_str("Content-Type: application/json; charset=utf-8\r\nContent-Length: ");
                out.put_number(Window::length_of(|out| body.write(out)));
                out.put_str("\r\nForceUseSession: true\r\n");
                write_cookie_line(jar, context, out);
                out.put_str("\r\n");
                body.write(out);
            }
            Request::Call(_) => {
                write_authorization(jar, context, out);
                out.put_str("\r\n");
            }
        }
    }
}

/// The lines that authorise a call: `ForceUseSession`, `Cookie`, and for each CSRF cookie the field of its name.
pub(crate) fn write_authorization(jar: &Jar<'_>, context: &Context<'_>, out: &mut Window<'_>) {
    out.put_str("ForceUseSession: true\r\n");
    write_cookie_line(jar, context, out);
    for name in CSRF_NAMES {
        if let Some(cookie) = jar.newest(name, context) {
            out.put_str(name);
            out.put_str(": ");
            out.put(cookie.value);
            out.put_str("\r\n");
        }
    }
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
