//! What a login is answered with.

use core::fmt;

use crate::content::Content;
use crate::error::DocumentError;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::http::head::Head;
use crate::json::status::{self, STATUS};
use crate::kind::Kind;
use crate::request;
use crate::session::Session;
use crate::verdict::{LoginPageSign, Verdict};

/// The answer to a login. Its texts stand in the session's memory until the next exchange begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Login<'s> {
    /// What it means.
    pub verdict: Verdict,
    /// The HTTP status code.
    pub http_status: u16,
    /// `Code`, where the answer was a status document.
    pub code: Option<i32>,
    /// `Message`, in the user's language: for people, never to be branched on.
    pub message: Option<Text<'s>>,
    /// `Message` of `Exception`.
    pub exception_message: Option<Text<'s>>,
    /// `Type` of `Exception`.
    pub exception_type: Option<Text<'s>>,
    /// `PasswordChangeUrl`.
    pub password_change_url: Option<Text<'s>>,
    /// `RedirectUrl`.
    pub redirect_url: Option<Text<'s>>,
    /// `UserType`.
    pub user_type: Option<Text<'s>>,
}

/// A text out of an answer.
///
/// A text takes at most half of the memory that is left when it comes; a longer one is cut after a whole character. Half a
/// surrogate pair, which JSON can escape and UTF-8 cannot hold, stands in it as U+FFFD.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Text<'s> {
    bytes: &'s [u8],
    truncated: bool,
}

impl<'s> Text<'s> {
    pub(crate) const fn new(bytes: &'s [u8], truncated: bool) -> Self {
        Text { bytes, truncated }
    }

    /// The text.
    pub fn as_str(&self) -> &'s str {
        core::str::from_utf8(self.bytes).unwrap_or_default() // always UTF-8: the reader lets nothing else in
    }

    /// The text's bytes, which are UTF-8.
    pub const fn as_bytes(&self) -> &'s [u8] {
        self.bytes
    }

    /// Whether the text was longer than its room.
    pub const fn is_truncated(&self) -> bool {
        self.truncated
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())?;
        f.write_str(if self.truncated { "…" } else { "" })
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)?;
        f.write_str(if self.truncated { "…" } else { "" })
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Text<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What a login does in its own way.
pub(crate) static LOGIN: Kind = Kind {
    write: request::write_login,
    cookie: |exchange, session, value| exchange.stage_cookie(session, value),
    field: |exchange, session, field, value| exchange.take_field(session, field, &value),
    reads_body: |_, head| !(300..=399).contains(&head.status),
    members: &STATUS,
    answers_by_document: true,
    complete,
    is_signed_in: |exchange, session| exchange.login_result(session).map(|login| login.verdict.is_authenticated()),
};

/// What a change of the password does in its own way.
pub(crate) static PASSWORD_CHANGE: Kind = Kind { write: request::write_password_change, ..LOGIN };

fn complete(exchange: &mut Exchange<'_>, session: &mut Session<'_>) -> Result<(), Failure> {
    if exchange.check_document()? && exchange.content.document.number().is_none() {
        return Err(DocumentError::NoCode.into());
    }
    exchange.commit_cookies(session);
    if session.has_ticket() {
        session.jar.drop_over(0, true); // what a token or Basic has left would count again without the ticket
    }
    Ok(())
}

pub(crate) fn answer<'s>(head: &Head, content: &Content, has_ticket: bool, memory: &'s [u8]) -> Login<'s> {
    let text = |text| content.text(text, memory);
    let code = content.document.number().filter(|_| content.is_document());
    let verdict = match head.status {
        200 if head.html => Verdict::LoginPage(LoginPageSign::HtmlContentType),
        200 if content.is_html() => Verdict::LoginPage(LoginPageSign::HtmlBody),
        200 => match code {
            Some(0 | 2) if !has_ticket => Verdict::NoTicket,
            Some(0) => Verdict::Authenticated,
            Some(2) => Verdict::PasswordChangeAdvised,
            Some(1) => Verdict::Rejected,
            _ => Verdict::UnknownCode,
        },
        300..=399 if head.to_login_page => Verdict::LoginPage(LoginPageSign::RedirectToLogin),
        301..=303 | 307 | 308 => Verdict::LoginPage(LoginPageSign::Redirect),
        401 => Verdict::BadCredentials,
        403 => Verdict::AccessDenied,
        _ => Verdict::UnexpectedStatus,
    };
    Login {
        verdict,
        http_status: head.status,
        code,
        message: text(status::MESSAGE),
        exception_message: text(status::EXCEPTION_MESSAGE),
        exception_type: text(status::EXCEPTION_TYPE),
        password_change_url: text(status::PASSWORD_CHANGE_URL),
        redirect_url: text(status::REDIRECT_URL),
        user_type: text(status::USER_TYPE),
    }
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

    #[test]
    fn serializes_as_plain_json() {
        let text = |text: &'static str| Some(Text { bytes: text.as_bytes(), truncated: false });
        let login = Login {
            verdict: Verdict::LoginPage(LoginPageSign::HtmlBody),
            http_status: 200,
            code: None,
            message: text("Нет"),
            exception_message: None,
            exception_type: None,
            password_change_url: None,
            redirect_url: None,
            user_type: None,
        };
        assert_eq!(
            serde_json::to_value(login).unwrap(),
            serde_json::json!({
                "verdict": {"LoginPage": "HtmlBody"}, "http_status": 200, "code": null, "message": "Нет",
                "exception_message": null, "exception_type": null, "password_change_url": null,
                "redirect_url": null, "user_type": null,
            })
        );
    }
}
