//! How texts are encoded: in a JSON string, in a query, in a form, in base64.

use super::bytes::Set;

/// How the bytes of a text are written.
pub(crate) struct Coding {
    /// What stands for itself.
    plain: Set,
    /// In a JSON string (RFC 8259, section 7), and not percent-encoded (RFC 3986, 2.1).
    is_json: bool,
}

/// In a JSON string: quote, backslash and control characters are escaped, everything else stands for itself.
pub(crate) static JSON: Coding =
    Coding { plain: Set::alphanumeric_and(b" !#$%&'()*+,-./:;<=>?@[]^_`{|}~\x7F"), is_json: true };

/// In a query (RFC 3986, 3.4): unreserved characters stand for themselves, and of the others those that OData writes and
/// that mean nothing there. A space is `%20`, for a `+` would be data.
pub(crate) static QUERY: Coding = Coding { plain: Set::alphanumeric_and(b"-._~$'(),:@/*!"), is_json: false };

/// In a form (`application/x-www-form-urlencoded`, RFC 6749, appendix B). A space is `%20` there, too: whoever reads `+` as
/// one reads `%20` as well, and some read only that.
pub(crate) static FORM: Coding = Coding { plain: Set::alphanumeric_and(b"*-._"), is_json: false };

impl Coding {
    /// The bytes that stand for one byte of a text, and how many they are.
    pub(crate) fn unit(&self, byte: u8) -> ([u8; 6], usize) {
        let (high, low) = (hex(byte >> 4), hex(byte & 15));
        if self.plain.has(byte) || self.is_json && byte >= 0x80 {
            ([byte; 6], 1)
        } else if !self.is_json {
            ([b'%', high, low, 0, 0, 0], 3)
        } else if byte < 0x20 {
            ([b'\\', b'u', b'0', b'0', high, low | 0x20], 6)
        } else {
            ([b'\\', byte, 0, 0, 0, 0], 2)
        }
    }
}

/// A hexadecimal digit in upper case.
const fn hex(nibble: u8) -> u8 {
    nibble + if nibble < 10 { b'0' } else { b'A' - 10 }
}

/// Four digits of base64 for up to three bytes (RFC 4648, section 4), padded.
pub(crate) fn base64(bytes: &[u8]) -> [u8; 4] {
    let mut group = 0u32;
    for at in 0..3 {
        group = group << 8 | u32::from(bytes.get(at).copied().unwrap_or_default());
    }
    let mut digits = [b'='; 4];
    for (at, digit) in digits.iter_mut().take(bytes.len() + 1).enumerate() {
        *digit = match (group >> (18 - 6 * at)) as u8 & 63 {
            value @ 0..=25 => b'A' + value,
            value @ 26..=51 => b'a' + (value - 26),
            value @ 52..=61 => b'0' + (value - 52),
            62 => b'+',
            _ => b'/',
        };
    }
    digits
}
