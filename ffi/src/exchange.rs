//! `creatio_exchange`

use core::ffi::c_char;

use creatio_auth::{CallVerdict, EndSign, Exchange, LoginPageSign, ReplyError, Session, State, Text, Verdict};

use crate::context;
use crate::session::creatio_session;
use crate::status::creatio_status::{self, *};
use crate::texts::{text_at, texts};

/// The size of the struct below in words of 64 bits.
#[cfg(target_pointer_width = "64")]
pub const CREATIO_EXCHANGE_WORDS: usize = 63;
/// The size of the struct below in words of 64 bits.
#[cfg(not(target_pointer_width = "64"))]
pub const CREATIO_EXCHANGE_WORDS: usize = 41;

/// One request and its reply. It refers to the texts it began with, which have to stay; begin another in it at any time.
#[repr(C)]
pub struct creatio_exchange {
    opaque: [u64; CREATIO_EXCHANGE_WORDS],
}

/// Where an exchange is.
#[repr(i32)]
pub enum creatio_state {
    /// Nothing of the request has been taken.
    CREATIO_READY = 0,
    /// A part of the request has been taken.
    CREATIO_SENDING = 1,
    /// The request has been taken, or the reply has come before all of it was.
    CREATIO_RECEIVING = 2,
    /// The reply is complete, and the session has what it brought.
    CREATIO_DONE = 3,
    /// The exchange has failed, and the session is as it was.
    CREATIO_FAILED = 4,
    /// The context has not been set up.
    CREATIO_NO_EXCHANGE = 5,
}

/// What `creatio_exchange_feed` has found.
#[repr(C)]
pub struct creatio_fed {
    /// How many bytes of the input belong to the reply and were taken. Feed the rest again; after the end of the reply
    /// it is not the exchange's, and the connection is to be closed: what nothing asked for must not pass for the next
    /// reply (RFC 9112, 6.3).
    pub consumed: usize,
    /// A piece of the reply's body, which lies in the input; NULL for all but a call.
    pub body: *const u8,
    /// Its length in bytes.
    pub body_len: usize,
    /// With CREATIO_MEMORY_TOO_SMALL: how many bytes of memory are enough for what has come of this reply. A token whose
    /// length was not known yet may take another round. Otherwise 0.
    pub memory_needed: usize,
}

/// What the answer to a login means.
#[repr(i32)]
pub enum creatio_verdict {
    /// Code 0, and the session has its ticket.
    CREATIO_AUTHENTICATED = 0,
    /// Code 2: signed in, and the site advises a change of password; `message` asks for it.
    CREATIO_PASSWORD_CHANGE_ADVISED = 1,
    /// Code 1: `message` says why, in the user's language. A locked user, a wrong password, and a site that takes
    /// integrations by OAuth only look alike. Never try again by itself: that can lock the account.
    CREATIO_REJECTED = 2,
    /// Status 401: user name or password are wrong.
    CREATIO_BAD_CREDENTIALS = 3,
    /// Status 403: the site denies access, for example to this address.
    CREATIO_ACCESS_DENIED = 4,
    /// The login page came instead of an answer, as a redirect: check the site's URL.
    CREATIO_LOGIN_PAGE_REDIRECT = 5,
    /// A redirect to somewhere else came instead of an answer: check the site's URL, http or https included.
    CREATIO_REDIRECT = 6,
    /// A web page came instead of an answer, by its content type: check the site's URL.
    CREATIO_HTML_CONTENT_TYPE = 7,
    /// A web page came instead of an answer, by its first character: check the site's URL.
    CREATIO_HTML_BODY = 8,
    /// The site says yes, but the session has no ticket that would go back to it: a proxy stripped it, or its path or
    /// its Secure does not fit the site's URL.
    CREATIO_NO_TICKET = 9,
    /// Any other status.
    CREATIO_UNEXPECTED_STATUS = 10,
    /// Code is none of the known ones: the site wants more than user name and password, such as a one-time code, or takes
    /// integrations by OAuth only. Never try again by itself.
    CREATIO_UNKNOWN_CODE = 11,
}

/// A text out of an answer: UTF-8, not terminated, in the session's memory until the next exchange begins. NULL where
/// the answer had none.
#[repr(C)]
pub struct creatio_text {
    /// The text.
    pub text: *const c_char,
    /// Its length in bytes.
    pub len: usize,
    /// It was longer than its room, half of what was left of the memory, and has been cut after a whole character.
    pub truncated: bool,
}

