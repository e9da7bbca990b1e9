//! What is asked, a file for each door, and the bytes of a request (RFC 9112, section 3).

mod basic;
pub(crate) mod call;
pub(crate) mod error;
pub(crate) mod field;
pub(crate) mod login;
pub(crate) mod password_change;
pub(crate) mod secret;
pub(crate) mod token;

use crate::cookie::jar::Jar;
use crate::cookie::record::Context;
use crate::request::call::{Body, Call, Fields, JSON, Method};
use crate::request::login::LoginBody;
use crate::request::password_change::PasswordChangeBody;
use crate::request::token::TokenRequest;
use crate::session::Session;
use crate::session::authorization::{self, write_cookie_line, write_line};
use crate::site::path::Path;
use crate::text::time::Time;
use crate::text::window::Window;

/// The content type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// What an exchange asks.
#[derive(Clone, Copy)]
pub(crate) enum Request<'c> {
    Login(LoginBody<'c>),
    PasswordChange(PasswordChangeBody<'c>),
    Call(Call<'c>),
    Token(TokenRequest<'c>),
}

impl<'c> Request<'c> {
    pub(crate) fn is_head(&self) -> bool {
        matches!(self, Request::Call(call) if call.method == Method::Head)
    }

    /// The path that it goes to.
    #[inline(never)]
    pub(crate) fn path(&self) -> &Path<'c> {
        match self {
            Request::Login(body) => body.path,
            Request::PasswordChange(body) => body.login.path,
            Request::Call(call) => &call.path,
            Request::Token(token) => &token.path,
        }
    }

    /// Where it goes. A token is asked for at a site of its own.
    pub(crate) fn context<'a>(&self, session: &Session<'a>) -> Context<'a>
    where
        'c: 'a,
    {
        match self {
            Request::Token(token) => Context::new(token.identity, token.path, Time::UNKNOWN),
            request => session.context(*request.path()),
        }
    }

    /// The name of the field that is wanted; empty for none.
    pub(crate) fn wanted_field(&self) -> &'c str {
        match self {
            Request::Call(call) => call.wanted_field.unwrap_or_default(),
            _ => "",
        }
    }
}

pub(crate) fn write_login(request: &Request<'_>, jar: &Jar<'_>, context: &Context<'_>, out: &mut Window<'_>) {
    if let Request::Login(body) = request {
        write_sign_in(Window::length_of(|out| body.write(out)), jar, context, out);
        body.write(out);
    }
}

pub(crate) fn write_password_change(
    request: &Request<'_>,
    jar: &Jar<'_>,
    context: &Context<'_>,
    out: &mut Window<'_>,
) {
    if let Request::PasswordChange(body) = request {
        write_sign_in(Window::length_of(|out| body.write(out)), jar, context, out);
        body.write(out);
    }
}

/// The head of what signs in: a document of this length is to follow, and the cookies of an earlier login go with it.
fn write_sign_in(len: usize, jar: &Jar<'_>, context: &Context<'_>, out: &mut Window<'_>) {
    write_target(Method::Post, context, out);
    write_host_and_accept("application/json", context, out);
    write_content(Some(JSON), Some(len), out);
    out.put_str("ForceUseSession: true\r\n");
    write_cookie_line(jar, context, out);
    out.put_str("\r\n");
}

pub(crate) fn write_call(request: &Request<'_>, jar: &Jar<'_>, context: &Context<'_>, out: &mut Window<'_>) {
    let Request::Call(call) = request else { return };
    write_target(call.method, context, out);
    let mut before = if context.target.has_query() { "&" } else { "?" };
    for (name, value) in call.query {
        out.put_str(before);
        before = "&";
        out.put_encoded(name);
        out.put_str("=");
        out.put_encoded(value);
    }
    write_host_and_accept(call.accept, context, out);
    let (content_type, len) = call.content();
    write_content(content_type, len, out);
    authorization::write(jar, context, out);
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

pub(crate) fn write_token_request(request: &Request<'_>, _: &Jar<'_>, context: &Context<'_>, out: &mut Window<'_>) {
    let Request::Token(token) = request else { return };
    write_target(Method::Post, context, out);
    write_host_and_accept("application/json", context, out);
    write_content(Some(FORM), Some(Window::length_of(|out| token.write_form(out))), out);
    token.write_authorization(out);
    out.put_str("\r\n");
    token.write_form(out);
}

/// The request line as far as its path.
#[inline(never)]
fn write_target(method: Method, context: &Context<'_>, out: &mut Window<'_>) {
    out.put_str(method.name());
    out.put_str(" ");
    context.target.pieces.iter().for_each(|piece| out.put_str(piece));
}

/// The rest of the request line, `Host` and `Accept`.
#[inline(never)]
fn write_host_and_accept(accept: &str, context: &Context<'_>, out: &mut Window<'_>) {
    out.put_str(" HTTP/1.1\r\nHost: ");
    out.put_str(context.site.host());
    if let Some(port) = context.site.explicit_port() {
        out.put_str(":");
        out.put_number(port.into());
    }
    out.put_str("\r\nAccept: ");
    out.put_str(accept);
    out.put_str("\r\n");
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
