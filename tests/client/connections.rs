//! When a connection is kept, when another is made, and what is sent again then.

use creatio_auth::client::blocking::Client;
use creatio_auth::client::embedded_io_07::ErrorKind;
use creatio_auth::client::{Error, Identity};
use creatio_auth::{Call, ClientCredentials, Method, PasswordChange, ReplyError, Runtime, Session, Site};

use crate::script::{Line, Script};
use crate::support::fixtures::{SUCCESS, raw, setting, with_length};
use crate::support::{MEMORY, contacts, credentials, net, signed_in};

type E = Error<ErrorKind>;
type Exchange = fn(&mut Client<'_, '_, Script>) -> Result<(), E>;

fn ok() -> Vec<u8> {
    with_length(&["HTTP/1.1 200 OK", "Content-Type: application/json"], SUCCESS)
}

fn login_ok() -> Vec<u8> {
    setting(&[".ASPXAUTH=t; path=/", "BPMCSRF=c; path=/"])
}

/// Signs in over the script's first connection, and does this then.
fn after_login(script: &Script, exchange: Exchange) -> Result<(), E> {
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 512]);
    let mut session = Session::new(net(), &mut memory);
    let mut client = Client::new(&mut session, script.clone(), &mut buffer);
    let _ = client.login(&credentials()).unwrap();
    exchange(&mut client)
}

fn call(client: &mut Client<'_, '_, Script>, call: Call<'_>) -> Result<(), E> {
    client.call(&call)?.answer().map(|_| ())
}

fn get(client: &mut Client<'_, '_, Script>) -> Result<(), E> {
    call(client, Call::get(contacts()))
}

/// What does no more twice than once.
const REPEATABLE: [(&str, Exchange); 4] = [
    ("GET", get),
    ("HEAD", |client| call(client, Call::new(Method::Head, contacts()))),
    ("logout", |client| client.logout().map(|_| ())),
    ("renewed GET", |client| client.call_renewed(&Call::get(contacts()), &credentials())?.answer().map(|_| ())),
];

const WRITES: [(&str, Exchange); 6] = [
    ("POST", |client| call(client, Call::post(contacts()).with_json(b"{}"))),
    ("PUT", |client| call(client, Call::put(contacts()).with_json(b"{}"))),
    ("PATCH", |client| call(client, Call::patch(contacts()).with_json(b"{}"))),
    ("DELETE", |client| call(client, Call::delete(contacts()))),
    ("renewed POST", |client| {
        client.call_renewed(&Call::post(contacts()).with_json(b"{}"), &credentials())?.answer().map(|_| ())
    }),
    ("upload", |client| {
        let call = Call::post(contacts()).with_body_of_length("text/plain", 4).unwrap();
        let mut upload = client.upload(&call)?;
        upload.write(b"abcd")?;
        upload.reply()?.answer().map(|_| ())
    }),
];

const SIGN_INS: [(&str, Exchange); 3] = [
    ("login", |client| client.login(&credentials()).map(|_| ())),
    ("password change", |client| client.change_password(&PasswordChange::borrowed(credentials(), "new")).map(|_| ())),
    ("token of the site itself", |client| {
        let client_credentials = ClientCredentials::borrowed("id", "secret");
        client.token(&Identity::new(net(), &client_credentials)).map(|_| ())
    }),
];

//= 9112-9.3-persistent
#[test]
fn one_connection_serves_many_exchanges() {
    let script = Script::new([Line::new([login_ok(), ok(), ok(), ok()])]);
    let result = after_login(&script, |client| {
        get(client)?;
        call(client, Call::post(contacts()))?;
        get(client)
    });
    assert_eq!((result, script.connects()), (Ok(()), 1));
    assert_eq!(script.requests(), ["POST", "GET", "POST", "GET"]);
}

