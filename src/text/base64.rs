//! Base64 that comes (RFC 4648, section 4). For what goes see [`Digits`](super::encoding::Digits).

/// Decodes a text in its place, and returns how many bytes stand at its front then; none where it is no base64. It is padded, and has
/// no white space.
#[expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "values of six bits, and places in the text"
)]
pub(crate) fn decode_in_place(text: &mut [u8]) -> Option<usize> {
    let len = text.len() - text.iter().rev().take(2).take_while(|byte| **byte == b'=').count();
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let (mut bits, mut written) = (0u32, 0);
    for at in 0..len {
        bits = bits << 6 | u32::from(value(*text.get(at)?)?);
        let left = 6 - at % 4 * 2; // bits that belong to the next byte
        if left < 6 {
            *text.get_mut(written)? = (bits >> left) as u8;
            written += 1;
        }
    }
    Some(written)
}

#[expect(clippy::arithmetic_side_effects, reason = "each in its range")]
fn value(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::decode_in_place;
    use crate::text::encoding::Digits;
    use std::vec::Vec;

    fn decoded(text: &[u8]) -> Option<Vec<u8>> {
        let mut text = text.to_vec();
        let len = decode_in_place(&mut text)?;
        text.truncate(len);
        Some(text)
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        let bytes: Vec<u8> = (0..=255).rev().collect();
        for len in 0..bytes.len() {
            let (mut text, mut digits) = (Vec::new(), Digits::default());
            for group in bytes[..len].chunks(3) {
                digits.base64(group);
                text.extend(digits.as_slice());
            }
            assert_eq!(decoded(&text).as_deref(), Some(&bytes[..len]));
        }
    }

    #[test]
    fn what_is_no_base64_is_refused() {
        for text in
            ["A", "AA", "AAA", "AAA=A", "=", "====", "A===", "AA=A", "AA A", "AA-_", "AAA\u{e9}", "AAAA\n", "=AAA"]
        {
            assert_eq!(decoded(text.as_bytes()), None, "{text:?}");
        }
    }
}
