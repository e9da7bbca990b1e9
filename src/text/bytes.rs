//! What is asked of bytes in many places: plain loops that are linked once, where the iterators of the standard library
//! are compiled anew for each place.

/// A set of ASCII characters, a bit for each.
pub(crate) struct Set([u32; 4]);

impl Set {
    /// Letters, digits and these.
    #[expect(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "run by the compiler")]
    pub(crate) const fn alphanumeric_and(others: &[u8]) -> Self {
        let mut bits = [0; 4];
        let mut byte = 0u8;
        while byte < 128 {
            let mut is_member = byte.is_ascii_alphanumeric();
            let mut at = 0;
            while at < others.len() {
                is_member |= others[at] == byte;
                at += 1;
            }
            bits[byte as usize / 32] |= (is_member as u32) << (byte % 32);
            byte += 1;
        }
        Set(bits)
    }

    pub(crate) fn has(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte / 32)).is_some_and(|bits| bits >> (byte % 32) & 1 != 0)
    }

    pub(crate) fn has_all(&self, bytes: &[u8]) -> bool {
        bytes.iter().all(|byte| self.has(*byte))
    }
}

/// What comes behind the pieces of `N` bytes at the front of which all are such. On a chip, which has more use for the bytes
/// that this takes, all of it.
///
/// A condition without branches goes into a vector register.
#[inline(always)]
pub(crate) fn after_pieces<const N: usize>(bytes: &[u8], is_such: impl Fn(u8) -> bool) -> &[u8] {
    let mut rest = bytes;
    while cfg!(target_pointer_width = "64")
        && let Some((piece, after)) = rest.split_first_chunk::<N>()
        && piece.iter().fold(true, |all, byte| all & is_such(*byte))
    {
        rest = after;
    }
    rest
}

/// Writes bytes to this place, as far as there is room.
#[inline(never)]
pub(crate) fn put(out: &mut [u8], at: usize, bytes: &[u8]) {
    for (to, from) in out.get_mut(at..).unwrap_or_default().iter_mut().zip(bytes) {
        *to = *from;
    }
}

/// What comes before the first such byte, or before the end.
#[inline(never)]
#[expect(clippy::arithmetic_side_effects, reason = "a place in the text")]
pub(crate) fn before(text: &[u8], byte: u8) -> &[u8] {
    let rest = after_pieces::<16>(text, |each| each != byte);
    let len = rest.iter().position(|each| *each == byte).unwrap_or(rest.len());
    text.get(..text.len() - rest.len() + len).unwrap_or_default()
}

/// What comes after the last such byte, or all of it.
#[inline(never)]
pub(crate) fn after_last(text: &[u8], byte: u8) -> &[u8] {
    text.rsplit(|each| *each == byte).next().unwrap_or_default()
}

/// Whether there is such a byte, an ASCII character.
pub(crate) fn has(text: &str, byte: u8) -> bool {
    before(text.as_bytes(), byte).len() < text.len()
}

/// What comes before the first such byte, and what comes after it, if there is one.
#[expect(clippy::arithmetic_side_effects, reason = "no slice is as long as a `usize` counts")]
pub(crate) fn cut(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    let part = before(text, separator);
    (part, text.get(part.len() + 1..))
}

/// The next part of a list: what comes before the next separator, or before the end. `list` is then what comes after the
/// separator, or none.
pub(crate) fn next_part<'t>(list: &mut Option<&'t [u8]>, separator: u8) -> Option<&'t [u8]> {
    let (part, rest) = cut((*list)?, separator);
    *list = rest;
    Some(part)
}

/// Whether there is a control character other than a tab, as neither a field value nor a cookie may hold one.
pub(crate) fn has_controls(text: &[u8]) -> bool {
    text.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t')
}

/// How many bytes at the front are visible ASCII characters or spaces.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a place among the bytes; `ONES` is the 255th part of the largest number"
)]
pub(crate) fn plain_run(bytes: &[u8]) -> usize {
    const ONES: usize = usize::MAX / 0xFF;
    let mut rest = after_pieces::<16>(bytes, |byte| (byte as i8 >= 0x20) & (byte != 0x7F));
    // A word at a time, of which the lowest byte came first. The highest bit of a byte tells that it is not plain; where a
    // carry sets one that is, a lower one tells already. A chip has more use for the bytes that this takes.
    while cfg!(target_pointer_width = "64")
        && let Some((word, after)) = rest.split_first_chunk()
    {
        let word = usize::from_le_bytes(*word);
        let is_control = word.wrapping_sub(ONES * 0x20) | word.wrapping_add(ONES);
        let found = (word | is_control) & (ONES * 0x80);
        if found != 0 {
            return bytes.len() - rest.len() + found.trailing_zeros() as usize / 8;
        }
        rest = after;
    }
    bytes.len() - rest.len() + rest.iter().take_while(|byte| matches!(byte, b' '..=b'~')).count()
}

/// Whether two texts are the same but for lower and upper case.
#[inline(never)]
pub(crate) fn same_ignoring_case(text: &[u8], known: &[u8]) -> bool {
    text.len() == known.len() && text.iter().zip(known).all(|(a, b)| a.eq_ignore_ascii_case(b))
}

/// Whether a text begins with another, in lower or upper case.
#[inline(never)]
pub(crate) fn starts_with(text: &[u8], start: &[u8]) -> bool {
    text.get(..start.len()).is_some_and(|text| same_ignoring_case(text, start))
}

/// Whether a text is this one, in lower or upper case and with white space around it or not.
#[inline(never)]
pub(crate) fn is_trimmed(text: &[u8], known: &[u8]) -> bool {
    same_ignoring_case(text.trim_ascii(), known)
}

#[cfg(test)]
mod tests {
    use super::{Set, before, plain_run};

    #[test]
    fn a_set_has_letters_and_digits_and_what_is_named_beside_them() {
        let others = b"\0 -a_~\x7F";
        let set = Set::alphanumeric_and(others);
        for byte in 0..=0xFF {
            assert_eq!(set.has(byte), byte.is_ascii_alphanumeric() || others.contains(&byte), "{byte:x}");
        }
    }

    #[test]
    fn a_run_ends_before_the_first_byte_that_is_not_plain() {
        for (at, byte) in (0..43).flat_map(|at| (0..=0xFF).map(move |byte| (at, byte))) {
            for behind in [b'x', b'"', 0, 0x7F, 0xFF] {
                let mut text = [b'~'; 43];
                text[at] = byte;
                text[at + 1..].fill(behind);
                let expected = text.iter().position(|byte| !matches!(byte, b' '..=b'~')).unwrap_or(text.len());
                assert_eq!(plain_run(&text), expected, "{text:x?}");
            }
        }
    }

    #[test]
    fn a_run_ends_before_the_first_byte_that_is_looked_for() {
        for (first, second) in (0..40).flat_map(|first| (first..40).map(move |second| (first, second))) {
            let mut text = [b'x'; 40];
            (text[first], text[second]) = (b';', b';');
            assert_eq!(before(&text, b';'), &text[..first]);
            assert_eq!(before(&text, b'='), text);
            text[first..].fill(b';');
            assert_eq!(before(&text, b';'), &text[..first]);
        }
    }
}
