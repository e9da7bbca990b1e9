//! `creatio_authorization_request`: what a person is asked to approve

use core::ffi::{c_char, c_void};

use creatio_auth::{AuthorizationRequest, RANDOM_LEN, VERIFIER_LEN};

use crate::site::creatio_site;
use crate::site::path::path_of;
use crate::text::context;
use crate::text::memory::{self, optional, text, written};
use crate::text::status::creatio_status::{self, *};

/// How many random bytes a `creatio_authorization_request` takes.
pub const CREATIO_RANDOM_LEN: usize = 48;

/// How long a `code_verifier` is in characters.
pub const CREATIO_VERIFIER_LEN: usize = 43;

/// How many bytes the SHA-256 of a `code_verifier` has.
pub const CREATIO_CHALLENGE_LEN: usize = 32;

const _: () = assert!(CREATIO_RANDOM_LEN == RANDOM_LEN && CREATIO_VERIFIER_LEN == VERIFIER_LEN);

/// What a person is asked to approve in a browser: that a program acts in their name (RFC 6749, section 4.1.1), with
/// proof that who redeems the code is who asked for it (PKCE with S256, RFC 7636). Fill it with zeros first, then set
/// what is to be other than its default; texts are UTF-8.
#[repr(C)]
pub struct creatio_authorization_request {
    /// The client's id.
    pub client_id: *const c_char,
    /// Its length in bytes.
    pub client_id_len: usize,
    /// One of the URIs that are registered for the client, to which the browser is to come back.
    pub redirect_uri: *const c_char,
    /// Its length in bytes.
    pub redirect_uri_len: usize,
    /// What the program wants to do, names with spaces between them, "offline_access" among them for a refresh token;
    /// NULL for none.
    pub scope: *const c_char,
    /// Its length in bytes.
    pub scope_len: usize,
    /// Where people approve; NULL for "/connect/authorize".
    pub path: *const c_char,
    /// Its length in bytes.
    pub path_len: usize,
    /// Whether /0 is to come before `path` on .NET Framework.
    pub path_below_prefix: bool,
    /// CREATIO_RANDOM_LEN bytes of a source that is good for secrets, used for one request only. Yours to wipe.
    pub random: *const u8,
}

/// # Safety
///
/// Each text is NULL, or valid for reads of its length for `'a`; so are the random bytes.
pub(crate) unsafe fn read_request<'a>(
    request: *const creatio_authorization_request,
) -> Result<AuthorizationRequest<'a>, creatio_status> {
    // SAFETY: by the contract above.
    let request = unsafe { request.as_ref() }.ok_or(CREATIO_ERR_NULL_POINTER)?;
    // SAFETY: by the contract above.
    let random = unsafe { request.random.cast::<[u8; RANDOM_LEN]>().as_ref() }.ok_or(CREATIO_ERR_NULL_POINTER)?;
    // SAFETY: by the contract above.
    let (client_id, redirect_uri, scope) = unsafe {
        (
            text(request.client_id, request.client_id_len)?,
            text(request.redirect_uri, request.redirect_uri_len)?,
            text(request.scope, request.scope_len)?,
        )
    };
    let mut read = AuthorizationRequest::new(client_id, redirect_uri, random).with_scope(scope);
    // SAFETY: by the contract above.
    if let Some(path) = unsafe { optional(request.path, request.path_len) }? {
        read = read.with_path(path_of(path, !request.path_below_prefix)?);
    }
    Ok(if request.path_below_prefix { read.below_prefix() } else { read })
}

/// Writes the `code_verifier`, CREATIO_VERIFIER_LEN characters of ASCII, of which you are to make the SHA-256. It is
/// secret. `*len` is how many bytes it is.
///
/// Returns CREATIO_OK; CREATIO_ERR_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it
/// was; CREATIO_ERR_NULL_POINTER, also for random bytes that are NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_authorization_verifier(
    request: *const creatio_authorization_request,
    out: *mut c_void,
    cap: usize,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some((out, len)) = (unsafe { memory::output(out.cast(), cap, len) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some(random) =
        (unsafe { request.as_ref().and_then(|request| request.random.cast::<[u8; RANDOM_LEN]>().as_ref()) })
    else {
        return CREATIO_ERR_NULL_POINTER;
    };
    len.write(VERIFIER_LEN);
    let Some((out, _)) = out.split_first_chunk_mut::<VERIFIER_LEN>() else {
        return CREATIO_ERR_BUFFER_TOO_SMALL;
    };
    AuthorizationRequest::new("", "", random).verifier_for_c(out);
    CREATIO_OK
}

/// Writes the URL that a browser is to open. `challenge` is the SHA-256 of the verifier, CREATIO_CHALLENGE_LEN bytes,
/// and `identity` the identity service. `*len` is how many bytes it is.
///
/// Returns CREATIO_OK; CREATIO_ERR_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it
/// was; CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP (`identity`), CREATIO_ERR_NOT_UTF8 or a CREATIO_ERR_PATH_
/// status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_authorization_url(
    request: *const creatio_authorization_request,
    identity: *const creatio_site,
    challenge: *const u8,
    out: *mut c_char,
    cap: usize,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (output, challenge) =
        unsafe { (memory::output(out.cast(), cap, len), challenge.cast::<[u8; CREATIO_CHALLENGE_LEN]>().as_ref()) };
    let (Some((out, len)), Some(challenge)) = (output, challenge) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some(identity) = (unsafe { context::get(identity) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    // SAFETY: by the header's conventions.
    match unsafe { read_request(request) } {
        Ok(request) => written(request.write_url_for_c(identity, challenge, out), len),
        Err(status) => status,
    }
}
