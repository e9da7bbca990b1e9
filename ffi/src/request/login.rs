//! `creatio_credentials`: who signs in

use core::ffi::c_char;
use core::mem::ManuallyDrop;

use creatio_auth::Credentials;

use crate::text::memory::{optional, text};
use crate::text::status::creatio_status;

/// A user's credentials. Fill it with zeros first, then set what is to be sent; texts are UTF-8 of any length and
/// content, not terminated. The library keeps no copy: the texts have to stay until the request has been taken in full,
/// and are the caller's to wipe (see `creatio_wipe`).
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
    /// A one-time code; NULL for none.
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

/// Credentials whose texts are C's to wipe, so that nothing is left to be done when they are dropped.
///
/// # Safety
///
/// Each text of the credentials is NULL, or valid for reads of its length for `'a`.
pub(crate) unsafe fn read_credentials<'a>(
    credentials: &creatio_credentials,
) -> Result<ManuallyDrop<Credentials<'a>>, creatio_status> {
    // SAFETY: by the contract above.
    let required = |start, len| unsafe { text(start, len) };
    // SAFETY: by the contract above.
    let optional = |start, len| unsafe { optional(start, len) };
    let user_name = required(credentials.user_name, credentials.user_name_len)?;
    let password = required(credentials.password, credentials.password_len)?;
    let workspace = optional(credentials.workspace, credentials.workspace_len)?;
    let one_time_code = optional(credentials.one_time_code, credentials.one_time_code_len)?;
    let provider_name = optional(credentials.provider_name, credentials.provider_name_len)?;
    let mut read = Credentials::borrowed(user_name, password);
    if let Some(code) = one_time_code {
        read = read.with_borrowed_one_time_code(code);
    }
    if let Some(name) = workspace {
        read = read.with_workspace(name);
    }
    if let Some(name) = provider_name {
        read = read.with_provider_name(name);
    }
    if credentials.has_time_zone_offset {
        read = read.with_time_zone_offset(credentials.time_zone_offset);
    }
    Ok(ManuallyDrop::new(read))
}
