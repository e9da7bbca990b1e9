//! An exchange that another HTTP client makes: libcurl, or a vendor's

use core::ffi::{c_char, c_void};

use creatio_auth::{RequestPart, State};

use crate::exchange::{both, creatio_exchange};
use crate::session::creatio_session;
use crate::text::memory::{self, written};
use crate::text::status::creatio_status::{self, *};

/// A part of a request.
pub type creatio_request_part = i32;

/// The method.
pub const CREATIO_REQUEST_METHOD: creatio_request_part = 0;

/// The request target (RFC 9112, 3.2.1): base path, runtime prefix, path and query, percent-encoded. Behind scheme,
/// host and port of the site, or for a token of the identity service, it is the URL.
pub const CREATIO_REQUEST_TARGET: creatio_request_part = 1;

/// Each field as "name: value" with CR LF, but Host and Content-Length, which the client writes itself.
pub const CREATIO_REQUEST_FIELDS: creatio_request_part = 2;

/// The body, but for one that you send yourself.
pub const CREATIO_REQUEST_BODY: creatio_request_part = 3;

/// For a request that another HTTP client sends: writes a part of it; `*len` is how many bytes it is. Let that client
/// follow no redirect and keep no cookies. The exchange is then not filled; the reply is handed over by
/// `creatio_exchange_feed_field`, `creatio_exchange_end_head`, `creatio_exchange_feed` and `creatio_exchange_close`,
/// or, as its bytes came over HTTP/1.x, head and framing included, by the last two alone. Fields and body are secret;
/// of a sign-in of which they are taken the session takes note that it goes out (`creatio_session_sign_in_delay`).
///
/// Returns CREATIO_OK; CREATIO_ERR_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it
/// was; CREATIO_END for another part, CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP. For another session than
/// its own it is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_request_part(
    exchange: *mut creatio_exchange,
    session: *mut creatio_session,
    part: creatio_request_part,
    out: *mut c_void,
    cap: usize,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some((out, len)) = (unsafe { memory::output(out.cast(), cap, len) }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { both(exchange, session) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    let part = match part {
        CREATIO_REQUEST_METHOD => RequestPart::Method,
        CREATIO_REQUEST_TARGET => RequestPart::Target,
        CREATIO_REQUEST_FIELDS => RequestPart::Fields,
        CREATIO_REQUEST_BODY => RequestPart::Body,
        _ => return CREATIO_END,
    };
    written(exchange.request_part_for_c(session, part, out), len)
}

/// Takes a field of the reply from another HTTP client, which has read the reply's lines itself. White space around
/// the value is none of it, nor is the CR LF of its line. Each Set-Cookie is one field: of several that were joined
/// by commas nobody can tell where one ends. One that was folded is to be given whole (from libcurl by
/// curl_easy_nextheader, for its callback has it in two).
///
/// What frames the body, or says how it is coded, is that client's business and changes nothing here. A value that
/// holds a control character counts as not there.
///
/// Returns CREATIO_OK. CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_OTHER_SESSION and
/// CREATIO_ERR_OUT_OF_TURN, where lines of the reply have been fed or its head is complete, change nothing. After
/// CREATIO_ERR_HEAD_TOO_LARGE the exchange has failed and the session is as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_feed_field(
    exchange: *mut creatio_exchange,
    session: *mut creatio_session,
    name: *const c_char,
    name_len: usize,
    value: *const c_char,
    value_len: usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let texts = unsafe { (memory::bytes(name.cast(), name_len), memory::bytes(value.cast(), value_len)) };
    let (Some(name), Some(value)) = texts else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    match unsafe { both(exchange, session) } {
        Some((exchange, session)) => {
            exchange.feed_field_for_c(session, name, value).map_or_else(Into::into, |()| CREATIO_OK)
        }
        None => CREATIO_ERR_NOT_SET_UP,
    }
}

/// Tells that another HTTP client has given all fields of the reply, and its status. What is fed from then on is the
/// body, as that client hands it out: without its framing, and not compressed any more. Its end is told by
/// `creatio_exchange_close`; that of one that was cut off is not to be told. After an interim reply (1xx), if the
/// client gives it, come the fields of the next one.
///
/// Returns CREATIO_MORE; CREATIO_OK where the reply has no body, so that it is complete. CREATIO_ERR_NOT_SET_UP,
/// CREATIO_ERR_OTHER_SESSION and CREATIO_ERR_OUT_OF_TURN change nothing. After any other error the exchange has
/// failed and the session is as it was: CREATIO_ERR_MEMORY_TOO_SMALL, CREATIO_ERR_HTTP_SWITCHING_PROTOCOLS.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_end_head(
    exchange: *mut creatio_exchange,
    session: *mut creatio_session,
    http_status: u16,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { both(exchange, session) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    match exchange.end_head_for_c(session, http_status) {
        Ok(()) if exchange.state() == State::Done => CREATIO_OK,
        Ok(()) => CREATIO_MORE,
        Err(error) => error.into(),
    }
}
