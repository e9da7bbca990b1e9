//! Writes that may be repeated, since their caller says so: cut at every byte, and done once.

use creatio_auth::client::Error;
use creatio_auth::client::blocking::{Client, Transport};
use creatio_auth::client::embedded_io_07::ErrorKind;
use creatio_auth::{Call, CallVerdict, Credentials, Method, Path, ReplyError, Runtime, Session, Site};
use creatio_emulator::{Emulator, EndedSession, Options};

use crate::script::{Line, Script};
use crate::support::fixtures::{SUCCESS, with_length};
use crate::support::{MEMORY, contacts, credentials, net, signed_in};
use crate::tcp::Tcp;

const COOKIES: [&str; 2] = [".ASPXAUTH=old; path=/; HttpOnly", "BPMCSRF=csrf; path=/"];

fn ok() -> Vec<u8> {
    with_length(&["HTTP/1.1 200 OK", "Content-Type: application/json"], SUCCESS)
}

fn create() -> Call<'static> {
    Call::post(contacts()).with_json(b"{}").with_repeatable()
}

fn over<R>(script: &Script, test: impl FnOnce(&mut Client<'_, '_, Script>) -> R) -> R {
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 64]);
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    test(&mut Client::new(&mut session, script.clone(), &mut buffer))
}

/// Whether it may have been done before, or the error.
fn made(script: &Script, call: &Call<'_>) -> Result<bool, Error<ErrorKind>> {
    over(script, |client| {
        let reply = client.call(call)?;
        let before = reply.may_be_done_before();
        reply.answer().map(|_| before)
    })
}

#[test]
fn what_is_repeatable_goes_out_twice_where_the_connection_is_closed_and_no_more() {
    for method in [Method::Post, Method::Put, Method::Patch, Method::Delete] {
        let call = Call::new(method, contacts()).with_repeatable();
        let head = ok().windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
        for cut in 0..head {
            for end in [None, Some(ErrorKind::ConnectionReset), Some(ErrorKind::BrokenPipe)] {
                let cut_off = || Line::new([ok()]).gives(cut).ends(end);
                let script = Script::new([cut_off(), Line::new([ok()])]);
                assert_eq!(made(&script, &call), Ok(true), "{method:?} {cut} {end:?}");
                assert_eq!(script.requests().len(), 2);

                let script = Script::new([cut_off(), cut_off(), Line::new([ok()])]);
                let expected = end.map_or(Error::Reply(ReplyError::ClosedEarly), Error::Transport);
                assert_eq!(made(&script, &call), Err(expected), "{method:?} {cut} {end:?}");
                assert_eq!(script.requests().len(), 2);
            }
        }
        // By then the caller has it.
        let script = Script::new([Line::new([ok()]).gives(head), Line::new([ok()])]);
        assert_eq!(made(&script, &call), Err(Error::Reply(ReplyError::ClosedEarly)));
        assert_eq!(script.requests().len(), 1);
    }
    assert_eq!(made(&Script::new([Line::new([ok()])]), &create()), Ok(false));
}

#[test]
fn without_the_caller_s_word_no_write_goes_out_twice_and_with_it_none_after_a_time_out() {
    for method in [Method::Post, Method::Put, Method::Patch, Method::Delete] {
        let call = Call::new(method, contacts());
        let script = Script::new([Line::new([]), Line::new([ok()])]);
        assert_eq!(made(&script, &call), Err(Error::Reply(ReplyError::ClosedEarly)), "{method:?}");
        assert_eq!(script.requests().len(), 1);

        let script = Script::new([Line::new([]).ends(Some(ErrorKind::TimedOut)), Line::new([ok()])]);
        assert_eq!(made(&script, &call.with_repeatable()), Err(Error::Transport(ErrorKind::TimedOut)), "{method:?}");
        assert_eq!(script.requests().len(), 1);
    }
}

/// The body that the caller writes is gone.
#[test]
fn an_upload_is_not_sent_again_by_itself() {
    let call = Call::put(contacts()).with_body_of_length("text/plain", 4).unwrap().with_repeatable();
    let script = Script::new([Line::new([]), Line::new([ok()])]);
    let result = over(&script, |client| {
        let mut upload = client.upload(&call)?;
        upload.write(b"abcd")?;
        upload.reply()?.answer().map(|_| ())
    });
    assert_eq!(result, Err(Error::Reply(ReplyError::ClosedEarly)));
    assert_eq!(script.requests().len(), 1);
}

/// Nobody knows then whether the first one was done, which an error that says "not sent" would deny.
#[test]
fn where_there_is_no_second_connection_the_first_one_is_told() {
    let script = Script::new([Line::new([])]); // and no other
    assert_eq!(made(&script, &create()), Err(Error::Reply(ReplyError::ClosedEarly)));
}

