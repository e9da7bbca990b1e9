//! Signing in with user name and password: what begins it, and `creatio_login`, its answer

use core::ffi::c_char;
use core::mem::ManuallyDrop;

use creatio_auth::{Credentials, LoginPageSign, PasswordChange, Text, Verdict};

use crate::exchange::{creatio_exchange, creatio_text, read_both, text as text_of};
use crate::memory::{optional, text};
use crate::session::{begin, creatio_session};
use crate::status::creatio_status::{self, *};
use crate::texts::{text_at, texts};
use crate::{context, memory};

/// A user's credentials. Fill it with zeros first, then set what is to be sent; texts are UTF-8 of any length and
/// content, not terminated. The library keeps no copy: the texts have to stay until the request has been taken in full,
/// and are the caller's to wipe (see `creatio_wipe`).
#[repr(C)]
pub struct creatio_credentials {
    /// The user's name.
    pub user_name: *const c_char,
    /// Its length in bytes.
    pub user_name_len: usize,
    /// The user's password.
    pub password: *const c_char,
    /// Its length in bytes.
    pub password_len: usize,
    /// The workspace; NULL leaves it to the site ("Default").
    pub workspace: *const c_char,
    /// Its length in bytes.
    pub workspace_len: usize,
    /// A one-time code; NULL for none.
    pub one_time_code: *const c_char,
    /// Its length in bytes.
    pub one_time_code_len: usize,
    /// The provider that checks the one-time code; NULL for none.
    pub provider_name: *const c_char,
    /// Its length in bytes.
    pub provider_name_len: usize,
    /// Whether `time_zone_offset` is to be sent.
    pub has_time_zone_offset: bool,
    /// The minutes to add to local time to get UTC: UTC+3 is -180.
    pub time_zone_offset: i16,
}

/// What the answer to a login means.
#[repr(i32)]
pub enum creatio_verdict {
    /// Code 0, and the session has its ticket.
    CREATIO_AUTHENTICATED = 0,
    /// Code 2: signed in, and the site advises a change of password; `message` asks for it.
    CREATIO_PASSWORD_CHANGE_ADVISED = 1,
    /// Code 1: `message` says why, in the user's language. A locked user, a wrong password, and a site that takes
    /// integrations by OAuth only look alike. Do not repeat the login: that can lock the account.
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
    /// integrations by OAuth only. Do not repeat the login as it was.
    CREATIO_UNKNOWN_CODE = 11,
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
    /// Whether the answer had a Code.
    pub has_code: bool,
    /// Code; 0 if there was none.
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

/// Begins a login. It ends any exchange of the session that is under way. Cookies of an earlier login go with it, and one
/// that is not accepted leaves them: before the login of another user clear the session.
///
/// Returns CREATIO_OK, CREATIO_NULL_POINTER, CREATIO_NOT_SET_UP or CREATIO_NOT_UTF8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_login(
    session: *mut creatio_session,
    credentials: *const creatio_credentials,
    exchange: *mut creatio_exchange,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(credentials) = (unsafe { credentials.as_ref() }) else {
        return CREATIO_NULL_POINTER;
    };
    // Borrowed where they are read: a copy would be on the stack, too.
    // SAFETY: by the header's conventions.
    match &unsafe { read_credentials(credentials) } {
        // SAFETY: by the header's conventions.
        Ok(credentials) => unsafe { begin(session, exchange, |session| session.login(credentials)) },
        Err(status) => *status,
    }
}

/// Begins a change of the password, which signs in at the same time; `creatio_exchange_login_result` has its answer. The
/// texts have to stay until the request has been taken in full. It ends any exchange of the session that is under way.
///
/// Returns CREATIO_OK, CREATIO_NULL_POINTER, CREATIO_NOT_SET_UP or CREATIO_NOT_UTF8.
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
        return CREATIO_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let read = unsafe { (read_credentials(credentials), text(new_password, new_password_len)) };
    let (credentials, new_password) = match read {
        (Ok(credentials), Ok(new_password)) => (credentials, new_password),
        (Err(status), _) | (_, Err(status)) => return status,
    };
    let change = ManuallyDrop::new(PasswordChange::borrowed(ManuallyDrop::into_inner(credentials), new_password));
    // SAFETY: by the header's conventions.
    unsafe { begin(session, exchange, |session| session.change_password(&change)) }
}

