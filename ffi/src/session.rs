//! `creatio_session`, and what begins an exchange with it

use core::ffi::{c_char, c_void};
use core::mem::ManuallyDrop;
use core::ptr;

use creatio_auth::{BufferTooSmall, Call, Credentials, Method, PasswordChange, Path, Session};

use crate::context;
use crate::exchange::creatio_exchange;
use crate::site::{CREATIO_NET_FRAMEWORK, creatio_runtime, creatio_site, text};
use crate::status::creatio_status::{self, *};

/// The longest path of a call with its query that is accepted, in bytes.
pub const CREATIO_MAX_PATH: usize = 16384;

const _: () = assert!(CREATIO_MAX_PATH == creatio_auth::MAX_PATH);

/// The size of the struct below in words of 64 bits.
#[cfg(target_pointer_width = "64")]
pub const CREATIO_SESSION_WORDS: usize = 14;
/// The size of the struct below in words of 64 bits.
#[cfg(not(target_pointer_width = "64"))]
pub const CREATIO_SESSION_WORDS: usize = 8;

/// A site and what it has given to authorise later requests: the cookies of a login, or a token. It refers to the site's URL
/// and to the memory it was given, which have to stay.
#[repr(C)]
pub struct creatio_session {
    opaque: [u64; CREATIO_SESSION_WORDS],
}

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

/// The method of a call.
pub type creatio_method = i32;

/// GET
pub const CREATIO_GET: creatio_method = 0;

/// HEAD: the reply has no body.
pub const CREATIO_HEAD: creatio_method = 1;

/// POST
pub const CREATIO_POST: creatio_method = 2;

/// PUT
pub const CREATIO_PUT: creatio_method = 3;

/// PATCH
pub const CREATIO_PATCH: creatio_method = 4;

/// DELETE
pub const CREATIO_DELETE: creatio_method = 5;

/// The longest name of a wanted field, in bytes.
pub const CREATIO_MAX_WANTED_FIELD: usize = 31;

const _: () = assert!(CREATIO_MAX_WANTED_FIELD == creatio_auth::MAX_WANTED_FIELD);

/// A request after login. Fill it with zeros first, then set what is to be other than its default. Its texts have to stay
/// until the reply is complete.
#[repr(C)]
pub struct creatio_call {
    /// CREATIO_GET and so on.
    pub method: creatio_method,
    /// The path below the site's base path, with its query, percent-encoded: "/odata/Contact?$top=3". On .NET Framework
    /// /0 comes before it. See `creatio_encode_query`.
    pub path: *const c_char,
    /// Its length in bytes.
    pub path_len: usize,
    /// Whether the path is to stand as it is, without /0.
    pub at_root: bool,
    /// What the reply's body may be; NULL for application/json.
    pub accept: *const c_char,
    /// Its length in bytes.
    pub accept_len: usize,
    /// Fields beside those that the library writes itself, as the lines that they are to be: "Name: value" and CR LF each.
    /// Those that authorise or frame the request are refused. NULL for none.
    pub field_lines: *const c_char,
    /// Their length in bytes.
    pub field_lines_len: usize,
    /// A field of the reply to keep, for `creatio_exchange_field`; NULL for none.
    pub wanted_field: *const c_char,
    /// Its length in bytes.
    pub wanted_field_len: usize,
    /// The body: NULL if there is none, or if you send it yourself.
    pub body: *const u8,
    /// Its length in bytes.
    pub body_len: usize,
    /// Whether you send `body_len` bytes of body yourself, when `creatio_exchange_fill` has given all of the head: in
    /// pieces of any size, and from wherever it is. If you stop before its end, because the reply has come early, close
    /// the connection.
    pub body_follows: bool,
    /// What the body is; NULL for "application/json; charset=utf-8".
    pub content_type: *const c_char,
    /// Its length in bytes.
    pub content_type_len: usize,
}

const fn call(method: creatio_method, path: &'static str, at_root: bool) -> creatio_call {
    creatio_call {
        method,
        path: path.as_ptr().cast(),
        path_len: path.len(),
        at_root,
        accept: ptr::null(),
        accept_len: 0,
        field_lines: ptr::null(),
        field_lines_len: 0,
        wanted_field: ptr::null(),
        wanted_field_len: 0,
        body: ptr::null(),
        body_len: 0,
        body_follows: false,
        content_type: ptr::null(),
        content_type_len: 0,
    }
}

/// The call that ends the session at the site. Whatever becomes of it, `creatio_session_clear` then forgets the session
/// here, so that a network that fails leaves nothing behind.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_call_logout() -> creatio_call {
    call(CREATIO_POST, "/rest/MainMenuService/Logout", false)
}

