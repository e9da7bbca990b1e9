//! One line of a reply's head at a time, checked byte by byte and kept nowhere.
//!
//! httparse would want the whole line in memory, and leaves a bounds check in the image that can panic; it is what the
//! tests compare this with.

use crate::http::error::Malformed;
use crate::text::bytes::Set;

/// A line, as far as it has come.
pub(crate) struct Line {
    /// How many bytes of the status line, of a field's name or of its value have come, CR LF not counted.
    pub len: usize,
    part: Part,
    after_cr: bool,
}

/// A part of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// A status line up to its end.
    Status,
    /// The name of a field.
    Name,
    /// The value of a field, white space around it included.
    Value,
}

/// What a byte is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Byte {
    /// One of this part; the colon after a name belongs to the name.
    Of(Part),
    /// The CR at the end of the line.
    Cr,
    /// The LF at the end of the line, which ended with this part.
    EndOf(Part),
    /// The LF of the empty line that ends the head.
    EmptyLine,
}

impl Line {
    pub(crate) const fn status() -> Self {
        Line { len: 0, part: Part::Status, after_cr: false }
    }

    pub(crate) const fn field() -> Self {
        Line { len: 0, part: Part::Name, after_cr: false }
    }

    /// Takes the next byte.
    pub(crate) fn push(&mut self, byte: u8) -> Result<Byte, Malformed> {
        match byte {
            b'\n' if self.after_cr => {
                return match self.part {
                    Part::Name if self.len == 0 => Ok(Byte::EmptyLine),
                    Part::Name => Err(Malformed::FieldName),
                    part => Ok(Byte::EndOf(part)),
                };
            }
            _ if self.after_cr => return Err(Malformed::BareCr),
            b'\n' => return Err(Malformed::BareLf),
            b'\r' => {
                self.after_cr = true;
                return Ok(Byte::Cr);
            }
            // field-vchar = VCHAR / obs-text, with SP and HTAB between (RFC 9110, 5.5); so the reason phrase
            0..=8 | 10..=31 | 127 => return Err(Malformed::ControlCharacter),
            _ => {}
        }
        self.len += 1;
        if self.part == Part::Name {
            // field-line = field-name ":" OWS field-value OWS
            match byte {
                b' ' | b'\t' if self.len == 1 => return Err(Malformed::ObsoleteFolding),
                b':' if self.len > 1 => *self = Line { len: 0, part: Part::Value, after_cr: false },
                _ if !TCHAR.has(byte) => return Err(Malformed::FieldName),
                _ => {}
            }
            return Ok(Byte::Of(Part::Name));
        }
        Ok(Byte::Of(self.part))
    }
}

/// `tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT /
/// ALPHA` (RFC 9110, 5.6.2)
pub(crate) static TCHAR: Set = Set::alphanumeric_and(b"!#$%&'*+-.^_`|~");
