//! Fields of a request that the caller adds (RFC 9110, section 5).

use super::error::FieldError;
use crate::http::line::TCHAR;
use crate::text::bytes::{cut, has_controls};

/// A header field of a request (RFC 9110, section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
}

/// The fields that the library writes itself, or that would change what it relies on.
const RESERVED: [&str; 20] = [
    "Accept",
    "Accept-Encoding",
    "Authorization",
    "BPMCSRF",
    "Connection",
    "Content-Length",
    "Content-Type",
    "Cookie",
    "CRT_CSRF",
    "Expect",
    "ForceUseSession",
    "Host",
    "Keep-Alive",
    "Proxy-Authorization",
    "Proxy-Connection",
    "Set-Cookie",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
];

impl<'a> Field<'a> {
    /// A field with a name and a value.
    ///
    /// # Errors
    ///
    /// [`FieldError`] where the name is no token, where the value holds a control character or begins or ends with
    /// white space, and where the library writes the field itself: nothing that authorises or frames a request can be
    /// doubled.
    pub fn new(name: &'a str, value: &'a str) -> Result<Self, FieldError> {
        check_field(name.as_bytes(), value.as_bytes())?;
        Ok(Field { name, value })
    }
}

#[inline(never)]
fn check_field(name: &[u8], value: &[u8]) -> Result<(), FieldError> {
    if name.is_empty() || !TCHAR.has_all(name) {
        return Err(FieldError::Name);
    }
    if RESERVED.iter().any(|reserved| reserved.as_bytes().eq_ignore_ascii_case(name)) {
        return Err(FieldError::Reserved);
    }
    check_value(value)
}

/// `field-value = *field-content` (RFC 9110, 5.5)
#[inline(never)]
fn check_value(value: &[u8]) -> Result<(), FieldError> {
    if has_controls(value) || value.trim_ascii().len() != value.len() { Err(FieldError::Value) } else { Ok(()) }
}

pub(super) fn checked_value(value: &str) -> Result<&str, FieldError> {
    check_value(value.as_bytes()).map(|()| value)
}

/// `*( field-name ":" OWS field-value CRLF )`
#[inline(never)]
pub(super) fn check_field_lines(lines: &[u8]) -> Result<(), FieldError> {
    let mut rest = lines;
    while !rest.is_empty() {
        let (line, after) = cut(rest, b'\n');
        let (name, Some(value)) = cut(line, b':') else {
            return Err(FieldError::Name);
        };
        let (Some(after), [value @ .., b'\r']) = (after, value) else {
            return Err(FieldError::Value);
        };
        check_field(name, value.trim_ascii_start())?;
        rest = after;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::call::Call;

    #[test]
    fn fields_that_would_double_or_break_something_are_refused() {
        for name in ["Cookie", "cookie", "BPMCSRF", "Authorization", "content-length", "HOST", "Transfer-Encoding"] {
            assert_eq!(Field::new(name, "x"), Err(FieldError::Reserved), "{name}");
        }
        for name in ["", "a b", "a:", "a\r\n", "ä", "a\0"] {
            assert_eq!(Field::new(name, "x"), Err(FieldError::Name), "{name:?}");
        }
        for value in ["a\r\nCookie: b", "a\n", "\0", "\u{7f}", " a", "a\t"] {
            assert_eq!(Field::new("Prefer", value), Err(FieldError::Value), "{value:?}");
        }
        assert!(Field::new("If-Match", "\"ä\tb\"").is_ok());
        let call = Call::ping();
        assert!(call.with_field_lines("").is_ok());
        assert!(call.with_field_lines("If-Match: *\r\nPrefer:return=minimal\r\nX-Empty:\r\n").is_ok());
        for (lines, error) in [
            ("Prefer: x", FieldError::Value),
            ("Prefer: x\n", FieldError::Value),
            ("Prefer: x\r\nIf-Match", FieldError::Name),
            ("Prefer: x\r\n\r\n", FieldError::Name),
            ("Prefer: x\r\nCookie: a=b\r\n", FieldError::Reserved),
            ("Prefer : x\r\n", FieldError::Name),
            ("Prefer: x \r\n", FieldError::Value),
            ("Prefer: x\rY: z\r\n", FieldError::Value),
            (": x\r\n", FieldError::Name),
            (" Prefer: x\r\n", FieldError::Name),
        ] {
            assert_eq!(call.with_field_lines(lines).unwrap_err(), error, "{lines:?}");
        }
        assert!(Field::new("X-Empty", "").is_ok());
    }
}