/// The call that keeps the session alive and does nothing else.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_call_ping() -> creatio_call {
    call(CREATIO_POST, "/ping", false)
}

/// The health check of a runtime, which needs no session: the site whose runtime it is answers it with status 200, and the
/// other with 404 or its login page. A number that is no runtime is taken for CREATIO_NET.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_call_health_check(runtime: creatio_runtime) -> creatio_call {
    let path = if runtime == CREATIO_NET_FRAMEWORK { "/0/api/HealthCheck/Ping" } else { "/api/HealthCheck/Ping" };
    call(CREATIO_GET, path, true)
}

/// A cookie of a session, without its value, which is a secret.
#[repr(C)]
pub struct creatio_cookie {
    /// The name; it may be empty, and need not be UTF-8.
    pub name: *const c_char,
    /// Its length in bytes.
    pub name_len: usize,
    /// The path that the cookie is sent to, and below.
    pub path: *const c_char,
    /// Its length in bytes.
    pub path_len: usize,
    /// How many bytes the value has.
    pub value_len: usize,
    /// It goes over TLS only.
    pub secure: bool,
    /// The site keeps it from scripts.
    pub http_only: bool,
    /// Its life ends at a date.
    pub persistent: bool,
}

/// Sets up a session with a site, without any cookies yet.
///
/// `memory` holds the cookies and, while a reply comes, its cookies, its longest Set-Cookie line and the texts of a
/// login's answer; 4096 bytes serve amply. It has to stay, untouched by others, for as long as the session is in use.
///
/// Returns CREATIO_OK, CREATIO_NULL_POINTER or CREATIO_NOT_SET_UP (the site).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_init(
    session: *mut creatio_session,
    site: *const creatio_site,
    memory: *mut c_void,
    memory_len: usize,
) -> creatio_status {
    if session.is_null() || site.is_null() {
        return CREATIO_NULL_POINTER;
    }
    // SAFETY: by the header's conventions.
    let (Some(site), Some(memory)) = (unsafe { (context::get(site), context::bytes_mut(memory.cast(), memory_len)) })
    else {
        return if memory.is_null() && memory_len > 0 { CREATIO_NULL_POINTER } else { CREATIO_NOT_SET_UP };
    };
    let value = Session::new(*site, memory);
    // SAFETY: by the header's conventions.
    unsafe { context::write(session, value) };
    CREATIO_OK
}

/// Sets up a session as it was when a snapshot was written. See `creatio_session_init`, which is what to call after an
/// error, for then the session has not been set up.
///
/// Returns CREATIO_OK, CREATIO_NULL_POINTER, CREATIO_NOT_SET_UP (the site), CREATIO_MEMORY_TOO_SMALL (as many bytes as
/// the snapshot has are enough), or a CREATIO_SNAPSHOT_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_restore(
    session: *mut creatio_session,
    site: *const creatio_site,
    memory: *mut c_void,
    memory_len: usize,
    snapshot: *const u8,
    snapshot_len: usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let snapshot = unsafe { context::bytes(snapshot, snapshot_len) };
    // SAFETY: by the header's conventions.
    let memory = unsafe { context::bytes_mut(memory.cast(), memory_len) };
    let (Some(snapshot), Some(memory), false, false) = (snapshot, memory, session.is_null(), site.is_null()) else {
        return CREATIO_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some(site) = (unsafe { context::get(site) }) else {
        return CREATIO_NOT_SET_UP;
    };
    match Session::from_snapshot(*site, memory, snapshot) {
        Ok(restored) => {
            // SAFETY: by the header's conventions.
            unsafe { context::write(session, restored) };
            CREATIO_OK
        }
        Err(error) => error.into(),
    }
}

/// How many bytes `creatio_session_snapshot` takes now. 0 if the session has not been set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_snapshot_len(session: *const creatio_session) -> usize {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.map_or(0, Session::snapshot_len)
}

/// Writes what the session has to outlive a restart, or to be shared: its cookies or its token, not the password (but after
/// `creatio_session_use_basic`, that too). While an exchange is under way it is what the session had before. It is a
/// secret: whoever has it is signed in. It names the site, by a checksum, and no user. `*len` is how many bytes it is: at
/// most the length of the session's memory and 24.
///
/// Returns CREATIO_OK; CREATIO_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it was;
/// CREATIO_NULL_POINTER or CREATIO_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_snapshot(
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
    match unsafe { context::get(session) } {
        Some(session) => written(session.write_snapshot(out), len),
        None => CREATIO_NOT_SET_UP,
    }
}

