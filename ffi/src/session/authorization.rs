//! What a session has to authorise calls with

use creatio_auth::{RefreshToken, Session};

use crate::session::creatio_session;
use crate::text::context;

/// Whether the session has a ticket (.ASPXAUTH) that goes back to the site. Only the site knows whether it still
/// takes it. False if the session has not been set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_has_ticket(session: *const creatio_session) -> bool {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.is_some_and(Session::has_ticket)
}

/// Whether the session has a CSRF token to send along. False if the session has not been set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_has_csrf_token(session: *const creatio_session) -> bool {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.is_some_and(Session::has_csrf_token)
}

/// Whether the session has a token or, by `creatio_session_use_basic`, user name and password to authorise calls
/// with. Only the site knows whether it still takes them. False if the session has not been set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_has_authorization(session: *const creatio_session) -> bool {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.is_some_and(Session::has_authorization)
}

/// Whether it is time for a new token: whether `margin` seconds from now the token will have expired, or the clock
/// has gone back behind the moment when the token was asked for. Without a clock (see `creatio_session_set_time`),
/// and without a token whose end is known, false; then the site's answer CREATIO_CALL_ENDED_TOKEN_REJECTED tells.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_needs_token(session: *const creatio_session, margin: u32) -> bool {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.is_some_and(|session| session.needs_token(margin))
}

/// When the token expires, in seconds since 1970; 0 if there is no token, if nothing says how long it lives, or if
/// the session did not know the time when it was asked for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_token_expires_at(session: *const creatio_session) -> u64 {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.and_then(Session::token_expires_at).unwrap_or(0)
}

/// What is known of a session's refresh token, which itself is secret.
#[repr(i32)]
pub enum creatio_refresh_token {
    /// There is none: none came, or it was refused, or something else authorises calls now.
    CREATIO_REFRESH_TOKEN_NONE = 0,
    /// There is one.
    CREATIO_REFRESH_TOKEN_KEPT = 1,
    /// There is one, but a refresh, or another sign-in, was sent since and has come to nothing: its answer was cut off, or
    /// could not be read, or was no. Where the service takes a refresh token only once, this one may be spent; the answer
    /// to the next refresh tells.
    CREATIO_REFRESH_TOKEN_MAYBE_SPENT = 2,
}

/// What the session has to ask for a token by, `creatio_session_token_by_refresh`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_refresh_token(session: *const creatio_session) -> creatio_refresh_token {
    // SAFETY: by the header's conventions.
    match unsafe { context::get(session) }.map(Session::refresh_token) {
        Some(RefreshToken::Kept) => creatio_refresh_token::CREATIO_REFRESH_TOKEN_KEPT,
        Some(RefreshToken::MaybeSpent) => creatio_refresh_token::CREATIO_REFRESH_TOKEN_MAYBE_SPENT,
        _ => creatio_refresh_token::CREATIO_REFRESH_TOKEN_NONE,
    }
}
