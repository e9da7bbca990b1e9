//! `creatio_authorization_response`, with which a browser comes back, and the code's way to a token

use core::ffi::{c_char, c_void};
use core::mem::offset_of;

use creatio_auth::AuthorizationVerdict;

use crate::answer::text::{creatio_text, write_texts};
use crate::exchange::{begin, creatio_exchange};
use crate::request::code::{creatio_authorization_request, read_request};
use crate::request::token::{creatio_client_credentials, read_both};
use crate::session::creatio_session;
use crate::site::creatio_site;
use crate::text::again::{again_at, creatio_again};
use crate::text::memory;
#[cfg(feature = "texts")]
use crate::text::messages::{text_at, texts};
use crate::text::numbered::verdicts;
use crate::text::status::creatio_status::{self, *};

/// What it means that a browser comes back from the page where a person approves (RFC 6749, section 4.1.2.1).
#[repr(i32)]
pub enum creatio_authorization_verdict {
    /// There is a code.
    CREATIO_AUTHORIZATION_APPROVED = 1,
    /// access_denied: the person, or the service, says no.
    CREATIO_AUTHORIZATION_ACCESS_DENIED = 2,
    /// invalid_request
    CREATIO_AUTHORIZATION_INVALID_REQUEST = 3,
    /// unauthorized_client: the client may not ask for a code.
    CREATIO_AUTHORIZATION_UNAUTHORIZED_CLIENT = 4,
    /// unsupported_response_type: the service gives no codes.
    CREATIO_AUTHORIZATION_UNSUPPORTED_RESPONSE_TYPE = 5,
    /// invalid_scope
    CREATIO_AUTHORIZATION_INVALID_SCOPE = 6,
    /// server_error
    CREATIO_AUTHORIZATION_SERVER_ERROR = 7,
    /// temporarily_unavailable
    CREATIO_AUTHORIZATION_TEMPORARILY_UNAVAILABLE = 8,
    /// Another error; `error` has it.
    CREATIO_AUTHORIZATION_OTHER_ERROR = 9,
    /// No state, or another one: this is not the answer to this request, and may be somebody's attempt to slip in a
    /// code of their own. Nothing else of it is told. Go on waiting for the answer.
    CREATIO_AUTHORIZATION_OTHER_STATE = 10,
    /// Neither a code nor an error, or a code that is none, or one of these twice.
    CREATIO_AUTHORIZATION_NO_CODE = 11,
}

/// What a browser has come back with. Its texts lie in the memory that it was read from.
#[repr(C)]
pub struct creatio_authorization_response {
    /// The code, secret, good for one request for a token and for some minutes; NULL where the verdict is not
    /// CREATIO_AUTHORIZATION_APPROVED.
    pub code: creatio_text,
    /// error: the code of the error, as the service writes it.
    pub error: creatio_text,
    /// error_description: for people.
    pub error_description: creatio_text,
    /// What it means.
    pub verdict: creatio_authorization_verdict,
}

/// Reads what the browser has come back to: the redirect URI with what the service has put behind it, or the target of
/// the request that it has made there. What is read of it is decoded in its place, and so the memory is changed.
/// Anybody can have a browser come to the URI: what does not have the state of this request, which is compared in
/// constant time, is not its answer.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_UTF8 or a CREATIO_ERR_PATH_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_authorization_read(
    request: *const creatio_authorization_request,
    uri: *mut c_void,
    uri_len: usize,
    out: *mut creatio_authorization_response,
) -> creatio_status {
    // SAFETY: by the header's conventions; it has been given a value.
    let (uri, out) = match unsafe { (memory::bytes_to_change(uri.cast(), uri_len), memory::place(out)) } {
        (Some(uri), Some(out)) => (uri, out),
        _ => return CREATIO_ERR_NULL_POINTER,
    };
    // SAFETY: by the header's conventions.
    let request = match unsafe { read_request(request) } {
        Ok(request) => request,
        Err(status) => return status,
    };
    let (response, out) = (request.read_response(uri), out.as_mut_ptr());
    let texts = [response.code, response.error, response.error_description];
    // SAFETY: it is valid for writes, and nothing of it is read before.
    unsafe {
        (*out).verdict = response.verdict.into();
        write_texts(&raw mut (*out).code, TEXTS, |text| texts.get(usize::from(text)).copied().flatten());
    }
    CREATIO_OK
}

/// From `code` to `error_description`.
const TEXTS: u8 = 3;

