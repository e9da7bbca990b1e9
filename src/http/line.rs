//! One line of a reply's head at a time: checked byte by byte, kept only where it is of interest.

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
    /// A field line of interest. Its value, white space around it included, is at this range of the memory,
    /// unless the memory ends before `end`, which is how far it would have to reach.
    Field { field: Field, value: Range<usize>, end: usize },
    /// A field line of no interest.
    Skipped,
    /// The empty line that ends the head.
    Empty,
}

/// Reads lines. Lines of no interest leave nothing behind, whatever their length.
pub(crate) struct Line {
    /// The start of a status line up to its status code, or the name of a field as far as it may be of interest.
    start: Vec<u8, START>,
    /// How many bytes of the line have come, CR LF not counted.
    len: usize,
    after_name: bool,
    after_cr: bool,
    field: Option<Field>,
}

/// Longer than the longest name of interest, `Transfer-Encoding`, and than a status line up to its code with an
/// empty line behind it.
const START: usize = 18;

/// `HTTP-version SP status-code SP`: the rest, the reason phrase, is of no interest.
const STATUS_LEN: usize = "HTTP/1.1 200 ".len();

impl Line {
    pub(crate) const fn new() -> Self {
        Line { start: Vec::new(), len: 0, after_name: false, after_cr: false, field: None }
    }

    /// Takes the next byte. A line of interest is kept in `memory` from `at` on.
    pub(crate) fn push(
        &mut self,
        kind: Kind,
        byte: u8,
        memory: &mut [u8],
        at: usize,
    ) -> Result<Option<Ended>, Malformed> {
        match byte {
            b'\n' if self.after_cr => {
                let ended = self.end(kind, memory, at)?;
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
            if self.len < STATUS_LEN {
                let _ = self.start.push(byte);
            }
        } else if !self.after_name {
            self.name(kind, byte, memory, at)?;
        } else if self.field.is_some() {
            put(memory, at + self.len, &[byte]);
        }
        self.len += 1;
        Ok(None)
    }

    /// `field-line = field-name ":" OWS field-value OWS`, up to the colon.
    fn name(&mut self, kind: Kind, byte: u8, memory: &mut [u8], at: usize) -> Result<(), Malformed> {
        match byte {
            b':' if self.len > 0 => {
                self.after_name = true;
                // A name that did not fit is none of ours.
                if kind == Kind::Field && self.start.len() == self.len {
                    self.field = Field::from_name(&self.start);
                }
                if self.field.is_some() {
                    put(memory, at, &self.start);
                    put(memory, at + self.len, b":");
                }
                Ok(())
            }
            b' ' | b'\t' if self.len == 0 => Err(Malformed::ObsoleteFolding),
            _ if is_tchar(byte) => {
                let _ = self.start.push(byte);
                Ok(())
            }
            _ => Err(Malformed::FieldName),
        }
    }

    /// The line is complete: what was kept of it goes through httparse.
    fn end(&mut self, kind: Kind, memory: &mut [u8], at: usize) -> Result<Ended, Malformed> {
        if kind == Kind::Status {
            return self.end_status();
        }
        if self.len == 0 {
            return Ok(Ended::Empty);
        }
        if !self.after_name {
            return Err(Malformed::FieldName);
        }
        let Some(field) = self.field else {
            return Ok(Ended::Skipped);
        };
        let value = at + self.start.len() + 1..at + self.len;
        put(memory, value.end, END_OF_HEAD);
        let end = value.end + END_OF_HEAD.len();
        if let Some(head) = memory.get(at..end) {
            let mut headers = [httparse::EMPTY_HEADER; 1];
            match httparse::parse_headers(head, &mut headers) {
                Ok(httparse::Status::Complete(_)) => {}
                _ => return Err(Malformed::FieldName),
            }
        }
        Ok(Ended::Field { field, value, end })
    }

    fn end_status(&mut self) -> Result<Ended, Malformed> {
        let _ = self.start.extend_from_slice(END_OF_HEAD);
        let mut no_headers = [];
        let mut reply = httparse::Response::new(&mut no_headers);
        match (reply.parse(&self.start), reply.version, reply.code) {
            (Ok(httparse::Status::Complete(_)), Some(version), Some(status)) => {
                Ok(Ended::Status { http_10: version == 0, status })
            }
            _ => Err(Malformed::StatusLine),
        }
    }
}

/// An empty line makes a complete head of one line, which is what httparse reads.
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// Writes what the memory has room for.
fn put(memory: &mut [u8], at: usize, bytes: &[u8]) {
    let room = memory.get_mut(at..).unwrap_or_default();
    for (to, from) in room.iter_mut().zip(bytes) {
        *to = *from;
    }
}

/// `tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT /
/// ALPHA` (RFC 9110, 5.6.2)
fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
