//! Signing in with user name and password, and `creatio_login`, which it is answered with

use core::ffi::c_char;
use core::mem::offset_of;

use creatio_auth::{LoginPageSign, LoginTexts, Verdict};

use crate::answer::text::{creatio_text, write_texts};
use crate::exchange::{begin, creatio_exchange, read_both};
use crate::request::login::{creatio_credentials, read_credentials};
use crate::session::creatio_session;
use crate::text::again::{again_at, creatio_again};
use crate::text::memory::{self, text};
#[cfg(feature = "texts")]
use crate::text::messages::{text_at, texts};
use crate::text::numbered::verdicts;
use crate::text::status::creatio_status::{self, *};

/// What the answer to a login means.
#[repr(i32)]
pub enum creatio_login_verdict {
    /// Code 0, and the session has its ticket.
    CREATIO_LOGIN_AUTHENTICATED = 1,
    /// Code 2: signed in, and the site advises a change of password; `message` asks for it.
    CREATIO_LOGIN_PASSWORD_CHANGE_ADVISED = 2,
    /// Code 1: `message` says why, in the user's language. A locked user, a wrong password, on older sites a missing
    /// license, and a site that takes integrations by OAuth only look alike. Do not repeat the login: that can lock
    /// the account.
    CREATIO_LOGIN_REJECTED = 3,
    /// Status 401: user name or password are wrong.
    CREATIO_LOGIN_BAD_CREDENTIALS = 4,
    /// Status 403: the site denies access, for example to this address.
    CREATIO_LOGIN_ACCESS_DENIED = 5,
    /// The site says yes, but the session has no ticket that would go back to it: a proxy stripped it, or its path or
    /// its Secure does not fit the site's URL.
    CREATIO_LOGIN_NO_TICKET = 6,
    /// Any other status.
    CREATIO_LOGIN_UNEXPECTED_STATUS = 7,
    /// Code is none of the known ones; `message` may say what it means. Do not repeat the login as it was.
    CREATIO_LOGIN_UNKNOWN_CODE = 8,
    /// Code 3: the password is right, but the user has no license to work with, and may grant licenses. A repetition
    /// says the same.
    CREATIO_LOGIN_NEED_GRANT_LICENSE = 9,
    /// Code 4: the password is right, but the user has no license. A repetition says the same.
    CREATIO_LOGIN_NO_LICENSE = 10,
    /// Code 5: the password is right, but has expired: change it by `creatio_session_change_password`, which signs
    /// in.
    CREATIO_LOGIN_PASSWORD_EXPIRED = 11,
    /// User name and password are right, and the site wants a second factor: sign in again in this session, with the
    /// same user name and password and `one_time_code` beside them. It is told by Code 1 with an exception of the
    /// type "...StartAuthFlowException", or by the cookie FirstFactor in the place of a ticket. The session sends
    /// that cookie back by itself; it lives 20 minutes. To a login with a code no cookie says this.
    CREATIO_LOGIN_SECOND_FACTOR_WANTED = 12,
    /// The user has to bind an authenticator first, which takes a browser: Code 1 with an exception of the type
    /// "...TotpIsNotEnabledException".
    CREATIO_LOGIN_AUTHENTICATOR_WANTED = 13,
    /// Status 429, 502, 503 or 504: the password has been judged by nobody; try again later. `retry_after` may say
    /// when.
    CREATIO_LOGIN_BUSY = 14,
    /// The login page came instead of an answer, as a redirect: check the site's URL.
    CREATIO_LOGIN_PAGE_REDIRECT = 15,
    /// A redirect to somewhere else came instead of an answer: check the site's URL, http or https included.
    CREATIO_LOGIN_REDIRECT = 16,
    /// A web page came instead of an answer, by its content type: check the site's URL.
    CREATIO_LOGIN_HTML_CONTENT_TYPE = 17,
    /// A web page came instead of an answer, by its first character: check the site's URL.
    CREATIO_LOGIN_HTML_BODY = 18,
}

