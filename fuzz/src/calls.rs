//! The C interface: its functions in any order, by a program in C (`c/calls.c`), under the address sanitizer.
//!
//! Input: calls one after the other, each a byte for the function and some for its arguments; texts are lines.

use creatio_auth_c as _;

unsafe extern "C" {
    fn creatio_fuzz_calls(data: *const u8, len: usize);
}

pub fn run(data: &[u8]) {
    // SAFETY: it reads so many bytes, and keeps to the header's conventions.
    unsafe { creatio_fuzz_calls(data.as_ptr(), data.len()) }
}
