//! Signing in by Windows authentication, and `creatio_windows`, which it is answered with

#[cfg(feature = "texts")]
use core::ffi::c_char;
use core::ffi::c_void;

use creatio_auth::{Verdict, WindowsVerdict};

use crate::answer::login::creatio_login_verdict;
use crate::answer::text::{creatio_text, write_texts};
use crate::exchange::{begin, creatio_exchange, read_both};
use crate::request::windows::{creatio_windows_scheme, scheme_of};
use crate::session::creatio_session;
use crate::text::memory;
#[cfg(feature = "texts")]
use crate::text::messages::{text_at, texts};
use crate::text::numbered::verdicts;
use crate::text::status::creatio_status::{self, *};

/// What the answer to a login by Windows authentication means. Of CREATIO_WINDOWS_LOGIN alone the whole handshake may be
/// gone through again, where `creatio_login_verdict_again` says so.
#[repr(i32)]
pub enum creatio_windows_verdict {
    /// It is answered as a login is: signed in, or not, which `login` says.
    CREATIO_WINDOWS_LOGIN = 1,
    /// Status 401 with a challenge: send the next token, which answers it, over the same connection, which has to stay:
    /// where `creatio_exchange_keeps_alive` says that it does not, nothing can answer it. Nothing has been judged yet.
    CREATIO_WINDOWS_CHALLENGE_RECEIVED = 2,
    /// Status 401 to a request without a token, and the scheme is offered: send the first token.
    CREATIO_WINDOWS_TOKEN_WANTED = 3,
    /// Status 401 without a challenge, or with one to the last message of NTLM: the site does not take the token: a wrong
    /// user name or password, a locked account, a ticket that is over, another connection than that of the challenge. Do
    /// not repeat it: that can lock the account.
    CREATIO_WINDOWS_REFUSED = 4,
    /// Status 401, and the scheme is not among those that are offered, which another is.
    CREATIO_WINDOWS_SCHEME_NOT_OFFERED = 5,
    /// Status 401, and what is offered is HTTP Basic, as some proxies do in place of Windows authentication. Nothing was
    /// sent by it: whoever wants to does so on purpose (`creatio_session_use_basic`).
    CREATIO_WINDOWS_BASIC_WANTED = 6,
    /// Status 401 with a challenge that is no base64: the site, or what stands in front of it, has a fault.
    CREATIO_WINDOWS_MALFORMED_CHALLENGE = 7,
}

/// The answer to a login by Windows authentication.
#[repr(C)]
pub struct creatio_windows {
    /// Whether the session is signed in.
    pub authenticated: bool,
    /// Whether the reply offers Negotiate (RFC 4559).
    pub offers_negotiate: bool,
    /// Whether it offers NTLM (MS-NTHT).
    pub offers_ntlm: bool,
    /// Whether it offers HTTP Basic (RFC 7617).
    pub offers_basic: bool,
    /// Whether the answer says after how many seconds to try again.
    pub has_retry_after: bool,
    /// The HTTP status code.
    pub http_status: u16,
    /// What it means.
    pub verdict: creatio_windows_verdict,
    /// With CREATIO_WINDOWS_LOGIN, what that means; 0 otherwise.
    pub login: creatio_login_verdict,
    /// Retry-After in seconds.
    pub retry_after: u32,
    /// The site's token, decoded, in the session's memory until the next exchange begins: make the next token out of it
    /// before. It comes with a login that is good, too, where the site shows who it is (RFC 4559, section 5). NULL where
    /// none has come.
    pub challenge: *const u8,
    /// Its length in bytes.
    pub challenge_len: usize,
    /// Message, in the user's language: for people, never to be branched on.
    pub message: creatio_text,
}

