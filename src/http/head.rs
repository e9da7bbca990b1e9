//! A reply's head: what its status line and its fields say, as far as anyone here wants to know.

use super::body::Body;
use super::known_fields::Field;
use crate::http::error::Malformed;
use crate::text::bytes::{before, is_trimmed, next_part};
use crate::text::date;
use crate::text::number::{decimal, leading_number};
use crate::text::time::{LONGEST, Time};

/// A reply's head, gathered from its lines.
pub(crate) struct Head {
    /// The status code; 0 until the status line has come.
    pub status: u16,
    pub http_10: bool,
    has_length: bool,
    chunked: bool,
    /// The connection is not kept open.
    pub close: bool,
    keep_alive: bool,
    /// The body is compressed.
    pub encoded: bool,
    /// The body says that it is an HTML page.
    pub html: bool,
    /// `Location` sends to the login page.
    pub to_login_page: bool,
    has_retry_after: bool,
    retry_after_is_date: bool,
    length: usize,
    /// `Date` in seconds since 1970; at the end of a head without one, what is known of the peer's time.
    pub date: Time,
    /// `Retry-After = HTTP-date / delay-seconds` (RFC 9110, 10.2.3): the seconds, or the date.
    retry_after: u32,
}

impl Head {
    /// Nothing has come.
    pub(crate) const NEW: Self = Head {
        status: 0,
        http_10: false,
        length: 0,
        has_length: false,
        chunked: false,
        close: false,
        keep_alive: false,
        encoded: false,
        html: false,
        to_login_page: false,
        date: Time::UNKNOWN,
        has_retry_after: false,
        retry_after_is_date: false,
        retry_after: 0,
    };

    //= 9112-4-reason, 9110-6.2-higher-minor
    /// Takes the beginning of the status line.
    ///
    /// `status-line = HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112, section 4); the space before the reason
    /// phrase may be left out.
    #[expect(clippy::cast_possible_truncation, reason = "it has three digits")]
    pub(crate) fn take_status_line(&mut self, line: &[u8]) -> Result<(), Malformed> {
        if let Some([minor @ (b'0' | b'1'), b' ', code @ ..]) = line.strip_prefix(b"HTTP/1.")
            && let (3, status) = leading_number(code)
            && let None | Some(b' ') = code.get(3)
        {
            self.http_10 = *minor == b'0';
            self.status = status as u16;
            return Ok(());
        }
        Err(Malformed::StatusLine)
    }

    /// Whether it is that of an interim reply, whose fields say nothing.
    pub(crate) fn is_interim(&self) -> bool {
        matches!(self.status, 1..=199)
    }

    /// Takes the value of a field, white space around it removed.
    #[expect(clippy::cast_possible_truncation, reason = "no more than a `u32` holds")]
    pub(crate) fn take(&mut self, field: Field, value: &[u8]) -> Result<(), Malformed> {
        match field {
            //= 9110-5.6.1.2-empty-elements
            // Connection = #connection-option (RFC 9110, 7.6.1)
            Field::Connection => {
                let mut options = Some(value);
                while let Some(option) = next_part(&mut options, b',') {
                    self.close |= is_trimmed(option, b"close");
                    self.keep_alive |= is_trimmed(option, b"keep-alive");
                }
            }
            Field::ContentEncoding => {
                self.encoded |= !value.is_empty() && !is_trimmed(value, b"identity");
            }
            Field::ContentLength => {
                //= 9112-6.3-invalid-length
                let length = content_length(value).filter(|_| !self.has_length);
                self.length = length.ok_or(Malformed::ContentLength)?;
                self.has_length = true;
            }
            Field::ContentType => {
                let essence = before(value, b';');
                self.html = is_trimmed(essence, b"text/html") || is_trimmed(essence, b"application/xhtml+xml");
            }
            Field::Date => self.date = date::time(value).or(self.date),
            Field::TransferEncoding => {
                //= 9112-7.1-parameters, 9112-7.2-parameters, 9110-5.6.1.2-empty-elements
                // No other coding was asked for, and chunked is applied once (RFC 9112, 6.1).
                if self.chunked || !is_trimmed(value, b"chunked") {
                    return Err(Malformed::TransferEncoding);
                }
                self.chunked = true;
            }
            Field::RetryAfter => {
                let seconds = decimal(value);
                self.retry_after_is_date = seconds.is_none();
                let said = match seconds {
                    Some(seconds) => Some(seconds.min(u32::MAX.into()) as u32),
                    None => date::time(value).known(),
                };
                (self.has_retry_after, self.retry_after) = (said.is_some(), said.unwrap_or_default());
            }
            Field::Location | Field::SetCookie | Field::Wanted => {} // the exchange's business
        }
        Ok(())
    }

    /// The framing of the body (RFC 9112, 6.3).
    pub(crate) fn body(&self, request_was_head: bool) -> Result<Body, Malformed> {
        if self.chunked && self.has_length {
            return Err(Malformed::LengthAndChunked);
        }
        //= 9112-6.1-http-1.0
        if self.chunked && self.http_10 {
            return Err(Malformed::TransferEncoding);
        }
        Ok(if request_was_head || matches!(self.status, 204 | 304) {
            Body::of_length(0)
        } else if self.has_length {
            Body::of_length(self.length)
        } else if self.chunked {
            Body::chunked()
        } else {
            Body::to_close()
        })
    }

    /// `Retry-After` in seconds. A date is counted from the reply's, or else from the caller's time; one that is further
    /// away than the longest life of a cookie says that a clock is wrong.
    pub(crate) fn retry_after(&self, now: Time) -> Option<u32> {
        let mut seconds = self.retry_after;
        if self.retry_after_is_date {
            seconds = seconds.saturating_sub(self.date.or(now).known()?);
            if seconds > LONGEST {
                return None;
            }
        }
        self.has_retry_after.then_some(seconds)
    }

    /// `Content-Length`
    pub(crate) fn content_length(&self) -> Option<usize> {
        self.has_length.then_some(self.length)
    }

    //= 9112-9.6-close-received
    /// Whether the peer keeps the connection open after a reply that has an end of its own (RFC 9112, 9.3).
    pub(crate) fn keeps_alive(&self) -> bool {
        !self.close && (!self.http_10 || self.keep_alive)
    }
}

//= 9110-8.6-large
/// `Content-Length = 1*DIGIT` (RFC 9110, 8.6); the largest number of 64 bits is too large, as it stands for larger ones,
/// and so is what no `usize` holds.
fn content_length(value: &[u8]) -> Option<usize> {
    decimal(value).filter(|length| *length != u64::MAX)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    //= 9110-8.6-large
    #[test]
    fn a_length_is_digits_within_64_bits() {
        assert_eq!(content_length(b"0"), Some(0));
        assert_eq!(content_length(b"18446744073709551614"), Some(usize::MAX - 1));
        for bad in ["", "-1", "+1", "1 ", "1,1", "0x1", "1.0", "18446744073709551615", "18446744073709551616"] {
            assert_eq!(content_length(bad.as_bytes()), None, "{bad:?}");
        }
    }
}
