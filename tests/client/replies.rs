//! What the clients make of every reply that the exchange is tested with, in pieces of any size on either side.

use creatio_auth::client::Error;
use creatio_auth::client::blocking::{Client, Reply, Transport};
use creatio_auth::client::embedded_io_07::ErrorKind;
use creatio_auth::{Call, Session};

use crate::script::{Line, Script};
use crate::support::fixtures::{self, Ask, Fixture, SUCCESS, setting, with_length};
use crate::support::{Answer, MEMORY, contacts, cookie_field, credentials, net};

/// The rest of a body.
pub fn body<T: Transport>(reply: &mut Reply<'_, '_, T>) -> Result<Vec<u8>, Error<T::Error>> {
    let mut body = Vec::new();
    while let Some(piece) = reply.piece()? {
        assert!(!piece.is_empty());
        body.extend_from_slice(piece);
    }
    Ok(body)
}

fn sizes() -> impl Iterator<Item = (usize, usize)> {
    [1, 2, 7, 512].into_iter().flat_map(|buffer| [1, 3, usize::MAX].map(|piece| (buffer, piece)))
}

/// A connection that has this reply, and whatever it takes to see that it is kept.
fn script(fixture: &Fixture, piece: usize) -> Script {
    Script::new([Line::new([fixture.reply.clone()]).pieces(piece)])
}

#[test]
fn every_reply_is_read_whatever_the_size_of_the_buffer_and_of_the_pieces() {
    for fixture in fixtures::all() {
        for (size, piece) in sizes() {
            let context = format!("{}, buffer {size}, pieces {piece}", fixture.name);
            let (mut memory, mut buffer) = ([0; MEMORY], vec![0; size]);
            let script = script(&fixture, piece);
            let mut session = fixture.session(&mut memory);
            let mut client = Client::new(&mut session, script.clone(), &mut buffer);
            match &fixture.ask {
                Ask::Login => {
                    let who = credentials();
                    let login = client.login(&who).unwrap();
                    assert_eq!(Some(Answer::of(&login)), fixture.answer, "{context}");
                }
                Ask::Call(call) => {
                    let mut reply = client.call(call).unwrap();
                    assert_eq!(reply.http_status(), fixture.http_status, "{context}");
                    assert_eq!(body(&mut reply).unwrap(), fixture.body.as_bytes(), "{context}");
                    assert_eq!(reply.piece(), Ok(None), "{context}");
                    assert_eq!(reply.answer().unwrap().http_status, fixture.http_status, "{context}");
                }
            }
            assert_eq!(script.is_connected(), fixture.keeps_alive, "{context}");
            assert_eq!(cookie_field(&session, contacts()), fixture.cookies, "{context}");
        }
    }
}

#[test]
fn a_renewed_call_gives_the_same_body_where_the_session_has_not_ended() {
    for fixture in fixtures::calls().into_iter().filter(|fixture| fixture.http_status != 302) {
        for (size, piece) in sizes() {
            let context = format!("{}, buffer {size}, pieces {piece}", fixture.name);
            let (mut memory, mut buffer) = ([0; MEMORY], vec![0; size]);
            let mut session = fixture.session(&mut memory);
            let mut client = Client::new(&mut session, script(&fixture, piece), &mut buffer);
            let Ask::Call(call) = &fixture.ask else { unreachable!() };
            let mut reply = client.call_renewed(call, &credentials()).unwrap();
            // Of the bodies that might be a login page nothing is seen: there is a 304 among them, which has none.
            assert_eq!(body(&mut reply).unwrap(), fixture.body.as_bytes(), "{context}");
            assert_eq!(reply.answer().unwrap().http_status, fixture.http_status, "{context}");
        }
    }
}

