//! One line of a reply's head at a time: checked byte by byte, its value kept only where it is of interest.
//!
//! httparse would want the whole line in memory, and leaves a bounds check in the image that can panic; it is what the
//! tests compare this with.

use core::ops::Range;

use heapless::Vec;

use super::head::Field;
use crate::error::Malformed;

/// What a line may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Status,
    Field,
    /// A field line after a chunked body: nothing of it is of interest (RFC 9110, 6.5.1).
    Trailer,
}

/// A line that has come to its end.
pub(crate) enum Ended {
    /// A status line; its version and status code.
    Status { http_10: bool, status: u16 },
    /// A field line of interest. Its value, white space around it included, is at this range of the memory, as far as
    /// the memory goes.
    Field { field: Field, value: Range<usize> },
    /// A field line of no interest.
    Skipped,
    /// The empty line that ends the head.
    Empty,
}

/// Reads lines. Lines of no interest leave nothing behind, whatever their length.
pub(crate) struct Line {
    /// The start of a status line, or the name of a field as far as it may be of interest.
    start: Vec<u8, START>,
    /// How many bytes of the line, or of the field's value, have come, CR LF not counted.
    len: usize,
    in_value: bool,
    after_cr: bool,
    field: Option<Field>,
}

/// One byte more than the longest name of interest: a name that fills it is none of them.
const START: usize = crate::call::MAX_WANTED_FIELD + 1;

impl Line {
    pub(crate) const fn new() -> Self {
        Line { start: Vec::new(), len: 0, in_value: false, after_cr: false, field: None }
    }

    /// Takes the next byte. A value of interest is kept in `memory` from `at` on; that of the field `wanted` is of interest.
    pub(crate) fn push(
        &mut self,
        kind: Kind,
        byte: u8,
        memory: &mut [u8],
        at: usize,
        wanted: Option<&str>,
    ) -> Result<Option<Ended>, Malformed> {
        match byte {
            b'\n' if self.after_cr => {
                let ended = self.end(kind, at)?;
                *self = Line::new();
                return Ok(Some(ended));
            }
            _ if self.after_cr => return Err(Malformed::BareCr),
            b'\n' => return Err(Malformed::BareLf),
            b'\r' => {
                self.after_cr = true;
                return Ok(None);
            }
            // field-vchar = VCHAR / obs-text, with SP and HTAB between (RFC 9110, 5.5); so the reason phrase
            0..=8 | 10..=31 | 127 => return Err(Malformed::ControlCharacter),
            _ => {}
        }
        if kind == Kind::Status {
            let _ = self.start.push(byte); // the rest of a full start is the reason phrase, of no interest
        } else if !self.in_value {
            return self.name(kind, byte, wanted).map(|()| None);
        } else if self.field.is_some()
            && let Some(place) = memory.get_mut(at + self.len)
        {
            *place = byte;
        }
        self.len += 1;
        Ok(None)
    }

    /// `field-line = field-name ":" OWS field-value OWS`, up to the colon.
    fn name(&mut self, kind: Kind, byte: u8, wanted: Option<&str>) -> Result<(), Malformed> {
        match byte {
            b':' if self.len > 0 => {
                if kind == Kind::Field {
                    self.field = Field::from_name(&self.start, wanted);
                }
                self.in_value = true;
                self.len = 0;
                return Ok(());
            }
            b' ' | b'\t' if self.len == 0 => return Err(Malformed::ObsoleteFolding),
            _ if !is_tchar(byte) => return Err(Malformed::FieldName),
            _ => {}
        }
        let _ = self.start.push(byte); // a name that does not fit is of no interest
        self.len += 1;
        Ok(())
    }

    fn end(&mut self, kind: Kind, at: usize) -> Result<Ended, Malformed> {
        if kind == Kind::Status {
            let (http_10, status) = status_line(&self.start).ok_or(Malformed::StatusLine)?;
            return Ok(Ended::Status { http_10, status });
        }
        if !self.in_value {
            return if self.len == 0 { Ok(Ended::Empty) } else { Err(Malformed::FieldName) };
        }
        Ok(match self.field {
            Some(field) => Ended::Field { field, value: at..at + self.len },
            None => Ended::Skipped,
        })
    }
}

/// `status-line = HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112, section 4). Some servers leave the last
/// space out with the reason phrase.
fn status_line(start: &[u8]) -> Option<(bool, u16)> {
    let rest = start.strip_prefix(b"HTTP/1.")?;
    let (minor, rest) = rest.split_first()?;
    let (code, rest) = rest.strip_prefix(b" ")?.split_first_chunk::<3>()?;
    if !matches!(minor, b'0' | b'1')
        || !code.iter().all(u8::is_ascii_digit)
        || !matches!(rest.first(), None | Some(b' '))
    {
        return None;
    }
    let status = code.iter().fold(0, |status, digit| status * 10 + u16::from(digit - b'0'));
    Some((*minor == b'0', status))
}

/// `tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT /
/// ALPHA` (RFC 9110, 5.6.2)
pub(crate) fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