/// The answer to a login.
#[repr(C)]
pub struct creatio_login {
    /// Whether the session is signed in.
    pub authenticated: bool,
    /// Whether the answer had a Code.
    pub has_code: bool,
    /// Whether the answer says after how many seconds to try again.
    pub has_retry_after: bool,
    /// The HTTP status code.
    pub http_status: u16,
    /// What it means.
    pub verdict: creatio_login_verdict,
    /// Code; 0 if there was none.
    pub code: i32,
    /// Retry-After in seconds.
    pub retry_after: u32,
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

/// Begins a login. It ends any exchange of the session that is under way. Cookies of an earlier login go with it, and
/// one that is not accepted leaves them: before the login of another user clear the session.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP or CREATIO_ERR_NOT_UTF8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_login(
    session: *mut creatio_session,
    credentials: *const creatio_credentials,
    exchange: *mut creatio_exchange,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(credentials) = (unsafe { credentials.as_ref() }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    let mut texts = LoginTexts::default();
    // SAFETY: by the header's conventions.
    match unsafe { read_credentials(credentials, &mut texts) } {
        // SAFETY: by the header's conventions.
        CREATIO_OK => unsafe { begin(session, exchange, |session| session.login_of(texts)) },
        status => status,
    }
}

/// Begins a change of the password, which signs in at the same time; `creatio_exchange_login_result` has its answer.
/// The texts have to stay until the request has been taken in full. It ends any exchange of the session that is under
/// way.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP or CREATIO_ERR_NOT_UTF8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_change_password(
    session: *mut creatio_session,
    credentials: *const creatio_credentials,
    new_password: *const c_char,
    new_password_len: usize,
    exchange: *mut creatio_exchange,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(credentials) = (unsafe { credentials.as_ref() }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    let mut texts = LoginTexts::default();
    // SAFETY: by the header's conventions.
    let read = unsafe { (read_credentials(credentials, &mut texts), text(new_password, new_password_len)) };
    match read {
        (CREATIO_OK, Ok(new_password)) => texts.set(LoginTexts::NEW_PASSWORD, new_password),
        (CREATIO_OK, Err(status)) | (status, _) => return status,
    }
    // SAFETY: by the header's conventions.
    unsafe { begin(session, exchange, |session| session.password_change_of(texts)) }
}

/// The answer to a login or to a change of the password, when the reply is complete. Its texts point into the
/// session's memory until the next exchange begins.
///
/// Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_OUT_OF_TURN,
/// CREATIO_ERR_OTHER_SESSION or CREATIO_ERR_NOT_A_LOGIN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_login_result(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
    out: *mut creatio_login,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(out) = (unsafe { memory::place(out) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { read_both(exchange, session) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    let verdict = match exchange.login_verdict(session) {
        Ok(verdict) => verdict,
        Err(misuse) => return misuse.into(),
    };
    let (out, code, retry_after) = (out.as_mut_ptr(), exchange.login_code(), exchange.retry_after());
    // SAFETY: it is valid for writes, and nothing of it is read before. One member after the other, since the struct is
    // large.
    unsafe {
        (*out).verdict = verdict.into();
        (*out).authenticated = verdict.is_authenticated();
        (*out).http_status = exchange.http_status().unwrap_or(0);
        (*out).has_code = code.is_some();
        (*out).code = code.unwrap_or(0);
        (*out).has_retry_after = retry_after.is_some();
        (*out).retry_after = retry_after.unwrap_or(0);
        write_texts(&raw mut (*out).message, TEXTS, |text| exchange.answer_text(session, text));
    }
    CREATIO_OK
}

/// From `message` to `user_type`.
const TEXTS: u8 = 6;

const _: () = assert!(
    offset_of!(creatio_login, user_type)
        == offset_of!(creatio_login, message) + (TEXTS as usize - 1) * size_of::<creatio_text>()
);

verdicts! {
    Verdict to creatio_login_verdict or CREATIO_LOGIN_UNEXPECTED_STATUS:
    CREATIO_LOGIN_AUTHENTICATED: Verdict::Authenticated,
    CREATIO_LOGIN_PASSWORD_CHANGE_ADVISED: Verdict::PasswordChangeAdvised,
    CREATIO_LOGIN_REJECTED: Verdict::Rejected,
    CREATIO_LOGIN_BAD_CREDENTIALS: Verdict::BadCredentials,
    CREATIO_LOGIN_ACCESS_DENIED: Verdict::AccessDenied,
    CREATIO_LOGIN_NO_TICKET: Verdict::NoTicket,
    CREATIO_LOGIN_UNEXPECTED_STATUS: Verdict::UnexpectedStatus,
    CREATIO_LOGIN_UNKNOWN_CODE: Verdict::UnknownCode,
    CREATIO_LOGIN_NEED_GRANT_LICENSE: Verdict::NeedGrantLicense,
    CREATIO_LOGIN_NO_LICENSE: Verdict::NoLicense,
    CREATIO_LOGIN_PASSWORD_EXPIRED: Verdict::PasswordExpired,
    CREATIO_LOGIN_SECOND_FACTOR_WANTED: Verdict::SecondFactorWanted,
    CREATIO_LOGIN_AUTHENTICATOR_WANTED: Verdict::AuthenticatorWanted,
    CREATIO_LOGIN_BUSY: Verdict::Busy,
    CREATIO_LOGIN_PAGE_REDIRECT: Verdict::LoginPage(LoginPageSign::RedirectToLogin),
    CREATIO_LOGIN_REDIRECT: Verdict::LoginPage(LoginPageSign::Redirect),
    CREATIO_LOGIN_HTML_CONTENT_TYPE: Verdict::LoginPage(LoginPageSign::HtmlContentType),
    CREATIO_LOGIN_HTML_BODY: Verdict::LoginPage(LoginPageSign::HtmlBody),
}

/// Whether the same login may be sent again: where nobody has judged the password, and never after a refusal, for that
/// can lock the account. `creatio_session_sign_in_delay` knows what has been before this one. No for a number that is no
/// verdict.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_login_verdict_again(verdict: i32) -> creatio_again {
    again_at(verdict, AGAIN)
}

/// The name of a verdict, for example "CREATIO_LOGIN_NO_TICKET"; "?" for a number that is none.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_login_verdict_name(verdict: i32) -> *const c_char {
    text_at(verdict, NAMES)
}

/// What a verdict means and what to do about it, in a sentence, for people; "?" for a number that is none.
/// docs/catalogue.md has its cause and its remedy.
#[cfg(feature = "texts")]
#[unsafe(no_mangle)]
pub extern "C" fn creatio_login_verdict_text(verdict: i32) -> *const c_char {
    // The two kinds of a web page are told alike.
    let place = if verdict == 18 { 17 } else { verdict };
    const SENTENCES: &[u8] = texts![
        Verdict::Authenticated.text(),
        Verdict::PasswordChangeAdvised.text(),
        Verdict::Rejected.text(),
        Verdict::BadCredentials.text(),
        Verdict::AccessDenied.text(),
        Verdict::NoTicket.text(),
        Verdict::UnexpectedStatus.text(),
        Verdict::UnknownCode.text(),
        Verdict::NeedGrantLicense.text(),
        Verdict::NoLicense.text(),
        Verdict::PasswordExpired.text(),
        Verdict::SecondFactorWanted.text(),
        Verdict::AuthenticatorWanted.text(),
        Verdict::Busy.text(),
        Verdict::LoginPage(LoginPageSign::RedirectToLogin).text(),
        Verdict::LoginPage(LoginPageSign::Redirect).text(),
        Verdict::LoginPage(LoginPageSign::HtmlBody).text(),
    ];
    text_at(place, SENTENCES)
}