/// Begins a login by Windows authentication, or goes on with one: sends a token of this scheme, which you have from SSPI,
/// from GSS-API, or from `creatio_ntlm_token`; it has to stay until the request has been taken in full. The first token
/// answers nothing; each later one answers the challenge that the exchange before has brought. All of them go over one
/// connection, since what is behind it belongs to the connection. `token_len` 0 asks which schemes are offered, and sends
/// no token. A handshake that you give up, since there is no next token, counts for nothing in the session: if you have
/// answered a challenge before, begin no other by yourself. It ends any exchange of the session that is under way.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP or CREATIO_ERR_BAD_SCHEME.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_windows_login(
    session: *mut creatio_session,
    scheme: creatio_windows_scheme,
    token: *const c_void,
    token_len: usize,
    exchange: *mut creatio_exchange,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(token) = (unsafe { memory::bytes(token.cast(), token_len) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    match scheme_of(scheme) {
        // SAFETY: by the header's conventions.
        Some(scheme) => unsafe { begin(session, exchange, |session| session.windows_login_for_c(scheme, token)) },
        None => CREATIO_ERR_BAD_SCHEME,
    }
}

/// The answer to a login by Windows authentication, when the reply is complete. Its challenge and its text lie in the
/// session's memory until the next exchange begins.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_OUT_OF_TURN,
/// CREATIO_ERR_OTHER_SESSION or CREATIO_ERR_NOT_A_LOGIN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_windows_result(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
    out: *mut creatio_windows,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(out) = (unsafe { memory::place(out) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { read_both(exchange, session) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    let windows = match exchange.windows_result(session) {
        Ok(windows) => windows,
        Err(misuse) => return misuse.into(),
    };
    let login = match windows.verdict {
        WindowsVerdict::Login(verdict) => verdict.number(),
        _ => 0,
    };
    let (out, challenge) = (out.as_mut_ptr(), windows.challenge);
    // SAFETY: it is valid for writes, and nothing of it is read before. `login` is a number, which nobody reads as a value of
    // its type in Rust.
    unsafe {
        (*out).verdict = windows.verdict.into();
        (&raw mut (*out).login).cast::<i32>().write(login.into());
        (*out).authenticated = windows.verdict.is_authenticated();
        (*out).http_status = windows.http_status;
        (*out).offers_negotiate = windows.offered.negotiate;
        (*out).offers_ntlm = windows.offered.ntlm;
        (*out).offers_basic = windows.offered.basic;
        (*out).has_retry_after = windows.retry_after.is_some();
        (*out).retry_after = windows.retry_after.unwrap_or(0);
        (*out).challenge = if challenge.is_empty() { core::ptr::null() } else { challenge.as_ptr() };
        (*out).challenge_len = challenge.len();
        write_texts(&raw mut (*out).message, 1, |_| windows.message);
    }
    CREATIO_OK
}

verdicts! {
    WindowsVerdict to creatio_windows_verdict or CREATIO_WINDOWS_REFUSED:
    CREATIO_WINDOWS_LOGIN: WindowsVerdict::Login(Verdict::Authenticated),
    CREATIO_WINDOWS_CHALLENGE_RECEIVED: WindowsVerdict::ChallengeReceived,
    CREATIO_WINDOWS_TOKEN_WANTED: WindowsVerdict::TokenWanted,
    CREATIO_WINDOWS_REFUSED: WindowsVerdict::Refused,
    CREATIO_WINDOWS_SCHEME_NOT_OFFERED: WindowsVerdict::SchemeNotOffered,
    CREATIO_WINDOWS_BASIC_WANTED: WindowsVerdict::BasicWanted,
    CREATIO_WINDOWS_MALFORMED_CHALLENGE: WindowsVerdict::MalformedChallenge,
}

/// None of them says yes, apart from that of a login.
const _: () = {
    let mut at = 0;
    while at < AGAIN.len() {
        assert!(AGAIN[at] == 0);
        at += 1;
    }
};

/// The name of such a verdict, for example "CREATIO_WINDOWS_REFUSED"; "?" for a number that is none.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_windows_verdict_name(verdict: i32) -> *const c_char {
    text_at(verdict, NAMES)
}

/// What such a verdict means and what to do about it, in a sentence, for people; "?" for a number that is none.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_windows_verdict_text(verdict: i32) -> *const c_char {
    const SENTENCES: &[u8] = texts![
        "answered as a login is, whose verdict says more",
        WindowsVerdict::ChallengeReceived.text(),
        WindowsVerdict::TokenWanted.text(),
        WindowsVerdict::Refused.text(),
        WindowsVerdict::SchemeNotOffered.text(),
        WindowsVerdict::BasicWanted.text(),
        WindowsVerdict::MalformedChallenge.text(),
    ];
    text_at(verdict, SENTENCES)
}
