//! `creatio_renewal`

use creatio_auth::{Renewal, Step, retry_delay};

use crate::exchange::{both_to_read, creatio_exchange};
use crate::request::call::{creatio_call, read_call};
use crate::session::creatio_session;
use crate::text::context::{self, context};
use crate::text::status::creatio_status::{self, *};

/// The size of the struct below in words of 64 bits.
pub const CREATIO_RENEWAL_WORDS: usize = 1;

/// The longest that a site is to be waited for before the next try, in seconds: an hour, whatever Retry-After says.
pub const CREATIO_MAX_WAIT: u32 = 3600;

const _: () = assert!(CREATIO_MAX_WAIT == creatio_auth::MAX_WAIT);

/// Decides what comes after each answer to one call, and does nothing itself. It asks for at most one new login, and
/// only where the answer says that the session has ended. Whether it may ask at all is the session's
/// (`creatio_session_sign_in_delay`): a login that was refused is not tried again for this call nor for a later one,
/// for that can lock the account (CREATIO_RENEWAL_REPORT after CREATIO_CALL_ENDED_..., and
/// `creatio_session_earlier_sign_in` says why). Nor is there a login for each call where logins do not help
/// (CREATIO_CALL_RENEWED_IN_VAIN).
///
/// A call is never repeated where the site may have done it: not after a page with status 200, which may be the
/// call's own answer, unless it is a GET, a HEAD, a ping or a log-out, which do no more twice than once, or
/// `creatio_call.repeatable` says so.
#[repr(C)]
pub struct creatio_renewal {
    /// The library's own.
    opaque: [u64; CREATIO_RENEWAL_WORDS],
}

context!(creatio_renewal, Renewal, Renewal);

/// What to do next.
#[repr(i32)]
pub enum creatio_renewal_step {
    /// The answer is what there is to have, good or bad: report it. Misuse is answered with this, too.
    CREATIO_RENEWAL_REPORT = 0,
    /// Let the session give up what has ended (`creatio_session_end`), sign in, and then ask
    /// `creatio_renewal_after_sign_in`.
    CREATIO_RENEWAL_SIGN_IN = 1,
    /// Send the call again, now.
    CREATIO_RENEWAL_REPEAT = 2,
    /// Send the call again after the seconds of `creatio_answer.retry_after`, CREATIO_MAX_WAIT at the most, or after
    /// a time of your choice: `creatio_retry_delay` has one.
    CREATIO_RENEWAL_REPEAT_LATER = 3,
    /// As CREATIO_RENEWAL_SIGN_IN, but not now: after the seconds of `creatio_session_sign_in_delay`, for nobody knows
    /// what has become of the sign-in before. Whoever does not wait gives the call up, which counts nothing: the next
    /// renewal says the same, until the session is told the time, or `creatio_session_end_sign_in_delay`.
    CREATIO_RENEWAL_SIGN_IN_LATER = 4,
}

/// Sets up for one call and its repetitions. `body_is_repeatable` says that a body that you send yourself can be sent
/// once more from its beginning; otherwise such a call is not repeated.
///
/// Returns what `creatio_session_call` returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_renewal_init(
    renewal: *mut creatio_renewal,
    call: *const creatio_call,
    body_is_repeatable: bool,
) -> creatio_status {
    // SAFETY: by the header's conventions.
    let Some(call) = (unsafe { call.as_ref() }) else {
        return CREATIO_ERR_NULL_POINTER;
    };
    // SAFETY: by the header's conventions.
    let value = match unsafe { read_call(call) } {
        Ok(call) if body_is_repeatable => Renewal::new(&call).with_repeatable_body(),
        Ok(call) => Renewal::new(&call),
        Err(status) => return status,
    };
    // SAFETY: by the header's conventions.
    if unsafe { context::write(renewal, value) } { CREATIO_OK } else { CREATIO_ERR_NULL_POINTER }
}