/// Tells the time, in seconds since 1970, to a session that is to honour the lifetimes of cookies. Call it before each
/// exchange, or never if there is no clock.
///
/// Returns CREATIO_OK or CREATIO_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_set_time(
    session: *mut creatio_session,
    unix_seconds: u64,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe { with(session, |session| session.set_time(unix_seconds)) }
}

/// Sets the most bytes of field lines that a reply may have, 262144 at first. It bounds time, not memory.
///
/// Returns CREATIO_OK or CREATIO_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_set_head_limit(
    session: *mut creatio_session,
    bytes: usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe { with(session, |session| session.set_head_limit(bytes)) }
}

/// Begins a login. It ends any exchange of the session that is under way.
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
    // Borrowed where they are read, as a call is.
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
/// is under way. The session's memory has to hold them in base64.
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

/// Begins a call, authorised by what the session has, whichever door was used. It ends any exchange of the session that is
/// under way.
///
/// Returns CREATIO_OK, CREATIO_NULL_POINTER, CREATIO_NOT_SET_UP, CREATIO_NOT_UTF8, CREATIO_BAD_METHOD, or a
/// CREATIO_PATH_ or CREATIO_FIELD_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_call(
    session: *mut creatio_session,
    call: *const creatio_call,
    exchange: *mut creatio_exchange,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(call) = (unsafe { call.as_ref() }) else {
        return CREATIO_NULL_POINTER;
    };
    // Borrowed where it is read: a copy would be on the stack, too.
    // SAFETY: by the header's conventions.
    match &unsafe { read_call(call) } {
        // SAFETY: by the header's conventions.
        Ok(call) => unsafe { begin(session, exchange, |session| session.call(call)) },
        Err(status) => *status,
    }
}

/// Whether the session has a ticket (.ASPXAUTH) that goes back to the site. Only the site knows whether it still takes
/// it. False if the session has not been set up.
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

/// The cookie number `index`, from 0 on, the one that was set last at the end. Its texts point into the session's memory
/// until the next exchange begins.
///
/// Returns CREATIO_OK, CREATIO_END if there are no more, CREATIO_NULL_POINTER or CREATIO_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_cookie(
    session: *const creatio_session,
    index: usize,
    out: *mut creatio_cookie,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (session, out) = match unsafe { (context::get(session), out.as_mut()) } {
        (Some(session), Some(out)) => (session, out),
        (None, _) => return CREATIO_NOT_SET_UP,
        (_, None) => return CREATIO_NULL_POINTER,
    };
    let Some(cookie) = session.cookies().nth(index) else {
        return CREATIO_END;
    };
    *out = creatio_cookie {
        name: cookie.name().as_ptr().cast(),
        name_len: cookie.name().len(),
        path: cookie.path().as_ptr().cast(),
        path_len: cookie.path().len(),
        value_len: cookie.value_len(),
        secure: cookie.is_secure(),
        http_only: cookie.is_http_only(),
        persistent: cookie.is_persistent(),
    };
    CREATIO_OK
}

/// Whether the session has a token or, by `creatio_session_use_basic`, user name and password to authorise calls with. Only
/// the site knows whether it still takes them. False if the session has not been set up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_has_authorization(session: *const creatio_session) -> bool {
    // SAFETY: by the header's conventions.
    unsafe { context::get(session) }.is_some_and(Session::has_authorization)
}

/// For a request that another HTTP client sends: writes the lines that authorise it, whichever door was used
/// (ForceUseSession, Cookie, BPMCSRF and CRT_CSRF, or Authorization), each as "name: value" with CR LF. Of `call` only the
/// path counts. `*len` is how many bytes they are.
///
/// Returns CREATIO_OK; CREATIO_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it was;
/// CREATIO_NULL_POINTER, CREATIO_NOT_SET_UP, CREATIO_NOT_UTF8, or a CREATIO_PATH_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_authorization_lines(
    session: *const creatio_session,
    call: *const creatio_call,
    out: *mut u8,
    cap: usize,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (call, (out, len)) = match unsafe { (call.as_ref(), context::output(out, cap, len)) } {
        (Some(call), Some(output)) => (call, output),
        _ => return CREATIO_NULL_POINTER,
    };
    // SAFETY: by the header's conventions.
    let Some(session) = (unsafe { context::get(session) }) else {
        return CREATIO_NOT_SET_UP;
    };
    // SAFETY: by the header's conventions.
    let path = match unsafe { read_path(call.path, call.path_len, call.at_root) } {
        Ok(path) => path,
        Err(status) => return status,
    };
    written(session.authorization_lines(path, out), len)
}

