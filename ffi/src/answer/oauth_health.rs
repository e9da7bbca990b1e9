//! `creatio_oauth_health`: what a site says of its own connection to the identity service

#[cfg(feature = "texts")]
use core::ffi::c_char;

use creatio_auth::OauthHealthVerdict;

use crate::answer::text::{creatio_text, write_texts};
use crate::exchange::{begin, creatio_exchange, read_both};
use crate::session::creatio_session;
use crate::text::again::{again_at, creatio_again};
use crate::text::memory;
#[cfg(feature = "texts")]
use crate::text::messages::{text_at, texts};
use crate::text::numbered::verdicts;
use crate::text::status::creatio_status::{self, *};

/// What is wrong with a site's connection to the identity service, the first thing that is.
#[repr(i32)]
pub enum creatio_oauth_health_verdict {
    /// Nothing.
    CREATIO_OAUTH_HEALTH_HEALTHY = 1,
    /// IsSystemSettingsFilledIn is not true.
    CREATIO_OAUTH_HEALTH_SETTINGS_MISSING = 2,
    /// IsIdentityServiceAvailable is not true.
    CREATIO_OAUTH_HEALTH_SERVICE_UNAVAILABLE = 3,
    /// IsAccessTokenRetrievableForSystemActions is not true.
    CREATIO_OAUTH_HEALTH_NO_TOKEN = 4,
    /// HasProblem is true, and nothing says which.
    CREATIO_OAUTH_HEALTH_OTHER_PROBLEM = 5,
    /// No such answer came: the site is older, or starts, or something else has answered.
    CREATIO_OAUTH_HEALTH_UNKNOWN = 6,
}

/// What a site says of its own connection to the identity service.
#[repr(C)]
pub struct creatio_oauth_health {
    /// Message: for people.
    pub message: creatio_text,
    /// What is wrong, if anything is.
    pub verdict: creatio_oauth_health_verdict,
    /// The HTTP status code: 200, or 500 where the site has found a problem.
    pub http_status: u16,
}

/// Begins the question how the site's own connection to its identity service is, which needs no session: a site that
/// issues no tokens, or takes none, may say why. It goes to the site, and ends any exchange of the session that is under
/// way.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_oauth_health(
    session: *mut creatio_session,
    exchange: *mut creatio_exchange,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe { begin(session, exchange, |session| session.oauth_health()) }
}

/// How the site's connection to its identity service is, when the reply is complete. Its text points into the session's
/// memory until the next exchange begins.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_OUT_OF_TURN,
/// CREATIO_ERR_OTHER_SESSION or CREATIO_ERR_NOT_A_CALL, where the exchange asks something else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_oauth_health_result(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
    out: *mut creatio_oauth_health,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(out) = (unsafe { memory::place(out) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { read_both(exchange, session) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    let (health, out) = match exchange.oauth_health_result(session) {
        Ok(health) => (health, out.as_mut_ptr()),
        Err(misuse) => return misuse.into(),
    };
    // SAFETY: it is valid for writes, and nothing of it is read before.
    unsafe {
        (*out).verdict = health.verdict.into();
        (*out).http_status = health.http_status;
        write_texts(&raw mut (*out).message, 1, |_| health.message);
    }
    CREATIO_OK
}

verdicts! {
    OauthHealthVerdict to creatio_oauth_health_verdict or CREATIO_OAUTH_HEALTH_UNKNOWN:
    CREATIO_OAUTH_HEALTH_HEALTHY: OauthHealthVerdict::Healthy,
    CREATIO_OAUTH_HEALTH_SETTINGS_MISSING: OauthHealthVerdict::SettingsMissing,
    CREATIO_OAUTH_HEALTH_SERVICE_UNAVAILABLE: OauthHealthVerdict::ServiceUnavailable,
    CREATIO_OAUTH_HEALTH_NO_TOKEN: OauthHealthVerdict::NoToken,
    CREATIO_OAUTH_HEALTH_OTHER_PROBLEM: OauthHealthVerdict::OtherProblem,
    CREATIO_OAUTH_HEALTH_UNKNOWN: OauthHealthVerdict::Unknown,
}

/// Whether to ask again with nothing changed: where the service was not reached, or nothing is known yet. No for a number
/// that is no verdict.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_oauth_health_verdict_again(verdict: i32) -> creatio_again {
    again_at(verdict, AGAIN)
}

/// The name of such a verdict, for example "CREATIO_OAUTH_HEALTH_NO_TOKEN"; "?" for a number that is none.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_oauth_health_verdict_name(verdict: i32) -> *const c_char {
    text_at(verdict, NAMES)
}

/// What such a verdict means, in a sentence, for people; "?" for a number that is none.
/// docs/catalogue.md has its cause and its remedy.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_oauth_health_verdict_text(verdict: i32) -> *const c_char {
    const SENTENCES: &[u8] = texts![
        OauthHealthVerdict::Healthy.text(),
        OauthHealthVerdict::SettingsMissing.text(),
        OauthHealthVerdict::ServiceUnavailable.text(),
        OauthHealthVerdict::NoToken.text(),
        OauthHealthVerdict::OtherProblem.text(),
        OauthHealthVerdict::Unknown.text(),
    ];
    text_at(verdict, SENTENCES)
}
