//! `creatio_exchange`

pub(crate) mod foreign;

use core::ffi::{c_char, c_void};
use core::mem::MaybeUninit;

use creatio_auth::{Exchange, Failure, Fed, Session, Short, State};

use crate::session::creatio_session;
use crate::text::context::{self, context};
use crate::text::memory;
use crate::text::status::creatio_status::{self, *};

/// The size of the struct below in words of 64 bits.
#[cfg(target_pointer_width = "64")]
pub const CREATIO_EXCHANGE_WORDS: usize = 64;
/// The size of the struct below in words of 64 bits.
#[cfg(not(target_pointer_width = "64"))]
pub const CREATIO_EXCHANGE_WORDS: usize = 42;

/// One request and its reply. It refers to the texts it began with, which have to stay as long as the table at the
/// top says; begin another in it at any time.
#[repr(C)]
pub struct creatio_exchange {
    /// The library's own.
    opaque: [u64; CREATIO_EXCHANGE_WORDS],
}

context!(creatio_exchange, Exchange<'static>, Exchange);

/// Where an exchange is.
#[repr(i32)]
pub enum creatio_state {
    /// Nothing of the request has been taken.
    CREATIO_STATE_READY = 0,
    /// A part of the request has been taken.
    CREATIO_STATE_SENDING = 1,
    /// The request has been taken, or the reply has come before all of it was.
    CREATIO_STATE_RECEIVING = 2,
    /// The reply is complete, and the session has what it brought.
    CREATIO_STATE_DONE = 3,
    /// The exchange has failed, and the session is as it was.
    CREATIO_STATE_FAILED = 4,
    /// The context has not been set up.
    CREATIO_STATE_NOT_SET_UP = 5,
}

/// What `creatio_exchange_feed` has found.
#[repr(C)]
pub struct creatio_fed {
    /// How many bytes of the input belong to the reply and were taken. Feed the rest again; after the end of the
    /// reply it is not the exchange's, and the connection is to be closed: what nothing asked for must not pass for
    /// the next reply (RFC 9112, 6.3).
    pub consumed: usize,
    /// A piece of the reply's body, which lies in the input; NULL if there is none, and for all but a call.
    pub body: *const u8,
    /// Its length in bytes.
    pub body_len: usize,
}

/// The length of the whole request in bytes, without a body that you send yourself: what a buffer takes that is to
/// hold all of it. It goes through the request once. 0 if a context has not been set up, and for another session.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_request_len(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
) -> usize {
    // SAFETY: by the header's conventions.
    unsafe { read_both(exchange, session) }
        .map_or(0, |(exchange, session)| exchange.request_len_for_c::<MaybeUninit<u8>>(session))
}

/// Puts the next bytes of the request into `out`, as many as fit; `*len` is how many they are. Send them, and call it
/// again as long as it returns CREATIO_MORE. With the first bytes of a sign-in the session takes note that it goes
/// out (`creatio_session_sign_in_delay`): connect before.
///
/// Returns CREATIO_MORE, CREATIO_OK when all has been taken (or the reply has come early and no more is wanted),
/// CREATIO_ERR_BUFFER_TOO_SMALL if `cap` is 0, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP,
/// CREATIO_ERR_OUT_OF_TURN or CREATIO_ERR_OTHER_SESSION.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_fill(
    exchange: *mut creatio_exchange,
    session: *mut creatio_session,
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
    match exchange.fill_for_c(session, out) {
        Ok(filled) => {
            len.write(filled);
            if let State::Sending = exchange.state() { CREATIO_MORE } else { CREATIO_OK }
        }
        Err(misuse) => misuse.into(),
    }
}

