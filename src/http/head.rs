//! What the field lines of a reply say, as far as anyone here wants to know.

use super::body::Body;
use crate::cookie::date;
use crate::error::Malformed;

/// The fields of interest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Connection,
    ContentEncoding,
    ContentLength,
    ContentType,
    Date,
    Location,
    RetryAfter,
    SetCookie,
    TransferEncoding,
    /// The one that the caller wants.
    Wanted,
}

impl Field {
    pub(crate) fn from_name(name: &[u8], wanted: Option<&str>) -> Option<Self> {
        const NAMES: [(&str, Field); 9] = [
            ("Connection", Field::Connection),
            ("Content-Encoding", Field::ContentEncoding),
            ("Content-Length", Field::ContentLength),
            ("Content-Type", Field::ContentType),
            ("Date", Field::Date),
            ("Location", Field::Location),
            ("Retry-After", Field::RetryAfter),
            ("Set-Cookie", Field::SetCookie),
            ("Transfer-Encoding", Field::TransferEncoding),
        ];
        let known = NAMES.iter().find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(name));
        let is_wanted = || wanted.is_some_and(|wanted| wanted.as_bytes().eq_ignore_ascii_case(name));
        known.map(|(_, field)| *field).or_else(|| is_wanted().then_some(Field::Wanted))
    }
}

/// A reply's head, gathered from its lines.
pub(crate) struct Head {
    /// The status code; 0 until the status line has come.
    pub status: u16,
    pub http_10: bool,
    pub length: Option<u64>,
    chunked: bool,
    close: bool,
    keep_alive: bool,
    /// The body is compressed.
    pub encoded: bool,
    /// The body says that it is an HTML page.
    pub html: bool,
    /// `Location` names a page in a folder `Login`.
    pub to_login_page: bool,
    /// `Date` in seconds since 1970.
    pub date: Option<u64>,
    retry_after: Option<RetryAfter>,
}

/// `Retry-After = HTTP-date / delay-seconds` (RFC 9110, 10.2.3)
#[derive(Clone, Copy)]
enum RetryAfter {
    Seconds(u32),
    /// Seconds since 1970.
    At(u64),
}

impl RetryAfter {
    fn parse(value: &[u8]) -> Option<Self> {
        match content_length(value) {
            Some(seconds) => Some(RetryAfter::Seconds(u32::try_from(seconds).unwrap_or(u32::MAX))),
            None => date::parse(value).map(RetryAfter::At),
        }
    }

    /// How many seconds from now, where the time is known or does not matter.
    fn seconds(self, now: Option<u64>) -> Option<u32> {
        match self {
            RetryAfter::Seconds(seconds) => Some(seconds),
            RetryAfter::At(time) => Some(u32::try_from(time.saturating_sub(now?)).unwrap_or(u32::MAX)),
        }
    }
}

impl Head {
    pub(crate) const fn new() -> Self {
        Head {
            status: 0,
            http_10: false,
            length: None,
            chunked: false,
            close: false,
            keep_alive: false,
            encoded: false,
            html: false,
            to_login_page: false,
            date: None,
            retry_after: None,
        }
    }

