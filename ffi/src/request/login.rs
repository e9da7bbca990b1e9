//! `creatio_credentials`: who signs in

use core::ffi::c_char;
use core::mem::offset_of;

use creatio_auth::LoginTexts;

use crate::text::memory::Raw;
use crate::text::status::creatio_status::{self, CREATIO_OK};

/// A user's credentials. Fill it with zeros first, then set what is to be sent; texts are UTF-8 of any length and
/// content, not terminated. The library keeps no copy: the texts have to stay until the request has been taken in
/// full, and are the caller's to wipe (see `creatio_wipe`).
#[repr(C)]
pub struct creatio_credentials {
    /// The user's name.
    pub user_name: *const c_char,
    /// Its length in bytes.
    pub user_name_len: usize,
    /// The user's password.
    pub password: *const c_char,
    /// Its length in bytes.
    pub password_len: usize,
    /// The workspace; NULL leaves it to the site ("Default").
    pub workspace: *const c_char,
    /// Its length in bytes.
    pub workspace_len: usize,
    /// A one-time code; NULL for none. Older sites want it with the first login. Others want two steps: a login
    /// without it is answered CREATIO_LOGIN_SECOND_FACTOR_WANTED, and the same login with it, in the same session,
    /// signs in. A code is good once: renew a session without one. Where codes go out as texts (SMS, e-mail), a POST
    /// to "/ServiceModel/AuthService.svc/StartTextCodeAuthFlow" with `at_root`, whose body is
    /// {"UserName":"...","UserPassword":"..."} (see `creatio_encode_json`), has one sent; it takes no session.
    pub one_time_code: *const c_char,
    /// Its length in bytes.
    pub one_time_code_len: usize,
    /// The provider that checks the one-time code; NULL for none.
    pub provider_name: *const c_char,
    /// Its length in bytes.
    pub provider_name_len: usize,
    /// Whether `time_zone_offset` is to be sent.
    pub has_time_zone_offset: bool,
    /// The minutes to add to local time to get UTC: UTC+3 is -180.
    pub time_zone_offset: i16,
}

/// How many texts there are, one after the other from the first member on.
const TEXTS: usize = 5;

const _: () = assert!(offset_of!(creatio_credentials, has_time_zone_offset) == TEXTS * size_of::<Raw>());

/// Reads credentials.
///
/// # Safety
///
/// Each text of the credentials is NULL, or valid for reads of its length for `'a`.
#[inline(never)] // the linker has one function for all of these
pub(crate) unsafe fn read_credentials(
    credentials: &creatio_credentials,
    read: &mut LoginTexts<'_>,
) -> creatio_status {
    // SAFETY: the struct begins with so many, by the assertion above.
    let texts = unsafe { &*(&raw const *credentials).cast::<[Raw; TEXTS]>() };
    for (raw, text) in texts.iter().zip(&mut read.texts) {
        // SAFETY: by the contract above.
        match unsafe { raw.read() } {
            Ok(read) => *text = read,
            Err(status) => return status,
        }
    }
    if credentials.has_time_zone_offset {
        read.time_zone_offset = Some(credentials.time_zone_offset);
    }
    CREATIO_OK
}
