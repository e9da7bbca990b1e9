//! Numbers in texts.

/// The value of `1*DIGIT`, or the largest number there is if it takes more than a word.
pub(crate) fn decimal(text: &[u8]) -> Option<u64> {
    let (digits, value) = leading_number(text);
    let is_number = digits > 0 && digits == text.len();
    is_number.then_some(if value == usize::MAX { u64::MAX } else { value as u64 })
}

/// The value of a hexadecimal digit, or more than 15.
#[expect(clippy::arithmetic_side_effects, reason = "a letter is at most 5")]
pub(crate) fn hex_digit(byte: u8) -> u8 {
    let digit = byte.wrapping_sub(b'0');
    if digit <= 9 {
        return digit;
    }
    let letter = (byte | 0x20).wrapping_sub(b'a');
    if letter < 6 { letter + 10 } else { u8::MAX }
}

/// How many digits a text begins with, and their value, or the largest number there is.
#[inline(never)]
#[expect(clippy::arithmetic_side_effects, reason = "no more than the text has bytes")]
pub(crate) fn leading_number(text: &[u8]) -> (usize, usize) {
    let (mut digits, mut value) = (0, 0usize);
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        digits += 1;
        value = value.saturating_mul(10).saturating_add(digit.into());
    }
    (digits, value)
}
