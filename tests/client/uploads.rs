//! Bodies that the caller writes in pieces.

use creatio_auth::client::Error;
use creatio_auth::client::blocking::Client;
use creatio_auth::client::embedded_io_07::ErrorKind;
use creatio_auth::{Call, CallVerdict, ReplyError};

use crate::script::{Line, Script};
use crate::support::fixtures::{SUCCESS, with_length};
use crate::support::{MEMORY, Read, contacts, net, signed_in};

const BODY: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

fn call() -> Call<'static> {
    Call::put(contacts()).with_body_of_length("text/plain", BODY.len()).unwrap()
}

fn ok() -> Vec<u8> {
    with_length(&["HTTP/1.1 200 OK", "Content-Type: application/json"], SUCCESS)
}

/// The answer where nobody has signed in, which a site gives without waiting for the body.
fn refusal() -> Vec<u8> {
    let lines = ["HTTP/1.1 401 No", "Content-Type: application/json"];
    with_length(&lines, r#"{"Message":"Authentication failed."}"#)
}

/// Writes the body in pieces of this size.
fn upload(script: &Script, size: usize) -> Result<CallVerdict, Error<ErrorKind>> {
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 64]);
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
    let mut client = Client::new(&mut session, script.clone(), &mut buffer);
    let call = call();
    let mut upload = client.upload(&call)?;
    for piece in BODY.chunks(size) {
        upload.write(b"")?;
        upload.write(piece)?;
    }
    Ok(upload.reply()?.answer()?.verdict)
}

#[test]
fn a_body_goes_in_pieces_of_any_size() {
    for size in 1..=BODY.len() {
        for piece in [1, 5, usize::MAX] {
            let script = Script::new([Line::new([ok()]).pieces(piece)]);
            assert_eq!(upload(&script, size), Ok(CallVerdict::Fine));
            assert!(script.is_connected());
            let read = script.notes(|notes| Read::new(&notes.sent[0]));
            assert_eq!(read.field("Content-Length"), Some(&b"36"[..]));
            assert_eq!(read.body, BODY, "{size} {piece}");
        }
    }
}

//= 9110-8.6-right
#[test]
fn a_body_is_as_long_as_the_call_says() {
    let script = Script::new(vec![Line::new([ok()]); 4]);
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 64]);
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
    let mut client = Client::new(&mut session, script.clone(), &mut buffer);
    let call = call();

    let mut upload = client.upload(&call).unwrap();
    upload.write(&BODY[1..]).unwrap();
    assert_eq!(upload.reply().unwrap_err(), Error::BodyLength);
    assert!(!script.is_connected(), "the site waits for the rest");

    let mut upload = client.upload(&call).unwrap();
    upload.write(&BODY[1..]).unwrap();
    assert_eq!(upload.write(b"ab").unwrap_err(), Error::BodyLength);
    upload.write(b"a").unwrap(); // nothing was written before
    assert_eq!(upload.reply().unwrap().answer().unwrap().verdict, CallVerdict::Fine);
    assert!(script.is_connected());
    script.notes(|notes| assert_eq!(Read::new(&notes.sent[1]).body.len(), BODY.len()));

    // A body that the call has with it is not written, and one that it has not is not forgotten.
    let with_it = Call::post(contacts()).with_json(b"{}");
    client.disconnect();
    assert_eq!(client.upload(&with_it).unwrap().write(b"x").unwrap_err(), Error::BodyLength);
    assert!(client.upload(&with_it).unwrap().reply().is_ok());
    assert_eq!(client.call(&call).unwrap_err(), Error::BodyLength);
    let empty = Call::post(contacts()).with_body_of_length("text/plain", 0).unwrap();
    assert!(matches!(client.call(&empty), Err(Error::Connect(_)) | Ok(_)));
}

//= 9110-7.5-go-on-sending
#[test]
fn an_answer_that_comes_early_does_not_end_the_body() {
    for size in [1, 7, 100] {
        for piece in [1, 5, usize::MAX] {
            let script = Script::new([Line::new([refusal()]).pieces(piece).eager()]);
            assert!(matches!(upload(&script, size), Ok(CallVerdict::SessionEnded(_))), "{size} {piece}");
            assert!(script.is_connected());
            assert_eq!(script.notes(|notes| Read::new(&notes.sent[0])).body, BODY, "{size} {piece}");
        }
    }
}

//= 9112-9.5-stop-sending
#[test]
fn an_answer_that_comes_early_is_read_though_the_body_is_not_taken() {
    let head = {
        let script = Script::new([Line::new([ok()])]);
        upload(&script, 1).unwrap();
        script.notes(|notes| notes.sent[0].len() - BODY.len())
    };
    for takes in 1..head + BODY.len() {
        for size in [1, 7, 100] {
            let line = Line::new([refusal()]).takes(takes).early().ends(Some(ErrorKind::ConnectionReset));
            let script = Script::new([line]);
            let ended = upload(&script, size).unwrap();
            assert!(matches!(ended, CallVerdict::SessionEnded(_)), "{takes} {size}");
            assert!(!script.is_connected());
        }
        // Where nothing comes, the error is that of the writing.
        let script = Script::new([Line::new([]).takes(takes).ends(Some(ErrorKind::ConnectionReset))]);
        assert_eq!(upload(&script, 7), Err(Error::Transport(ErrorKind::BrokenPipe)), "{takes}");
        let script = Script::new([Line::new([]).takes(takes)]);
        assert_eq!(upload(&script, 7), Err(Error::Reply(ReplyError::ClosedEarly)), "{takes}");
    }
}

#[test]
fn an_upload_that_is_given_up_takes_its_connection_with_it() {
    let script = Script::new([Line::new([ok()])]);
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 64]);
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
    let mut client = Client::new(&mut session, script.clone(), &mut buffer);
    let call = call();
    let mut upload = client.upload(&call).unwrap();
    upload.write(&BODY[1..]).unwrap();
    assert!(script.is_connected());
    drop(upload);
    assert!(!script.is_connected());
}
