//! `creatio_call`: any request after a sign-in

use core::ffi::{c_char, c_void};
use core::ptr;

use creatio_auth::{Call, Method};

use crate::session::creatio_session;
use crate::site::path::read_path;
use crate::site::{CREATIO_RUNTIME_NET_FRAMEWORK, creatio_runtime};
use crate::text::memory::{optional, written};
use crate::text::status::creatio_status::{self, *};
use crate::text::{context, memory};

/// The method of a call.
pub type creatio_method = i32;

/// GET
pub const CREATIO_METHOD_GET: creatio_method = 0;

/// HEAD: the reply has no body.
pub const CREATIO_METHOD_HEAD: creatio_method = 1;

/// POST
pub const CREATIO_METHOD_POST: creatio_method = 2;

/// PUT
pub const CREATIO_METHOD_PUT: creatio_method = 3;

/// PATCH
pub const CREATIO_METHOD_PATCH: creatio_method = 4;

/// DELETE
pub const CREATIO_METHOD_DELETE: creatio_method = 5;

/// The longest name of a wanted field, in bytes.
pub const CREATIO_MAX_WANTED_FIELD: usize = 31;

const _: () = assert!(CREATIO_MAX_WANTED_FIELD == creatio_auth::MAX_WANTED_FIELD);

/// A request after login. Fill it with zeros first, then set what is to be other than its default. `path` and
/// `wanted_field` have to stay until the reply is complete, its other texts until the request has been taken in full.
#[repr(C)]
pub struct creatio_call {
    /// The path below the site's base path, with its query, percent-encoded: "/odata/Contact?$top=3". On .NET
    /// Framework /0 comes before it. See `creatio_encode_query`.
    pub path: *const c_char,
    /// Its length in bytes.
    pub path_len: usize,
    /// CREATIO_METHOD_GET and so on.
    pub method: creatio_method,
    /// Whether the path is to stand as it is, without /0.
    pub at_root: bool,
    /// Whether the reply's body is for you alone: nothing of a good answer is looked into, which takes less time. It
    /// then has no message and no next link, and its verdict is never CREATIO_CALL_SERVICE_FAILED. An error, with
    /// status 400 or above, a redirect, and what its head calls HTML are understood as ever.
    pub raw_body: bool,
    /// Whether the reply's body may be no longer than the session's limit (`creatio_session_set_body_limit`), as that
    /// of an error may never be. So it is for the calls of the library's own, `creatio_call_logout` for one.
    pub limited_body: bool,
    /// Whether you send `body_len` bytes of body yourself, when `creatio_exchange_fill` has given all of the head: in
    /// pieces of any size, and from wherever it is. If you stop before its end, because the reply has come early,
    /// close the connection.
    pub body_follows: bool,
    /// Whether sending the call twice does no more than sending it once, which is yours to know (RFC 9110, 9.2.2): a
    /// POST that creates a record whose Id is in the body, a random GUID; a PUT or a DELETE, unless somebody else
    /// writes meanwhile; a PATCH with If-Match. Then `creatio_renewal_after_cut` and
    /// `creatio_exchange_may_be_sent_again` have it sent again where nobody knows whether it was done. A refusal
    /// after that may mean that it was: `creatio_renewal_may_be_done_before`.
    pub repeatable: bool,
    /// What the reply's body may be; NULL for application/json. Where it is any media type (RFC 9110, 12.5.1), a web page is
    /// as good as anything, unless it is the login page.
    pub accept: *const c_char,
    /// Its length in bytes.
    pub accept_len: usize,
    /// Fields beside those that the library writes itself, as the lines that they are to be: "Name: value" and CR LF
    /// each. Those that authorise or frame the request are refused. NULL for none.
    pub field_lines: *const c_char,
    /// Their length in bytes.
    pub field_lines_len: usize,
    /// A field of the reply to keep, for `creatio_exchange_field`; NULL for none.
    pub wanted_field: *const c_char,
    /// Its length in bytes.
    pub wanted_field_len: usize,
    /// The body: NULL if there is none, or if you send it yourself.
    pub body: *const c_void,
    /// Its length in bytes.
    pub body_len: usize,
    /// What the body is; NULL for "application/json; charset=utf-8".
    pub content_type: *const c_char,
    /// Its length in bytes.
    pub content_type_len: usize,
}

