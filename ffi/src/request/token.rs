//! `creatio_client_credentials`: the program that asks for a token of OAuth 2.0

use core::ffi::c_char;

use creatio_auth::ClientCredentials;

use crate::site::path::path_of;
use crate::text::memory::{optional, text};
use crate::text::status::creatio_status;

/// The id and the secret of a program that signs in by OAuth 2.0. Fill it with zeros first, then set what is to be
/// other than its default; texts are UTF-8 of any length and content. They have to stay until the request has been
/// taken in full, and are the caller's to wipe (see `creatio_wipe`).
#[repr(C)]
pub struct creatio_client_credentials {
    /// The client's id.
    pub id: *const c_char,
    /// Its length in bytes.
    pub id_len: usize,
    /// The client's secret.
    pub secret: *const c_char,
    /// Its length in bytes.
    pub secret_len: usize,
    /// Whether to send both by HTTP Basic instead of in the form.
    pub by_basic: bool,
    /// Where tokens are issued; NULL for "/connect/token". The newest sites issue them themselves, below /0 on .NET
    /// Framework: set this to "/connect/token" there, and `path_below_prefix`.
    pub path: *const c_char,
    /// Its length in bytes.
    pub path_len: usize,
    /// Whether /0 is to come before `path` on .NET Framework.
    pub path_below_prefix: bool,
    /// Fields beside those that the library writes itself, as the lines that they are to be: "Name: value" and CR LF
    /// each. Those that authorise or frame the request are refused. NULL for none. Those of the session are for its
    /// site alone.
    pub field_lines: *const c_char,
    /// Their length in bytes.
    pub field_lines_len: usize,
}

/// # Safety
///
/// Each text is NULL, or valid for reads of its length for `'a`.
pub(crate) unsafe fn read_client<'a>(
    client: &creatio_client_credentials,
) -> Result<ClientCredentials<'a>, creatio_status> {
    // SAFETY: by the contract above.
    let (id, secret) = unsafe { (text(client.id, client.id_len)?, text(client.secret, client.secret_len)?) };
    let mut read = ClientCredentials::borrowed(id, secret);
    // SAFETY: by the contract above.
    if let Some(path) = unsafe { optional(client.path, client.path_len) }? {
        read = read.with_path(path_of(path, !client.path_below_prefix)?);
    }
    // SAFETY: by the contract above.
    if let Some(lines) = unsafe { optional(client.field_lines, client.field_lines_len) }? {
        read = read.with_field_lines(lines)?;
    }
    Ok(if client.by_basic { read.by_basic() } else { read })
}