//= 9112-6.3-extra-data, 9112-9.2-stray, 9112-9.2-close-on-stray, 9112-9.6-close-received
#[test]
fn a_connection_that_does_not_stand_is_made_anew() {
    let closing = with_length(&["HTTP/1.1 200 OK", "Connection: close"], SUCCESS);
    let to_the_end = raw(&["HTTP/1.1 200 OK"], SUCCESS);
    let and_more = [ok(), b"HTTP/1.1 200 OK\r\n".to_vec()].concat(); // which nobody has asked for
    for reply in [closing, to_the_end, and_more] {
        let script = Script::new([Line::new([login_ok(), reply]), Line::new([ok()])]);
        let result = after_login(&script, |client| {
            get(client)?;
            call(client, Call::post(contacts()))
        });
        assert_eq!((result, script.connects()), (Ok(()), 2));
        assert_eq!(script.requests(), ["POST", "GET", "POST"]);
    }
}

//= 9112-9.8-recover
#[test]
fn a_kept_connection_that_was_closed_meanwhile_costs_a_new_one_where_that_does_nothing_twice() {
    for (name, exchange) in REPEATABLE {
        for end in [None, Some(ErrorKind::ConnectionReset), Some(ErrorKind::BrokenPipe)] {
            let len = request_len();
            for kept in
                [Line::new([login_ok()]), Line::new([login_ok()]).takes(len), Line::new([login_ok()]).takes(len + 9)]
            {
                let script = Script::new([kept.ends(end), Line::new([login_ok()])]);
                assert_eq!(after_login(&script, exchange), Ok(()), "{name} {end:?}");
                assert_eq!(script.connects(), 2, "{name} {end:?}");
            }
        }
    }
}

/// The length of the request of the login.
fn request_len() -> usize {
    let script = Script::new([Line::new([login_ok()])]);
    after_login(&script, |_| Ok(())).unwrap();
    script.notes(|notes| notes.sent[0].len())
}

//= 9110-9.2.2-no-retry
#[test]
fn a_write_is_never_sent_twice() {
    for (name, exchange) in WRITES {
        for end in [None, Some(ErrorKind::ConnectionReset)] {
            for takes in [usize::MAX, request_len(), request_len() + 9] {
                let kept = Line::new([login_ok()]).takes(takes).ends(end);
                let script = Script::new([kept, Line::new([ok()])]);
                let result = after_login(&script, exchange);
                assert!(matches!(result, Err(Error::Reply(ReplyError::ClosedEarly) | Error::Transport(_))), "{name}");
                assert_eq!((script.connects(), script.is_connected()), (1, false), "{name}");
            }
        }
    }
}

#[test]
fn a_sign_in_begins_a_new_connection_and_is_never_sent_twice() {
    for (name, exchange) in SIGN_INS {
        let script = Script::new([Line::new([login_ok(), ok()]), Line::new([ok()]), Line::new([ok()])]);
        assert_eq!(after_login(&script, exchange), Ok(()), "{name}");
        assert_eq!((script.connects(), script.requests().len()), (2, 2), "{name}");
        for end in [None, Some(ErrorKind::ConnectionReset)] {
            for takes in [usize::MAX, 1] {
                let silent = Line::new([]).takes(takes).ends(end);
                let script = Script::new([Line::new([login_ok(), ok()]), silent, Line::new([ok()])]);
                let result = after_login(&script, exchange);
                assert!(matches!(result, Err(Error::Reply(ReplyError::ClosedEarly) | Error::Transport(_))), "{name}");
                assert_eq!((script.connects(), script.is_connected()), (2, false), "{name}");
            }
        }
    }
}

//= 9112-9.2-stray
#[test]
fn a_transport_that_sees_the_end_of_its_connection_spares_a_write_the_error() {
    for (name, exchange) in WRITES.into_iter().chain(REPEATABLE) {
        let script = Script::new([Line::new([login_ok()]).seen_closed(), Line::new([login_ok()])]);
        assert_eq!((after_login(&script, exchange), script.connects()), (Ok(()), 2), "{name}");
    }
}

