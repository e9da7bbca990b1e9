//! Asking for a token of OAuth 2.0, and `creatio_token`, which that is answered with

#[cfg(feature = "texts")]
use core::ffi::c_char;
use core::mem::offset_of;

use creatio_auth::{ClientCredentials, Exchange, RefreshToken, Session, Site, TokenVerdict};

use crate::answer::text::{creatio_text, write_texts};
use crate::exchange::{begin, creatio_exchange, read_both as read_exchange};
use crate::request::token::{creatio_client_credentials, read_both};
use crate::session::creatio_session;
use crate::site::creatio_site;
use crate::text::again::{again_at, creatio_again};
#[cfg(feature = "texts")]
use crate::text::messages::{text_at, texts};
use crate::text::numbered::verdicts;
use crate::text::status::creatio_status::{self, *};
use crate::text::{context, memory};

/// What the answer to a request for a token means.
#[repr(i32)]
pub enum creatio_token_verdict {
    /// The session has a token.
    CREATIO_TOKEN_GRANTED = 1,
    /// invalid_client, or status 401: id or secret are wrong, or the service wants them sent the other way.
    CREATIO_TOKEN_INVALID_CLIENT = 2,
    /// unauthorized_client: the client may not use this grant.
    CREATIO_TOKEN_UNAUTHORIZED_CLIENT = 3,
    /// invalid_grant: the refresh token is spent, revoked, over or another client's, which is final: the session has
    /// forgotten it, and the person has to approve again. Or the same of a code.
    CREATIO_TOKEN_INVALID_GRANT = 4,
    /// invalid_scope
    CREATIO_TOKEN_INVALID_SCOPE = 5,
    /// unsupported_grant_type: the service does not know this grant.
    CREATIO_TOKEN_UNSUPPORTED_GRANT_TYPE = 6,
    /// invalid_request
    CREATIO_TOKEN_INVALID_REQUEST = 7,
    /// Another error; `error` has it.
    CREATIO_TOKEN_OTHER_ERROR = 8,
    /// The application's login page came: this is not the identity service. See `creatio_site_identity_hint`.
    CREATIO_TOKEN_WRONG_HOST = 9,
    /// A redirect to somewhere else: check the identity service's URL, http or https included.
    CREATIO_TOKEN_REDIRECT = 10,
    /// Another web page came.
    CREATIO_TOKEN_WEB_PAGE = 11,
    /// Status 404 or 405: nothing issues tokens at this address.
    CREATIO_TOKEN_NOT_FOUND = 12,
    /// Status 200, but there is no token, an empty one, or one that cannot be sent.
    CREATIO_TOKEN_NO_TOKEN = 13,
    /// The token is not of the type Bearer.
    CREATIO_TOKEN_UNSUPPORTED_TOKEN_TYPE = 14,
    /// Status 429, 502, 503 or 504: try again later; `retry_after` may say when.
    CREATIO_TOKEN_BUSY = 15,
    /// Any other status.
    CREATIO_TOKEN_UNEXPECTED_STATUS = 16,
    /// The token is worth nothing any more, and the session has forgotten it (`creatio_session_revoke`).
    CREATIO_TOKEN_REVOKED = 17,
    /// The identity service says where its endpoints are (`creatio_session_discover`).
    CREATIO_TOKEN_FOUND = 18,
    /// Status 200, but no token endpoint is named.
    CREATIO_TOKEN_NO_ENDPOINT = 19,
}

/// The answer to a request for a token. The token itself is the session's, and secret.
#[repr(C)]
pub struct creatio_token {
    /// Whether the session has the token.
    pub granted: bool,
    /// Whether the service says how long the token lives.
    pub has_expires_in: bool,
    /// Whether the answer says after how many seconds to try again.
    pub has_retry_after: bool,
    /// The HTTP status code.
    pub http_status: u16,
    /// What it means.
    pub verdict: creatio_token_verdict,
    /// expires_in: how many seconds.
    pub expires_in: u32,
    /// Retry-After in seconds.
    pub retry_after: u32,
    /// error: the code of the error, as the service writes it.
    pub error: creatio_text,
    /// error_description: for people.
    pub error_description: creatio_text,
}