#[cfg(feature = "embedded-io-async-07")]
#[test]
fn the_asynchronous_client_does_the_same() {
    use crate::slow::{Slow, wait};
    use creatio_auth::client::asynch;

    for fixture in fixtures::all() {
        for (size, piece) in sizes() {
            let context = format!("{}, buffer {size}, pieces {piece}", fixture.name);
            let (mut memory, mut buffer) = ([0; MEMORY], vec![0; size]);
            let script = script(&fixture, piece);
            let mut session = fixture.session(&mut memory);
            let mut client = asynch::Client::new(&mut session, Slow(script.clone()), &mut buffer);
            match &fixture.ask {
                Ask::Login => {
                    let who = credentials();
                    let login = wait(client.login(&who)).unwrap();
                    assert_eq!(Some(Answer::of(&login)), fixture.answer, "{context}");
                }
                Ask::Call(call) => {
                    let mut reply = wait(client.call(call)).unwrap();
                    let mut body = Vec::new();
                    while let Some(piece) = wait(reply.piece()).unwrap() {
                        body.extend_from_slice(piece);
                    }
                    assert_eq!(body, fixture.body.as_bytes(), "{context}");
                    assert_eq!(wait(reply.answer()).unwrap().http_status, fixture.http_status, "{context}");
                }
            }
            assert_eq!(script.is_connected(), fixture.keeps_alive, "{context}");
            assert_eq!(cookie_field(&session, contacts()), fixture.cookies, "{context}");
        }
    }
}

#[test]
fn the_fields_of_a_reply_are_known_from_its_head_on() {
    let lines = ["HTTP/1.1 201 C", "Content-Type: application/json", "Location: /x", "ETag: \"7\""];
    let script = Script::new([Line::new([with_length(&lines, "{}")])]);
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 512]);
    let mut session = Session::new(net(), &mut memory);
    let mut client = Client::new(&mut session, script, &mut buffer);
    let call = Call::post(contacts()).with_wanted_field("ETag").unwrap();
    let reply = client.call(&call).unwrap();
    assert_eq!((reply.http_status(), reply.content_length()), (201, Some(2)));
    assert_eq!(reply.content_type(), Some(&b"application/json"[..]));
    assert_eq!((reply.location(), reply.wanted_field()), (Some(&b"/x"[..]), Some(&b"\"7\""[..])));
}

#[test]
fn a_request_goes_in_one_write_for_each_filled_buffer_and_one_flush() {
    for size in [1, 100, 512] {
        let script = Script::new([Line::new([setting(&[".ASPXAUTH=t; path=/"])])]);
        let (mut memory, mut buffer) = ([0; MEMORY], vec![0; size]);
        let mut session = Session::new(net(), &mut memory);
        let _ = Client::new(&mut session, script.clone(), &mut buffer).login(&credentials()).unwrap();
        script.notes(|notes| {
            let request = notes.sent[0].len();
            let mut expected: Vec<_> = (0..request).step_by(size).map(|at| size.min(request - at)).collect();
            expected.push(0);
            assert_eq!(notes.writes, expected);
        });
    }
}

//= 9112-9.3-read-all
#[test]
fn a_body_that_is_not_wanted_need_not_be_read() {
    let reply = || with_length(&["HTTP/1.1 200 OK", "Content-Type: application/json"], SUCCESS.repeat(100));
    let script = Script::new([Line::new([reply(), reply()]), Line::new([reply()])]);
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 64]);
    let mut session = Session::new(net(), &mut memory);
    let mut client = Client::new(&mut session, script.clone(), &mut buffer);
    let call = Call::get(contacts());
    // Passed over by `answer`, and the connection goes on.
    let _ = client.call(&call).unwrap().answer().unwrap();
    assert!(script.is_connected());
    // Dropped, and the connection with it.
    drop(client.call(&call).unwrap());
    assert!(!script.is_connected());
    let _ = client.call(&call).unwrap().answer().unwrap();
    assert_eq!(script.connects(), 2);
    client.disconnect();
    assert_eq!(client.call(&call).unwrap_err(), Error::Connect(ErrorKind::ConnectionRefused));
}
