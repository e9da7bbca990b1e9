//! What of a string stands for itself, and what of a text is UTF-8.

use super::grammar;

/// Whether it is ASCII that stands for itself in a string.
pub(super) fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=0x7F) && byte != b'"' && byte != b'\\'
}

/// What comes after most of a string that nobody keeps: after its plain bytes and its short escapes, a word at a time.
#[inline(never)]
pub(super) fn after_ignored(bytes: &[u8]) -> &[u8] {
    const ONES: u64 = u64::MAX / 0xFF;
    let mut rest = bytes;
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
        // What the state `Escape` and its rules say, too.
        let [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', after @ ..] = rest else {
            break;
        };
        rest = after;
    }
    rest
}

/// Whether the text is UTF-8 (RFC 3629), by the rules for strings.
pub fn is_utf8(text: &[u8]) -> bool {
    let mut place = grammar::TEXT;
    for byte in text {
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