impl creatio_text {
    #[inline(never)]
    fn set(&mut self, text: &Option<Text<'_>>) {
        *self = self::text(text);
    }
}

/// The answer to a login.
#[repr(C)]
pub struct creatio_login {
    /// What it means.
    pub verdict: creatio_verdict,
    /// Whether the session is signed in.
    pub authenticated: bool,
    /// The HTTP status code.
    pub http_status: u16,
    /// Whether the answer had a `code`.
    pub has_code: bool,
    /// Code.
    pub code: i32,
    /// Message, in the user's language: for people, never to be branched on.
    pub message: creatio_text,
    /// Message of Exception.
    pub exception_message: creatio_text,
    /// Type of Exception.
    pub exception_type: creatio_text,
    /// PasswordChangeUrl.
    pub password_change_url: creatio_text,
    /// RedirectUrl.
    pub redirect_url: creatio_text,
    /// UserType.
    pub user_type: creatio_text,
}

/// What the answer to a call means.
#[repr(i32)]
pub enum creatio_call_verdict {
    /// Status 2xx, and the body is what was asked for as far as that can be seen.
    CREATIO_FINE = 0,
    /// The session has ended: a redirect to the login page. Nothing has been done: sign in again, once.
    CREATIO_ENDED_REDIRECT = 1,
    /// The session has ended: status 200 with the login page. Sign in again, once.
    CREATIO_ENDED_LOGIN_PAGE = 2,
    /// The session has ended: status 401 with the message for it. Sign in again, once.
    CREATIO_ENDED_AUTHENTICATION_FAILED = 3,
    /// Status 403, and no CSRF token was sent, for the session has none.
    CREATIO_CSRF_MISSING = 4,
    /// Status 403 though a CSRF token was sent: it is stale, or the user lacks the right.
    CREATIO_FORBIDDEN = 5,
    /// Status 401 of another shape than that of an ended session; or, after `creatio_session_use_basic`, of any shape,
    /// which is that of wrong credentials.
    CREATIO_UNAUTHORIZED = 6,
    /// Status 404 without an error of OData: the site's runtime is probably the other one.
    CREATIO_WRONG_PREFIX = 7,
    /// Status 404: there is no such record.
    CREATIO_NOT_FOUND = 8,
    /// Status 429 or 503: try again later; `retry_after` may say when.
    CREATIO_BUSY = 9,
    /// Status 2xx, but the service says that it failed; `message` may say why.
    CREATIO_SERVICE_FAILED = 10,
    /// Status 2xx where JSON was asked for, and a web page came.
    CREATIO_NOT_JSON = 11,
    /// Any other status 4xx: the request is refused; `message` may say why.
    CREATIO_REFUSED = 12,
    /// Any other status 5xx.
    CREATIO_SERVER_ERROR = 13,
    /// Any other status.
    CREATIO_CALL_UNEXPECTED_STATUS = 14,
    /// The token has ended: status 401 to a call that a token authorised. Ask for another, once.
    CREATIO_ENDED_TOKEN_REJECTED = 15,
}

/// The answer to a call.
#[repr(C)]
pub struct creatio_answer {
    /// What it means.
    pub verdict: creatio_call_verdict,
    /// Whether the session has ended.
    pub session_ended: bool,
    /// The HTTP status code.
    pub http_status: u16,
    /// Whether the answer says after how many seconds to try again.
    pub has_retry_after: bool,
    /// Retry-After in seconds.
    pub retry_after: u32,
    /// The message of an error.
    pub message: creatio_text,
    /// The message of the error behind it: what a validation says is here.
    pub inner_message: creatio_text,
    /// @odata.nextLink: where the next page of a collection is. Copy it before the next exchange begins, and see
    /// `creatio_site_path_of`.
    pub next_link: creatio_text,
}

/// A field of a reply to a call.
pub type creatio_reply_field = i32;

/// Content-Type
pub const CREATIO_CONTENT_TYPE: creatio_reply_field = 0;

/// Location
pub const CREATIO_LOCATION: creatio_reply_field = 1;

/// The one that `creatio_call.wanted_field` names.
pub const CREATIO_WANTED_FIELD: creatio_reply_field = 2;