/// Takes bytes of the reply, any number of them, as they arrive. It stops where there is a piece of the body to hand
/// out, and at the end of the reply; otherwise it takes all of the input. 0 bytes say nothing: where `recv` has returned 0,
/// the peer has closed the connection, which is for `creatio_exchange_close` to tell.
///
/// Returns CREATIO_MORE as long as the reply is not complete, then CREATIO_OK. CREATIO_ERR_NULL_POINTER,
/// CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_OUT_OF_TURN and CREATIO_ERR_OTHER_SESSION change nothing. After any other
/// error the exchange has failed and the session is as it was: CREATIO_ERR_MEMORY_TOO_SMALL,
/// CREATIO_ERR_HEAD_TOO_LARGE, CREATIO_ERR_BODY_TOO_LARGE, CREATIO_ERR_CONTENT_ENCODING, or a CREATIO_ERR_HTTP_ or
/// CREATIO_ERR_JSON_ status; creatio_exchange_failed_field names the field.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_feed(
    exchange: *mut creatio_exchange,
    session: *mut creatio_session,
    input: *const c_void,
    len: usize,
    fed: *mut creatio_fed,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (input, out) = match unsafe { (memory::bytes(input.cast(), len), memory::place(fed)) } {
        (Some(input), Some(out)) => (input, out),
        _ => return CREATIO_ERR_NULL_POINTER,
    };
    // SAFETY: by the header's conventions.
    let Some((exchange, session)) = (unsafe { both(exchange, session) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    match exchange.feed_short(session, input) {
        Short::Fed(fed) => tell(Ok(fed), out),
        Short::Data => feed_data(exchange, session, input, out),
        Short::Line => feed_by(Exchange::feed_byte_of_line, exchange, session, input, out),
        Short::Piece => feed_by(Exchange::feed_piece, exchange, session, input, out),
        Short::Nowhere => feed(exchange, session, input, out),
    }
}

// Each by itself, or a single byte would pay for the registers of the others.

#[inline(never)]
fn feed_by(
    way: impl for<'i> FnOnce(&mut Exchange<'static>, &mut Session<'_>, &'i [u8]) -> Option<Fed<'i>>,
    exchange: &mut Exchange<'static>,
    session: &mut Session<'_>,
    input: &[u8],
    out: &mut MaybeUninit<creatio_fed>,
) -> creatio_status {
    match way(exchange, session, input) {
        Some(fed) => tell(Ok(fed), out),
        None => feed(exchange, session, input, out),
    }
}

#[inline(never)]
fn feed_data(
    exchange: &mut Exchange<'_>,
    session: &mut Session<'_>,
    data: &[u8],
    out: &mut MaybeUninit<creatio_fed>,
) -> creatio_status {
    match exchange.feed_byte_of_document(session, data) {
        Some(fed) => tell(Ok(fed), out),
        None => look_into(exchange, session, data, out),
    }
}

#[inline(never)]
fn look_into(
    exchange: &mut Exchange<'_>,
    session: &mut Session<'_>,
    data: &[u8],
    out: &mut MaybeUninit<creatio_fed>,
) -> creatio_status {
    tell(exchange.look_into(session, data), out)
}

#[cfg_attr(target_pointer_width = "64", inline(never))]
fn feed(
    exchange: &mut Exchange<'_>,
    session: &mut Session<'_>,
    input: &[u8],
    out: &mut MaybeUninit<creatio_fed>,
) -> creatio_status {
    tell(exchange.feed_for_c(session, input), out)
}

#[inline(always)] // into all of its places, of which a chip has one
fn tell(result: Result<Fed<'_>, Failure>, out: &mut MaybeUninit<creatio_fed>) -> creatio_status {
    match result {
        Ok(fed) => {
            let body = if fed.body.is_empty() { core::ptr::null() } else { fed.body.as_ptr() };
            out.write(creatio_fed { consumed: fed.consumed, body, body_len: fed.body.len() });
            if fed.done { CREATIO_OK } else { CREATIO_MORE }
        }
        Err(failure) => failure.into(),
    }
}

/// Tells that the peer has closed the connection: the end of a reply that has no other, and an error in the middle of
/// one that has. After the end of a reply it changes nothing. Over TLS only close_notify says so; a connection that
/// ends without it may have been cut by anyone: give the exchange up instead (RFC 9112, 9.8).
///
/// Returns CREATIO_OK, CREATIO_ERR_CLOSED_EARLY, a CREATIO_ERR_JSON_ status, CREATIO_ERR_NOT_SET_UP,
/// CREATIO_ERR_OTHER_SESSION, CREATIO_ERR_OUT_OF_TURN after a failure, or, for a token alone,
/// CREATIO_ERR_MEMORY_TOO_SMALL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_close(
    exchange: *mut creatio_exchange,
    session: *mut creatio_session,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    match unsafe { both(exchange, session) } {
        Some((exchange, session)) => exchange.close_for_c(session).map_or_else(Into::into, |()| CREATIO_OK),
        None => CREATIO_ERR_NOT_SET_UP,
    }
}

/// How many bytes of memory are enough for what has come of the reply, after CREATIO_ERR_MEMORY_TOO_SMALL; otherwise
/// 0. Give a new session so many, and begin again. A token whose length was not known yet may take another round.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_memory_needed(exchange: *const creatio_exchange) -> usize {
    // SAFETY: by the header's conventions.
    unsafe { context::get(exchange) }.map_or(0, Exchange::memory_needed)
}

