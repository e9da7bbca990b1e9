//! What a login is answered with.

use core::fmt;

use crate::error::ReplyError;
use crate::http::head::Head;
use crate::json::status::{self, StatusReader};
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
/// A text takes at most half of the memory that is left when it comes; a longer one is cut after a whole character.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Text<'s> {
    bytes: &'s [u8],
    truncated: bool,
}

impl<'s> Text<'s> {
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

/// Takes the body of the answer to a login.
pub(crate) struct LoginReply {
    body: Body,
    status: StatusReader,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    /// Nothing but white space yet.
    Undecided,
    Document,
    Html,
    /// Nothing in it matters.
    Skipped,
}

impl LoginReply {
    pub(crate) const fn new() -> Self {
        LoginReply { body: Body::Undecided, status: StatusReader::new() }
    }

    /// The head is complete; texts go into memory from `at` on.
    pub(crate) fn head(&mut self, head: &Head, at: usize) -> Result<(), ReplyError> {
        self.status.start_at(at);
        if head.status == 200 && head.encoded {
            return Err(ReplyError::ContentEncoding);
        }
        if head.html {
            self.body = Body::Html;
        } else if head.encoded || (300..400).contains(&head.status) {
            self.body = Body::Skipped;
        }
        Ok(())
    }

    /// Takes the next piece of the body.
    pub(crate) fn push(&mut self, head: &Head, piece: &[u8], memory: &mut [u8]) -> Result<(), ReplyError> {
        let mut piece = piece;
        while self.body == Body::Undecided
            && let Some((first, rest)) = piece.split_first()
        {
            match first {
                b'<' => self.body = Body::Html,
                b' ' | b'\t' | b'\r' | b'\n' | 0xEF | 0xBB | 0xBF => {
                    self.document(head, &[*first], memory)?;
                    piece = rest;
                }
                _ => self.body = Body::Document,
            }
        }
        if self.body == Body::Document {
            self.document(head, piece, memory)?;
        }
        Ok(())
    }

    /// Only with status 200 does the verdict hang on the document; elsewhere its texts are a help, if it is one.
    fn document(&mut self, head: &Head, piece: &[u8], memory: &mut [u8]) -> Result<(), ReplyError> {
        let result = self.status.push(piece, memory);
        if result.is_err() && head.status != 200 {
            self.body = Body::Skipped;
            return Ok(());
        }
        Ok(result?)
    }

    /// The body is complete.
    pub(crate) fn finish(&self, head: &Head) -> Result<(), ReplyError> {
        if head.status == 200 && self.body != Body::Html {
            self.status.finish()?;
        }
        Ok(())
    }

    fn verdict(&self, head: &Head, has_ticket: bool) -> Verdict {
        match head.status {
            200 if self.body == Body::Html && head.html => Verdict::LoginPage(LoginPageSign::HtmlContentType),
            200 if self.body == Body::Html => Verdict::LoginPage(LoginPageSign::HtmlBody),
            200 => match self.status.code() {
                Some(0 | 2) if !has_ticket => Verdict::NoTicket,
                Some(0) => Verdict::Authenticated,
                Some(2) => Verdict::PasswordChangeAdvised,
                _ => Verdict::Rejected,
            },
            300..=399 if head.to_login_page => Verdict::LoginPage(LoginPageSign::RedirectToLogin),
            301..=303 | 307 | 308 => Verdict::LoginPage(LoginPageSign::Redirect),
            401 => Verdict::BadCredentials,
            403 => Verdict::AccessDenied,
            _ => Verdict::UnexpectedStatus,
        }
    }

    pub(crate) fn result<'s>(&self, head: &Head, memory: &'s [u8], has_ticket: bool) -> Login<'s> {
        let is_document = self.body == Body::Document && self.status.is_complete();
        let text = |text| {
            let place = self.status.text(text).filter(|_| is_document)?;
            Some(Text { bytes: memory.get(place.start..)?.get(..place.len)?, truncated: place.truncated })
        };
        Login {
            verdict: self.verdict(head, has_ticket),
            http_status: head.status,
            code: self.status.code().filter(|_| is_document),
            message: text(status::Text::Message),
            exception_message: text(status::Text::ExceptionMessage),
            exception_type: text(status::Text::ExceptionType),
            password_change_url: text(status::Text::PasswordChangeUrl),
            redirect_url: text(status::Text::RedirectUrl),
            user_type: text(status::Text::UserType),
        }
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