/// The length of the whole request in bytes, without a body that you send yourself. 0 if the exchange has not been set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_request_len(exchange: *const creatio_exchange) -> usize {
    // SAFETY: by the header's conventions.
    unsafe { context::get(exchange) }.map_or(0, Exchange::request_len)
}

/// Puts the next bytes of the request into `out`, as many as fit; `*len` is how many they are. Send them, and call it
/// again as long as it returns CREATIO_MORE.
///
/// Returns CREATIO_MORE, CREATIO_OK when all has been taken (or the reply has come early and no more is wanted),
/// CREATIO_BUFFER_TOO_SMALL if `cap` is 0, CREATIO_NULL_POINTER, CREATIO_NOT_SET_UP, CREATIO_OUT_OF_TURN or
/// CREATIO_OTHER_SESSION.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_fill(
    exchange: *mut creatio_exchange,
    session: *const creatio_session,
    out: *mut u8,
    cap: usize,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some((out, len)) = (unsafe { context::output(out, cap, len) }) else {
        return CREATIO_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { both_to_fill(exchange, session) }) else {
        return CREATIO_NOT_SET_UP;
    };
    match exchange.fill(session, out) {
        Ok(filled) => {
            *len = filled;
            if let State::Sending = exchange.state() { CREATIO_MORE } else { CREATIO_OK }
        }
        Err(misuse) => misuse.into(),
    }
}

/// Takes bytes of the reply, any number of them, as they arrive. It stops where there is a piece of the body to hand
/// out, and at the end of the reply; otherwise it takes all of the input.
///
/// Returns CREATIO_MORE as long as the reply is not complete, then CREATIO_OK. CREATIO_NULL_POINTER, CREATIO_NOT_SET_UP,
/// CREATIO_OUT_OF_TURN and CREATIO_OTHER_SESSION change nothing. After any other error the exchange has failed and the
/// session is as it was: CREATIO_MEMORY_TOO_SMALL (with `fed->memory_needed`), CREATIO_HEAD_TOO_LARGE,
/// CREATIO_CONTENT_ENCODING, or a CREATIO_HTTP_ or CREATIO_JSON_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_feed(
    exchange: *mut creatio_exchange,
    session: *mut creatio_session,
    input: *const u8,
    len: usize,
    fed: *mut creatio_fed,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (input, out) = match unsafe { (context::bytes(input, len), fed.as_mut()) } {
        (Some(input), Some(out)) => (input, out),
        _ => return CREATIO_NULL_POINTER,
    };
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { both(exchange, session) }) else {
        return CREATIO_NOT_SET_UP;
    };
    let mut found = creatio_fed { consumed: 0, body: core::ptr::null(), body_len: 0, memory_needed: 0 };
    let status = match exchange.feed(session, input) {
        Ok(fed) => {
            found.consumed = fed.consumed;
            if !fed.body.is_empty() {
                found.body = fed.body.as_ptr();
                found.body_len = fed.body.len();
            }
            if fed.done { CREATIO_OK } else { CREATIO_MORE }
        }
        Err(ReplyError::MemoryTooSmall { needed }) => {
            found.memory_needed = needed;
            CREATIO_MEMORY_TOO_SMALL
        }
        Err(error) => return error.into(),
    };
    *out = found;
    status
}

/// Tells that the peer has closed the connection: the end of a reply that has no other, and an error in the middle of
/// one that has. After the end of a reply it changes nothing. Over TLS only close_notify says so; a connection that ends
/// without it may have been cut (RFC 9112, 9.8).
///
/// Returns CREATIO_OK, CREATIO_CLOSED_EARLY, a CREATIO_JSON_ status, CREATIO_NOT_SET_UP, CREATIO_OTHER_SESSION,
/// CREATIO_OUT_OF_TURN after a failure, or, for a token alone, CREATIO_MEMORY_TOO_SMALL: as many bytes more as the reply
/// has are enough.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_close(
    exchange: *mut creatio_exchange,
    session: *mut creatio_session,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    match unsafe { both(exchange, session) } {
        Some((exchange, session)) => exchange.close(session).map_or_else(Into::into, |()| CREATIO_OK),
        None => CREATIO_NOT_SET_UP,
    }
}

