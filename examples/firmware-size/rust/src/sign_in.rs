//! A login, with which every measured program begins.

use creatio_auth::{Credentials, Exchange, Runtime, Session, Site};

use crate::{BUFFER_SIZE, LOGIN, Static, socket};

/// The session.
pub static SESSION: Static<Session<'static>> = Static::new();
static CREDENTIALS: Static<Credentials<'static>> = Static::new();
static BUFFER: Static<[u8; BUFFER_SIZE]> = Static::new();
/// The exchange under way.
pub static EXCHANGE: Static<Exchange<'static>> = Static::new();

/// Sends the request and takes the reply, in which the socket's peer has its part.
pub fn exchange(session: &mut Session<'_>, exchange: &mut Exchange<'_>, reply: &'static str) -> Option<()> {
    // SAFETY: it is used here only, and not beyond.
    let buffer = unsafe { BUFFER.put(|| [0; BUFFER_SIZE]) };
    loop {
        let len = exchange.fill(session, buffer).ok()?;
        if len == 0 {
            break;
        }
        socket::write(buffer.get(..len)?);
    }
    socket::open(reply);
    loop {
        let len = socket::read(buffer);
        if len == 0 {
            return exchange.close(session).ok();
        }
        let mut arrived = buffer.get(..len)?;
        while !arrived.is_empty() {
            let fed = exchange.feed(session, arrived).ok()?;
            if fed.done {
                return Some(());
            }
            arrived = arrived.get(fed.consumed..)?;
        }
    }
}

/// Begins a session, and signs in.
#[inline(never)] // once in a program, as a function is in C
pub fn sign_in(memory: &'static mut [u8]) -> Option<&'static mut Session<'static>> {
    let site = Site::parse("https://example.creatio.com", Runtime::NetFramework).ok()?;
    // SAFETY: whoever begins a session has done with the one before.
    let session = unsafe { SESSION.put(|| Session::new(site, memory)) };
    let login = log_in(session)?;
    login.login_result(session).ok()?.verdict.is_authenticated().then_some(session)
}

/// Makes a login in a session that is there.
#[inline(never)]
pub fn log_in(session: &mut Session<'static>) -> Option<&'static mut Exchange<'static>> {
    let login = begin_login(session);
    exchange(session, login, LOGIN)?;
    Some(login)
}

#[inline(never)] // so that what it takes of the stack is given back before the exchange
fn begin_login(session: &mut Session<'static>) -> &'static mut Exchange<'static> {
    // SAFETY: a login ends the exchange before, and there is no other that has credentials.
    let credentials = unsafe { CREDENTIALS.put(|| Credentials::borrowed("Supervisor", "Supervisor")) };
    // SAFETY: likewise.
    unsafe { EXCHANGE.put(|| session.login(credentials)) }
}
