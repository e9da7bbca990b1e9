//! Calls, and `creatio_answer`, which they are answered with

use core::ffi::c_char;
use core::mem::offset_of;

use creatio_auth::{CallVerdict, EndSign};

use crate::answer::text::{creatio_text, write_texts};
use crate::exchange::{begin, creatio_exchange, read_both};
use crate::request::call::{creatio_call, read_call};
use crate::session::creatio_session;
use crate::text::again::{again_at, creatio_again};
#[cfg(feature = "texts")]
use crate::text::messages::{text_at, texts};
use crate::text::numbered::verdicts;
use crate::text::status::creatio_status::{self, *};
use crate::text::{context, memory};

/// What the answer to a call means.
#[repr(i32)]
pub enum creatio_call_verdict {
    /// Status 2xx, and the body is what was asked for as far as that can be seen.
    CREATIO_CALL_FINE = 1,
    /// Status 403, and no CSRF token was sent, for the session has none.
    CREATIO_CALL_CSRF_MISSING = 2,
    /// Status 403 though a CSRF token was sent, and no web page: the token is stale, or the user lacks the right.
    CREATIO_CALL_FORBIDDEN = 3,
    /// Status 401, or any other sign that a session has ended, after `creatio_session_use_basic`: user name or
    /// password are wrong.
    CREATIO_CALL_UNAUTHORIZED = 4,
    /// Status 404 without an error of OData: the site's runtime is probably the other one.
    CREATIO_CALL_WRONG_PREFIX = 5,
    /// Status 404: there is no such record, or no such entity.
    CREATIO_CALL_NOT_FOUND = 6,
    /// Status 429 or 503: try again later; `retry_after` may say when.
    CREATIO_CALL_BUSY = 7,
    /// Status 2xx, but the body says that it failed: `success` is `false`; or `errorInfo` is an object with anything
    /// in it, or `error` any object; or `responseStatus.ErrorCode` is not empty; or there are `Message` and
    /// `MessageDetail` and nothing else, which is how OData says that it does not know the entity, or not yet.
    /// `message` may say why.
    CREATIO_CALL_SERVICE_FAILED = 8,
    /// Status 2xx where JSON was asked for, and a web page came.
    CREATIO_CALL_NOT_JSON = 9,
    /// Any other status 4xx: the request is refused; `message` may say why.
    CREATIO_CALL_REFUSED = 10,
    /// Any other status 5xx.
    CREATIO_CALL_SERVER_ERROR = 11,
    /// Any other status; and status 202 without a body, which says that nobody knows whether it is done: so AWS WAF
    /// answers whom it takes for a robot, and the site has not seen the call.
    CREATIO_CALL_UNEXPECTED_STATUS = 12,
    /// Status 403 with a web page though a CSRF token was sent, or to a call that takes none since no cookies
    /// authorise it: the user lacks the right, or something in front of the site, such as a firewall, refuses the
    /// call.
    CREATIO_CALL_ACCESS_DENIED = 13,
    /// The session has ended as it seems, though a `creatio_renewal` has signed in for this call or the one before,
    /// and no call has come through since: the site is starting, or the session does not reach it. Nothing has been
    /// done. The next sign-in begins without cookies, one of which may be to blame
    /// (`creatio_session_sign_in_drops_cookies`).
    CREATIO_CALL_RENEWED_IN_VAIN = 14,
    /// The session has ended, or there was none: a redirect to the login page. Nothing has been done: sign in, once.
    CREATIO_CALL_ENDED_REDIRECT = 15,
    /// The session has ended, or there was none, as it seems: status 200 with the login page, or another page that speaks
    /// of it. Sign in, once.
    CREATIO_CALL_ENDED_LOGIN_PAGE = 16,
    /// The session has ended, or there was none: status 401 with the message for it. Sign in, once.
    CREATIO_CALL_ENDED_AUTHENTICATION_FAILED = 17,
    /// The token has ended: status 401 to a call that a token authorised. Ask for another, once.
    CREATIO_CALL_ENDED_TOKEN_REJECTED = 18,
    /// The session has ended, or there was none: status 401 of any other shape, to a call that no token authorised. Sign
    /// in, once.
    CREATIO_CALL_ENDED_UNAUTHORIZED = 19,
    /// The session has ended, or there was none: status 200 or 500 from DataService, which has no user connection. Sign
    /// in, once.
    CREATIO_CALL_ENDED_NO_USER_CONNECTION = 20,
}