/// Where the exchange is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_state(exchange: *const creatio_exchange) -> creatio_state {
    // SAFETY: by the header's conventions.
    match unsafe { context::get(exchange) }.map(Exchange::state) {
        Some(State::Ready) => creatio_state::CREATIO_READY,
        Some(State::Sending) => creatio_state::CREATIO_SENDING,
        Some(State::Receiving) => creatio_state::CREATIO_RECEIVING,
        Some(State::Done) => creatio_state::CREATIO_DONE,
        Some(State::Failed) => creatio_state::CREATIO_FAILED,
        None => creatio_state::CREATIO_NO_EXCHANGE,
    }
}

/// The HTTP status code of the reply, as soon as its head is complete; 0 before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_http_status(exchange: *const creatio_exchange) -> u16 {
    // SAFETY: by the header's conventions.
    unsafe { context::get(exchange) }.and_then(Exchange::http_status).unwrap_or(0)
}

/// Whether the connection may serve another exchange, now that the reply is complete. Bytes that came behind its end are a
/// reason to close it all the same.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_keeps_alive(exchange: *const creatio_exchange) -> bool {
    // SAFETY: by the header's conventions.
    unsafe { context::get(exchange) }.is_some_and(Exchange::keeps_alive)
}

/// Whether the session is signed in by this exchange, when the reply is complete: the one question to ask where it does not
/// matter which door was used. False also for a call, before the end, and for another session.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_is_signed_in(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
) -> bool {
    // SAFETY: by the header's conventions.
    let contexts = unsafe { read_both(exchange, session) };
    contexts.is_some_and(|(exchange, session)| exchange.is_signed_in(session).unwrap_or(false))
}

/// The answer to a login or to a change of the password, when the reply is complete. Its texts point into the session's
/// memory until the next exchange begins.
///
/// Returns CREATIO_OK, CREATIO_NULL_POINTER, CREATIO_NOT_SET_UP, CREATIO_OUT_OF_TURN, CREATIO_OTHER_SESSION or
/// CREATIO_NOT_A_LOGIN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_login_result(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
    out: *mut creatio_login,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(out) = (unsafe { out.as_mut() }) else {
        return CREATIO_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { read_both(exchange, session) }) else {
        return CREATIO_NOT_SET_UP;
    };
    let result = exchange.login_result(session);
    let login = match &result {
        Ok(login) => login,
        Err(misuse) => return (*misuse).into(),
    };
    out.verdict = verdict(login.verdict);
    out.authenticated = login.verdict.is_authenticated();
    out.http_status = login.http_status;
    out.has_code = login.code.is_some();
    out.code = login.code.unwrap_or(0);
    out.message.set(&login.message);
    out.exception_message.set(&login.exception_message);
    out.exception_type.set(&login.exception_type);
    out.password_change_url.set(&login.password_change_url);
    out.redirect_url.set(&login.redirect_url);
    out.user_type.set(&login.user_type);
    CREATIO_OK
}

/// Two contexts to read.
///
/// # Safety
///
/// Each pointer is NULL or valid.
pub(crate) unsafe fn read_both<'a>(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
) -> Option<(&'a Exchange<'static>, &'a Session<'static>)> {
    // SAFETY: by the contract above.
    unsafe { Some((context::get(exchange)?, context::get(session)?)) }
}

/// An exchange to change, and a session to read.
///
/// # Safety
///
/// Each pointer is NULL or valid.
unsafe fn both_to_fill<'a>(
    exchange: *mut creatio_exchange,
    session: *const creatio_session,
) -> Option<(&'a mut Exchange<'static>, &'a Session<'static>)> {
    // SAFETY: by the contract above.
    unsafe { Some((context::get_mut(exchange)?, context::get(session)?)) }
}

/// Two contexts to change.
///
/// # Safety
///
/// Each pointer is NULL or valid. They differ, since no context has both tags.
unsafe fn both<'a>(
    exchange: *mut creatio_exchange,
    session: *mut creatio_session,
) -> Option<(&'a mut Exchange<'static>, &'a mut Session<'static>)> {
    // SAFETY: by the contract above.
    unsafe { Some((context::get_mut(exchange)?, context::get_mut(session)?)) }
}