    /// Takes the value of a field, white space around it removed.
    pub(crate) fn take(&mut self, field: Field, value: &[u8]) -> Result<(), Malformed> {
        match field {
            // Connection = #connection-option (RFC 9110, 7.6.1)
            Field::Connection => {
                for option in value.split(|b| *b == b',').map(<[u8]>::trim_ascii) {
                    self.close |= option.eq_ignore_ascii_case(b"close");
                    self.keep_alive |= option.eq_ignore_ascii_case(b"keep-alive");
                }
            }
            Field::ContentEncoding => {
                self.encoded |= !value.is_empty() && !value.eq_ignore_ascii_case(b"identity");
            }
            Field::ContentLength => {
                if self.length.is_some() {
                    return Err(Malformed::ContentLength);
                }
                self.length = Some(content_length(value).ok_or(Malformed::ContentLength)?);
            }
            Field::ContentType => {
                let essence = value.split(|b| *b == b';').next().unwrap_or(value).trim_ascii();
                self.html = essence.eq_ignore_ascii_case(b"text/html")
                    || essence.eq_ignore_ascii_case(b"application/xhtml+xml");
            }
            Field::Date => self.date = date::parse(value),
            Field::Location => self.to_login_page = is_login_page(value),
            Field::TransferEncoding => {
                // No other coding was asked for, and chunked is applied once (RFC 9112, 6.1).
                if self.chunked || !value.eq_ignore_ascii_case(b"chunked") {
                    return Err(Malformed::TransferEncoding);
                }
                self.chunked = true;
            }
            Field::RetryAfter => self.retry_after = RetryAfter::parse(value),
            Field::SetCookie | Field::Wanted => {} // the exchange's business
        }
        Ok(())
    }

    /// The framing of the body (RFC 9112, 6.3).
    pub(crate) fn body(&self, request_was_head: bool) -> Result<Body, Malformed> {
        if self.chunked && self.length.is_some() {
            return Err(Malformed::LengthAndChunked);
        }
        if self.chunked && self.http_10 {
            return Err(Malformed::TransferEncoding);
        }
        Ok(if request_was_head || matches!(self.status, 204 | 304) {
            Body::length(0)
        } else if self.chunked {
            Body::chunked()
        } else if let Some(length) = self.length {
            Body::length(length)
        } else {
            Body::ToClose
        })
    }

    /// `Retry-After` in seconds, counted from the caller's time or from that of the reply.
    pub(crate) fn retry_after(&self, now: Option<u64>) -> Option<u32> {
        self.retry_after?.seconds(now.or(self.date))
    }

    /// Whether the peer keeps the connection open after a reply that has an end of its own (RFC 9112, 9.3).
    pub(crate) fn keeps_alive(&self) -> bool {
        !self.close && (!self.http_10 || self.keep_alive)
    }
}

/// `Content-Length = 1*DIGIT` (RFC 9110, 8.6)
fn content_length(value: &[u8]) -> Option<u64> {
    if value.is_empty() {
        return None;
    }
    value.iter().try_fold(0u64, |length, b| {
        let digit = b.is_ascii_digit().then(|| u64::from(b - b'0'))?;
        length.checked_mul(10)?.checked_add(digit)
    })
}

/// `…/Login/NuiLogin.aspx?…`, `…/Login/Login.html?…` (protocol notes, section 4): a page right in a folder `Login`.
fn is_login_page(location: &[u8]) -> bool {
    let path = location.split(|b| matches!(b, b'?' | b'#')).next().unwrap_or(location);
    let mut segments = path.rsplit(|b| *b == b'/');
    segments.next().is_some_and(|page| !page.is_empty())
        && segments.next().is_some_and(|folder| folder.eq_ignore_ascii_case(b"Login"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_pages_are_known_by_their_folder() {
        for page in [
            "/Login/NuiLogin.aspx?ReturnUrl=%2f0%2fodata%2fContact",
            "/app/Login/Login.html?ReturnUrl=x",
            "https://host/login/LOGIN.HTML",
            "/Login/NuiLogin.aspx#x",
            "Login/Login.html",
        ] {
            assert!(is_login_page(page.as_bytes()), "{page}");
        }
        for other in ["", "/", "/0/Shell", "/Login", "/Login/", "/a?b=/Login/Login.html", "https://host/"] {
            assert!(!is_login_page(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn a_length_is_digits_within_64_bits() {
        assert_eq!(content_length(b"0"), Some(0));
        assert_eq!(content_length(b"18446744073709551615"), Some(u64::MAX));
        for bad in ["", "-1", "+1", "1 ", "1,1", "0x1", "1.0", "18446744073709551616"] {
            assert_eq!(content_length(bad.as_bytes()), None, "{bad:?}");
        }
    }
}