/// The answer to a call.
#[repr(C)]
pub struct creatio_answer {
    /// Whether the session has ended, or there was none, so that signing in may help.
    pub session_ended: bool,
    /// Whether the answer says after how many seconds to try again.
    pub has_retry_after: bool,
    /// The HTTP status code.
    pub http_status: u16,
    /// What it means.
    pub verdict: creatio_call_verdict,
    /// Retry-After in seconds.
    pub retry_after: u32,
    /// The message of an error, for people.
    pub message: creatio_text,
    /// The message of the error behind it, the deepest of three: what a validation says is here, and the true cause.
    pub inner_message: creatio_text,
    /// `@odata.nextLink`: where the next page of a collection is. Copy it before the next exchange begins, and see
    /// `creatio_site_path_of`.
    pub next_link: creatio_text,
    /// The code of an error, for programs: error.code of OData; errorInfo.errorCode or responseStatus.ErrorCode of
    /// the other services.
    pub error_code: creatio_text,
}

/// A field of a reply to a call.
pub type creatio_reply_field = i32;

/// Content-Type
pub const CREATIO_REPLY_CONTENT_TYPE: creatio_reply_field = 0;

/// Location
pub const CREATIO_REPLY_LOCATION: creatio_reply_field = 1;

/// The one that `creatio_call.wanted_field` names.
pub const CREATIO_REPLY_WANTED_FIELD: creatio_reply_field = 2;

/// Begins a call, authorised by what the session has, whichever door was used. It ends any exchange of the session
/// that is under way.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_NOT_UTF8,
/// CREATIO_ERR_BAD_METHOD, or a CREATIO_ERR_PATH_ or CREATIO_ERR_FIELD_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_call(
    session: *mut creatio_session,
    call: *const creatio_call,
    exchange: *mut creatio_exchange,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(call) = (unsafe { call.as_ref() }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // Borrowed where it is read: a copy would be on the stack, too.
    // SAFETY: by the header's conventions.
    match &unsafe { read_call(call) } {
        // SAFETY: by the header's conventions.
        Ok(call) => unsafe { begin(session, exchange, |session| session.call(call)) },
        Err(status) => *status,
    }
}

/// A field of the reply to a call, once its head is complete; of several of a name the last. It points into the
/// session's memory until the next exchange begins, or this one fails, and need not be UTF-8. A fold in it is a
/// space; one with a control character other than a tab is not there.
///
/// Returns CREATIO_OK, CREATIO_END if the reply has none (or has not come so far, or is another session's),
/// CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_field(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
    field: creatio_reply_field,
    value: *mut *const c_char,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (value, len) = match unsafe { (memory::place(value), memory::place(len)) } {
        (Some(value), Some(len)) => (value, len),
        _ => return CREATIO_ERR_NULL_POINTER,
    };
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { read_both(exchange, session) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    let found = match field {
        CREATIO_REPLY_CONTENT_TYPE => exchange.content_type(session),
        CREATIO_REPLY_LOCATION => exchange.location(session),
        CREATIO_REPLY_WANTED_FIELD => exchange.wanted_field(session),
        _ => None,
    };
    let Some(found) = found else {
        return CREATIO_END;
    };
    value.write(found.as_ptr().cast());
    len.write(found.len());
    CREATIO_OK
}

