//! Writes one part of a long text into a buffer of any size.

use crate::text::bytes::Set;

/// Takes the whole of a text, piece by piece, and keeps the part that lies in a window of it.
///
/// A request is written from its beginning for every buffer that is to be filled, and the window keeps what
/// belongs into that buffer. So one function makes the bytes and, with an empty window, their number, and the
/// two cannot disagree. Skipping a piece costs one comparison.
pub(crate) struct Window<'b> {
    out: &'b mut [u8],
    start: usize,
    written: usize,
}

impl<'b> Window<'b> {
    /// A window onto the text from byte `start` on, as wide as `out`.
    pub(crate) fn new(out: &'b mut [u8], start: usize) -> Self {
        Window { out, start, written: 0 }
    }

    /// The length of the text that `write` makes.
    pub(crate) fn length_of(write: impl FnOnce(&mut Window<'_>)) -> usize {
        let mut window = Window::new(&mut [], 0);
        write(&mut window);
        window.written
    }

    pub(crate) fn put(&mut self, piece: &[u8]) {
        let skipped = self.start.saturating_sub(self.written);
        let into = self.written.saturating_sub(self.start);
        if let (Some(from), Some(to)) = (piece.get(skipped..), self.out.get_mut(into..)) {
            for (to, from) in to.iter_mut().zip(from) {
                *to = *from;
            }
        }
        self.written += piece.len();
    }

    pub(crate) fn put_str(&mut self, piece: &str) {
        self.put(piece.as_bytes());
    }

    /// A decimal number.
    pub(crate) fn put_number(&mut self, mut number: usize) {
        let mut digits = [0; 20]; // 2^64 has 20 digits
        let mut first = digits.len();
        for (at, digit) in digits.iter_mut().enumerate().rev() {
            *digit = b'0' + (number % 10) as u8;
            first = at;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.put(digits.get(first..).unwrap_or_default());
    }

    /// A part of a query, percent-encoded (RFC 3986, 2.1 and 3.4): unreserved characters as they are, and of the others
    /// those that OData writes and that mean nothing in a query. A space is `%20`, for a `+` would be data.
    pub(crate) fn put_encoded(&mut self, text: &str) {
        static PLAIN: Set = Set::alphanumeric_and(b"-._~$'(),:@/*!");
        self.put_percent_encoded(text, &PLAIN);
    }

    /// A part of a form, as [`form_encoded`] makes it.
    pub(crate) fn put_form(&mut self, text: &str) {
        self.put_percent_encoded(text, &FORM);
    }

    #[inline(never)]
    fn put_percent_encoded(&mut self, text: &str, plain: &'static Set) {
        PercentEncoded::new(text, plain).for_each(|byte| self.put(&[byte]));
    }

    /// A JSON string with its quotes (RFC 8259, section 7): quote, backslash and control characters escaped,
    /// everything else as it is.
    pub(crate) fn put_json(&mut self, text: &str) {
        self.put(b"\"");
        for byte in text.bytes() {
            match byte {
                b'"' | b'\\' => self.put(&[b'\\', byte]),
                0..=0x1F => {
                    let lower_case = hex(byte & 15) | 0x20;
                    self.put(&[b'\\', b'u', b'0', b'0', hex(byte >> 4), lower_case]);
                }
                _ => self.put(&[byte]),
            }
        }
        self.put(b"\"");
    }
}

/// Writes base64 with its padding (RFC 4648, section 4), byte by byte.
pub(crate) struct Base64<'w, 'b> {
    out: &'w mut Window<'b>,
    /// The bytes that are not written yet, the last one in the lowest bits, and how many they are.
    group: u32,
    len: u32,
}

impl<'w, 'b> Base64<'w, 'b> {
    pub(crate) fn new(out: &'w mut Window<'b>) -> Self {
        Base64 { out, group: 0, len: 0 }
    }

    #[inline(never)]
    pub(crate) fn put(&mut self, byte: u8) {
        self.group = self.group << 8 | u32::from(byte);
        self.len += 1;
        if self.len == 3 {
            self.put_group();
        }
    }

    /// Writes what is left.
    pub(crate) fn end(mut self) {
        if self.len > 0 {
            self.group <<= 8 * (3 - self.len);
            self.put_group();
        }
    }

    fn put_group(&mut self) {
        for digit in 0..4 {
            let character = match (self.group >> 18) as u8 & 63 {
                _ if digit > self.len => b'=',
                value @ 0..=25 => b'A' + value,
                value @ 26..=51 => b'a' + (value - 26),
                value @ 52..=61 => b'0' + (value - 52),
                62 => b'+',
                _ => b'/',
            };
            self.out.put(&[character]);
            self.group <<= 6;
        }
        (self.group, self.len) = (0, 0);
    }
}

/// A text as a part of a form (`application/x-www-form-urlencoded`, RFC 6749, appendix B): percent-encoded what is not a
/// letter, a digit or one of `*-._`. A space, too: whoever reads `+` as one reads `%20` as well, and some read only that.
pub(crate) fn form_encoded(text: &str) -> PercentEncoded<'_> {
    PercentEncoded::new(text, &FORM)
}

/// What stands for itself in a form.
static FORM: Set = Set::alphanumeric_and(b"*-._");

/// The bytes of a text, percent-encoded what is not in a set.
pub(crate) struct PercentEncoded<'t> {
    rest: &'t [u8],
    plain: &'static Set,
    /// The digits that are to come of the last byte, the next one in the lowest bits; 0 if none.
    digits: u16,
}

