//! Fields of a request that the caller adds (RFC 9110, section 5).

use core::fmt;

use super::error::FieldError;
use crate::http::line::TCHAR;
use crate::session::Session;
use crate::text::bytes::{cut, has_controls};

/// A header field of a request (RFC 9110, section 5).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
}

/// Says how long the value is, never what it is: it may be the key to a gateway.
impl fmt::Debug for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field").field("name", &self.name).field("value_len", &self.value.len()).finish()
    }
}

//= 9112-6.1-chunked-once, 9112-6.1-chunked-last, 9112-6.1-none-to-strangers, 9112-6.2-not-both
//= 9112-6.3-no-chunked-to-strangers, 9112-7.4-no-chunked-in-te, 9112-7.4-te-is-an-option, 9110-2.2-role
//= 9110-5.3-one-line-each, 9110-7.6.1-options, 9110-7.6.1-no-others, 9110-7.8-upgrade-is-an-option
//= 9110-10.1.4-te-is-an-option
/// The fields that the library writes itself, or that would change what it relies on.
const RESERVED: [&str; 21] = [
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
    "User-Agent",
];

impl<'a> Field<'a> {
    /// A field with a name and a value.
    ///
    /// # Errors
    ///
    /// [`FieldError`] where the name is no token, where the value holds a control character or begins or ends with
    /// white space, and where the library writes the field itself: nothing that authorises or frames a request can be
    /// doubled, nor its [`User-Agent`](Session::set_user_agent).
    pub fn new(name: &'a str, value: &'a str) -> Result<Self, FieldError> {
        check_field(name.as_bytes(), value.as_bytes())?;
        Ok(Field { name, value })
    }
}

impl<'m> Session<'m> {
    /// Sets the `User-Agent` of every request, whichever door it goes through and wherever (RFC 9110, 10.1.5), instead of
    /// [`DEFAULT_USER_AGENT`](crate::DEFAULT_USER_AGENT): `product/version`, more of them, and comments in parentheses. The
    /// empty text sends none, which firewalls do not like. It is no part of a snapshot, and stays when the session is cleared.
    ///
    /// It ends any exchange that is under way.
    ///
    /// # Errors
    ///
    /// [`FieldError::Value`] where it holds anything but visible ASCII and spaces, or begins or ends with a space. The session
    /// is as it was.
    pub fn set_user_agent(&mut self, user_agent: &'m str) -> Result<(), FieldError> {
        let text = user_agent.as_bytes();
        if text.trim_ascii().len() != text.len() || !text.iter().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(FieldError::Value);
        }
        self.user_agent = user_agent;
        self.end_exchange();
        Ok(())
    }

    /// Sets fields that go with every request to the session's site, beside those that the library writes itself: logins,
    /// changes of the password, and calls, before their own; the key that a gateway in front of the site asks for, say. They
    /// are the lines that they are to be: `Name: value` and CR LF each; the empty text sends none. A request for a token has
    /// [its own](crate::ClientCredentials::with_field_lines), for it goes to another host. They are no part of a snapshot, and
    /// stay when the session is cleared.
    ///
    /// It ends any exchange that is under way.
    ///
    /// # Errors
    ///
    /// [`FieldError`] where a line is none that [`Field::new`] takes, or does not end with CR LF. The session is as it was.
    pub fn set_field_lines(&mut self, lines: &'m str) -> Result<(), FieldError> {
        check_field_lines(lines.as_bytes())?;
        self.field_lines = lines;
        self.end_exchange();
        Ok(())
    }
}

//= 9110-2.2-grammar
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

//= 9112-2.2-no-bare-cr, 9112-5.2-no-folding
/// `field-value = *field-content` (RFC 9110, 5.5)
#[inline(never)]
fn check_value(value: &[u8]) -> Result<(), FieldError> {
    if has_controls(value) || value.trim_ascii().len() != value.len() { Err(FieldError::Value) } else { Ok(()) }
}

pub(super) fn checked_value(value: &str) -> Result<&str, FieldError> {
    check_value(value.as_bytes()).map(|()| value)
}

//= 9112-2.2-no-space-before-fields
/// `*( field-name ":" OWS field-value CRLF )`
#[inline(never)]
pub(crate) fn check_field_lines(lines: &[u8]) -> Result<(), FieldError> {
    let mut rest = lines;
    while !rest.is_empty() {
        let (line, after) = cut(rest, b'\n');
        let (name, Some(value)) = cut(line, b':') else {
            return Err(FieldError::Name);
        };
        let (Some(after), [value @ .., b'\r']) = (after, value) else {
            return Err(FieldError::Value);
        };
        let white = value.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        check_field(name, value.get(white..).unwrap_or_default())?;
        rest = after;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::call::Call;

    //= 9112-2.2-no-space-before-fields
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
            ("Prefer:\u{c}x\r\n", FieldError::Value),
            (": x\r\n", FieldError::Name),
            (" Prefer: x\r\n", FieldError::Name),
        ] {
            assert_eq!(call.with_field_lines(lines).unwrap_err(), error, "{lines:?}");
        }
        assert!(Field::new("X-Empty", "").is_ok());
    }
}
