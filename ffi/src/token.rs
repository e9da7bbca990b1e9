//! Tokens of OAuth 2.0: `creatio_client_credentials`, `creatio_session_token` and what it is answered with

use core::ffi::c_char;

use creatio_auth::{ClientCredentials, Session, TokenVerdict};

use crate::call::path_of;
use crate::exchange::{creatio_exchange, creatio_text, read_both, text as text_of};
use crate::memory::{optional, text};
use crate::session::{begin, creatio_session};
use crate::site::creatio_site;
use crate::status::creatio_status::{self, *};
use crate::texts::{text_at, texts};
use crate::{context, memory};

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
}

/// What the answer to a request for a token means.
#[repr(i32)]
pub enum creatio_token_verdict {
    /// The session has a token.
    CREATIO_GRANTED = 0,
    /// invalid_client, or status 401: id or secret are wrong, or the service wants them sent the other way.
    CREATIO_INVALID_CLIENT = 1,
    /// unauthorized_client: the client may not use this grant.
    CREATIO_UNAUTHORIZED_CLIENT = 2,
    /// invalid_grant
    CREATIO_INVALID_GRANT = 3,
    /// invalid_scope
    CREATIO_INVALID_SCOPE = 4,
    /// unsupported_grant_type: the service does not know client credentials.
    CREATIO_UNSUPPORTED_GRANT_TYPE = 5,
    /// invalid_request
    CREATIO_INVALID_REQUEST = 6,
    /// Another error; `error` has it.
    CREATIO_OTHER_ERROR = 7,
    /// The application's login page came: this is not the identity service. See `creatio_site_identity_hint`.
    CREATIO_WRONG_HOST = 8,
    /// A redirect to somewhere else: check the identity service's URL, http or https included.
    CREATIO_TOKEN_REDIRECT = 9,
    /// Another web page came.
    CREATIO_WEB_PAGE = 10,
    /// Status 404 or 405: nothing issues tokens at this address.
    CREATIO_NO_TOKEN_ENDPOINT = 11,
    /// Status 200, but there is no token, an empty one, or one that cannot be sent.
    CREATIO_NO_TOKEN = 12,
    /// The token is not of the type Bearer.
    CREATIO_UNSUPPORTED_TOKEN_TYPE = 13,
    /// Status 429 or 503: try again later; `retry_after` may say when.
    CREATIO_TOKEN_BUSY = 14,
    /// Any other status.
    CREATIO_TOKEN_UNEXPECTED_STATUS = 15,
}

/// The answer to a request for a token. The token itself is the session's, and secret.
#[repr(C)]
pub struct creatio_token {
    /// What it means.
    pub verdict: creatio_token_verdict,
    /// Whether the session has the token.
    pub granted: bool,
    /// The HTTP status code.
    pub http_status: u16,
    /// Whether the service says how long the token lives.
    pub has_expires_in: bool,
    /// expires_in: how many seconds.
    pub expires_in: u32,
    /// Whether the answer says after how many seconds to try again.
    pub has_retry_after: bool,
    /// Retry-After in seconds.
    pub retry_after: u32,
    /// error: the code of the error, as the service writes it.
    pub error: creatio_text,
    /// error_description: for people.
    pub error_description: creatio_text,
}

/// Begins a request for a token (OAuth 2.0, client credentials). It goes to the identity service, which has a host of
/// its own: connect to `identity`, not to the session's site. The token that it brings authorises each later call,
/// instead of all cookies, which the session then forgets. While a new token comes, the memory holds the old one, too.
/// It ends any exchange of the session that is under way.
///
/// Returns CREATIO_OK, CREATIO_NULL_POINTER, CREATIO_NOT_SET_UP, CREATIO_NOT_UTF8 or a CREATIO_PATH_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_token(
    session: *mut creatio_session,
    identity: *const creatio_site,
    client: *const creatio_client_credentials,
    exchange: *mut creatio_exchange,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (identity, client) = match unsafe { (context::get(identity), client.as_ref()) } {
        (Some(identity), Some(client)) => (identity, client),
        (None, _) => return CREATIO_NOT_SET_UP,
        (_, None) => return CREATIO_NULL_POINTER,
    };
    // SAFETY: by the header's conventions.
    match &unsafe { read_client(client) } {
        // SAFETY: by the header's conventions.
        Ok(client) => unsafe { begin(session, exchange, |session| session.token(identity, client)) },
        Err(status) => *status,
    }
}

/// # Safety
///
/// Each text is NULL, or valid for reads of its length for `'a`.
unsafe fn read_client<'a>(client: &creatio_client_credentials) -> Result<ClientCredentials<'a>, creatio_status> {
    // SAFETY: by the contract above.
    let (id, secret) = unsafe { (text(client.id, client.id_len)?, text(client.secret, client.secret_len)?) };
    let mut read = ClientCredentials::borrowed(id, secret);
    // SAFETY: by the contract above.
    if let Some(path) = unsafe { optional(client.path, client.path_len) }? {
        read = read.with_path(path_of(path, !client.path_below_prefix)?);
    }
    Ok(if client.by_basic { read.by_basic() } else { read })
}

