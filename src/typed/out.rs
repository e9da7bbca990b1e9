//! JSON as it is written into a buffer, and counted beyond that.

use core::fmt::{self, Write as _};

use super::error::{TypedCause, TypedError};

pub(super) type Written = Result<(), TypedError>;

pub(super) struct Writer<'b> {
    buffer: &'b mut [u8],
    /// How long the text is, also where the buffer has no room for all of it.
    pub len: usize,
}

impl<'b> Writer<'b> {
    pub fn new(buffer: &'b mut [u8]) -> Self {
        Writer { buffer, len: 0 }
    }

    /// What has been written, if it has room.
    pub fn finish(self) -> Result<&'b [u8], TypedError> {
        let cause = TypedCause::BufferTooSmall { needed: self.len };
        self.buffer.get(..self.len).ok_or(TypedError::new(cause, None))
    }

    pub fn put(&mut self, bytes: &[u8]) {
        let place = self.buffer.get_mut(self.len..).unwrap_or_default();
        place.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        self.len = self.len.saturating_add(bytes.len());
    }

    #[expect(clippy::arithmetic_side_effects, reason = "a digit, and one for each place")]
    pub fn unsigned(&mut self, mut number: u64) {
        let mut digits = [0; 20];
        let mut len = 0;
        for place in digits.iter_mut().rev() {
            *place = b'0' + (number % 10) as u8;
            (number, len) = (number / 10, len + 1);
            if number == 0 {
                break;
            }
        }
        self.put(digits.get(digits.len() - len..).unwrap_or_default());
    }

    pub fn signed(&mut self, number: i64) {
        if number < 0 {
            self.put(b"-");
        }
        self.unsigned(number.unsigned_abs());
    }

    /// RFC 8259 has no infinity and no NaN; `null` is what others write for them. `Debug` writes the shortest digits, and an
    /// exponent where there would be many.
    pub fn float(&mut self, is_finite: bool, text: fmt::Arguments<'_>) {
        if is_finite { self.plain(text) } else { self.put(b"null") }
    }

    /// What is formatted, as it is.
    pub fn plain(&mut self, text: fmt::Arguments<'_>) {
        let _ = Plain(self).write_fmt(text); // which does not fail
    }

    /// What is formatted, as a text; false where the formatting fails.
    pub fn formatted_text(&mut self, text: fmt::Arguments<'_>) -> bool {
        self.put(b"\"");
        let is_good = Escaping(self).write_fmt(text).is_ok();
        self.put(b"\"");
        is_good
    }

    pub fn text(&mut self, text: &str) {
        self.put(b"\"");
        self.escaped(text);
        self.put(b"\"");
    }

    /// Quotation mark, reverse solidus and control characters "MUST be escaped" (RFC 8259, section 7).
    #[expect(clippy::arithmetic_side_effects, reason = "a nibble is at most 15")]
    fn escaped(&mut self, text: &str) {
        for byte in text.as_bytes() {
            match byte {
                b'"' => self.put(b"\\\""),
                b'\\' => self.put(b"\\\\"),
                0..0x20 => {
                    let hex = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
                    self.put(&[b'\\', b'u', b'0', b'0', hex(byte >> 4), hex(byte & 15)]);
                }
                byte => self.put(&[*byte]),
            }
        }
    }
}

/// What is formatted, as it is.
struct Plain<'w, 'b>(&'w mut Writer<'b>);

impl fmt::Write for Plain<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.put(text.as_bytes());
        Ok(())
    }
}

/// What is formatted, inside of a text.
struct Escaping<'w, 'b>(&'w mut Writer<'b>);

impl fmt::Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.escaped(text);
        Ok(())
    }
}
