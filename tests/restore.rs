//! A session takes a snapshot in its place, and says when it is worth another.

mod support;

use creatio_auth::{Call, Misuse, ReplyError, Session, SnapshotError};
use support::fixtures::{SUCCESS, setting, with_length};
use support::{Cut, MEMORY, call, contacts, credentials, login, net, pull, set_cookies, signed_in, snapshot};

/// 2026-11-22 00:00:00
const NOW: u64 = 1_795_305_600;

fn taken(session: &Session<'_>) -> Vec<u8> {
    let mut bytes = vec![0; session.snapshot_len()];
    assert_eq!(session.write_snapshot(&mut bytes), Ok(bytes.len()));
    bytes
}

fn of_cookies(values: &[&str]) -> Vec<u8> {
    let mut memory = [0; MEMORY];
    taken(&signed_in(net(), &mut memory, values))
}

#[test]
fn a_living_session_takes_one_snapshot_after_the_other_in_the_memory_it_has() {
    let (mut memory, mut other) = ([0; MEMORY], [0; MEMORY]);
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=first; path=/", "mine=1; path=/"]);
    let mut neighbour = signed_in(net(), &mut other, &[".ASPXAUTH=other; path=/", "BPMCSRF=c; path=/"]);
    session.set_user_agent("meter/2.1").unwrap();
    for round in 0..50 {
        set_cookies(&mut neighbour, contacts(), &[&format!("a{round}=x; path=/"), "BPMCSRF=new; path=/"]);
        session.restore(&taken(&neighbour)).unwrap();
        assert_eq!(taken(&session), taken(&neighbour), "{round}");
        set_cookies(&mut session, contacts(), &["a=1; path=/"]);
        set_cookies(&mut neighbour, contacts(), &["a=1; path=/"]);
        assert_eq!(snapshot(&session), snapshot(&neighbour), "{round}");
    }
    let ask = Call::get(contacts());
    let mut exchange = session.call(&ask);
    let request = String::from_utf8(pull(&mut session, &mut exchange, 64)).unwrap();
    assert!(request.contains("User-Agent: meter/2.1\r\n") && !request.contains("mine=1"), "{request}");
}

#[test]
fn what_was_there_before_is_wiped() {
    let mut memory = [0xEE; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    assert!(login(&mut session, &setting(&[".ASPXAUTH=SECRETSECRETSECRET; path=/"]), Cut::Whole).is_authenticated());
    session.restore(&of_cookies(&[".ASPXAUTH=b; path=/"])).unwrap();
    std::mem::forget(session); // does not wipe
    assert!(!memory.windows(6).any(|bytes| bytes == b"SECRET" || bytes == b"CRETSE"));
}

/// Each kind of damage at each byte, and what does not fit, while an exchange is under way at each byte of its reply.
#[test]
fn a_snapshot_that_is_refused_changes_nothing_not_even_an_exchange_under_way() {
    let good = of_cookies(&[".ASPXAUTH=other; path=/"]);
    let large = of_cookies(&[&format!(".ASPXAUTH={}; path=/", "x".repeat(1200))]);
    let damaged = (0..good.len()).flat_map(|at| {
        let mut altered = good.clone();
        altered[at] ^= 0x20;
        [altered, good[..at].to_vec()]
    });
    let refused: Vec<_> = damaged.chain([large]).collect();
    let mut memory = [0; 1024];
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=mine; path=/"]);
    session.set_time(NOW);
    let (ask, reply) = (Call::get(contacts()), setting(&["b=c; path=/"]));
    for at in 0..reply.len() {
        let before = taken(&session);
        let mut exchange = session.call(&ask);
        pull(&mut session, &mut exchange, 64);
        let _ = exchange.feed(&mut session, &reply[..at]).unwrap();
        for bytes in refused.iter().skip(at % 7).step_by(7) {
            session.restore(bytes).unwrap_err();
        }
        assert_eq!((taken(&session), session.restore(&[])), (before, Err(SnapshotError::Altered)));
        assert!(exchange.feed(&mut session, &reply[at..]).unwrap().done, "{at}");
    }
}

#[test]
fn a_snapshot_that_is_taken_ends_the_exchange_under_way() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=mine; path=/"]);
    let ask = Call::get(contacts());
    let mut exchange = session.call(&ask);
    let bytes = of_cookies(&[".ASPXAUTH=other; path=/"]);
    session.restore(&bytes).unwrap();
    let error = exchange.feed(&mut session, &setting(&["b=c; path=/"])).unwrap_err();
    assert_eq!(error, ReplyError::Misuse(Misuse::OtherSession));
    assert_eq!(taken(&session), bytes);
}

#[test]
fn the_revision_changes_with_what_a_snapshot_keeps_and_with_nothing_else() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let mut seen = vec![session.revision()];
    let mut check = |session: &Session<'_>, changes: bool, what: &str| {
        let revision = session.revision();
        assert_eq!(!seen.contains(&revision), changes, "{what}");
        seen.push(revision);
        let mut other = [0; MEMORY];
        assert_eq!(support::restored(net(), &mut other, &taken(session)).unwrap().revision(), revision, "{what}");
    };
    session.set_time(NOW);
    check(&session, false, "the time");
    assert!(login(&mut session, &setting(&[".ASPXAUTH=t; path=/", "a=b; path=/"]), Cut::Whole).is_authenticated());
    check(&session, true, "a login");
    session.set_time(NOW + 60);
    session.set_user_agent("meter/2.1").unwrap();
    call(&mut session, &Call::get(contacts()), &with_length(&["HTTP/1.1 200 OK"], SUCCESS), Cut::Whole);
    check(&session, false, "a reply without cookies");
    set_cookies(&mut session, contacts(), &["a=c; path=/"]);
    check(&session, true, "another value");
    set_cookies(&mut session, contacts(), &["a=; path=/; max-age=0"]);
    check(&session, true, "a deletion");
    let refused = with_length(&["HTTP/1.1 200 OK"], r#"{"Code":1,"Message":"no"}"#);
    assert!(!login(&mut session, &refused, Cut::Whole).is_authenticated());
    check(&session, true, "a refusal");
    session.use_basic(&credentials()).unwrap();
    check(&session, true, "Basic");
    session.clear();
    check(&session, true, "no cookies, and the refusal still");
    session.allow_sign_in();
    check(&session, false, "as it was at first");
}
