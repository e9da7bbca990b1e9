//! Futures that are dropped at every point where they wait.

use creatio_auth::client::Error;
use creatio_auth::client::asynch::Client;
use creatio_auth::{Call, Misuse, ReplyError, Session};

use crate::script::{Line, Script};
use crate::slow::{Slow, poll_times, wait};
use crate::support::fixtures::{setting, with_length};
use crate::support::{MEMORY, contacts, credentials, net, signed_in, snapshot};

const COOKIES: [&str; 2] = [".ASPXAUTH=old; path=/; HttpOnly", "BPMCSRF=csrf; path=/"];

/// A reply that renews the ticket.
fn reply() -> Vec<u8> {
    setting(&[".ASPXAUTH=new; path=/; HttpOnly"])
}

fn post() -> Call<'static> {
    Call::post(contacts()).with_json(br#"{"Name":"Ann"}"#)
}

/// Begins an exchange on a kept connection and polls it so often; whether it came to its end.
async fn login(client: &mut Client<'_, '_, Slow>) {
    let _ = client.login(&credentials()).await.unwrap();
}

async fn call(client: &mut Client<'_, '_, Slow>) {
    let _ = client.call(&post()).await.unwrap().answer().await.unwrap();
}

async fn call_in_pieces(client: &mut Client<'_, '_, Slow>) {
    let mut reply = client.call(&post()).await.unwrap();
    while reply.piece().await.unwrap().is_some() {}
}

async fn upload(client: &mut Client<'_, '_, Slow>) {
    let call = Call::put(contacts()).with_body_of_length("text/plain", 4).unwrap();
    let mut upload = client.upload(&call).await.unwrap();
    upload.write(b"ab").await.unwrap();
    upload.write(b"cd").await.unwrap();
    let _ = upload.reply().await.unwrap().answer().await.unwrap();
}

/// Drops an exchange at each point where it waits, on a new connection and on a kept one.
fn drop_everywhere(exchange: impl AsyncFn(&mut Client<'_, '_, Slow>)) {
    for is_kept in [false, true] {
        for times in 0.. {
            let lines = [(); 3].map(|()| Line::new([reply(), reply()]).pieces(32));
            let script = Script::new(lines);
            let (mut memory, mut buffer) = ([0; MEMORY], [0; 64]);
            let mut session = signed_in(net(), &mut memory, &COOKIES);
            let mut client = Client::new(&mut session, Slow(script.clone()), &mut buffer);
            if is_kept {
                wait(call(&mut client));
            }
            let before = snapshot(client.session());
            if poll_times(times, exchange(&mut client)).is_some() {
                assert!(times > 10);
                break;
            }
            assert_eq!(snapshot(client.session()), before, "{times}");
            assert_eq!(script.is_connected(), is_kept && times == 0, "{times}");
            let connects = script.connects();
            wait(call(&mut client));
            assert_eq!(script.connects(), connects + usize::from(!(is_kept && times == 0)), "{times}");
        }
    }
}

#[test]
fn a_dropped_future_leaves_the_session_as_it_was_and_its_connection_to_nobody() {
    drop_everywhere(login);
    drop_everywhere(call);
    drop_everywhere(call_in_pieces);
    drop_everywhere(upload);
}

/// What a login brings that no cookies have gone with.
const NEW: [&str; 2] = ["BPMCSRF=csrf; path=/", ".ASPXAUTH=new; path=/; HttpOnly"];

#[test]
fn a_dropped_renewal_keeps_what_its_exchanges_have_brought_and_writes_once() {
    let ended = || with_length(&["HTTP/1.1 302 Found", "Location: /Login/NuiLogin.aspx?ReturnUrl=x"], "");
    for times in 0.. {
        let script = Script::new([Line::new([ended(), setting(&NEW), reply()]).goes_on(), Line::new([reply()])]);
        let (mut memory, mut buffer) = ([0; MEMORY], [0; 64]);
        let mut session = signed_in(net(), &mut memory, &COOKIES);
        let ended_here = snapshot(&Session::new(net(), &mut []));
        let (old, new) = {
            let mut memory = [0; MEMORY];
            (snapshot(&session), snapshot(&signed_in(net(), &mut memory, &NEW)))
        };
        let mut client = Client::new(&mut session, Slow(script.clone()), &mut buffer);
        let (call, who) = (post(), credentials());
        let is_ready = poll_times(times, async {
            client.call_renewed(&call, &who).await.unwrap().answer().await.unwrap().verdict
        });
        let now = snapshot(client.session());
        assert!([&old, &ended_here, &new].contains(&&now), "{times}");
        assert!(script.requests().len() <= 3, "{times}");
        if is_ready.is_some() {
            assert_eq!(now, new);
            break;
        }
    }
}

#[test]
fn a_dropped_log_out_has_forgotten_the_session() {
    for times in 1.. {
        let script = Script::new([Line::new([reply()])]);
        let (mut memory, mut buffer) = ([0; MEMORY], [0; 64]);
        let mut session = signed_in(net(), &mut memory, &COOKIES);
        let mut client = Client::new(&mut session, Slow(script.clone()), &mut buffer);
        let is_ready = poll_times(times, client.logout()).is_some();
        assert!(!client.session().has_ticket() && !script.is_connected(), "{times}");
        if is_ready {
            break;
        }
    }
}

#[test]
fn a_reply_or_an_upload_of_which_a_future_was_dropped_does_not_go_on() {
    let out_of_turn = Error::Reply(ReplyError::Misuse(Misuse::OutOfTurn));
    let script = Script::new([Line::new([reply()]).pieces(40), Line::new([reply()])]);
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 64]);
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    let mut client = Client::new(&mut session, Slow(script.clone()), &mut buffer);
    let call = post();
    let mut reply = wait(client.call(&call)).unwrap();
    while poll_times(1, reply.piece()).is_some() {}
    assert_eq!(wait(reply.piece()).unwrap_err(), out_of_turn);
    assert_eq!(wait(reply.answer()).unwrap_err(), out_of_turn);

    let call = Call::put(contacts()).with_body_of_length("text/plain", 4).unwrap();
    let mut upload = wait(client.upload(&call)).unwrap();
    assert!(poll_times(1, upload.write(b"ab")).is_none());
    assert_eq!(wait(upload.write(b"cd")).unwrap_err(), out_of_turn);
    assert!(wait(upload.reply()).is_err());
    assert!(!script.is_connected());
}

#[test]
fn a_dropped_login_leaves_nothing_in_the_buffer() {
    for times in 1.. {
        let script = Script::new([Line::new([reply()])]);
        let (mut memory, mut buffer) = ([0; MEMORY], [0; 512]);
        let mut session = signed_in(net(), &mut memory, &COOKIES);
        let mut client = Client::new(&mut session, Slow(script), &mut buffer);
        let is_ready = poll_times(times, login(&mut client)).is_some();
        assert_eq!(buffer, [0; 512], "{times}");
        if is_ready {
            break;
        }
    }
}