/// Authorises each later call by user name and password (HTTP Basic), for sites that allow it on OData; what else the
/// credentials hold is not sent. There is nothing to exchange. The session forgets all cookies, and ends any exchange that
/// is under way. Of the session's memory it takes 23 bytes, and 4 for every 3 bytes of "name:password", rounded up.
///
/// Returns CREATIO_OK, CREATIO_NULL_POINTER, CREATIO_NOT_SET_UP, CREATIO_NOT_UTF8, CREATIO_BASIC_COLON,
/// CREATIO_BASIC_CONTROL_CHARACTER, CREATIO_BASIC_TOO_LONG or CREATIO_MEMORY_TOO_SMALL; after an error the session is as
/// it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_use_basic(
    session: *mut creatio_session,
    credentials: *const creatio_credentials,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (session, credentials) = match unsafe { (context::get_mut(session), credentials.as_ref()) } {
        (Some(session), Some(credentials)) => (session, credentials),
        (None, _) => return CREATIO_NOT_SET_UP,
        (_, None) => return CREATIO_NULL_POINTER,
    };
    // SAFETY: by the header's conventions.
    match unsafe { read_credentials(credentials) } {
        Ok(credentials) => session.use_basic(&credentials).map_or_else(Into::into, |()| CREATIO_OK),
        Err(status) => status,
    }
}

/// Credentials whose texts are C's to wipe, so that nothing is left to be done when they are dropped.
///
/// # Safety
///
/// Each text of the credentials is NULL, or valid for reads of its length for `'a`.
unsafe fn read_credentials<'a>(
    credentials: &creatio_credentials,
) -> Result<ManuallyDrop<Credentials<'a>>, creatio_status> {
    // SAFETY: by the contract above.
    let required = |start, len| unsafe { text(start, len) };
    // SAFETY: by the contract above.
    let optional = |start, len| unsafe { optional(start, len) };
    let user_name = required(credentials.user_name, credentials.user_name_len)?;
    let password = required(credentials.password, credentials.password_len)?;
    let workspace = optional(credentials.workspace, credentials.workspace_len)?;
    let one_time_code = optional(credentials.one_time_code, credentials.one_time_code_len)?;
    let provider_name = optional(credentials.provider_name, credentials.provider_name_len)?;
    let mut read = Credentials::borrowed(user_name, password);
    if let Some(code) = one_time_code {
        read = read.with_borrowed_one_time_code(code);
    }
    if let Some(name) = workspace {
        read = read.with_workspace(name);
    }
    if let Some(name) = provider_name {
        read = read.with_provider_name(name);
    }
    if credentials.has_time_zone_offset {
        read = read.with_time_zone_offset(credentials.time_zone_offset);
    }
    Ok(ManuallyDrop::new(read))
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
    let Some(out) = (unsafe { memory::place(out) }) else {
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
    let out = out.as_mut_ptr();
    // SAFETY: it is valid for writes, and nothing of it is read before. One member after the other, since the struct is
    // large.
    unsafe {
        (*out).verdict = verdict(login.verdict);
        (*out).authenticated = login.verdict.is_authenticated();
        (*out).http_status = login.http_status;
        (*out).has_code = login.code.is_some();
        (*out).code = login.code.unwrap_or(0);
        set(&raw mut (*out).message, &login.message);
        set(&raw mut (*out).exception_message, &login.exception_message);
        set(&raw mut (*out).exception_type, &login.exception_type);
        set(&raw mut (*out).password_change_url, &login.password_change_url);
        set(&raw mut (*out).redirect_url, &login.redirect_url);
        set(&raw mut (*out).user_type, &login.user_type);
    }
    CREATIO_OK
}

/// Writes a text where it goes.
///
/// # Safety
///
/// `out` is valid for writes and aligned.
#[inline(never)]
unsafe fn set(out: *mut creatio_text, text: &Option<Text<'_>>) {
    // SAFETY: by the contract above.
    unsafe { out.write(text_of(text)) };
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

/// The name of a verdict, for example "CREATIO_NO_TICKET"; "?" for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_verdict_name(verdict: i32) -> *const c_char {
    const NAMES: &[u8] = texts![
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
    const TEXTS: &[u8] = texts![
        Verdict::Authenticated.text(),
        Verdict::PasswordChangeAdvised.text(),
        Verdict::Rejected.text(),
        Verdict::BadCredentials.text(),
        Verdict::AccessDenied.text(),
        Verdict::LoginPage(LoginPageSign::RedirectToLogin).text(),
        Verdict::LoginPage(LoginPageSign::Redirect).text(),
        Verdict::LoginPage(LoginPageSign::HtmlBody).text(),
        Verdict::NoTicket.text(),
        Verdict::UnexpectedStatus.text(),
        Verdict::UnknownCode.text(),
    ];
    text_at(place, TEXTS)
}