/// The answer to a request for a token, when the reply is complete. Its texts point into the session's memory until the
/// next exchange begins.
///
/// Returns CREATIO_OK, CREATIO_NULL_POINTER, CREATIO_NOT_SET_UP, CREATIO_OUT_OF_TURN, CREATIO_OTHER_SESSION or
/// CREATIO_NOT_A_TOKEN_REQUEST.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_token_result(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
    out: *mut creatio_token,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(out) = (unsafe { memory::place(out) }) else {
        return CREATIO_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { read_both(exchange, session) }) else {
        return CREATIO_NOT_SET_UP;
    };
    let token = match exchange.token_result(session) {
        Ok(token) => token,
        Err(misuse) => return misuse.into(),
    };
    out.write(creatio_token {
        verdict: verdict(token.verdict),
        granted: token.verdict == TokenVerdict::Granted,
        http_status: token.http_status,
        has_expires_in: token.expires_in.is_some(),
        expires_in: token.expires_in.unwrap_or(0),
        has_retry_after: token.retry_after.is_some(),
        retry_after: token.retry_after.unwrap_or(0),
        error: text_of(&token.error),
        error_description: text_of(&token.error_description),
    });
    CREATIO_OK
}

/// Whether it is time for a new token: whether `margin` seconds from now the token will have expired, or the clock has
/// gone back behind the moment when the token was asked for. Without a clock (see `creatio_session_set_time`), and
/// without a token whose end is known, false; then the site's answer CREATIO_ENDED_TOKEN_REJECTED tells.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_needs_token(session: *const creatio_session, margin: u32) -> bool {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.is_some_and(|session| session.needs_token(margin))
}

/// When the token expires, in seconds since 1970; 0 if there is no token, if nothing says how long it lives, or if the
/// session did not know the time when it was asked for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_token_expires_at(session: *const creatio_session) -> u64 {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.and_then(Session::token_expires_at).unwrap_or(0)
}

/// Where the identity service of a site usually is, if the site is in Creatio's cloud: "https://NAME-is.creatio.com",
/// not terminated. Elsewhere it is wherever it was installed; the system setting OAuth20IdentityServerUrl has its URL.
/// `*len` is how many bytes it is.
///
/// Returns CREATIO_OK; CREATIO_END if there is nothing to guess; CREATIO_BUFFER_TOO_SMALL, and then `*len` is how many
/// bytes it takes and `out` is as it was; CREATIO_NULL_POINTER or CREATIO_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_site_identity_hint(
    site: *const creatio_site,
    out: *mut u8,
    cap: usize,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some((out, len)) = (unsafe { memory::output(out, cap, len) }) else {
        return CREATIO_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some(site) = (unsafe { context::get(site) }) else {
        return CREATIO_NOT_SET_UP;
    };
    let Some(hint) = site.identity_hint() else {
        return CREATIO_END;
    };
    let pieces = hint.pieces();
    *len = pieces.iter().map(|piece| piece.len()).sum();
    if *len > out.len() {
        return CREATIO_BUFFER_TOO_SMALL;
    }
    for (to, from) in out.iter_mut().zip(pieces.iter().flat_map(|piece| piece.bytes())) {
        *to = from;
    }
    CREATIO_OK
}

fn verdict(verdict: TokenVerdict) -> creatio_token_verdict {
    use creatio_token_verdict::*;
    match verdict {
        TokenVerdict::Granted => CREATIO_GRANTED,
        TokenVerdict::InvalidClient => CREATIO_INVALID_CLIENT,
        TokenVerdict::UnauthorizedClient => CREATIO_UNAUTHORIZED_CLIENT,
        TokenVerdict::InvalidGrant => CREATIO_INVALID_GRANT,
        TokenVerdict::InvalidScope => CREATIO_INVALID_SCOPE,
        TokenVerdict::UnsupportedGrantType => CREATIO_UNSUPPORTED_GRANT_TYPE,
        TokenVerdict::InvalidRequest => CREATIO_INVALID_REQUEST,
        TokenVerdict::OtherError => CREATIO_OTHER_ERROR,
        TokenVerdict::WrongHost => CREATIO_WRONG_HOST,
        TokenVerdict::Redirect => CREATIO_TOKEN_REDIRECT,
        TokenVerdict::WebPage => CREATIO_WEB_PAGE,
        TokenVerdict::NotFound => CREATIO_NO_TOKEN_ENDPOINT,
        TokenVerdict::NoToken => CREATIO_NO_TOKEN,
        TokenVerdict::UnsupportedTokenType => CREATIO_UNSUPPORTED_TOKEN_TYPE,
        TokenVerdict::Busy => CREATIO_TOKEN_BUSY,
        _ => CREATIO_TOKEN_UNEXPECTED_STATUS,
    }
}

/// The name of a token's verdict, for example "CREATIO_WRONG_HOST"; "?" for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_token_verdict_name(verdict: i32) -> *const c_char {
    const NAMES: &[u8] = texts![
        "CREATIO_GRANTED",
        "CREATIO_INVALID_CLIENT",
        "CREATIO_UNAUTHORIZED_CLIENT",
        "CREATIO_INVALID_GRANT",
        "CREATIO_INVALID_SCOPE",
        "CREATIO_UNSUPPORTED_GRANT_TYPE",
        "CREATIO_INVALID_REQUEST",
        "CREATIO_OTHER_ERROR",
        "CREATIO_WRONG_HOST",
        "CREATIO_TOKEN_REDIRECT",
        "CREATIO_WEB_PAGE",
        "CREATIO_NO_TOKEN_ENDPOINT",
        "CREATIO_NO_TOKEN",
        "CREATIO_UNSUPPORTED_TOKEN_TYPE",
        "CREATIO_TOKEN_BUSY",
        "CREATIO_TOKEN_UNEXPECTED_STATUS",
    ];
    text_at(verdict, NAMES)
}

/// What a token's verdict means and what to do about it, in a sentence, for people; "?" for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_token_verdict_text(verdict: i32) -> *const c_char {
    const TEXTS: &[u8] = texts![
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
    ];
    text_at(verdict, TEXTS)
}
