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
    let mut texts = texts.as_bytes().split_inclusive(|byte| *byte == 0);
    let found = usize::try_from(place).ok().and_then(|place| texts.nth(place));
    found.unwrap_or(b"?\0").as_ptr().cast()
}
