//! What a session sends with every request

use core::ffi::c_char;

use creatio_auth::{FieldError, Session};

use crate::session::creatio_session;
use crate::text::context;
use crate::text::memory::optional;
use crate::text::status::creatio_status::{self, *};

/// Sets the User-Agent of every request, whichever door it goes through and wherever (RFC 9110, 10.1.5), instead of
/// "creatio-auth/" and the version: "product/version", more of them, and comments in parentheses. NULL or no
/// characters send none, which firewalls do not like. The text has to stay for as long as the session is in use. It
/// is no part of a snapshot, and stays when the session is cleared. It ends any exchange of the session that is under
/// way.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_NOT_UTF8, or
/// CREATIO_ERR_FIELD_VALUE where it holds anything but visible ASCII and spaces, or begins or ends with a space;
/// after an error the session is as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_set_user_agent(
    session: *mut creatio_session,
    user_agent: *const c_char,
    user_agent_len: usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe { set(session, user_agent, user_agent_len, Session::set_user_agent) }
}

/// Sets fields that go with every request to the session's site, beside those that the library writes itself: logins,
/// changes of the password, and calls, before their own; the key that a gateway in front of the site asks for, say.
/// They are the lines that they are to be: "Name: value" and CR LF each; NULL or no characters send none. The text
/// has to stay for as long as the session is in use. A request for a token has
/// `creatio_client_credentials.field_lines`, for it goes to another host. They are no part of a snapshot, and stay
/// when the session is cleared. It ends any exchange of the session that is under way.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_NOT_UTF8 or a CREATIO_ERR_FIELD_
/// status; after an error the session is as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_set_field_lines(
    session: *mut creatio_session,
    field_lines: *const c_char,
    field_lines_len: usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe { set(session, field_lines, field_lines_len, Session::set_field_lines) }
}

/// Sets a text of a session's.
///
/// # Safety
///
/// `session` is NULL or valid; `start` is NULL, or valid for reads of `len` bytes for as long as the session is in
/// use.
unsafe fn set(
    session: *mut creatio_session,
    start: *const c_char,
    len: usize,
    set: fn(&mut Session<'static>, &'static str) -> Result<(), FieldError>,
) -> creatio_status {
    // SAFETY: by the contract above.
    let (Some(session), text) = (unsafe { (context::get_mut(session), optional(start, len)) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    match text {
        Ok(text) => set(session, text.unwrap_or_default()).map_or_else(Into::into, |()| CREATIO_OK),
        Err(status) => status,
    }
}
