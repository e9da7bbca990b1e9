//! `creatio_session`

pub(crate) mod authorization;
pub(crate) mod cookie;
pub(crate) mod snapshot;

use core::ffi::c_void;

use creatio_auth::Session;

use crate::site::creatio_site;
use crate::text::context::{self, context};
use crate::text::memory;
use crate::text::status::creatio_status::{self, *};

/// The size of the struct below in words of 64 bits.
#[cfg(target_pointer_width = "64")]
pub const CREATIO_SESSION_WORDS: usize = 16;
/// The size of the struct below in words of 64 bits.
#[cfg(not(target_pointer_width = "64"))]
pub const CREATIO_SESSION_WORDS: usize = 9;

/// A site and what it has given to authorise later requests: the cookies of a login, or a token. It refers to the site's URL
/// and to the memory it was given, which have to stay.
#[repr(C)]
pub struct creatio_session {
    opaque: [u64; CREATIO_SESSION_WORDS],
}

// A session that is overwritten is not dropped: its memory may serve another by then.
context!(creatio_session, Session<'static>, Session);

/// Sets up a session with a site, without any cookies yet.
///
/// `memory` holds the cookies and, while a reply comes, those that it brings, its longest field line of interest and, as far
/// as there is room, the texts of an answer. Too little is told with how much it takes. With a ticket of 1,000 characters:
///
/// | a session's memory takes, in bytes | nine cookies of the site | and those of two firewalls |
/// |---|---:|---:|
/// | the first login | 1,494 | 2,804 |
/// | a login after a certain end | 1,494 | 2,804 |
/// | any other login | 2,969 | 5,582 |
/// | a call | 1,572 | 2,875 |
/// | a call that shows the end | 1,648 | 2,951 |
/// | a call that renews the ticket | 2,582 | 3,885 |
///
/// A certain end is one that `creatio_session_end` was told. The memory has to stay, untouched by others, for as long as the
/// session is in use.
///
/// Returns CREATIO_OK, CREATIO_NULL_POINTER or CREATIO_NOT_SET_UP (the site).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_init(
    session: *mut creatio_session,
    site: *const creatio_site,
    memory: *mut c_void,
    memory_len: usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let memory = unsafe { memory::bytes_mut(memory.cast(), memory_len) };
    let (Some(memory), false, false) = (memory, session.is_null(), site.is_null()) else {
        return CREATIO_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some(site) = (unsafe { context::get(site) }) else {
        return CREATIO_NOT_SET_UP;
    };
    let value = Session::new(*site, memory);
    // SAFETY: by the header's conventions.
    unsafe { context::write(session, value) };
    CREATIO_OK
}

/// Tells the time, in seconds since 1970, to a session that is to honour the lifetimes of cookies and tokens. Call it before
/// each exchange, or never if there is no clock: then cookies live as long as the session, and a date that is meant to
/// delete one is judged by the Date of the reply.
///
/// Returns CREATIO_OK or CREATIO_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_set_time(
    session: *mut creatio_session,
    unix_seconds: u64,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe { with(session, |session| session.set_time(unix_seconds)) }
}

/// Sets the most bytes of field lines that a reply may have, 262144 at first. It bounds time, not memory: lines of no
/// interest take none.
///
/// Returns CREATIO_OK or CREATIO_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_set_head_limit(
    session: *mut creatio_session,
    bytes: usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe { with(session, |session| session.set_head_limit(bytes)) }
}

/// Forgets all cookies, or the token, and overwrites with zeros what has been written to the session's memory. It ends any
/// exchange of the session that is under way. Call it before the memory is given to another use.
///
/// Returns CREATIO_OK or CREATIO_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_clear(session: *mut creatio_session) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe { with(session, Session::clear) }
}

/// Changes a session.
///
/// # Safety
///
/// `session` is NULL or valid.
unsafe fn with(session: *mut creatio_session, change: impl FnOnce(&mut Session<'static>)) -> creatio_status {
    // SAFETY: by the contract above.
    match unsafe { context::get_mut(session) } {
        Some(session) => {
            change(session);
            CREATIO_OK
        }
        None => CREATIO_NOT_SET_UP,
    }
}
