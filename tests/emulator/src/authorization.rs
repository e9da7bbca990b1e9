//! The request field `Authorization`.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// What the field says.
pub(crate) enum Authorization {
    /// There is none.
    Absent,
    /// `Bearer` and a token (RFC 6750).
    Bearer(String),
    /// `Basic` with what is before and after the first colon (RFC 7617).
    Basic(String, String),
    /// Another scheme, or one of these two in a broken form.
    Other,
    /// There is more than one.
    Repeated,
}

impl Authorization {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut fields = headers.get_all(AUTHORIZATION).iter();
        match (fields.next(), fields.next()) {
            (None, _) => Self::Absent,
            (Some(field), None) => Self::parse(field).unwrap_or(Self::Other),
            (Some(_), Some(_)) => Self::Repeated,
        }
    }

    fn parse(field: &HeaderValue) -> Option<Self> {
        let field = field.to_str().ok()?;
        let (scheme, rest) = field.split_once(' ').unwrap_or((field, ""));
        let rest = rest.trim_start_matches(' ');
        if scheme.eq_ignore_ascii_case("Bearer") {
            return Some(Self::Bearer(rest.to_owned()));
        }
        if !scheme.eq_ignore_ascii_case("Basic") {
            return None;
        }
        let text = String::from_utf8(BASE64_STANDARD.decode(rest).ok()?).ok()?;
        let (name, password) = text.split_once(':')?;
        Some(Self::Basic(name.to_owned(), password.to_owned()))
    }
}
