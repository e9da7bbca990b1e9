//! What of a string stands for itself, and what of a text is UTF-8.

use super::grammar;
use crate::text::bytes::after_pieces;

/// Whether it is ASCII that stands for itself in a string.
pub(super) fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=0x7F) && byte != b'"' && byte != b'\\'
}

/// What comes after most of a string that nobody keeps: after its plain bytes and its short escapes, many at a time.
#[inline(never)]
pub(super) fn after_ignored(bytes: &[u8]) -> &[u8] {
    const ONES: u64 = u64::MAX / 0xFF;
    let mut rest = bytes;
    loop {
        rest = after_pieces::<16>(rest, |byte| ((byte ^ 0x02) as i8 > 0x20) & (byte != b'\\'));
        while let Some((word, after)) = rest.split_first_chunk() {
            let word = u64::from_le_bytes(*word);
            // Of the lowest byte that is not plain the highest bit is set. Control characters and the quotation mark are those
            // below 0x21 when bit 1 is the other way round.
            let is_low = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
            let is_backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
            let found = (word | is_low | is_backslash) & (ONES * 0x80);
            if found == 0 {
                rest = after;
                continue;
            }
            rest = rest.get(found.trailing_zeros() as usize / 8..).unwrap_or_default();
            break;
        }
        // What the state `Escape` and its rules say, too.
        let len = rest.len();
        while let [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', after @ ..] = rest {
            rest = after;
        }
        if rest.len() == len {
            return rest;
        }
    }
}

/// Whether the text is UTF-8 (RFC 3629), by the rules for strings.
#[inline(always)] // so that what takes texts of C has no other part in it
pub fn is_utf8(text: &[u8]) -> bool {
    let mut place = grammar::TEXT;
    for byte in after_pieces::<8>(text, |byte| byte.is_ascii()) {
        // In here all of ASCII may stand.
        if place == grammar::TEXT && byte.is_ascii() {
            continue;
        }
        place = grammar::find(place, *byte).1;
        if !(grammar::TEXT..=grammar::TAIL1).contains(&place) {
            return false;
        }
    }
    place == grammar::TEXT
}

#[cfg(test)]
mod tests {
    use super::{after_ignored, is_plain};

    #[test]
    fn a_byte_that_is_not_plain_ends_a_run_also_where_it_comes_many_times() {
        for byte in (0..=0xFF).filter(|byte| *byte != b'\\') {
            let text = [byte; 32];
            let left = if is_plain(byte) { 0 } else { text.len() };
            assert_eq!(after_ignored(&text).len(), left, "{byte:x}");
        }
    }

    #[test]
    fn a_run_ends_where_neither_a_plain_byte_nor_a_short_escape_comes() {
        const ESCAPES: [&[u8]; 6] = [b"", b"\\n", b"\\\\\\\"", b"\\u0041", b"\\x", b"\\"];
        for (at, byte) in (0..40).flat_map(|at| (0..=0xFF).map(move |byte| (at, byte))) {
            for escape in ESCAPES {
                let mut text = [b'~'; 56];
                text[at] = byte;
                text[at + 1..=at + escape.len()].copy_from_slice(escape);
                let rest = after_ignored(&text);
                let mut passed = &text[..text.len() - rest.len()];
                while let [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', after @ ..]
                | [b' '..=b'!' | b'#'..=b'[' | b']'..=0x7F, after @ ..] = passed
                {
                    passed = after;
                }
                assert_eq!(passed, b"", "{text:x?}");
                // The end, of less than a word, may be left.
                assert!(rest.len() < size_of::<u64>() || !is_plain(rest[0]), "{text:x?}");
            }
        }
    }
}
