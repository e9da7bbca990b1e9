//! Connections that outlive their clients: a client for each request, and one connection for all.

use std::mem;

use creatio_auth::client::Error;
use creatio_auth::client::blocking::{Client, Transport};
use creatio_auth::client::embedded_io_07::ErrorKind;
use creatio_auth::client::transports::Kept;
use creatio_auth::{Call, CallVerdict, Credentials, OwnedSession, ReplyError, Runtime, Session, Site};
use creatio_emulator::{Emulator, Options};

use crate::renewal::{let_in, ok, post};
use crate::script::{Line, Script};
use crate::support::{MEMORY, contacts, credentials, net, signed_in};
use crate::tcp::Tcp;

type Outcome = Result<CallVerdict, Error<ErrorKind>>;

/// A call by a client of its own.
fn once<T: Transport>(session: &mut Session<'_>, line: T, call: &Call<'_>) -> Result<CallVerdict, Error<T::Error>> {
    let mut buffer = [0; 512];
    Ok(Client::new(session, line, &mut buffer).call_renewed(call, &credentials())?.answer()?.verdict)
}

#[test]
fn a_gateway_that_makes_a_client_for_each_request_makes_one_connection_for_all() {
    let emulator = Emulator::start(Options::default()).unwrap();
    let who = Credentials::borrowed("Supervisor", "Supervisor");
    let mut session = OwnedSession::new(Site::parse(&emulator.url(), Runtime::NetFramework).unwrap(), 4096);
    let mut line = Kept::new(Tcp::default());
    let mut serve = |call: &Call<'_>| {
        let (mut session, mut buffer) = (session.lend(), [0; 256]);
        let mut client = Client::new(&mut session, &mut line, &mut buffer);
        client.call_renewed(call, &who).unwrap().answer().unwrap().verdict
    };
    let create = Call::post(contacts()).with_json(br#"{"Name":"Ann"}"#);
    for _ in 0..20 {
        assert_eq!(serve(&Call::get(contacts())), CallVerdict::Fine);
        assert_eq!(serve(&create), CallVerdict::Fine);
    }
    let counters = emulator.counters();
    assert_eq!((counters.connections, counters.logins, counters.writes), (1, 1, 20));
    // A sign-in always has one of its own, which the next call goes over.
    emulator.expire_sessions();
    for _ in 0..5 {
        assert_eq!(serve(&create), CallVerdict::Fine);
    }
    let counters = emulator.counters();
    assert_eq!((counters.connections, counters.logins), (2, 2));
}

