//! Names and texts for people. They are found by their place, since a pointer to each would take much room.

use core::ffi::c_char;

/// Texts one after the other, each with the NUL that ends it.
macro_rules! texts {
    ($($text:expr),* $(,)?) => { concat!($($text, "\0"),*) };
}
pub(crate) use texts;

/// The text at this place of [`texts!`]; "?" for a place that there is not.
#[inline(never)]
pub(crate) fn text_at(place: i32, texts: &'static str) -> *const c_char {
    let (mut rest, mut left) = (texts.as_bytes(), place);
    while !rest.is_empty() {
        if left == 0 {
            return rest.as_ptr().cast();
        }
        left = left.saturating_sub(1);
        let end = rest.iter().position(|byte| *byte == 0).map_or(rest.len(), |at| at + 1);
        rest = rest.get(end..).unwrap_or_default();
    }
    c"?".as_ptr()
}
