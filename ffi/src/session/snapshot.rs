//! A session over a restart

use core::ffi::c_void;

use creatio_auth::Session;

use crate::session::creatio_session;
use crate::site::creatio_site;
use crate::text::memory::written;
use crate::text::status::creatio_status::{self, *};
use crate::text::{context, memory};

/// Sets up a session as it was when a snapshot was written. See `creatio_session_init`, which is what to call after
/// an error, for then the session has not been set up. Only accidents are looked for, not forgers: whoever can write
/// the snapshot chooses the cookies or the token that the session sends to its site. Until it is told, the time is
/// that of the snapshot.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP (the site), CREATIO_ERR_MEMORY_TOO_SMALL (as
/// many bytes as the snapshot has are enough), or a CREATIO_ERR_SNAPSHOT_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_restore(
    session: *mut creatio_session,
    site: *const creatio_site,
    memory: *mut c_void,
    memory_len: usize,
    snapshot: *const c_void,
    snapshot_len: usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let snapshot = unsafe { memory::bytes(snapshot.cast(), snapshot_len) };
    // SAFETY: by the header's conventions.
    let memory = unsafe { memory::buffer(memory.cast(), memory_len) };
    let (Some(snapshot), Some(memory), false, false) = (snapshot, memory, session.is_null(), site.is_null()) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some(site) = (unsafe { context::get(site) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    match Session::from_snapshot(*site, memory::zeroed(memory), snapshot) {
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
