//! `creatio_ntlm_credentials`, and the messages of NTLM that come of them

use core::ffi::c_char;
#[cfg(feature = "ntlm")]
use core::ffi::c_void;

#[cfg(feature = "ntlm")]
use creatio_auth::{NtlmCredentials, NtlmError};

#[cfg(feature = "ntlm")]
use crate::text::memory::{self, text, written};
#[cfg(feature = "ntlm")]
use crate::text::status::creatio_status::{self, *};

/// How many random bytes `creatio_ntlm_token` takes.
#[cfg_attr(not(feature = "ntlm"), allow(dead_code))] // C has it all the same
pub const CREATIO_NTLM_RANDOM_LEN: usize = 8;

/// A user of Windows with a password, for `creatio_ntlm_token`. Fill it with zeros first; texts are UTF-8. The user's name
/// goes into the key in upper case: that of Windows for ASCII, Latin-1, Latin Extended-A, Greek, and Cyrillic up to U+04BF;
/// other letters are to be given as capitals. The password is yours to wipe.
#[repr(C)]
pub struct creatio_ntlm_credentials {
    /// The user's domain; NULL for none.
    pub domain: *const c_char,
    /// Its length in bytes.
    pub domain_len: usize,
    /// The user's name.
    pub user_name: *const c_char,
    /// Its length in bytes.
    pub user_name_len: usize,
    /// The user's password.
    pub password: *const c_char,
    /// Its length in bytes.
    pub password_len: usize,
    /// The name of this machine, which some sites log or restrict users to; NULL for none.
    pub workstation: *const c_char,
    /// Its length in bytes.
    pub workstation_len: usize,
}

/// Writes the next token for `creatio_session_windows_login` with CREATIO_WINDOWS_SCHEME_NTLM (NTLM version 2, MS-NLMP): the
/// first one where `challenge_len` is 0, and otherwise the one that answers the challenge of that length. `random` is
/// CREATIO_NTLM_RANDOM_LEN random bytes, new for each token. `unix_seconds`, the time since 1970, is for sites that do not
/// tell theirs, as all since Windows Vista do; 0 if nobody knows it. `*len` is how many bytes the token has, which are
/// yours to wipe.
///
/// It is there where the library was built with the feature `ntlm`; define CREATIO_NTLM before this header then.
///
/// Returns CREATIO_OK; CREATIO_ERR_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it was;
/// CREATIO_ERR_NTLM_TOO_LONG, CREATIO_ERR_NTLM_MALFORMED, CREATIO_ERR_NTLM_NOT_VERSION_2, CREATIO_ERR_NULL_POINTER, also
/// for random bytes that are NULL, or CREATIO_ERR_NOT_UTF8.
#[cfg(feature = "ntlm")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_ntlm_token(
    user: *const creatio_ntlm_credentials,
    unix_seconds: u64,
    challenge: *const c_void,
    challenge_len: usize,
    random: *const u8,
    out: *mut c_void,
    cap: usize,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (output, challenge, random, user) = unsafe {
        (
            memory::output(out.cast(), cap, len),
            memory::bytes(challenge.cast(), challenge_len),
            random.cast::<[u8; CREATIO_NTLM_RANDOM_LEN]>().as_ref(),
            user.as_ref(),
        )
    };
    let (Some((out, len)), Some(challenge), Some(random), Some(user)) = (output, challenge, random, user) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let user = match unsafe { read_user(user) } {
        Ok(user) if unix_seconds != 0 => user.with_time(unix_seconds),
        Ok(user) => user,
        Err(status) => return status,
    };
    // How long it is, first: what stands there has no value yet, and has to stay where there is no token.
    let needed = match user.token(challenge, random, &mut []) {
        Err(NtlmError::BufferTooSmall { needed }) => needed,
        Err(error) => return error.into(),
        Ok(len) => len,
    };
    let Some(out) = out.get_mut(..needed) else {
        len.write(needed);
        return CREATIO_ERR_BUFFER_TOO_SMALL;
    };
    match user.token(challenge, random, memory::zeroed(out)) {
        Ok(token) => written(Ok(token), len),
        Err(error) => error.into(),
    }
}

/// # Safety
///
/// Each text is NULL, or valid for reads of its length for `'a`.
#[cfg(feature = "ntlm")]
unsafe fn read_user<'a>(user: &creatio_ntlm_credentials) -> Result<NtlmCredentials<'a>, creatio_status> {
    // SAFETY: by the contract above.
    let (domain, name, password, workstation) = unsafe {
        (
            text(user.domain, user.domain_len)?,
            text(user.user_name, user.user_name_len)?,
            text(user.password, user.password_len)?,
            text(user.workstation, user.workstation_len)?,
        )
    };
    Ok(NtlmCredentials::borrowed(domain, name, password).with_workstation(workstation))
}