/// What these calls come to, each by a client of its own over one kept transport, and how many connections there were; to both clients.
fn calling(lines: &[Line], calls: &[Call<'_>]) -> (Vec<Outcome>, usize) {
    let (mut memory, script) = ([0; MEMORY], Script::new(lines.to_vec()));
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
    let mut line = Kept::new(script.clone());
    let seen: Vec<_> = calls.iter().map(|call| once(&mut session, &mut line, call)).collect();
    #[cfg(feature = "embedded-io-async-07")]
    {
        use crate::slow::{Slow, wait};
        use creatio_auth::client::asynch::Client;
        let (mut memory, mut buffer, script) = ([0; MEMORY], [0; 512], Script::new(lines.to_vec()));
        let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
        let mut line = Kept::new(Slow(script.clone()));
        for (call, seen) in calls.iter().zip(&seen) {
            let mut client = Client::new(&mut session, &mut line, &mut buffer);
            let result = match wait(client.call_renewed(call, &credentials())) {
                Ok(reply) => wait(reply.answer()).map(|answer| answer.verdict),
                Err(error) => Err(error),
            };
            assert_eq!(result, *seen, "the asynchronous client does the same");
        }
        assert_eq!(script.connects(), Script::connects(&script));
    }
    (seen, script.connects())
}

#[test]
fn a_kept_connection_that_was_closed_meanwhile_is_as_one_of_the_same_client() {
    let (get, fine) = (Call::get(contacts()), Ok(CallVerdict::Fine));
    let one = Line::new([ok()]);
    assert_eq!(calling(&[Line::new([ok(), ok(), ok()])], &[get; 3]), (vec![fine; 3], 1));
    // The transport sees it, and so it costs a new one; or it does not, and what may go out twice does.
    assert_eq!(calling(&[one.clone().seen_closed(), one.clone()], &[post(); 2]), (vec![fine; 2], 2));
    assert_eq!(calling(&[one.clone(), one.clone()], &[get; 2]), (vec![fine; 2], 2));
    let closed = Err(Error::Reply(ReplyError::ClosedEarly));
    assert_eq!(calling(&[one.clone(), one.clone()], &[post(), post(), post()]), (vec![fine, closed, fine], 2));
}

#[test]
fn what_is_not_left_in_order_is_not_gone_on_with() {
    let long = || crate::support::fixtures::with_length(&["HTTP/1.1 200 OK"], "x".repeat(900));
    let leave: [fn(&mut Client<'_, '_, &mut Kept<Script>>); 4] = [
        |client| drop(client.call(&Call::get(contacts())).unwrap()),
        |client| mem::forget(client.call(&Call::get(contacts())).unwrap()),
        |client| {
            let call = Call::get(contacts());
            let mut reply = client.call(&call).unwrap();
            reply.piece().unwrap();
            mem::forget(reply);
        },
        |client| client.disconnect(),
    ];
    for (nth, leave) in leave.into_iter().enumerate() {
        let (mut memory, mut buffer) = ([0; MEMORY], [0; 100]);
        let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
        let script = Script::new([Line::new([ok(), long()]).pieces(50), Line::new([ok()])]);
        let mut line = Kept::new(script.clone());
        assert_eq!(once(&mut session, &mut line, &post()), Ok(CallVerdict::Fine));
        leave(&mut Client::new(&mut session, &mut line, &mut buffer));
        assert_eq!(once(&mut session, &mut line, &post()), Ok(CallVerdict::Fine), "{nth}");
        assert_eq!(script.connects(), 2, "{nth}");
    }
}

#[test]
fn it_goes_to_no_other_site() {
    let urls = [
        "https://crm.example.com:444",
        "http://crm.example.com",
        "https://crm.example.co",
        "https://crm.example.com.evil.example",
        "https://xcrm.example.com",
    ];
    for url in urls {
        let (mut memory, mut other) = ([0; MEMORY], [0; MEMORY]);
        let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
        let script = Script::new([Line::new([ok(), ok()]), Line::new([let_in(), ok()]), Line::new([ok()])]);
        let mut line = Kept::new(script.clone());
        assert_eq!(once(&mut session, &mut line, &post()), Ok(CallVerdict::Fine));
        let mut stranger = Session::new(Site::parse(url, Runtime::Net).unwrap(), &mut other);
        let ticket = if url.starts_with("http:") { None } else { Some(CallVerdict::Fine) };
        assert_eq!(once(&mut stranger, &mut line, &post()).ok(), ticket.or(Some(CallVerdict::Fine)));
        let sites = script.notes(|notes| notes.sites.clone());
        assert_eq!(sites.len(), 2, "{sites:?}");
        assert_ne!(sites[0], sites[1]);
        assert_eq!(once(&mut session, &mut line, &post()), Ok(CallVerdict::Fine), "nor back");
        assert_eq!(script.connects(), 3);
    }
    // Another base path is at the same place.
    let (mut memory, mut other) = ([0; MEMORY], [0; MEMORY]);
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
    let script = Script::new([Line::new([ok(), ok()])]);
    let mut line = Kept::new(script.clone());
    assert_eq!(once(&mut session, &mut line, &post()), Ok(CallVerdict::Fine));
    let neighbour = Site::parse("https://crm.example.com/app", Runtime::Net).unwrap();
    let mut neighbour = signed_in(neighbour, &mut other, &[".ASPXAUTH=t; path=/"]);
    assert_eq!(once(&mut neighbour, &mut line, &post()), Ok(CallVerdict::Fine));
    assert_eq!(script.connects(), 1);
    assert!(format!("{line:?}").starts_with("Kept { is_in_order: true"));
    assert!(line.into_inner().is_connected());
    #[cfg(feature = "embedded-io-async-07")]
    {
        use creatio_auth::client::asynch;

        let mut line = Kept::new(crate::slow::Slow(script));
        let site = |url| Site::parse(url, Runtime::Net).unwrap();
        assert!(!asynch::Transport::is_kept(&line, &site("https://crm.example.com")));
        asynch::Transport::keep(&mut line, &site("https://crm.example.com"));
        assert!(asynch::Transport::is_kept(&line, &site("https://crm.example.com")));
        assert!(!asynch::Transport::is_kept(&line, &site("https://crm.example.co")));
    }
}

#[test]
fn a_transport_alone_keeps_nothing_for_the_next_client() {
    let (mut memory, mut session_memory) = (Script::new([Line::new([ok()]), Line::new([ok()])]), [0; MEMORY]);
    let mut session = signed_in(net(), &mut session_memory, &[".ASPXAUTH=t; path=/"]);
    for connects in [1, 2] {
        assert_eq!(once(&mut session, &mut memory, &post()), Ok(CallVerdict::Fine));
        assert_eq!(memory.connects(), connects);
    }
}
