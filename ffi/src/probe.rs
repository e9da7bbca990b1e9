//! `creatio_runtime_probe`

use creatio_auth::{ProbeStep, Runtime, RuntimeProbe};

use crate::exchange::{creatio_exchange, read_both};
use crate::request::call::{creatio_call, creatio_call_health_check};
use crate::session::creatio_session;
use crate::site::{CREATIO_RUNTIME_NET, CREATIO_RUNTIME_NET_FRAMEWORK};
use crate::text::context::{self, context};
use crate::text::status::creatio_status::{self, *};

/// The size of the struct below in words of 64 bits.
pub const CREATIO_RUNTIME_PROBE_WORDS: usize = 1;

/// Finds out the runtime of a site by its health checks, which need no login, and does nothing itself. It asks below
/// /0 first. Status 200 there says .NET Framework, whose sites answer the other check with 200, too. After a 404 it
/// asks at the root, where 200 says .NET. Anything else, a redirect, a 503 or a login page, says nothing yet: a site
/// that starts answers so, and then all is asked again, from the first check on. Two 404s say that there is no health
/// check.
#[repr(C)]
pub struct creatio_runtime_probe {
    /// The library's own.
    opaque: [u64; CREATIO_RUNTIME_PROBE_WORDS],
}

context!(creatio_runtime_probe, RuntimeProbe, RuntimeProbe);

/// What to do next. Where the runtime is found, the number is that of the runtime.
#[repr(i32)]
pub enum creatio_probe_step {
    /// Both checks have been answered with 404: check the URL, its base path included. Where it is right, something
    /// in between keeps the health checks to itself, and the runtime has to be told by who knows it. Asking again
    /// begins anew. Misuse is answered with this, too.
    CREATIO_PROBE_NO_HEALTH_CHECK = 0,
    /// The site runs on .NET Framework: CREATIO_RUNTIME_NET_FRAMEWORK.
    CREATIO_PROBE_FOUND_NET_FRAMEWORK = 1,
    /// The site runs on .NET: CREATIO_RUNTIME_NET.
    CREATIO_PROBE_FOUND_NET = 2,
    /// Make the next call, now.
    CREATIO_PROBE_ASK = 3,
    /// Nothing is known yet: make the next call after the seconds of `creatio_answer.retry_after`, CREATIO_MAX_WAIT
    /// at the most, or after a time of your choice. How often, is yours to limit.
    CREATIO_PROBE_ASK_LATER = 4,
}

const _: () = assert!(
    creatio_probe_step::CREATIO_PROBE_FOUND_NET_FRAMEWORK as i32 == CREATIO_RUNTIME_NET_FRAMEWORK
        && creatio_probe_step::CREATIO_PROBE_FOUND_NET as i32 == CREATIO_RUNTIME_NET
);

/// Sets up a probe, which has asked nothing yet.
///
/// Returns CREATIO_OK or CREATIO_ERR_NULL_POINTER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_runtime_probe_init(probe: *mut creatio_runtime_probe) -> creatio_status {
    // SAFETY: by the header's conventions.
    if unsafe { context::write(probe, RuntimeProbe::new()) } { CREATIO_OK } else { CREATIO_ERR_NULL_POINTER }
}

/// The health check to make next, by `creatio_session_call`: in a session with the site, whatever it takes for its
/// runtime. Without a probe that has been set up it is the first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_runtime_probe_call(probe: *const creatio_runtime_probe) -> creatio_call {
    // SAFETY: by the header's conventions.
    let asked = unsafe { context::get(probe) }.map(RuntimeProbe::asked);
    creatio_call_health_check(if asked == Some(Runtime::Net) {
        CREATIO_RUNTIME_NET
    } else {
        CREATIO_RUNTIME_NET_FRAMEWORK
    })
}

/// What the answer to it says, which the exchange has brought.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_runtime_probe_after_answer(
    probe: *mut creatio_runtime_probe,
    exchange: *const creatio_exchange,
    session: *const creatio_session,
) -> creatio_probe_step {
    // SAFETY: by the header's conventions.
    let contexts = unsafe { (context::get_mut(probe), read_both(exchange, session)) };
    let (Some(probe), Some((exchange, session))) = contexts else {
        return creatio_probe_step::CREATIO_PROBE_NO_HEALTH_CHECK;
    };
    let Ok(verdict) = exchange.call_verdict(session) else {
        return creatio_probe_step::CREATIO_PROBE_NO_HEALTH_CHECK;
    };
    match probe.after(verdict, exchange.http_status().unwrap_or(0), None) {
        ProbeStep::Found(Runtime::NetFramework) => creatio_probe_step::CREATIO_PROBE_FOUND_NET_FRAMEWORK,
        ProbeStep::Found(Runtime::Net) => creatio_probe_step::CREATIO_PROBE_FOUND_NET,
        ProbeStep::Ask => creatio_probe_step::CREATIO_PROBE_ASK,
        ProbeStep::AskLater(_) => creatio_probe_step::CREATIO_PROBE_ASK_LATER,
        _ => creatio_probe_step::CREATIO_PROBE_NO_HEALTH_CHECK,
    }
}
