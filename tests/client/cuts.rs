//! Connections that are cut at every byte.

use creatio_auth::client::Error;
use creatio_auth::client::blocking::Client;
use creatio_auth::client::embedded_io_07::ErrorKind;
use creatio_auth::{Call, ReplyError};

use crate::script::{Line, Script};
use crate::support::fixtures::{setting, with_length};
use crate::support::{MEMORY, contacts, credentials, net, signed_in, snapshot};

type Exchange = fn(&mut Client<'_, '_, Script>) -> Result<(), Error<ErrorKind>>;

const COOKIES: [&str; 2] = [".ASPXAUTH=old; path=/; HttpOnly", "BPMCSRF=csrf; path=/"];
const ENDS: [Option<ErrorKind>; 2] = [None, Some(ErrorKind::ConnectionReset)];

const EXCHANGES: [(&str, Exchange); 3] = [
    ("login", |client| client.login(&credentials()).map(|_| ())),
    ("GET", |client| client.call(&Call::get(contacts()))?.answer().map(|_| ())),
    ("POST", |client| client.call(&post())?.answer().map(|_| ())),
];

fn post() -> Call<'static> {
    Call::post(contacts()).with_json(br#"{"Name":"Ann"}"#)
}

/// A reply that renews the ticket.
fn reply() -> Vec<u8> {
    setting(&[".ASPXAUTH=new; path=/; HttpOnly"])
}

/// Runs an exchange over the script's first connection, which is cut, and another over its second.
fn run(script: &Script, exchange: Exchange) -> Result<(), Error<ErrorKind>> {
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 64]);
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    let before = snapshot(&session);
    let mut client = Client::new(&mut session, script.clone(), &mut buffer);
    let result = exchange(&mut client);
    if result.is_err() {
        assert_eq!(snapshot(client.session()), before, "the session is as it was");
        assert!(!script.is_connected());
        assert_eq!(script.connects(), 1, "nothing is sent again");
    }
    exchange(&mut client).unwrap();
    result
}

/// The request of an exchange.
fn request_len(exchange: Exchange) -> usize {
    let script = Script::new([Line::new([reply(), reply()]).goes_on()]);
    run(&script, exchange).unwrap();
    script.notes(|notes| notes.sent.concat().len()) / 2 // the second has the new ticket, which is as long as the old one
}

#[test]
fn a_request_that_is_cut_at_any_byte_is_an_error_and_changes_nothing() {
    for (name, exchange) in EXCHANGES {
        for cut in 0..request_len(exchange) {
            for end in ENDS {
                for piece in [1, usize::MAX] {
                    let cut_off = Line::new([]).takes(cut).ends(end).pieces(piece);
                    let script = Script::new([cut_off, Line::new([reply()])]);
                    let broken = |_| Error::Transport(ErrorKind::BrokenPipe); // what the writing says
                    let expected = end.map_or(Error::Reply(ReplyError::ClosedEarly), broken);
                    assert_eq!(run(&script, exchange), Err(expected), "{name} {cut}");
                    assert_eq!(script.notes(|notes| notes.sent[0].len()), cut, "{name}");
                }
            }
        }
    }
}

//= 9112-6.3-incomplete
#[test]
fn a_reply_that_is_cut_at_any_byte_is_an_error_and_changes_nothing() {
    for (name, exchange) in EXCHANGES {
        for cut in 0..reply().len() {
            for end in ENDS {
                let script = Script::new([Line::new([reply()]).gives(cut).ends(end), Line::new([reply()])]);
                let expected = end.map_or(Error::Reply(ReplyError::ClosedEarly), Error::Transport);
                assert_eq!(run(&script, exchange), Err(expected), "{name} {cut}");
                assert_eq!(script.requests().len(), 2, "{name} {cut}");
            }
        }
    }
}

#[test]
fn a_renewed_write_reaches_the_site_whole_once_at_the_most_wherever_a_connection_is_cut() {
    let ended = || with_length(&["HTTP/1.1 302 Found", "Location: /Login/NuiLogin.aspx?ReturnUrl=x"], "");
    let replies = || [ended(), reply(), reply()];
    let line = || Line::new(replies()).goes_on();
    let whole = Script::new([line()]);
    let write = |script: &Script| {
        let (mut memory, mut buffer) = ([0; MEMORY], [0; 64]);
        let mut session = signed_in(net(), &mut memory, &COOKIES);
        let mut client = Client::new(&mut session, script.clone(), &mut buffer);
        client.call_renewed(&post(), &credentials())?.answer().map(|_| ())
    };
    assert_eq!(write(&whole), Ok(()));
    assert_eq!(whole.requests(), ["POST", "POST", "POST"]);
    let sent = whole.notes(|notes| notes.sent.concat());
    let is_write = |request: &str| request.starts_with("POST /odata") && request.contains(r#"{"Name":"Ann"}"#);
    // After the site has said that the session has ended, which means that it has done nothing.
    let writes = |script: &Script| {
        let text = script.notes(|notes| notes.sent.concat());
        let text = String::from_utf8(text).unwrap().replace("POST /", "\0POST /");
        let mut writes: Vec<_> = text.split('\0').filter(|request| is_write(request)).collect();
        writes.drain(..writes.len().min(1));
        writes.len()
    };
    assert_eq!(writes(&whole), 1);
    for cut in 0..sent.len() {
        let script = Script::new([line().takes(cut).ends(ENDS[1]), Line::new([reply(), reply()])]);
        let result = write(&script);
        assert!(writes(&script) <= 1, "{cut}");
        assert!(result.is_err() || writes(&script) == 1, "{cut}: {result:?}");
    }
    for cut in 0..replies().concat().len() {
        let script = Script::new([line().gives(cut), Line::new([reply(), reply()])]);
        let result = write(&script);
        assert!(writes(&script) <= 1, "{cut}");
        assert!(result.is_err() || writes(&script) == 1, "{cut}: {result:?}");
    }
}
