//! A session over a restart

use core::ffi::c_void;

use creatio_auth::Session;

use crate::session::creatio_session;
use crate::text::memory::written;
use crate::text::status::creatio_status::{self, *};
use crate::text::{context, memory};

/// Takes a snapshot: the session, which has been set up, is then what it was when that was written, whatever it has been before. A
/// session that begins after a restart takes it as one does that lives, and has another gateway's newer one. It ends any exchange
/// of the session that is under way. Limits, `User-Agent` and the program's own fields stay as they are. Until the session is
/// told, the time is that of the snapshot.
///
/// After an error the session is as it was, and an exchange that is under way goes on: so a program that has just set its session
/// up signs in. Only accidents are looked for, not forgers: whoever can write the snapshot chooses the cookies or the token that
/// the session sends to its site.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_MEMORY_TOO_SMALL (as many bytes as the
/// snapshot has are enough), or a CREATIO_ERR_SNAPSHOT_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_restore(
    session: *mut creatio_session,
    snapshot: *const c_void,
    snapshot_len: usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(snapshot) = (unsafe { memory::bytes(snapshot.cast(), snapshot_len) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    match unsafe { context::get_mut(session) }.map(|session| session.restore(snapshot)) {
        Some(Ok(())) => CREATIO_OK,
        Some(Err(error)) => error.into(),
        None => CREATIO_ERR_NOT_SET_UP,
    }
}

/// A number that says whether the session is worth another snapshot: it changes with what a snapshot keeps, the cookies or the token
/// and what is known of sign-ins, and not with the time. Compare it, after each exchange, with what it was when the session was
/// saved. Two sessions of one revision have the same to keep, but for one chance in four thousand million; so has the one that a
/// snapshot restores. 0 if the session has not been set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_revision(session: *const creatio_session) -> u32 {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.map_or(0, Session::revision)
}

/// How many bytes a snapshot has besides the cookies: a buffer of as many bytes as the session has memory, and these, is enough for
/// any of it.
pub const CREATIO_SNAPSHOT_OVERHEAD: usize = 36;

const _: () = assert!(CREATIO_SNAPSHOT_OVERHEAD == creatio_auth::SNAPSHOT_OVERHEAD);

/// How many bytes `creatio_session_snapshot` takes now: CREATIO_SNAPSHOT_OVERHEAD and the cookies. 0 if the session has not been set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_snapshot_len(session: *const creatio_session) -> usize {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.map_or(0, Session::snapshot_len)
}

/// Writes what the session has to outlive a restart, or to be shared: its cookies or its token, not the password (but
/// after `creatio_session_use_basic`, that too). While an exchange is under way it is what the session had before. It
/// is a secret: whoever has it is signed in. It names the site, by a checksum, and no user. `*len` is how many bytes
/// it is: at most the length of the session's memory plus 24.
///
/// Returns CREATIO_OK; CREATIO_ERR_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it
/// was; CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_snapshot(
    session: *const creatio_session,
    out: *mut c_void,
    cap: usize,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some((out, len)) = (unsafe { memory::output(out.cast(), cap, len) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    match unsafe { context::get(session) } {
        Some(session) => written(session.write_snapshot_for_c(out), len),
        None => CREATIO_ERR_NOT_SET_UP,
    }
}