/// The answer to a call, when the reply is complete. Its texts point into the session's memory until the next exchange
/// begins.
///
/// Returns CREATIO_OK, CREATIO_NULL_POINTER, CREATIO_NOT_SET_UP, CREATIO_OUT_OF_TURN, CREATIO_OTHER_SESSION or
/// CREATIO_NOT_A_CALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_call_result(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
    out: *mut creatio_answer,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(out) = (unsafe { out.as_mut() }) else {
        return CREATIO_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { read_both(exchange, session) }) else {
        return CREATIO_NOT_SET_UP;
    };
    let answer = match exchange.call_result(session) {
        Ok(answer) => answer,
        Err(misuse) => return misuse.into(),
    };
    *out = creatio_answer {
        verdict: call_verdict(answer.verdict),
        session_ended: matches!(answer.verdict, CallVerdict::SessionEnded(_)),
        http_status: answer.http_status,
        has_retry_after: answer.retry_after.is_some(),
        retry_after: answer.retry_after.unwrap_or(0),
        message: text(&answer.message),
        inner_message: text(&answer.inner_message),
        next_link: text(&answer.next_link),
    };
    CREATIO_OK
}

/// A field of the reply to a call, once its head is complete; of several of a name the last. It points into the session's
/// memory until the next exchange begins, and need not be UTF-8.
///
/// Returns CREATIO_OK, CREATIO_END if the reply has none (or has not come so far, or is another session's),
/// CREATIO_NULL_POINTER or CREATIO_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_field(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
    field: creatio_reply_field,
    value: *mut *const c_char,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (value, len) = match unsafe { (value.as_mut(), len.as_mut()) } {
        (Some(value), Some(len)) => (value, len),
        _ => return CREATIO_NULL_POINTER,
    };
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { read_both(exchange, session) }) else {
        return CREATIO_NOT_SET_UP;
    };
    let found = match field {
        CREATIO_CONTENT_TYPE => exchange.content_type(session),
        CREATIO_LOCATION => exchange.location(session),
        CREATIO_WANTED_FIELD => exchange.wanted_field(session),
        _ => None,
    };
    let Some(found) = found else {
        return CREATIO_END;
    };
    *value = found.as_ptr().cast();
    *len = found.len();
    CREATIO_OK
}

#[inline(never)]
pub(crate) fn text(text: &Option<Text<'_>>) -> creatio_text {
    match text {
        Some(text) => creatio_text {
            text: text.as_bytes().as_ptr().cast(),
            len: text.as_bytes().len(),
            truncated: text.is_truncated(),
        },
        None => creatio_text { text: core::ptr::null(), len: 0, truncated: false },
    }
}

fn verdict(verdict: Verdict) -> creatio_verdict {
    use creatio_verdict::*;
    match verdict {
        Verdict::Authenticated => CREATIO_AUTHENTICATED,
        Verdict::PasswordChangeAdvised => CREATIO_PASSWORD_CHANGE_ADVISED,
        Verdict::Rejected => CREATIO_REJECTED,
        Verdict::BadCredentials => CREATIO_BAD_CREDENTIALS,
        Verdict::AccessDenied => CREATIO_ACCESS_DENIED,
        Verdict::LoginPage(LoginPageSign::RedirectToLogin) => CREATIO_LOGIN_PAGE_REDIRECT,
        Verdict::LoginPage(LoginPageSign::Redirect) => CREATIO_REDIRECT,
        Verdict::LoginPage(LoginPageSign::HtmlContentType) => CREATIO_HTML_CONTENT_TYPE,
        Verdict::LoginPage(_) => CREATIO_HTML_BODY,
        Verdict::NoTicket => CREATIO_NO_TICKET,
        Verdict::UnknownCode => CREATIO_UNKNOWN_CODE,
        _ => CREATIO_UNEXPECTED_STATUS,
    }
}

fn call_verdict(verdict: CallVerdict) -> creatio_call_verdict {
    use creatio_call_verdict::*;
    match verdict {
        CallVerdict::Fine => CREATIO_FINE,
        CallVerdict::SessionEnded(EndSign::RedirectToLogin) => CREATIO_ENDED_REDIRECT,
        CallVerdict::SessionEnded(EndSign::LoginPage) => CREATIO_ENDED_LOGIN_PAGE,
        CallVerdict::SessionEnded(EndSign::TokenRejected) => CREATIO_ENDED_TOKEN_REJECTED,
        CallVerdict::SessionEnded(_) => CREATIO_ENDED_AUTHENTICATION_FAILED,
        CallVerdict::CsrfMissing => CREATIO_CSRF_MISSING,
        CallVerdict::Forbidden => CREATIO_FORBIDDEN,
        CallVerdict::Unauthorized => CREATIO_UNAUTHORIZED,
        CallVerdict::WrongPrefix => CREATIO_WRONG_PREFIX,
        CallVerdict::NotFound => CREATIO_NOT_FOUND,
        CallVerdict::Busy => CREATIO_BUSY,
        CallVerdict::Failed => CREATIO_SERVICE_FAILED,
        CallVerdict::NotJson => CREATIO_NOT_JSON,
        CallVerdict::Refused => CREATIO_REFUSED,
        CallVerdict::ServerError => CREATIO_SERVER_ERROR,
        _ => CREATIO_CALL_UNEXPECTED_STATUS,
    }
}