/// Begins a request for a token (OAuth 2.0, client credentials). It goes to the identity service, which has a host of
/// its own: connect to `identity`, not to the session's site. The token that it brings authorises each later call,
/// instead of all cookies, which the session then forgets. While a new token comes, the memory holds the old one,
/// too. It ends any exchange of the session that is under way.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_NOT_UTF8, or a CREATIO_ERR_PATH_
/// or CREATIO_ERR_FIELD_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_token(
    session: *mut creatio_session,
    identity: *const creatio_site,
    client: *const creatio_client_credentials,
    exchange: *mut creatio_exchange,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe {
        begin_at_identity(
            session,
            identity,
            client,
            exchange,
            |_| true,
            |session, identity, client| session.token(identity, client),
        )
    }
}

/// Begins a request for a token by the session's refresh token (RFC 6749, section 6). It goes to the identity service, as
/// `creatio_session_token`, and ends any exchange of the session that is under way. The pair that comes takes the place
/// of the one that there is, wholly or not at all; where no refresh token comes, the old one stays. With
/// CREATIO_TOKEN_INVALID_GRANT the session has forgotten it, and the person has to approve again.
///
/// Services that rotate take a refresh token once. Save a snapshot before the next exchange, and have memory for two
/// pairs of tokens: where the answer is cut off, or does not fit, the old one may be spent
/// (`creatio_session_refresh_token`). It is still there, and asking again tells.
///
/// Returns CREATIO_OK, CREATIO_END where the session has no refresh token, CREATIO_ERR_NULL_POINTER,
/// CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_NOT_UTF8, or a CREATIO_ERR_PATH_ or CREATIO_ERR_FIELD_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_token_by_refresh(
    session: *mut creatio_session,
    identity: *const creatio_site,
    client: *const creatio_client_credentials,
    exchange: *mut creatio_exchange,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe {
        begin_at_identity(session, identity, client, exchange, has_refresh_token, |session, identity, client| {
            session.token_by_refresh_for_c(identity, client)
        })
    }
}

fn has_refresh_token(session: &Session<'_>) -> bool {
    session.refresh_token() != RefreshToken::None
}

/// Begins what an identity service is asked; CREATIO_END where the session has not what it takes.
///
/// # Safety
///
/// Each pointer is NULL or valid. What the exchange refers to stays, which is what the header asks of C.
pub(super) unsafe fn begin_at_identity(
    session: *mut creatio_session,
    identity: *const creatio_site,
    client: *const creatio_client_credentials,
    exchange: *mut creatio_exchange,
    has_what_it_takes: impl FnOnce(&Session<'static>) -> bool,
    ask: impl for<'c> FnOnce(&mut Session<'static>, &'c Site<'static>, &'c ClientCredentials<'c>) -> Exchange<'c>,
) -> creatio_status {
    // SAFETY: by the contract above.
    match &unsafe { read_both(identity, client) } {
        // SAFETY: by the contract above.
        Ok(_) if unsafe { context::get(session) }.is_some_and(|session| !has_what_it_takes(session)) => CREATIO_END,
        Ok((identity, client)) => {
            // SAFETY: by the contract above.
            unsafe { begin(session, exchange, |session| ask(session, identity, client)) }
        }
        Err(status) => *status,
    }
}

