//! The JSON document that a login is answered with.

use std::fmt::Write;

use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::options::{ExpiredPassword, Options};
use crate::site::Site;

/// `UserType` in the document and in the cookie of that name.
pub(crate) const USER_TYPE: &str = "General";

/// The members of the document that depend on the outcome.
pub(crate) struct Status {
    code: i32,
    message: String,
    exception: Value,
    password_change_url: Option<String>,
    redirect_url: Option<String>,
}

impl Status {
    /// `Code` 0.
    pub(crate) fn accepted(site: &Site) -> Self {
        Self {
            code: 0,
            message: String::new(),
            exception: Value::Null,
            password_change_url: None,
            redirect_url: Some(site.shell()),
        }
    }

    /// `Code` 2.
    pub(crate) fn password_change_advised(site: &Site) -> Self {
        Self {
            code: 2,
            message: "Your password expires soon. Change it now?".to_owned(),
            exception: Value::Null,
            password_change_url: Some(password_change_page(site)),
            redirect_url: Some(site.shell()),
        }
    }

    /// `Code` 1, or another that means no.
    pub(crate) fn rejected(code: i32, message: &str, options: &Options) -> Self {
        Self::thrown(code, message, "System.Security.SecurityException", options)
    }

    /// `Code` 1, until the user has bound an authenticator.
    pub(crate) fn authenticator_wanted(options: &Options) -> Self {
        let kind = "Terrasoft.Authentication.TOTP.Exceptions.TotpIsNotEnabledException";
        Self::thrown(1, "Set up an authenticator to sign in.", kind, options)
    }

    /// `Code` 1, until the second factor has come.
    pub(crate) fn second_factor_wanted(options: &Options) -> Self {
        let kind = "Terrasoft.Authentication.TwoFactor.Exceptions.StartAuthFlowException";
        Self::thrown(1, "Enter the code.", kind, options)
    }

    /// With an exception, whose type says why.
    fn thrown(code: i32, message: &str, kind: &str, options: &Options) -> Self {
        let exception = |inner: Value| {
            json!({
                "HelpLink": null,
                "InnerException": inner,
                "Message": message,
                "StackTrace": stack_trace(options.stack_trace_size),
                "Type": kind,
            })
        };
        Self {
            code,
            message: message.to_owned(),
            exception: exception(exception(Value::Null)),
            password_change_url: None,
            redirect_url: None,
        }
    }

    /// `Code` 3 or 4.
    pub(crate) fn no_license(code: i32, message: &str, site: &Site) -> Self {
        Self { code, message: message.to_owned(), ..Self::accepted(site) }
    }

    /// `Code` 5.
    pub(crate) fn code_5(site: &Site) -> Self {
        Self { code: 5, redirect_url: Some(site.login_page() + "?ErrorCode=5"), ..Self::accepted(site) }
    }

    /// Until the password is changed.
    pub(crate) fn password_expired(site: &Site) -> Self {
        if site.options.expired_password == ExpiredPassword::Code5 {
            return Self { message: "Your password has expired.".to_owned(), ..Self::code_5(site) };
        }
        let rejected = Self::rejected(1, "Your password has expired. Change it to sign in.", &site.options);
        Self { password_change_url: Some(password_change_page(site)), ..rejected }
    }

    fn document(&self, exception_first: bool) -> Map<String, Value> {
        let exception = ("Exception", self.exception.clone());
        let mut members = vec![
            ("Code", json!(self.code)),
            ("Message", json!(self.message)),
            ("PasswordChangeUrl", json!(self.password_change_url)),
            ("RedirectUrl", json!(self.redirect_url)),
            ("UserType", json!(USER_TYPE)),
        ];
        members.insert(if exception_first { 0 } else { 2 }, exception);
        let owned = |(name, value): (&str, Value)| (name.to_owned(), value);
        members.into_iter().map(owned).collect()
    }
}

fn password_change_page(site: &Site) -> String {
    site.login_page() + "?ChangePassword=true"
}

/// The reply with that document, spelled as the options want it.
pub(crate) fn json(status: &Status, options: &Options) -> Response {
    let document = Value::Object(status.document(options.exception_first));
    let mut text = document.to_string();
    // Slashes and text outside ASCII occur in strings only, so all of it may be replaced.
    if options.escape_slashes {
        text = text.replace('/', r"\/");
    }
    if options.escape_unicode {
        text = escape_unicode(&text);
    }
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    ([(CONTENT_TYPE, json)], text).into_response()
}

/// Characters outside the basic plane become surrogate pairs.
fn escape_unicode(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for code in text.encode_utf16() {
        match u8::try_from(code) {
            Ok(byte) if byte.is_ascii() => escaped.push(char::from(byte)),
            _ => write!(escaped, "\\u{code:04x}").expect("a String takes everything"),
        }
    }
    escaped
}

/// Lines that are as tiresome to a reader of JSON as real ones, `size` bytes in all.
pub(crate) fn stack_trace(size: usize) -> String {
    let line = "   at Emulator.Auth.Verify(String name) in C:\\build/src\\Auth.cs:line 42\r\n";
    line.chars().cycle().take(size).collect()
}