/// What to do after the answer to the call, which the exchange has brought. `creatio_exchange_call_result` may be
/// asked before it or after it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_renewal_after_answer(
    renewal: *mut creatio_renewal,
    exchange: *const creatio_exchange,
    session: *mut creatio_session,
) -> creatio_renewal_step {
    // SAFETY: by the header's conventions.
    let contexts = unsafe { (context::get_mut(renewal), both_to_read(exchange, session)) };
    let (Some(renewal), Some((exchange, session))) = contexts else {
        return creatio_renewal_step::CREATIO_RENEWAL_REPORT;
    };
    step(renewal.after_answer(exchange, session))
}

/// What to do after the login, or the request for a token, that was asked for, whose answer the exchange has brought:
/// CREATIO_RENEWAL_REPEAT or CREATIO_RENEWAL_REPORT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_renewal_after_sign_in(
    renewal: *mut creatio_renewal,
    exchange: *const creatio_exchange,
    session: *mut creatio_session,
) -> creatio_renewal_step {
    // SAFETY: by the header's conventions.
    let contexts = unsafe { (context::get_mut(renewal), both_to_read(exchange, session)) };
    let (Some(renewal), Some((exchange, session))) = contexts else {
        return creatio_renewal_step::CREATIO_RENEWAL_REPORT;
    };
    exchange
        .is_signed_in(session)
        .map_or(creatio_renewal_step::CREATIO_RENEWAL_REPORT, |is| step(renewal.after_sign_in(is, session)))
}

/// What to do where there was no connection to be had, or it was cut before the reply was complete, or all took too
/// long: CREATIO_RENEWAL_REPEAT_LATER where twice does no more than once, over a new connection and as often as a
/// busy site is asked again; otherwise CREATIO_RENEWAL_REPORT, since nobody knows whether the site has done it. After
/// any other error the same would come again (`creatio_status_again`): report that.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_renewal_after_cut(renewal: *mut creatio_renewal) -> creatio_renewal_step {
    // SAFETY: by the header's conventions.
    match unsafe { context::get_mut(renewal) } {
        Some(renewal) => step(renewal.after_cut()),
        None => creatio_renewal_step::CREATIO_RENEWAL_REPORT,
    }
}

/// Whether the call is or was sent again though it may have been done before. If the last answer then is that it is
/// refused or has failed, look whether it was done: read the record. A create whose Id is there is done, and so is a
/// DELETE that finds none (CREATIO_CALL_NOT_FOUND).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_renewal_may_be_done_before(renewal: *const creatio_renewal) -> bool {
    // SAFETY: by the header's conventions.
    unsafe { context::get(renewal) }.is_some_and(Renewal::may_be_done_before)
}

/// How long to wait before a request is sent again: longer and longer, and not all machines at the same time. It has
/// no clock and no random numbers of its own. `attempt` is 1 before the first repetition. `min`, `max` and the result
/// are in milliseconds: the result is between `min` and what `min` becomes when it is doubled `attempt` times, `max`
/// at the most. Where in between, `jitter` says, a random number of all 32 bits. `retry_after` is that of an answer,
/// in seconds, or 0: so long at least it is then, but of what is beyond CREATIO_MAX_WAIT nothing counts, and the
/// spread is added.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_retry_delay(attempt: u32, min: u32, max: u32, jitter: u32, retry_after: u32) -> u32 {
    retry_delay(attempt, min, max, jitter, Some(retry_after))
}

fn step(step: Step) -> creatio_renewal_step {
    match step {
        Step::SignIn => creatio_renewal_step::CREATIO_RENEWAL_SIGN_IN,
        Step::Repeat => creatio_renewal_step::CREATIO_RENEWAL_REPEAT,
        Step::RepeatAfter(_) => creatio_renewal_step::CREATIO_RENEWAL_REPEAT_LATER,
        Step::SignInAfter(_) => creatio_renewal_step::CREATIO_RENEWAL_SIGN_IN_LATER,
        _ => creatio_renewal_step::CREATIO_RENEWAL_REPORT,
    }
}