impl<'t> PercentEncoded<'t> {
    fn new(text: &'t str, plain: &'static Set) -> Self {
        PercentEncoded { rest: text.as_bytes(), plain, digits: 0 }
    }
}

impl Iterator for PercentEncoded<'_> {
    type Item = u8;

    #[inline(never)]
    fn next(&mut self) -> Option<u8> {
        if self.digits != 0 {
            let digit = self.digits as u8;
            self.digits >>= 8;
            return Some(digit);
        }
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        if self.plain.has(*byte) {
            return Some(*byte);
        }
        self.digits = u16::from_le_bytes([hex(byte >> 4), hex(byte & 15)]);
        Some(b'%')
    }
}

/// A hexadecimal digit in upper case.
const fn hex(nibble: u8) -> u8 {
    nibble + if nibble < 10 { b'0' } else { b'A' - 10 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::string::String;
    use std::vec;
    use std::vec::Vec;

    fn whole(write: impl Fn(&mut Window<'_>)) -> Vec<u8> {
        let mut out = vec![0; Window::length_of(&write)];
        write(&mut Window::new(&mut out, 0));
        out
    }

    #[test]
    fn numbers_are_decimal() {
        for number in [0, 7, 10, 65535, usize::MAX] {
            let text = whole(|w| w.put_number(number));
            assert_eq!(String::from_utf8(text).unwrap(), std::format!("{number}"));
        }
    }

    proptest! {
        #[test]
        fn json_strings_read_back_by_serde_json(text in any::<String>()) {
            let json = whole(|w| w.put_json(&text));
            prop_assert_eq!(serde_json::from_slice::<String>(&json).unwrap(), text);
        }

        #[test]
        fn encoded_text_reads_back_by_the_url_crate(name in any::<String>(), value in any::<String>()) {
            let query = whole(|w| {
                w.put_encoded(&name);
                w.put_str("=");
                w.put_encoded(&value);
            });
            prop_assert!(query.iter().all(u8::is_ascii_graphic));
            let pairs: Vec<_> = url::form_urlencoded::parse(&query).collect();
            if !name.is_empty() || !value.is_empty() {
                prop_assert_eq!(pairs, [(name.into(), value.into())]);
            }
        }

        #[test]
        fn windows_of_any_width_give_the_same_text(text in any::<String>(), width in 1usize..9) {
            let expected = whole(|w| w.put_json(&text));
            let mut out = Vec::new();
            while out.len() < expected.len() {
                let mut piece = vec![0; width.min(expected.len() - out.len())];
                Window::new(&mut piece, out.len()).put_json(&text);
                out.extend(piece);
            }
            prop_assert_eq!(out, expected);
        }
    }
}