/// The name of a verdict, for example "CREATIO_NO_TICKET"; "?" for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_verdict_name(verdict: i32) -> *const c_char {
    const NAMES: &str = texts![
        "CREATIO_AUTHENTICATED",
        "CREATIO_PASSWORD_CHANGE_ADVISED",
        "CREATIO_REJECTED",
        "CREATIO_BAD_CREDENTIALS",
        "CREATIO_ACCESS_DENIED",
        "CREATIO_LOGIN_PAGE_REDIRECT",
        "CREATIO_REDIRECT",
        "CREATIO_HTML_CONTENT_TYPE",
        "CREATIO_HTML_BODY",
        "CREATIO_NO_TICKET",
        "CREATIO_UNEXPECTED_STATUS",
        "CREATIO_UNKNOWN_CODE",
    ];
    text_at(verdict, NAMES)
}

/// What a verdict means and what to do about it, in a sentence, for people; "?" for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_verdict_text(verdict: i32) -> *const c_char {
    // The two kinds of a web page are told alike.
    let place = if verdict > 7 { verdict - 1 } else { verdict };
    const TEXTS: &str = texts![
        "signed in",
        "signed in; the site advises to change the password",
        "rejected; the site's message says why",
        "wrong user name or password",
        "access denied; is this address allowed to sign in?",
        "a redirect to the login page came instead of an answer; check the site's URL",
        "a redirect came instead of an answer; check the site's URL, http or https included",
        "a web page came instead of an answer; check the site's URL",
        "the site says yes, but sent no ticket that would go back to it; check proxies, and the URL's scheme and path",
        "an unexpected HTTP status; is there a Creatio site at this URL?",
        "not accepted; the site may want a one-time code, or take integrations by OAuth only",
    ];
    text_at(place, TEXTS)
}

/// The name of a call's verdict, for example "CREATIO_BUSY"; "?" for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_call_verdict_name(verdict: i32) -> *const c_char {
    const NAMES: &str = texts![
        "CREATIO_FINE",
        "CREATIO_ENDED_REDIRECT",
        "CREATIO_ENDED_LOGIN_PAGE",
        "CREATIO_ENDED_AUTHENTICATION_FAILED",
        "CREATIO_CSRF_MISSING",
        "CREATIO_FORBIDDEN",
        "CREATIO_UNAUTHORIZED",
        "CREATIO_WRONG_PREFIX",
        "CREATIO_NOT_FOUND",
        "CREATIO_BUSY",
        "CREATIO_SERVICE_FAILED",
        "CREATIO_NOT_JSON",
        "CREATIO_REFUSED",
        "CREATIO_SERVER_ERROR",
        "CREATIO_CALL_UNEXPECTED_STATUS",
        "CREATIO_ENDED_TOKEN_REJECTED",
    ];
    text_at(verdict, NAMES)
}

/// What a call's verdict means and what to do about it, in a sentence, for people; "?" for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_call_verdict_text(verdict: i32) -> *const c_char {
    // All signs of an ended session are told alike.
    let place = match verdict {
        2 | 3 | 15 => 1,
        4..15 => verdict - 2,
        _ => verdict,
    };
    const TEXTS: &str = texts![
        "done",
        "the session has ended; sign in again",
        "refused, for the session has no CSRF token; sign in again",
        "refused; the CSRF token is stale, or the user lacks the right",
        "refused, but not because the session has ended",
        "no such service; the site's runtime is probably the other one",
        "no such record",
        "the site is busy; try again later",
        "the service says that it failed",
        "a web page came instead of JSON; check the path",
        "the site refuses the request",
        "the site has failed; try again later",
        "an unexpected HTTP status; is there a Creatio site at this URL?",
    ];
    text_at(place, TEXTS)
}
