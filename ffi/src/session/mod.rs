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
pub const CREATIO_SESSION_WORDS: usize = 23;
/// The size of the struct below in words of 64 bits.
#[cfg(not(target_pointer_width = "64"))]
pub const CREATIO_SESSION_WORDS: usize = 13;

/// A site and what it has given to authorise later requests: the cookies of a login, or a token. It refers to the
/// site's URL and to the memory it was given, which have to stay.
#[repr(C)]
pub struct creatio_session {
    /// The library's own.
    opaque: [u64; CREATIO_SESSION_WORDS],
}

// A session that is overwritten is not dropped: its memory may serve another by then.
context!(creatio_session, Session<'static>, Session);

/// Sets up a session with a site, without any cookies yet.
///
/// `memory` holds the cookies and, while a reply comes, those that it brings, its longest field line of interest and,
/// as far as there is room, the texts of an answer. Too little is told with how much it takes. With a ticket of 1,000
/// characters:
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
/// A certain end is one that `creatio_session_end` was told. The memory has to stay, untouched by others, for as long
/// as the session is in use. It is filled with zeros first, which takes as long as a `memset`.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP (the site).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_init(
    session: *mut creatio_session,
    site: *const creatio_site,
    memory: *mut c_void,
    memory_len: usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let memory = unsafe { memory::buffer(memory.cast(), memory_len) };
    let (Some(memory), false, false) = (memory, session.is_null(), site.is_null()) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some(site) = (unsafe { context::get(site) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    let value = Session::new(*site, memory::zeroed(memory));
    // SAFETY: by the header's conventions.
    unsafe { context::write(session, value) };
    CREATIO_OK
}

/// Tells the time, in seconds since 1970, to a session that is to honour the lifetimes of cookies and tokens. Call it
/// before each exchange, or never if there is no clock: then cookies live as long as the session. Times after
/// 2106-02-07 count as that day.
///
/// The clock need not be right: what the site dates is counted from the Date of its reply, and only what has passed
/// since by this clock. It may be set at any time, by NTP for instance. Where it goes back, or from a wrong time to
/// about that of the site, or on by more than 400 days, cookies live as long as they would have; any other step is
/// time that has passed. A token may have to be asked for anew then (see `creatio_session_needs_token`).
///
/// Returns CREATIO_OK or CREATIO_ERR_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_set_time(
    session: *mut creatio_session,
    unix_seconds: u64,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe { with(session, |session| session.set_time(unix_seconds)) }
}

/// Sets the most bytes of field lines that a reply may have, 262144 at first; no more than 1048576 where words have 32
/// bits. It bounds time, not memory: lines of no interest take none. What frames a body's chunks counts, too, as far as
/// it is longer than 31 bytes for each byte of data.
///
/// Returns CREATIO_OK or CREATIO_ERR_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_set_head_limit(
    session: *mut creatio_session,
    bytes: usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe { with(session, |session| session.set_head_limit(bytes)) }
}

/// Sets the most bytes that the body of a reply may have which nobody has asked to be long, 1048576 at first: of a
/// login, a request for a token, `creatio_call_logout`, `creatio_call_ping` and `creatio_call_health_check`; of a
/// call that is answered with a status from 300 on; and of one with `limited_body`. It bounds time, not memory. Any
/// other answer to a call may be of any length.
///
/// Returns CREATIO_OK or CREATIO_ERR_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_set_body_limit(
    session: *mut creatio_session,
    bytes: usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe { with(session, |session| session.set_body_limit(bytes)) }
}

/// Whether a program may sign in by itself, without asking anybody; then `*seconds` is after how many. False where
/// the last sign-in was refused and the next would be, too, which can lock the account (and for what is not set up);
/// `creatio_session_earlier_sign_in` says why.
///
/// It hangs on this alone: the password was sent, and nothing good came. A site that certainly has judged nothing
/// (429, 503, and 502 and 504 from what stands in front of it) does not count. Where nobody knows, as where the
/// connection was cut or nobody waited for the answer, there may be two more, after 30 and after 300 seconds;
/// otherwise `*seconds` is 0. Of these it is what is left, where the session is told the time
/// (`creatio_session_set_time`); otherwise say `creatio_session_end_sign_in_delay` when they have passed.
///
/// `creatio_renewal` asks it before it asks for a sign-in; one of your own is always your own affair. It is part of a
/// snapshot, and outlives `creatio_session_clear`. `seconds` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_sign_in_delay(session: *const creatio_session, seconds: *mut u32) -> bool {
    // SAFETY: by the header's conventions.
    let (session, seconds) = unsafe { (context::get(session), memory::place(seconds)) };
    let Some(delay) = session.and_then(Session::sign_in_delay) else {
        return false;
    };
    if let Some(seconds) = seconds {
        seconds.write(delay);
    }
    true
}

/// Says that the delay of the next sign-in is over, where the session is not told the time. It ends a delay and no
/// refusal; that of the sign-in after it is as long as it would have been.
///
/// Returns CREATIO_OK or CREATIO_ERR_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_end_sign_in_delay(session: *mut creatio_session) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe { with(session, Session::end_sign_in_delay) }
}

/// Whether the next sign-in begins without cookies, since those that there are may be why the last one was worth
/// nothing: an ended session was renewed in vain (CREATIO_CALL_RENEWED_IN_VAIN), or a login that took cookies along
/// was answered with status 400, 413 or 431 and a page or nothing, as by what finds them too long. They are dropped
/// once: the sign-in after that keeps what there is again. False for what is not set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_sign_in_drops_cookies(session: *const creatio_session) -> bool {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.is_some_and(Session::sign_in_drops_cookies)
}

/// Says that a sign-in may come to something else now: the credentials are others, or what was wrong is mended.
/// Nothing else does but a sign-in that is good, neither `creatio_session_clear` nor a restart.
///
/// Returns CREATIO_OK or CREATIO_ERR_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_allow_sign_in(session: *mut creatio_session) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe { with(session, Session::allow_sign_in) }
}

/// Forgets all cookies, or the token, and overwrites with zeros what has been written to the session's memory. It
/// ends any exchange of the session that is under way. Call it before the memory is given to another use. A session
/// that has not been set up has nothing to forget. That a sign-in was refused is not forgotten: for another user, or
/// another password, call `creatio_session_allow_sign_in` too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_clear(session: *mut creatio_session) {
    // SAFETY: by the header's conventions.
    if let Some(session) = unsafe { context::get_mut(session) } {
        session.clear();
    }
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
        None => CREATIO_ERR_NOT_SET_UP,
    }
}
