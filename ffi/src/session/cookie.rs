//! `creatio_cookie`

use core::ffi::c_char;

use crate::session::creatio_session;
use crate::text::status::creatio_status::{self, *};
use crate::text::{context, memory};

/// A cookie of a session, without its value, which is a secret.
#[repr(C)]
pub struct creatio_cookie {
    /// The name; it may be empty, and need not be UTF-8.
    pub name: *const c_char,
    /// Its length in bytes.
    pub name_len: usize,
    /// The path that the cookie is sent to, and below.
    pub path: *const c_char,
    /// Its length in bytes.
    pub path_len: usize,
    /// How many bytes the value has.
    pub value_len: usize,
    /// It goes over TLS only.
    pub secure: bool,
    /// The site keeps it from scripts.
    pub http_only: bool,
    /// Its life ends at a date. Without a time (see `creatio_session_set_time`) none does.
    pub persistent: bool,
}

/// The cookie number `index`, from 0 on, the one that was set last at the end. Its texts point into the session's
/// memory, and stay until the session is given to a function that may change it: not over the end of a reply.
///
/// Returns CREATIO_OK, CREATIO_END if there are no more, CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_cookie(
    session: *const creatio_session,
    index: usize,
    out: *mut creatio_cookie,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (session, out) = match unsafe { (context::get(session), memory::place(out)) } {
        (Some(session), Some(out)) => (session, out),
        (None, _) => return CREATIO_ERR_NOT_SET_UP,
        (_, None) => return CREATIO_ERR_NULL_POINTER,
    };
    let Some(cookie) = session.cookies().nth(index) else {
        return CREATIO_END;
    };
    out.write(creatio_cookie {
        name: cookie.name().as_ptr().cast(),
        name_len: cookie.name().len(),
        path: cookie.path().as_ptr().cast(),
        path_len: cookie.path().len(),
        value_len: cookie.value_len(),
        secure: cookie.is_secure(),
        http_only: cookie.is_http_only(),
        persistent: cookie.is_persistent(),
    });
    CREATIO_OK
}
