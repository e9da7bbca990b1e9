//! What a number or a literal says that is picked out of a document, byte by byte as it comes.

use crate::json::error::DocumentError;

/// The one scalar of interest. Each of the functions that take it stands for a type.
pub(crate) struct Scalar {
    /// Without its sign.
    number: u32,
    has_number: bool,
    /// In a span of time: something that is no digit has come.
    is_negative: bool,
    is_false: bool,
}

impl Scalar {
    pub(super) const NONE: Self = Scalar { number: 0, has_number: false, is_negative: false, is_false: false };

    pub(crate) fn number(&self) -> Option<i32> {
        let number = self.number as i32;
        self.has_number.then_some(if self.is_negative { number.wrapping_neg() } else { number })
    }

    /// Whether it is `false`.
    pub(crate) fn is_false(&self) -> bool {
        self.is_false
    }

    /// A code: a whole number of 32 bits. Anything but that or `null` is an error. Not every way to write a whole number in
    /// JSON is taken: `-0`, `0.0` and `0e0` are no code that a site sends.
    pub(crate) fn code(&mut self, _: u8, byte: u8) -> Result<(), DocumentError> {
        match byte {
            b'f'..=b't' => return Ok(()), // null, true or false: no number
            b'-' => {
                self.is_negative = true;
                return Ok(());
            }
            _ => {}
        }
        let digit = u32::from(byte.wrapping_sub(b'0'));
        let number = self.number.wrapping_mul(10).wrapping_add(digit);
        // Without a sign it may go up to 2³¹ - 1, with one from 1 to 2³¹. Below 2²⁸ ten times the number does not wrap.
        let least = u32::from(self.is_negative);
        if digit > 9 || self.number >> 28 != 0 || number.wrapping_sub(least) > i32::MAX as u32 {
            return Err(DocumentError::Code);
        }
        self.number = number;
        self.has_number = true;
        Ok(())
    }

    /// A span of time in whole seconds. One beyond 68 years is that, and anything else says nothing: the answer may be good
    /// without it.
    pub(crate) fn seconds(&mut self, _: u8, byte: u8) -> Result<(), DocumentError> {
        let digit = u32::from(byte.wrapping_sub(b'0'));
        // A sign, a point or an exponent: what comes after it counts for nothing, too.
        self.is_negative |= digit > 9;
        self.has_number = !self.is_negative;
        self.number = self.number.saturating_mul(10).saturating_add(digit).min(i32::MAX as u32);
        Ok(())
    }

    /// Whether it is `false`.
    pub(crate) fn flag(&mut self, _: u8, byte: u8) -> Result<(), DocumentError> {
        self.is_false = byte == b'f';
        Ok(())
    }

    /// Which members are `true`, a bit for each by its place in the table.
    pub(crate) fn truths(&mut self, member: u8, byte: u8) -> Result<(), DocumentError> {
        self.has_number = true;
        if byte == b't' {
            self.number |= 1 << member;
        }
        Ok(())
    }
}