/// The name of the field at which the exchange has failed, up to 32 bytes of it: that of the field line that was
/// being read or, where the fault lies before its name or in it, as much of the name as was good, or the name of the
/// line before. It points into the exchange, is not terminated, and consists of letters, digits and the other
/// characters of a token (RFC 9110, 5.6.2).
///
/// Returns CREATIO_OK, CREATIO_END before a failure or where it has nothing to do with a field,
/// CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_failed_field(
    exchange: *const creatio_exchange,
    name: *mut *const c_char,
    len: *mut usize,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let (name, len) = match unsafe { (memory::place(name), memory::place(len)) } {
        (Some(name), Some(len)) => (name, len),
        _ => return CREATIO_ERR_NULL_POINTER,
    };
    // SAFETY: by the header's conventions.
    let Some(exchange) = (unsafe { context::get(exchange) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    let Some(found) = exchange.failed_field() else {
        return CREATIO_END;
    };
    name.write(found.as_ptr().cast());
    len.write(found.len());
    CREATIO_OK
}

/// Where the exchange is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_state(exchange: *const creatio_exchange) -> creatio_state {
    // SAFETY: by the header's conventions.
    match unsafe { context::get(exchange) }.map(Exchange::state) {
        Some(State::Ready) => creatio_state::CREATIO_STATE_READY,
        Some(State::Sending) => creatio_state::CREATIO_STATE_SENDING,
        Some(State::Receiving) => creatio_state::CREATIO_STATE_RECEIVING,
        Some(State::Done) => creatio_state::CREATIO_STATE_DONE,
        Some(State::Failed) => creatio_state::CREATIO_STATE_FAILED,
        None => creatio_state::CREATIO_STATE_NOT_SET_UP,
    }
}

/// The HTTP status code of the reply, as soon as its head is complete; 0 before. It may be any three digits, though
/// those below 100 and from 600 on are none of RFC 9110 and never a success.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_http_status(exchange: *const creatio_exchange) -> u16 {
    // SAFETY: by the header's conventions.
    unsafe { context::get(exchange) }.and_then(Exchange::http_status).unwrap_or(0)
}

/// Whether the connection may serve another exchange, now that the reply is complete. Bytes that came behind its end
/// are a reason to close it all the same.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_keeps_alive(exchange: *const creatio_exchange) -> bool {
    // SAFETY: by the header's conventions.
    unsafe { context::get(exchange) }.is_some_and(Exchange::keeps_alive)
}

/// Whether the request may be sent once more, in an exchange of its own and over a new connection, where the kept
/// connection that it went over turned out to be closed: nothing of a reply has come, and twice does no more than
/// once. So it is for GET, HEAD, `creatio_call_ping` and `creatio_call_logout`, for no sign-in, and for nothing else
/// that the site may have done. Not to be asked after a time-out, for the site may be at work, nor where the
/// connection was a new one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_may_be_sent_again(exchange: *const creatio_exchange) -> bool {
    // SAFETY: by the header's conventions.
    unsafe { context::get(exchange) }.is_some_and(Exchange::may_be_sent_again)
}

/// Whether the session is signed in by this exchange, when the reply is complete: the one question to ask where it
/// does not matter which door was used. False also for a call, before the end, and for another session.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_exchange_is_signed_in(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
) -> bool {
    // SAFETY: by the header's conventions.
    let contexts = unsafe { read_both(exchange, session) };
    contexts.is_some_and(|(exchange, session)| exchange.is_signed_in(session).unwrap_or(false))
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
        return CREATIO_ERR_NULL_POINTER;
    }
    // SAFETY: by the contract above.
    let Some(session) = (unsafe { context::get_mut(session) }) else {
        return CREATIO_ERR_NOT_SET_UP;
    };
    // SAFETY: by the contract above.
    unsafe { context::make(exchange, || begin(session)) };
    CREATIO_OK
}

/// Two contexts to read.
///
/// # Safety
///
/// Each pointer is NULL or valid.
#[inline(never)] // the linker has one function for all of these
pub(crate) unsafe fn read_both<'a>(
    exchange: *const creatio_exchange,
    session: *const creatio_session,
) -> Option<(&'a Exchange<'static>, &'a Session<'static>)> {
    // SAFETY: by the contract above.
    unsafe { Some((context::get(exchange)?, context::get(session)?)) }
}

/// An exchange to read, and a session to change.
///
/// # Safety
///
/// Each pointer is NULL or valid. They differ, since no context has both tags.
#[cfg_attr(not(target_pointer_width = "64"), inline(never))] // the linker has one function for all of these
pub(crate) unsafe fn both_to_read<'a>(
    exchange: *const creatio_exchange,
    session: *mut creatio_session,
) -> Option<(&'a Exchange<'static>, &'a mut Session<'static>)> {
    // SAFETY: by the contract above.
    unsafe { Some((context::get(exchange)?, context::get_mut(session)?)) }
}

/// Two contexts to change.
///
/// # Safety
///
/// Each pointer is NULL or valid. They differ, since no context has both tags.
#[cfg_attr(not(target_pointer_width = "64"), inline(never))] // the linker has one function for all of these
pub(crate) unsafe fn both<'a>(
    exchange: *mut creatio_exchange,
    session: *mut creatio_session,
) -> Option<(&'a mut Exchange<'static>, &'a mut Session<'static>)> {
    // SAFETY: by the contract above.
    unsafe { Some((context::get_mut(exchange)?, context::get_mut(session)?)) }
}
