//! The memory that a session takes here, measured with what the site has sent.

use creatio_auth::{Call, Credentials, Path, ReplyError, Session, Site};
use zeroize::Zeroizing;

use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::visit::{Visit, now};

/// More than any session takes.
const AMPLE: usize = 128 * 1024;
/// What a device has for a session without anybody wondering.
const USUAL: usize = 4 * 1024;

/// What each takes, in bytes.
struct Needed {
    first_login: usize,
    call: usize,
    other_login: usize,
}

pub fn check(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let site = *visit.session.as_ref()?.site();
    let (login, call) = (&visit.login_reply.as_ref()?.raw, &visit.call_reply.as_ref()?.raw);
    let logged_in = |session: &mut Session<'_>| log_in(session, login);
    let first_login = least(site, None, logged_in)?;
    let snapshot = snapshot(site, login)?;
    let needed = Needed {
        first_login,
        call: least(site, Some(&snapshot), |session| read(session, call))?,
        other_login: least(site, Some(&snapshot), logged_in)?,
    };
    Some(judge(&needed, snapshot.len()))
}

fn judge(needed: &Needed, snapshot: usize) -> Diagnosis {
    let Needed { first_login, call, other_login } = needed;
    let advised = advised(*first_login.max(call));
    let words = format!(
        "lend a session {advised} bytes, or {} where it logs in before it has ended (Session::end): here the first login takes \
         {first_login}, a call {call}, a login into a session that may be alive {other_login}, and a snapshot {snapshot}; what is sent \
         and received goes through a buffer of any size, and 512 is a good one",
        self::advised(*other_login),
    );
    if advised > USUAL {
        let remedy = "see which cookies the site and what is in front of it set, and whether all are wanted";
        return Diagnosis::advice(Cause::MuchMemory, words, remedy);
    }
    Diagnosis::good(words)
}

/// With room for a ticket that grows by a quarter, in whole 256 bytes.
pub fn advised(needed: usize) -> usize {
    (needed + needed / 4).next_multiple_of(256)
}

/// The least memory in which something goes well.
pub fn least(
    site: Site<'_>,
    snapshot: Option<&[u8]>,
    run: impl Fn(&mut Session<'_>) -> Result<(), ReplyError>,
) -> Option<usize> {
    let goes_well = |size: usize| {
        let mut memory = Zeroizing::new(vec![0; size]);
        let mut session = Session::new(site, &mut memory);
        session.set_time(now());
        snapshot.is_none_or(|snapshot| session.restore(snapshot).is_ok()) && run(&mut session).is_ok()
    };
    let (mut too_little, mut enough) = (0, AMPLE);
    if !goes_well(enough) {
        return None;
    }
    while enough - too_little > 1 {
        let middle = too_little.midpoint(enough);
        if goes_well(middle) { enough = middle } else { too_little = middle }
    }
    Some(enough)
}

/// The session after the login.
fn snapshot(site: Site<'_>, login: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut memory = Zeroizing::new(vec![0; AMPLE]);
    let mut session = Session::new(site, &mut memory);
    session.set_time(now());
    log_in(&mut session, login).ok()?;
    let mut bytes = Zeroizing::new(vec![0; session.snapshot_len()]);
    session.write_snapshot(&mut bytes).ok()?;
    Some(bytes)
}

/// A login that is answered so.
fn log_in(session: &mut Session<'_>, reply: &[u8]) -> Result<(), ReplyError> {
    let credentials = Credentials::borrowed("", "");
    let exchange = session.login(&credentials);
    feed(session, exchange, reply)
}

/// A call that is answered so.
fn read(session: &mut Session<'_>, reply: &[u8]) -> Result<(), ReplyError> {
    let call = Call::get(Path::site("/odata/Contact").expect("it is a path"));
    let exchange = session.call(&call);
    feed(session, exchange, reply)
}

pub fn feed(
    session: &mut Session<'_>,
    mut exchange: creatio_auth::Exchange<'_>,
    reply: &[u8],
) -> Result<(), ReplyError> {
    while exchange.fill(session, &mut [0; 512])? > 0 {}
    let mut rest = reply;
    while !rest.is_empty() {
        let fed = exchange.feed(session, rest)?;
        if fed.done {
            return Ok(());
        }
        rest = &rest[fed.consumed..];
    }
    exchange.close(session)
}