/// Forgets all cookies and overwrites the session's memory with zeros. It ends any exchange of the session that is under
/// way. Call it before the memory is given to another use.
///
/// Returns CREATIO_OK or CREATIO_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_clear(session: *mut creatio_session) -> creatio_status {
    // SAFETY: by the header's conventions.
    unsafe { with(session, Session::clear) }
}

/// Tells how many bytes were written, or would be.
pub(crate) fn written(result: Result<usize, BufferTooSmall>, len: &mut usize) -> creatio_status {
    match result {
        Ok(written) => {
            *len = written;
            CREATIO_OK
        }
        Err(error) => {
            *len = error.needed;
            CREATIO_BUFFER_TOO_SMALL
        }
    }
}

/// Changes a session.
///
/// # Safety
///
/// `session` is NULL or valid.
unsafe fn with(session: *mut creatio_session, change: impl FnOnce(&mut Session<'static>)) -> creatio_status {
    // SAFETY: by the contract above.
    match unsafe { context::get_mut(session) } {
        Some(session) => {
            change(session);
            CREATIO_OK
        }
        None => CREATIO_NOT_SET_UP,
    }
}

/// Begins an exchange.
///
/// # Safety
///
/// Each pointer is NULL or valid. What the exchange refers to stays, which is what the header asks of C.
pub(crate) unsafe fn begin<'c>(
    session: *mut creatio_session,
    exchange: *mut creatio_exchange,
    begin: impl FnOnce(&mut Session<'static>) -> creatio_auth::Exchange<'c>,
) -> creatio_status {
    if exchange.is_null() {
        return CREATIO_NULL_POINTER;
    }
    // SAFETY: by the contract above.
    let Some(session) = (unsafe { context::get_mut(session) }) else {
        return CREATIO_NOT_SET_UP;
    };
    // SAFETY: by the contract above.
    unsafe { context::make(exchange, || begin(session)) };
    CREATIO_OK
}

/// # Safety
///
/// `start` is NULL, or valid for reads of `len` bytes for `'a`.
unsafe fn read_path<'a>(start: *const c_char, len: usize, at_root: bool) -> Result<Path<'a>, creatio_status> {
    // SAFETY: by the contract above.
    path_of(unsafe { text(start, len) }?, at_root)
}

pub(crate) fn path_of(text: &str, at_root: bool) -> Result<Path<'_>, creatio_status> {
    Ok(if at_root { Path::root(text) } else { Path::site(text) }?)
}

/// # Safety
///
/// Each text of the call is NULL, or valid for reads of its length for `'a`.
pub(crate) unsafe fn read_call<'a>(call: &creatio_call) -> Result<Call<'a>, creatio_status> {
    let method = match call.method {
        CREATIO_GET => Method::Get,
        CREATIO_HEAD => Method::Head,
        CREATIO_POST => Method::Post,
        CREATIO_PUT => Method::Put,
        CREATIO_PATCH => Method::Patch,
        CREATIO_DELETE => Method::Delete,
        _ => return Err(CREATIO_BAD_METHOD),
    };
    // SAFETY: by the contract above.
    let mut read = Call::new(method, unsafe { read_path(call.path, call.path_len, call.at_root) }?);
    // SAFETY: by the contract above.
    if let Some(accept) = unsafe { optional(call.accept, call.accept_len) }? {
        read = read.with_accept(accept)?;
    }
    // SAFETY: by the contract above.
    if let Some(lines) = unsafe { optional(call.field_lines, call.field_lines_len) }? {
        read = read.with_field_lines(lines)?;
    }
    // SAFETY: by the contract above.
    if let Some(name) = unsafe { optional(call.wanted_field, call.wanted_field_len) }? {
        read = read.with_wanted_field(name)?;
    }
    // SAFETY: by the contract above.
    let content_type = unsafe { optional(call.content_type, call.content_type_len) }?;
    let content_type = content_type.unwrap_or("application/json; charset=utf-8");
    if call.body_follows {
        return Ok(read.with_body_of_length(content_type, call.body_len)?);
    }
    if call.body.is_null() && call.body_len == 0 {
        return Ok(read);
    }
    // SAFETY: by the contract above.
    let body = unsafe { context::bytes(call.body, call.body_len) }.ok_or(CREATIO_NULL_POINTER)?;
    Ok(read.with_body(content_type, body)?)
}

/// A text that may be left out, by NULL.
///
/// # Safety
///
/// `start` is NULL, or valid for reads of `len` bytes for `'a`.
pub(crate) unsafe fn optional<'a>(start: *const c_char, len: usize) -> Result<Option<&'a str>, creatio_status> {
    if start.is_null() && len == 0 {
        return Ok(None);
    }
    // SAFETY: by the contract above.
    unsafe { text(start, len) }.map(Some)
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
