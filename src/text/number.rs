//! Decimal numbers in texts.

/// The value of `1*DIGIT`, or the largest number there is if it takes more than 64 bits.
pub(crate) fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    let mut value = 0u64;
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.saturating_mul(10).saturating_add(digit.into());
    }
    Some(value)
}

/// How many digits a text begins with, and their value, if they are few.
#[inline(never)]
pub(crate) fn leading_number(text: &[u8]) -> (usize, u32) {
    let (mut digits, mut value) = (0, 0u32);
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        digits += 1;
        value = value.wrapping_mul(10).wrapping_add(digit.into());
    }
    (digits, value)
}
