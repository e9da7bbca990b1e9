//! Texts in the bodies of calls

use core::ffi::c_char;

use crate::text::memory::{self, text};
use crate::text::status::creatio_status::{self, *};

/// Escapes a text for a string of JSON that is put together by hand, as for `creatio_call.body`; the quotes around it
/// are yours. `*len` is how many bytes it is then. Wipe `out` where the text is a secret (see `creatio_wipe`).
///
/// Returns CREATIO_OK; CREATIO_ERR_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it
/// was; CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_UTF8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_encode_json(
    plain: *const c_char,
    plain_len: usize,
    out: *mut c_char,
    cap: usize,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some((out, len)) = (unsafe { memory::output(out.cast(), cap, len) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    match unsafe { text(plain, plain_len) } {
        Ok(plain) => memory::written(creatio_auth::encode_json_for_c(plain, out), len),
        Err(status) => status,
    }
}
