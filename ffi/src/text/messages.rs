//! Names and texts for people. They are found by their place, since a pointer to each would take much room.
#![cfg(feature = "texts")]

use core::ffi::c_char;

/// Texts one after the other, each with the NUL that ends it.
macro_rules! texts {
    ($($text:expr),* $(,)?) => {{
        const TEXTS: &[&str] = &[$($text),*];
        const JOINED: [u8; crate::text::messages::joined_len(TEXTS)] = crate::text::messages::join(TEXTS);
        &JOINED
    }};
}
pub(crate) use texts;

pub(crate) const fn joined_len(texts: &[&str]) -> usize {
    let (mut len, mut at) = (0, 0);
    while at < texts.len() {
        len += texts[at].len() + 1;
        at += 1;
    }
    len
}

pub(crate) const fn join<const LEN: usize>(texts: &[&str]) -> [u8; LEN] {
    let mut joined = [0; LEN];
    let (mut end, mut at) = (0, 0);
    while at < texts.len() {
        let text = texts[at].as_bytes();
        joined.split_at_mut(end).1.split_at_mut(text.len()).0.copy_from_slice(text);
        end += text.len() + 1;
        at += 1;
    }
    joined
}

/// The text at this place of [`texts!`], the first of which is at 1, as verdicts are counted; "?" for a place that there is not.
#[inline(never)]
pub(crate) fn text_at(place: i32, texts: &'static [u8]) -> *const c_char {
    let (mut rest, mut left) = (texts, place);
    while !rest.is_empty() {
        left = left.saturating_sub(1);
        if left == 0 {
            return rest.as_ptr().cast();
        }
        let end = rest.iter().position(|byte| *byte == 0).map_or(rest.len(), |at| at + 1);
        rest = rest.get(end..).unwrap_or_default();
    }
    c"?".as_ptr()
}