/// The answer to a call, when the reply is complete. Its texts point into the session's memory until the next
/// exchange begins.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_OUT_OF_TURN,
/// CREATIO_ERR_OTHER_SESSION or CREATIO_ERR_NOT_A_CALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_call_result(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
    out: *mut creatio_answer,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(out) = (unsafe { memory::place(out) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { read_both(exchange, session) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    let verdict = match exchange.call_verdict(session) {
        Ok(verdict) => verdict,
        Err(misuse) => return misuse.into(),
    };
    let (out, retry_after) = (out.as_mut_ptr(), exchange.retry_after());
    // SAFETY: it is valid for writes, and nothing of it is read before. One member after the other, since the struct is
    // large.
    unsafe {
        (*out).verdict = verdict.into();
        (*out).session_ended = matches!(verdict, CallVerdict::SessionEnded(_));
        (*out).http_status = exchange.http_status().unwrap_or(0);
        (*out).has_retry_after = retry_after.is_some();
        (*out).retry_after = retry_after.unwrap_or(0);
        write_texts(&raw mut (*out).message, TEXTS, |text| exchange.call_text(session, verdict, text));
    }
    CREATIO_OK
}

/// Ends the session here, too, where the answer to a call, which the exchange has brought, says that it has certainly
/// ended at the site: by a redirect or status 401, not by CREATIO_CALL_ENDED_LOGIN_PAGE or
/// CREATIO_CALL_ENDED_NO_USER_CONNECTION, which are but signs. Gives up the room of its ticket and of the other
/// cookies of its login, which are worth nothing any more. Call it before the login that renews the session, which
/// then takes no more memory than the first one did; where that fails, the session has ended, as it had before. It
/// ends the exchange. Otherwise nothing changes.
///
/// The cookies of what stands in front of the site stay, as long as the memory has room for them beside those that
/// come.
///
/// Returns CREATIO_OK or CREATIO_ERR_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_end(
    session: *mut creatio_session,
    exchange: *const creatio_exchange,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    match unsafe { (context::get_mut(session), context::get(exchange)) } {
        (Some(session), Some(exchange)) => {
            session.end(exchange);
            CREATIO_OK
        }
        _ => CREATIO_ERR_NOT_SET_UP,
    }
}

/// From `message` to `error_code`.
const TEXTS: u8 = 4;

const _: () = assert!(
    offset_of!(creatio_answer, error_code)
        == offset_of!(creatio_answer, message) + (TEXTS as usize - 1) * size_of::<creatio_text>()
);

verdicts! {
    CallVerdict to creatio_call_verdict or CREATIO_CALL_UNEXPECTED_STATUS:
    CREATIO_CALL_FINE: CallVerdict::Fine,
    CREATIO_CALL_CSRF_MISSING: CallVerdict::CsrfMissing,
    CREATIO_CALL_FORBIDDEN: CallVerdict::Forbidden,
    CREATIO_CALL_UNAUTHORIZED: CallVerdict::Unauthorized,
    CREATIO_CALL_WRONG_PREFIX: CallVerdict::WrongPrefix,
    CREATIO_CALL_NOT_FOUND: CallVerdict::NotFound,
    CREATIO_CALL_BUSY: CallVerdict::Busy,
    CREATIO_CALL_SERVICE_FAILED: CallVerdict::Failed,
    CREATIO_CALL_NOT_JSON: CallVerdict::NotJson,
    CREATIO_CALL_REFUSED: CallVerdict::Refused,
    CREATIO_CALL_SERVER_ERROR: CallVerdict::ServerError,
    CREATIO_CALL_UNEXPECTED_STATUS: CallVerdict::UnexpectedStatus,
    CREATIO_CALL_ACCESS_DENIED: CallVerdict::AccessDenied,
    CREATIO_CALL_RENEWED_IN_VAIN: CallVerdict::RenewedInVain,
    CREATIO_CALL_ENDED_REDIRECT: CallVerdict::SessionEnded(EndSign::RedirectToLogin),
    CREATIO_CALL_ENDED_LOGIN_PAGE: CallVerdict::SessionEnded(EndSign::LoginPage),
    CREATIO_CALL_ENDED_AUTHENTICATION_FAILED: CallVerdict::SessionEnded(EndSign::AuthenticationFailed),
    CREATIO_CALL_ENDED_TOKEN_REJECTED: CallVerdict::SessionEnded(EndSign::TokenRejected),
    CREATIO_CALL_ENDED_UNAUTHORIZED: CallVerdict::SessionEnded(EndSign::Unauthorized),
    CREATIO_CALL_ENDED_NO_USER_CONNECTION: CallVerdict::SessionEnded(EndSign::NoUserConnection),
}

/// Whether the same call may be sent again, where the session has ended after a sign-in. With status 429 a busy site
/// has not done it, which `creatio_renewal_after_answer` knows. No for a number that is no verdict.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_call_verdict_again(verdict: i32) -> creatio_again {
    again_at(verdict, AGAIN)
}

/// The name of a call's verdict, for example "CREATIO_CALL_BUSY"; "?" for a number that is none.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_call_verdict_name(verdict: i32) -> *const c_char {
    text_at(verdict, NAMES)
}

/// What a call's verdict means and what to do about it, in a sentence, for people; "?" for a number that is none.
/// docs/catalogue.md has its cause and its remedy.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_call_verdict_text(verdict: i32) -> *const c_char {
    // All signs of an ended session are told alike.
    let place = if (15..=20).contains(&verdict) { 15 } else { verdict };
    const SENTENCES: &[u8] = texts![
        CallVerdict::Fine.text(),
        CallVerdict::CsrfMissing.text(),
        CallVerdict::Forbidden.text(),
        CallVerdict::Unauthorized.text(),
        CallVerdict::WrongPrefix.text(),
        CallVerdict::NotFound.text(),
        CallVerdict::Busy.text(),
        CallVerdict::Failed.text(),
        CallVerdict::NotJson.text(),
        CallVerdict::Refused.text(),
        CallVerdict::ServerError.text(),
        CallVerdict::UnexpectedStatus.text(),
        CallVerdict::AccessDenied.text(),
        CallVerdict::RenewedInVain.text(),
        CallVerdict::SessionEnded(EndSign::RedirectToLogin).text(),
    ];
    text_at(place, SENTENCES)
}