//= 9110-9.2.2-one-retry
#[test]
fn nothing_is_sent_again_after_a_time_out_or_on_a_new_connection_or_when_a_reply_has_begun() {
    for (name, exchange) in REPEATABLE {
        let time_out = Some(ErrorKind::TimedOut);
        let script = Script::new([Line::new([login_ok()]).ends(time_out), Line::new([login_ok()])]);
        let result = after_login(&script, exchange);
        assert_eq!(result, Err(Error::Transport(ErrorKind::TimedOut)), "{name}");
        assert_eq!(script.connects(), 1, "{name}");

        let broken = Line::new([login_ok(), ok()]).gives(login_ok().len() + 1);
        let script = Script::new([broken, Line::new([login_ok()])]);
        let result = after_login(&script, exchange);
        assert_eq!(result, Err(Error::Reply(ReplyError::ClosedEarly)), "{name}");
        assert_eq!(script.connects(), 1, "{name}");

        let lines = [Line::new([login_ok()]), Line::new([]), Line::new([login_ok()])];
        let script = Script::new(lines);
        let result = after_login(&script, exchange);
        assert_eq!(result, Err(Error::Reply(ReplyError::ClosedEarly)), "{name}");
        assert_eq!(script.connects(), 2, "{name}");
    }
}

#[test]
fn the_connection_to_one_site_serves_no_other() {
    let token = r#"{"access_token":"abc","expires_in":3600,"token_type":"Bearer"}"#;
    let token = with_length(&["HTTP/1.1 200 OK", "Content-Type: application/json"], token);
    let lines = [Line::new([ok(), ok()]), Line::new([token, ok()]), Line::new([ok(), ok()])];
    let script = Script::new(lines);
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 128]);
    let mut session = Session::new(net(), &mut memory);
    let mut client = Client::new(&mut session, script.clone(), &mut buffer);
    get(&mut client).unwrap();
    let service = Site::parse("https://crm-is.example.com", Runtime::Net).unwrap();
    let who = ClientCredentials::borrowed("id", "secret");
    let identity = Identity::new(service, &who);
    let _ = client.token(&identity).unwrap();
    assert!(!script.is_connected());
    get(&mut client).unwrap();
    get(&mut client).unwrap();
    let (here, there) = ("https://crm.example.com", "https://crm-is.example.com");
    script.notes(|notes| assert_eq!(notes.sites, [here, there, here]));
}

#[test]
fn the_cookies_of_a_session_never_go_over_the_connection_to_the_site_of_another() {
    let script = Script::new([Line::new([login_ok(), ok()]), Line::new([ok()])]);
    let (mut memory, mut other_memory, mut buffer) = ([0; MEMORY], [0; MEMORY], [0; 128]);
    let mut session = Session::new(net(), &mut memory);
    let other_site = Site::parse("https://other.example.com", Runtime::Net).unwrap();
    let other = signed_in(other_site, &mut other_memory, &[".ASPXAUTH=OTHER; path=/"]);
    let mut client = Client::new(&mut session, script.clone(), &mut buffer);
    let _ = client.login(&credentials()).unwrap();
    *client.session_mut() = other;
    get(&mut client).unwrap();
    script.notes(|notes| assert_eq!(notes.sites, ["https://crm.example.com", "https://other.example.com"]));
}

#[test]
fn a_client_over_a_borrowed_transport_leaves_it_to_its_owner() {
    let mut script = Script::new([Line::new([login_ok(), ok()])]);
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 128]);
    let mut session = Session::new(net(), &mut memory);
    let mut client = Client::new(&mut session, &mut script, &mut buffer);
    let _ = client.login(&credentials()).unwrap();
    let _ = client.call(&Call::get(contacts())).unwrap().answer().unwrap();
    assert!(client.session().has_ticket());
    client.session_mut().clear();
    assert_eq!((script.connects(), session.has_ticket()), (1, false));
}