/// A call whose answer may be of any content type.
const fn call(method: creatio_method, path: &'static str, at_root: bool) -> creatio_call {
    const ANYTHING: &str = "*/*";
    creatio_call {
        path: path.as_ptr().cast(),
        path_len: path.len(),
        method,
        at_root,
        raw_body: false,
        limited_body: true,
        body_follows: false,
        repeatable: false,
        accept: ANYTHING.as_ptr().cast(),
        accept_len: ANYTHING.len(),
        field_lines: ptr::null(),
        field_lines_len: 0,
        wanted_field: ptr::null(),
        wanted_field_len: 0,
        body: ptr::null(),
        body_len: 0,
        content_type: ptr::null(),
        content_type_len: 0,
    }
}

/// The call that ends the session at the site. Whatever becomes of it, `creatio_session_clear` then forgets the
/// session here, so that a network that fails leaves nothing behind. As of `creatio_call_ping` and
/// `creatio_call_health_check`, the answer may be of any content type: ASP.NET has text/html for it, and a login page
/// alone is a failure.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_call_logout() -> creatio_call {
    call(CREATIO_METHOD_POST, "/rest/MainMenuService/Logout", false)
}

/// The call that keeps the session alive and does nothing else.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_call_ping() -> creatio_call {
    call(CREATIO_METHOD_POST, "/ping", false)
}

/// The health check at the place where a runtime has it, which needs no login. A site on .NET Framework answers both
/// with status 200, and that of its own late when it starts: a `creatio_runtime_probe` asks in the right order. It
/// says that the site is alive, not that it is ready: until then it answers everything else with its login page. A
/// number that is no runtime is taken for CREATIO_RUNTIME_NET.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_call_health_check(runtime: creatio_runtime) -> creatio_call {
    let path =
        if runtime == CREATIO_RUNTIME_NET_FRAMEWORK { "/0/api/HealthCheck/Ping" } else { "/api/HealthCheck/Ping" };
    call(CREATIO_METHOD_GET, path, true)
}

/// For a request that another HTTP client sends, and of which nothing is to come back (otherwise see
/// `creatio_exchange_request_part`): writes the lines that authorise it, whichever door was used (ForceUseSession,
/// Cookie, BPMCSRF and CRT_CSRF, or Authorization), each as "name: value" with CR LF. Of `call` only the path counts.
/// `*len` is how many bytes they are.
///
/// Returns CREATIO_OK; CREATIO_ERR_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it
/// was; CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_NOT_UTF8, or a CREATIO_ERR_PATH_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_authorization_lines(
    session: *const creatio_session,
    call: *const creatio_call,
    out: *mut c_char,
    cap: usize,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (call, (out, len)) = match unsafe { (call.as_ref(), memory::output(out.cast(), cap, len)) } {
        (Some(call), Some(output)) => (call, output),
        _ => return CREATIO_ERR_NULL_POINTER,
    };
    // SAFETY: by the header's conventions.
    let Some(session) = (unsafe { context::get(session) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    // SAFETY: by the header's conventions.
    let path = match unsafe { read_path(call.path, call.path_len, call.at_root) } {
        Ok(path) => path,
        Err(status) => return status,
    };
    written(session.authorization_lines_for_c(path, out), len)
}

#[inline(always)] // into two places, of which a program seldom has both
pub(crate) fn read_method(method: creatio_method) -> Result<Method, creatio_status> {
    Ok(match method {
        CREATIO_METHOD_GET => Method::Get,
        CREATIO_METHOD_HEAD => Method::Head,
        CREATIO_METHOD_POST => Method::Post,
        CREATIO_METHOD_PUT => Method::Put,
        CREATIO_METHOD_PATCH => Method::Patch,
        CREATIO_METHOD_DELETE => Method::Delete,
        _ => return Err(CREATIO_ERR_BAD_METHOD),
    })
}

/// # Safety
///
/// Each text of the call is NULL, or valid for reads of its length for `'a`.
pub(crate) unsafe fn read_call<'a>(call: &creatio_call) -> Result<Call<'a>, creatio_status> {
    let method = read_method(call.method)?;
    // SAFETY: by the contract above.
    let mut read = Call::new(method, unsafe { read_path(call.path, call.path_len, call.at_root) }?);
    if call.raw_body {
        read = read.with_raw_body();
    }
    if call.limited_body {
        read = read.with_limited_body();
    }
    if call.repeatable {
        read = read.with_repeatable();
    }
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
        read = read.with_body_of_length(content_type, call.body_len)?;
    } else if !call.body.is_null() || call.body_len != 0 {
        // SAFETY: by the contract above.
        let body = unsafe { memory::bytes(call.body.cast(), call.body_len) }.ok_or(CREATIO_ERR_NULL_POINTER)?;
        read = read.with_body(content_type, body)?;
    }
    Ok(read)
}