/// The answer to a request for a token, when the reply is complete. Its texts point into the session's memory until
/// the next exchange begins.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_OUT_OF_TURN,
/// CREATIO_ERR_OTHER_SESSION or CREATIO_ERR_NOT_A_TOKEN_REQUEST.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_token_result(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
    out: *mut creatio_token,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(out) = (unsafe { memory::place(out) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { read_exchange(exchange, session) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    let verdict = match exchange.token_verdict(session) {
        Ok(verdict) => verdict,
        Err(misuse) => return misuse.into(),
    };
    let (out, expires_in, retry_after) = (out.as_mut_ptr(), exchange.expires_in(verdict), exchange.retry_after());
    // SAFETY: it is valid for writes, and nothing of it is read before. One member after the other, since the struct is
    // large.
    unsafe {
        (*out).verdict = verdict.into();
        (*out).granted = verdict == TokenVerdict::Granted;
        (*out).http_status = exchange.http_status().unwrap_or(0);
        (*out).has_expires_in = expires_in.is_some();
        (*out).expires_in = expires_in.unwrap_or(0);
        (*out).has_retry_after = retry_after.is_some();
        (*out).retry_after = retry_after.unwrap_or(0);
        write_texts(&raw mut (*out).error, TEXTS, |text| exchange.token_text(session, verdict, text));
    }
    CREATIO_OK
}

/// From `error` to `error_description`.
const TEXTS: u8 = 2;

const _: () = assert!(
    offset_of!(creatio_token, error_description)
        == offset_of!(creatio_token, error) + (TEXTS as usize - 1) * size_of::<creatio_text>()
);

verdicts! {
    TokenVerdict to creatio_token_verdict or CREATIO_TOKEN_UNEXPECTED_STATUS:
    CREATIO_TOKEN_GRANTED: TokenVerdict::Granted,
    CREATIO_TOKEN_INVALID_CLIENT: TokenVerdict::InvalidClient,
    CREATIO_TOKEN_UNAUTHORIZED_CLIENT: TokenVerdict::UnauthorizedClient,
    CREATIO_TOKEN_INVALID_GRANT: TokenVerdict::InvalidGrant,
    CREATIO_TOKEN_INVALID_SCOPE: TokenVerdict::InvalidScope,
    CREATIO_TOKEN_UNSUPPORTED_GRANT_TYPE: TokenVerdict::UnsupportedGrantType,
    CREATIO_TOKEN_INVALID_REQUEST: TokenVerdict::InvalidRequest,
    CREATIO_TOKEN_OTHER_ERROR: TokenVerdict::OtherError,
    CREATIO_TOKEN_WRONG_HOST: TokenVerdict::WrongHost,
    CREATIO_TOKEN_REDIRECT: TokenVerdict::Redirect,
    CREATIO_TOKEN_WEB_PAGE: TokenVerdict::WebPage,
    CREATIO_TOKEN_NOT_FOUND: TokenVerdict::NotFound,
    CREATIO_TOKEN_NO_TOKEN: TokenVerdict::NoToken,
    CREATIO_TOKEN_UNSUPPORTED_TOKEN_TYPE: TokenVerdict::UnsupportedTokenType,
    CREATIO_TOKEN_BUSY: TokenVerdict::Busy,
    CREATIO_TOKEN_UNEXPECTED_STATUS: TokenVerdict::UnexpectedStatus,
    CREATIO_TOKEN_REVOKED: TokenVerdict::Revoked,
    CREATIO_TOKEN_FOUND: TokenVerdict::Found,
    CREATIO_TOKEN_NO_ENDPOINT: TokenVerdict::NoEndpoint,
}

/// Whether the same request may be sent again: where nobody has judged the client. No for a number that is no verdict.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_token_verdict_again(verdict: i32) -> creatio_again {
    again_at(verdict, AGAIN)
}

/// The name of a token's verdict, for example "CREATIO_TOKEN_WRONG_HOST"; "?" for a number that is none.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_token_verdict_name(verdict: i32) -> *const c_char {
    text_at(verdict, NAMES)
}

/// What a token's verdict means and what to do about it, in a sentence, for people; "?" for a number that is none.
/// docs/catalogue.md has its cause and its remedy.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_token_verdict_text(verdict: i32) -> *const c_char {
    const SENTENCES: &[u8] = texts![
        TokenVerdict::Granted.text(),
        TokenVerdict::InvalidClient.text(),
        TokenVerdict::UnauthorizedClient.text(),
        TokenVerdict::InvalidGrant.text(),
        TokenVerdict::InvalidScope.text(),
        TokenVerdict::UnsupportedGrantType.text(),
        TokenVerdict::InvalidRequest.text(),
        TokenVerdict::OtherError.text(),
        TokenVerdict::WrongHost.text(),
        TokenVerdict::Redirect.text(),
        TokenVerdict::WebPage.text(),
        TokenVerdict::NotFound.text(),
        TokenVerdict::NoToken.text(),
        TokenVerdict::UnsupportedTokenType.text(),
        TokenVerdict::Busy.text(),
        TokenVerdict::UnexpectedStatus.text(),
        TokenVerdict::Revoked.text(),
        TokenVerdict::Found.text(),
        TokenVerdict::NoEndpoint.text(),
    ];
    text_at(verdict, SENTENCES)
}