#[test]
fn after_a_page_that_may_be_the_call_s_own_answer_what_is_repeatable_is_made_again() {
    let page = || with_length(&["HTTP/1.1 200 OK", "Content-Type: text/html"], "<html>/Login/NuiLogin.aspx");
    let login = || crate::support::fixtures::setting(&[".ASPXAUTH=new; path=/; HttpOnly"]);
    let renewed = |call: &Call<'_>, before: Option<Line>| {
        let lines = [Line::new([page()]), Line::new([login(), ok()])];
        let script = Script::new(before.into_iter().chain(lines));
        let result = over(&script, |client| {
            let reply = client.call_renewed(call, &credentials())?;
            let before = reply.may_be_done_before();
            reply.answer().map(|_| before)
        });
        (result, script.requests().len())
    };
    assert_eq!(renewed(&create(), None), (Ok(true), 3));
    assert_eq!(renewed(&create(), Some(Line::new([]))), (Ok(true), 4)); // a connection that was closed before
    let once = Call::post(contacts()).with_json(b"{}");
    assert_eq!(renewed(&once, None), (Err(Error::NotRepeated), 2));
}

fn supervisor() -> Credentials<'static> {
    Credentials::borrowed("Supervisor", "Supervisor")
}

/// The recipe: again, as often as it takes, and where the site then refuses it, look whether the record is there.
fn creates<T: Transport>(client: &mut Client<'_, '_, T>, id: &str) -> CallVerdict {
    let json = format!(r#"{{"Id":"{id}","Name":"Ann"}}"#);
    let create = Call::post(contacts()).with_json(json.as_bytes()).with_repeatable();
    let mut may_be_done = false;
    for _ in 0..4 {
        let Ok(reply) = client.call_renewed(&create, &supervisor()) else {
            may_be_done = true;
            continue;
        };
        may_be_done |= reply.may_be_done_before();
        match reply.answer().map(|answer| answer.verdict) {
            Ok(verdict) if verdict == CallVerdict::Fine || !may_be_done => return verdict,
            Ok(_) => {
                let path = format!("/odata/Contact({id})?$select=Id");
                let look = Call::get(Path::site(&path).unwrap());
                let Ok(reply) = client.call_renewed(&look, &supervisor()) else { continue };
                return reply.answer().map_or(CallVerdict::ServerError, |answer| answer.verdict);
            }
            Err(_) => may_be_done = true,
        }
    }
    panic!("four connections in turn");
}

fn guid(number: usize) -> String {
    format!("6f1c0a0e-98c3-4a5f-8a0c-{number:012x}")
}

fn with_client<R>(emulator: &Emulator, test: impl FnOnce(&mut Client<'_, '_, Tcp>) -> R) -> R {
    let (url, mut memory, mut buffer) = (emulator.url(), [0; 4096], [0; 256]);
    let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
    let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
    assert!(client.login(&supervisor()).unwrap().verdict.is_authenticated());
    test(&mut client)
}

fn assert_created(emulator: &Emulator, number: usize, before: usize) {
    let records = emulator.records("Contact").unwrap();
    assert_eq!(records.iter().filter(|record| record["Id"] == guid(number)).count(), 1, "{number}");
    assert_eq!(records.len(), before + 1, "{number}");
}

#[test]
fn a_create_makes_one_record_wherever_its_request_or_its_reply_is_cut() {
    let emulator = Emulator::start(Options { ticket_length: 32, ..Options::default() }).unwrap();
    let count = || emulator.records("Contact").unwrap().len();
    with_client(&emulator, |client| {
        let mut numbers = 0..;
        let len = {
            let session = client.session_mut();
            let json = format!(r#"{{"Id":"{}","Name":"Ann"}}"#, guid(0));
            session.call(&Call::post(contacts()).with_json(json.as_bytes())).request_len(session)
        };
        for cut in 0..len {
            let (number, before) = (numbers.next().unwrap(), count());
            emulator.cut_request_after(cut);
            assert_eq!(creates(client, &guid(number)), CallVerdict::Fine, "{cut}");
            assert_created(&emulator, number, before);
        }
        for cut in 0..600 {
            let (number, before) = (numbers.next().unwrap(), count());
            emulator.cut_after(cut);
            assert_eq!(creates(client, &guid(number)), CallVerdict::Fine, "{cut}");
            assert_created(&emulator, number, before);
        }
        // Where it was never done, a refusal is one.
        assert_eq!(creates(client, "no GUID"), CallVerdict::Refused);
        assert_eq!(creates(client, &guid(0)), CallVerdict::Refused);
    });
}

#[test]
fn a_create_makes_one_record_where_the_session_ends_in_any_way() {
    for ended_session in [EndedSession::Redirect, EndedSession::LoginPage, EndedSession::NoUserConnection] {
        let login_page = creatio_emulator::LoginPage::Ssp;
        let emulator = Emulator::start(Options { ended_session, login_page, ..Options::default() }).unwrap();
        with_client(&emulator, |client| {
            let before = emulator.records("Contact").unwrap().len();
            emulator.expire_sessions();
            assert_eq!(creates(client, &guid(7)), CallVerdict::Fine);
            assert_created(&emulator, 7, before);
            assert_eq!(emulator.counters().logins, 2);
        });
    }
}
