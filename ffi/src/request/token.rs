//! `creatio_client_credentials`: the program that asks for a token of OAuth 2.0

use core::ffi::c_char;

use creatio_auth::{ClientCredentials, Site};

use crate::site::creatio_site;
use crate::site::path::path_of;
use crate::text::context;
use crate::text::memory::{optional, text};
use crate::text::status::creatio_status::{self, *};

/// The id and the secret of a program that signs in by OAuth 2.0. Fill it with zeros first, then set what is to be
/// other than its default; texts are UTF-8 of any length and content. They have to stay until the request has been
/// taken in full, and are the caller's to wipe (see `creatio_wipe`).
#[repr(C)]
pub struct creatio_client_credentials {
    /// The client's id.
    pub id: *const c_char,
    /// Its length in bytes.
    pub id_len: usize,
    /// The client's secret; NULL for a public client, which has none (RFC 6749, section 2.1).
    pub secret: *const c_char,
    /// Its length in bytes.
    pub secret_len: usize,
    /// Whether to send both by HTTP Basic instead of in the form.
    pub by_basic: bool,
    /// Where to ask; NULL for "/connect/token", to revoke "/connect/revocation", and for the endpoints
    /// "/.well-known/openid-configuration".
    pub path: *const c_char,
    /// Its length in bytes.
    pub path_len: usize,
    /// Whether /0 is to come before it on .NET Framework. The newest sites are their own identity service, and have it
    /// there.
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
unsafe fn read_client<'a>(client: &creatio_client_credentials) -> Result<ClientCredentials<'a>, creatio_status> {
    // SAFETY: by the contract above.
    let (id, secret) = unsafe { (text(client.id, client.id_len)?, optional(client.secret, client.secret_len)?) };
    let mut read = match secret {
        Some(secret) => ClientCredentials::borrowed(id, secret),
        None => ClientCredentials::public(id),
    };
    // SAFETY: by the contract above.
    if let Some(path) = unsafe { optional(client.path, client.path_len) }? {
        read = read.with_path(path_of(path, true)?);
    }
    if client.path_below_prefix {
        read = read.below_prefix();
    }
    // SAFETY: by the contract above.
    if let Some(lines) = unsafe { optional(client.field_lines, client.field_lines_len) }? {
        read = read.with_field_lines(lines)?;
    }
    Ok(if client.by_basic { read.by_basic() } else { read })
}

/// An identity service, and who asks it.
///
/// # Safety
///
/// Each pointer is NULL or valid, and so are the client's texts for `'a`.
#[inline(never)] // one function for all that asks
pub(crate) unsafe fn read_both<'a>(
    identity: *const creatio_site,
    client: *const creatio_client_credentials,
) -> Result<(&'a Site<'static>, ClientCredentials<'a>), creatio_status> {
    // SAFETY: by the contract above.
    match unsafe { (context::get(identity), client.as_ref()) } {
        // SAFETY: by the contract above.
        (Some(identity), Some(client)) => Ok((identity, unsafe { read_client(client) }?)),
        (None, _) => Err(CREATIO_ERR_NOT_SET_UP),
        (_, None) => Err(CREATIO_ERR_NULL_POINTER),
    }
}