const _: () = assert!(
    offset_of!(creatio_authorization_response, error_description)
        == offset_of!(creatio_authorization_response, code) + (TEXTS as usize - 1) * size_of::<creatio_text>()
);

/// Begins a request for a token by a code (RFC 6749, section 4.1.3), which a response to this request has brought. It
/// goes to the identity service, as `creatio_session_token`, and ends any exchange of the session that is under way.
/// The token takes the place of all that the session has, with the refresh token, if one comes, for
/// `creatio_session_token_by_refresh`. A code is good once: with CREATIO_TOKEN_INVALID_GRANT, or where the answer is
/// cut off, the person has to approve again.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_NOT_UTF8, or a CREATIO_ERR_PATH_
/// or CREATIO_ERR_FIELD_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_token_by_code(
    session: *mut creatio_session,
    identity: *const creatio_site,
    client: *const creatio_client_credentials,
    request: *const creatio_authorization_request,
    code: *const c_char,
    code_len: usize,
    exchange: *mut creatio_exchange,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let read = unsafe { (read_both(identity, client), read_request(request), memory::text(code, code_len)) };
    match &read {
        (Ok((identity, client)), Ok(request), Ok(code)) => {
            // SAFETY: by the header's conventions.
            unsafe { begin(session, exchange, |session| session.token_by_code(identity, client, request, code)) }
        }
        (Err(status), ..) | (_, Err(status), _) | (.., Err(status)) => *status,
    }
}

verdicts! {
    AuthorizationVerdict to creatio_authorization_verdict or CREATIO_AUTHORIZATION_OTHER_ERROR:
    CREATIO_AUTHORIZATION_APPROVED: AuthorizationVerdict::Approved,
    CREATIO_AUTHORIZATION_ACCESS_DENIED: AuthorizationVerdict::AccessDenied,
    CREATIO_AUTHORIZATION_INVALID_REQUEST: AuthorizationVerdict::InvalidRequest,
    CREATIO_AUTHORIZATION_UNAUTHORIZED_CLIENT: AuthorizationVerdict::UnauthorizedClient,
    CREATIO_AUTHORIZATION_UNSUPPORTED_RESPONSE_TYPE: AuthorizationVerdict::UnsupportedResponseType,
    CREATIO_AUTHORIZATION_INVALID_SCOPE: AuthorizationVerdict::InvalidScope,
    CREATIO_AUTHORIZATION_SERVER_ERROR: AuthorizationVerdict::ServerError,
    CREATIO_AUTHORIZATION_TEMPORARILY_UNAVAILABLE: AuthorizationVerdict::TemporarilyUnavailable,
    CREATIO_AUTHORIZATION_OTHER_ERROR: AuthorizationVerdict::OtherError,
    CREATIO_AUTHORIZATION_OTHER_STATE: AuthorizationVerdict::OtherState,
    CREATIO_AUTHORIZATION_NO_CODE: AuthorizationVerdict::NoCode,
}

/// Whether the person may be asked again with nothing changed: where the service has failed, or is busy. No for a number
/// that is no verdict.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_authorization_verdict_again(verdict: i32) -> creatio_again {
    again_at(verdict, AGAIN)
}

/// The name of such a verdict, for example "CREATIO_AUTHORIZATION_ACCESS_DENIED"; "?" for a number that is none.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_authorization_verdict_name(verdict: i32) -> *const c_char {
    text_at(verdict, NAMES)
}

/// What such a verdict means and what to do about it, in a sentence, for people; "?" for a number that is none.
/// docs/catalogue.md has its cause and its remedy.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_authorization_verdict_text(verdict: i32) -> *const c_char {
    const SENTENCES: &[u8] = texts![
        AuthorizationVerdict::Approved.text(),
        AuthorizationVerdict::AccessDenied.text(),
        AuthorizationVerdict::InvalidRequest.text(),
        AuthorizationVerdict::UnauthorizedClient.text(),
        AuthorizationVerdict::UnsupportedResponseType.text(),
        AuthorizationVerdict::InvalidScope.text(),
        AuthorizationVerdict::ServerError.text(),
        AuthorizationVerdict::TemporarilyUnavailable.text(),
        AuthorizationVerdict::OtherError.text(),
        AuthorizationVerdict::OtherState.text(),
        AuthorizationVerdict::NoCode.text(),
    ];
    text_at(verdict, SENTENCES)
}
