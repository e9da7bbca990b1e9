//! `creatio_text`

use core::ffi::c_char;

use creatio_auth::Text;

/// A text out of an answer: UTF-8, not terminated, in the session's memory until the next exchange begins. NULL where
/// the answer had none.
#[repr(C)]
pub struct creatio_text {
    /// The text.
    pub text: *const c_char,
    /// Its length in bytes.
    pub len: usize,
    /// It was longer than its room, half of what was left of the memory and 65,535 bytes at the most, and has been cut after a
    /// whole character.
    pub truncated: bool,
}

/// Writes the texts of an answer, which stand one after the other in its struct, in the order of their places in the
/// core.
///
/// # Safety
///
/// From `first` on there are as many texts as are `count`ed, valid for writes.
pub(crate) unsafe fn write_texts<'s>(first: *mut creatio_text, count: u8, text: impl Fn(u8) -> Option<Text<'s>>) {
    for place in 0..count {
        let text = match text(place) {
            Some(text) => creatio_text {
                text: text.as_bytes().as_ptr().cast(),
                len: text.as_bytes().len(),
                truncated: text.is_truncated(),
            },
            None => creatio_text { text: core::ptr::null(), len: 0, truncated: false },
        };
        // SAFETY: by the contract above.
        unsafe { first.add(usize::from(place)).write(text) };
    }
}
