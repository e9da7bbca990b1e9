//! A firmware that signs in and makes a call.
#![no_std]
#![no_main]

use creatio_auth::{Call, CallVerdict, Exchange, Path, Session};
use firmware_size::{CALL, EXCHANGE, exchange, sign_in};

#[unsafe(no_mangle)]
fn run(memory: &'static mut [u8]) -> bool {
    call(memory).is_some()
}

fn call(memory: &'static mut [u8]) -> Option<()> {
    let session = sign_in(memory)?;
    let call = begin_call(session)?;
    exchange(session, call, CALL)?;
    let answer = call.call_result(session).ok()?;
    (answer.verdict == CallVerdict::Fine).then_some(())
}

#[inline(never)] // as in a login
fn begin_call(session: &mut Session<'static>) -> Option<&'static mut Exchange<'static>> {
    let get = Call::get(Path::site("/odata/Contact?$top=3").ok()?);
    // SAFETY: the login is over.
    Some(unsafe { EXCHANGE.put(|| session.call(&get)) })
}

#[unsafe(no_mangle)]
fn signs_in(memory: &'static mut [u8]) -> bool {
    sign_in(memory).is_some()
}
