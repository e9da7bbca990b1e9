//! How texts are encoded: in a JSON string, in a query, in a form, in base64.

use super::bytes::{Set, after_pieces};

/// How the bytes of a text are written.
pub(crate) struct Coding {
    /// What stands for itself.
    plain: Set,
    /// In a JSON string (RFC 8259, section 7), and not percent-encoded (RFC 3986, 2.1).
    is_json: bool,
}

//= 8259-7-escaped, 8259-8.1-utf-8, 8259-10-grammar
/// In a JSON string: quote, backslash and control characters are escaped, everything else stands for itself.
pub(crate) static JSON: Coding =
    Coding { plain: Set::alphanumeric_and(b" !#$%&'()*+,-./:;<=>?@[]^_`{|}~\x7F"), is_json: true };

//= 3986-2.2-conflicts, 3986-2.2-reserved, 3986-2.3-unreserved, 3986-2.4-percent
/// In a query (RFC 3986, 3.4): unreserved characters stand for themselves, and of the others those that OData writes and
/// that mean nothing there. A space is `%20`, for a `+` would be data.
pub(crate) static QUERY: Coding = Coding { plain: Set::alphanumeric_and(b"-._~$'(),:@/*!"), is_json: false };

//= 6749-B-utf-8
/// In a form (`application/x-www-form-urlencoded`, RFC 6749, appendix B). A space is `%20` there, too: whoever reads `+` as
/// one reads `%20` as well, and some read only that.
pub(crate) static FORM: Coding = Coding { plain: Set::alphanumeric_and(b"*-._"), is_json: false };

impl Coding {
    /// How many bytes at the front stand for themselves, of so many at the most.
    #[expect(clippy::arithmetic_side_effects, reason = "a part of the text")]
    pub(crate) fn plain(&self, text: &[u8], most: usize) -> usize {
        let text = text.get(..most).unwrap_or(text);
        let mut rest = text;
        if self.is_json {
            rest = after_pieces::<8>(text, |byte| (byte >= 0x20) & (byte != b'"') & (byte != b'\\'));
        }
        text.len() - rest.len() + rest.iter().take_while(|byte| self.is_plain(**byte)).count()
    }

    fn is_plain(&self, byte: u8) -> bool {
        self.plain.has(byte) || self.is_json && byte >= 0x80
    }

    //= 3986-2.5-utf-8
    /// The bytes that stand for one, and how many they are.
    pub(crate) fn unit(&self, byte: u8, unit: &mut [u8; 6], len: &mut usize) {
        let (high, low) = (hex(byte >> 4), hex(byte & 15));
        (*unit, *len) = ([b'\\', b'u', b'0', b'0', high, low | 0x20], 6);
        let [first, second, third, ..] = unit;
        if self.is_plain(byte) {
            (*first, *len) = (byte, 1);
        } else if !self.is_json {
            (*first, *second, *third, *len) = (b'%', high, low, 3);
        } else if byte >= 0x20 {
            (*second, *len) = (byte, 2);
        }
    }
}

//= 3986-2.1-upper-case
/// A hexadecimal digit in upper case.
#[expect(clippy::arithmetic_side_effects, reason = "a nibble is at most 15")]
const fn hex(nibble: u8) -> u8 {
    nibble + if nibble < 10 { b'0' } else { b'A' - 10 }
}

/// A decimal number, or digits of base64.
#[derive(Default)]
pub(crate) struct Digits {
    digits: [u8; Digits::MOST],
    /// How many of them, the last ones, are used.
    pub len: u8,
}

impl Digits {
    /// So many has the largest number.
    const MOST: usize = if cfg!(target_pointer_width = "64") { 20 } else { 10 };

    #[expect(clippy::arithmetic_side_effects, reason = "no more digits are used than there are")]
    pub(crate) fn as_slice(&self) -> &[u8] {
        self.digits.get(Digits::MOST - usize::from(self.len)..).unwrap_or_default()
    }

    //= 9110-8.6-grammar
    #[inline(never)]
    #[expect(clippy::cast_possible_truncation, reason = "a digit")]
    #[expect(clippy::arithmetic_side_effects, reason = "a digit, and one for each place")]
    pub(crate) fn number(&mut self, mut number: usize) {
        self.len = 0;
        for digit in self.digits.iter_mut().rev() {
            *digit = b'0' + (number % 10) as u8;
            number /= 10;
            self.len += 1;
            if number == 0 {
                break;
            }
        }
    }

    /// Four digits for up to three bytes (RFC 4648, section 4), padded.
    #[expect(clippy::cast_possible_truncation, reason = "the lowest six bits are meant")]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "`at` and the bytes are at most 3, and a value is in its range"
    )]
    pub(crate) fn base64(&mut self, bytes: &[u8]) {
        let mut group = 0u32;
        for at in 0..3 {
            group = group << 8 | u32::from(bytes.get(at).copied().unwrap_or_default());
        }
        for (at, digit) in self.digits.iter_mut().rev().take(4).enumerate() {
            *digit = match (group >> (6 * at)) as u8 & 63 {
                _ if at + bytes.len() < 3 => b'=',
                value @ 0..=25 => b'A' + value,
                value @ 26..=51 => b'a' + (value - 26),
                value @ 52..=61 => b'0' + (value - 52),
                62 => b'+',
                _ => b'/',
            };
        }
        self.len = 4;
    }
}

impl Digits {
    /// As [`Digits::base64`], in the alphabet for URLs, and not padded (RFC 4648, section 5; RFC 7636, appendix A).
    #[expect(
        clippy::cast_possible_truncation,
        clippy::arithmetic_side_effects,
        reason = "the lowest six bits are meant, of three bytes at the most"
    )]
    pub(crate) fn base64url(&mut self, bytes: &[u8]) {
        let mut group = 0u32;
        for at in 0..3 {
            group = group << 8 | u32::from(bytes.get(at).copied().unwrap_or_default());
        }
        self.len = bytes.len().min(3) as u8 + 1;
        group >>= 6 * (4 - self.len);
        for digit in self.digits.iter_mut().rev().take(self.len.into()) {
            *digit = match group as u8 & 63 {
                value @ 0..=25 => b'A' + value,
                value @ 26..=51 => b'a' + (value - 26),
                value @ 52..=61 => b'0' + (value - 52),
                62 => b'-',
                _ => b'_',
            };
            group >>= 6;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Digits, JSON};

    #[test]
    fn in_json_all_stands_for_itself_but_quotes_backslashes_and_controls_also_where_it_comes_many_times() {
        for byte in 0..=0xFF {
            let stands = byte >= b' ' && byte != b'"' && byte != b'\\';
            assert_eq!(JSON.plain(&[byte; 20], 20), if stands { 20 } else { 0 }, "{byte:x}");
        }
        assert_eq!(JSON.plain(&[b'a'; 20], 9), 9);
    }

    //= 9110-8.6-grammar
    #[test]
    fn numbers_are_decimal() {
        for number in [0, 7, 10, 65535, usize::MAX] {
            let mut digits = Digits::default();
            digits.number(number);
            assert_eq!(digits.as_slice(), std::format!("{number}").as_bytes());
        }
    }
}
