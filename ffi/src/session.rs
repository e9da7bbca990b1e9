//! `creatio_session`

use core::ffi::{c_char, c_void};

use creatio_auth::Session;

use crate::exchange::creatio_exchange;
use crate::memory::written;
use crate::site::creatio_site;
use crate::status::creatio_status::{self, *};
use crate::{context, memory};

/// The size of the struct below in words of 64 bits.
#[cfg(target_pointer_width = "64")]
pub const CREATIO_SESSION_WORDS: usize = 15;
/// The size of the struct below in words of 64 bits.
#[cfg(not(target_pointer_width = "64"))]
pub const CREATIO_SESSION_WORDS: usize = 8;

/// A site and what it has given to authorise later requests: the cookies of a login, or a token. It refers to the site's URL
/// and to the memory it was given, which have to stay.
#[repr(C)]
pub struct creatio_session {
    opaque: [u64; CREATIO_SESSION_WORDS],
}

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

/// Sets up a session with a site, without any cookies yet.
///
/// `memory` holds the cookies and, while a reply comes, its cookies, its longest Set-Cookie line and the texts of a
/// login's answer; 4096 bytes serve amply. It has to stay, untouched by others, for as long as the session is in use.
/// There are 64 cookies at the most: one more takes the place of the one that was set longest ago.
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

/// Sets up a session as it was when a snapshot was written. See `creatio_session_init`, which is what to call after an
/// error, for then the session has not been set up. Only accidents are looked for, not forgers: whoever can write the
/// snapshot chooses the cookies or the token that the session sends to its site.
///
/// Returns CREATIO_OK, CREATIO_NULL_POINTER, CREATIO_NOT_SET_UP (the site), CREATIO_MEMORY_TOO_SMALL (as many bytes as
/// the snapshot has are enough), or a CREATIO_SNAPSHOT_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_restore(
    session: *mut creatio_session,
    site: *const creatio_site,
    memory: *mut c_void,
    memory_len: usize,
    snapshot: *const u8,
    snapshot_len: usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let snapshot = unsafe { memory::bytes(snapshot, snapshot_len) };
    // SAFETY: by the header's conventions.
    let memory = unsafe { memory::bytes_mut(memory.cast(), memory_len) };
    let (Some(snapshot), Some(memory), false, false) = (snapshot, memory, session.is_null(), site.is_null()) else {
        return CREATIO_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some(site) = (unsafe { context::get(site) }) else {
        return CREATIO_NOT_SET_UP;
    };
    match Session::from_snapshot(*site, memory, snapshot) {
        Ok(restored) => {
            // SAFETY: by the header's conventions.
            unsafe { context::write(session, restored) };
            CREATIO_OK
        }
        Err(error) => error.into(),
    }
}

/// How many bytes `creatio_session_snapshot` takes now. 0 if the session has not been set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_snapshot_len(session: *const creatio_session) -> usize {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.map_or(0, Session::snapshot_len)
}

/// Writes what the session has to outlive a restart, or to be shared: its cookies or its token, not the password (but after
/// `creatio_session_use_basic`, that too). While an exchange is under way it is what the session had before. It is a
/// secret: whoever has it is signed in. It names the site, by a checksum, and no user. `*len` is how many bytes it is: at
/// most the length of the session's memory plus 24.
///
/// Returns CREATIO_OK; CREATIO_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it was;
/// CREATIO_NULL_POINTER or CREATIO_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_snapshot(
    session: *const creatio_session,
    out: *mut u8,
    cap: usize,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some((out, len)) = (unsafe { memory::output(out, cap, len) }) else {
        return CREATIO_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    match unsafe { context::get(session) } {
        Some(session) => written(session.write_snapshot(out), len),
        None => CREATIO_NOT_SET_UP,
    }
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

/// Whether the session has a ticket (.ASPXAUTH) that goes back to the site. Only the site knows whether it still takes
/// it. False if the session has not been set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_has_ticket(session: *const creatio_session) -> bool {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.is_some_and(Session::has_ticket)
}

/// Whether the session has a CSRF token to send along. False if the session has not been set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_has_csrf_token(session: *const creatio_session) -> bool {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.is_some_and(Session::has_csrf_token)
}

/// The cookie number `index`, from 0 on, the one that was set last at the end. Its texts point into the session's memory
/// until the next exchange begins.
///
/// Returns CREATIO_OK, CREATIO_END if there are no more, CREATIO_NULL_POINTER or CREATIO_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_cookie(
    session: *const creatio_session,
    index: usize,
    out: *mut creatio_cookie,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (session, out) = match unsafe { (context::get(session), memory::place(out)) } {
        (Some(session), Some(out)) => (session, out),
        (None, _) => return CREATIO_NOT_SET_UP,
        (_, None) => return CREATIO_NULL_POINTER,
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

/// Whether the session has a token or, by `creatio_session_use_basic`, user name and password to authorise calls with. Only
/// the site knows whether it still takes them. False if the session has not been set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_has_authorization(session: *const creatio_session) -> bool {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.is_some_and(Session::has_authorization)
}

/// Forgets all cookies, or the token, and overwrites with zeros what has been written to the session's memory. It ends any exchange of the
/// session that is under way. Call it before the memory is given to another use.
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

/// Begins an exchange.
///
/// # Safety
///
/// Each pointer is NULL or valid. What the exchange refers to stays, which is what the header asks of C.
pub(crate) unsafe fn begin<'c>(
    session: *mut creatio_session,
    exchange: *mut creatio_exchange,
    begin: impl FnOnce(&mut Session<'static>) -> creatio_auth::Exchange<'c>,
) -> creatio_status {
    if exchange.is_null() {
        return CREATIO_NULL_POINTER;
    }
    // SAFETY: by the contract above.
    let Some(session) = (unsafe { context::get_mut(session) }) else {
        return CREATIO_NOT_SET_UP;
    };
    // SAFETY: by the contract above.
    unsafe { context::make(exchange, || begin(session)) };
    CREATIO_OK
}
