//! A session that owns its memory is one like any other, wherever it is kept.
#![cfg(feature = "alloc")]

mod support;

use std::collections::HashMap;
use std::thread;

use creatio_auth::{Call, LentSession, OwnedSession, Runtime, Session, Site};
use support::fixtures::setting;
use support::{Cut, MEMORY, contacts, login, net, pull, set_cookies, snapshot};

const COOKIES: [&str; 3] = [".ASPXAUTH=t; path=/", "BPMCSRF=c; path=/", "a=b; path=/; max-age=60"];

fn taken(session: &Session<'_>) -> Vec<u8> {
    let mut bytes = vec![0; session.snapshot_len()];
    assert_eq!(session.write_snapshot(&mut bytes), Ok(bytes.len()));
    bytes
}

fn head(session: &mut Session<'_>) -> String {
    let ask = Call::get(contacts());
    let mut exchange = session.call(&ask);
    String::from_utf8(pull(session, &mut exchange, 64)).unwrap()
}

#[test]
fn it_goes_on_between_threads_as_one_does_that_borrows() {
    fn is_send<T: Send + 'static>(value: T) -> T {
        value
    }
    let mut memory = [0; MEMORY];
    let mut borrowed = Session::new(net(), &mut memory);
    let mut owned = {
        let url = String::from("https://crm.example.com"); // which does not live as long
        OwnedSession::new(Site::parse(&url, Runtime::Net).unwrap(), MEMORY)
    };
    for round in 0..20 {
        let work = move |session: &mut Session<'_>| {
            session.set_time(1_795_305_600 + round * 10);
            if round == 3 {
                assert!(login(session, &setting(&COOKIES), Cut::Pieces(7)).is_authenticated());
            }
            set_cookies(session, contacts(), &[&format!("n{}=x; path=/", round % 5)]);
        };
        work(&mut borrowed);
        owned = is_send(owned);
        owned = thread::spawn(move || {
            work(&mut owned.lend());
            owned
        })
        .join()
        .unwrap();
        assert_eq!(taken(&owned.lend()), taken(&borrowed), "{round}");
        assert_eq!(snapshot(&owned.lend()), snapshot(&borrowed), "{round}");
        assert_eq!(head(&mut owned.lend()), head(&mut borrowed), "{round}");
    }
}

#[test]
fn a_map_has_one_for_each_tenant_and_each_takes_snapshots_in_its_place() {
    let mut tenants = HashMap::new();
    for tenant in 0..50 {
        let url = format!("https://t{tenant}.example.com/app");
        tenants.insert(tenant, OwnedSession::new(Site::parse(&url, Runtime::Net).unwrap(), 2048));
    }
    for (tenant, owned) in &mut tenants {
        set_cookies(&mut owned.lend(), contacts(), &[&format!(".ASPXAUTH={tenant}; path=/")]);
    }
    for (tenant, owned) in &mut tenants {
        let mut session = owned.lend();
        let bytes = taken(&session);
        session.clear();
        session.restore(&bytes).unwrap();
        drop(session);
        let head = head(&mut owned.lend());
        assert!(head.contains(&format!("Host: t{tenant}.example.com\r\n")), "{head}");
        assert!(head.contains(&format!("Cookie: .ASPXAUTH={tenant}\r\n")), "{head}");
    }
}

#[test]
fn settings_stay_when_it_is_given_back() {
    let mut owned = OwnedSession::new(net(), MEMORY);
    assert!(head(&mut owned.lend()).contains("User-Agent: creatio-auth/"));
    {
        let (agent, lines) = (String::from("meter/2.1"), String::from("X-Gateway-Key: k1\r\n"));
        set(&mut owned.lend(), &agent, &lines);
        let (agent, lines) = ("", "X-Gateway-Key: k2\r\n");
        set(&mut owned.lend(), agent, lines);
        set(&mut owned.lend(), "meter/2.2", "X-Gateway-Key: k3\r\n");
    }
    for _ in 0..2 {
        let head = head(&mut owned.lend());
        assert!(head.contains("User-Agent: meter/2.2\r\n") && head.contains("X-Gateway-Key: k3\r\n"), "{head}");
    }

    /// With texts that live as long as the session is lent.
    fn set<'s>(session: &mut LentSession<'s>, user_agent: &'s str, lines: &'s str) {
        session.set_user_agent(user_agent).unwrap();
        session.set_field_lines(lines).unwrap();
    }
}

#[test]
fn an_exchange_does_not_go_on_when_it_is_lent_again() {
    let mut owned = OwnedSession::new(net(), MEMORY);
    let ask = Call::get(contacts());
    let mut session = owned.lend();
    let mut exchange = session.call(&ask);
    pull(&mut session, &mut exchange, 64);
    let _ = exchange.feed(&mut session, b"HTTP/1.1 200 OK\r\nSet-Cookie: half=").unwrap();
    drop(session);
    assert_eq!(snapshot(&owned.lend()), snapshot(&Session::new(net(), &mut [0; MEMORY])));
}

#[test]
fn one_that_is_forgotten_while_it_is_lent_has_no_cookies_any_more() {
    let mut owned = OwnedSession::new(net(), MEMORY);
    set_cookies(&mut owned.lend(), contacts(), &COOKIES);
    assert_eq!(owned.lend().cookies().count(), 3);
    std::mem::forget(owned.lend());
    assert_eq!(owned.lend().cookies().count(), 0);
    set_cookies(&mut owned.lend(), contacts(), &COOKIES);
    assert!(owned.lend().has_ticket());
    for said in [format!("{:?}", owned.lend()), format!("{owned:?}")] {
        assert!(said.contains("Session") && !said.contains("ASPXAUTH"), "{said}");
    }
}
