//! Sign-ins that are lost on their way: a call says how long to wait for the next, and counts nothing meanwhile.

use creatio_auth::client::blocking::Client;
use creatio_auth::client::embedded_io_07::ErrorKind;
use creatio_auth::client::{Error, Identity, Refusal, WindowsLogin};
use creatio_auth::{
    Call, ClientCredentials, EarlierSignIn, ReplyError, Runtime, Session, Site, Verdict, WindowsScheme,
};

use crate::renewal::{earlier, ended, let_in, ok, post};
use crate::script::{Line, Script};
use crate::support::fixtures::with_length;
use crate::support::{MEMORY, credentials, net, restored, signed_in};

const NOW: u64 = 1_795_308_774;
const CLOSED: Result<u16, Error<ErrorKind>> = Err(Error::Reply(ReplyError::ClosedEarly));

fn wait(seconds: u32) -> Result<u16, Error<ErrorKind>> {
    Err(Error::SignIn(Refusal::Wait { seconds }))
}

fn kept(session: &Session<'_>) -> Vec<u8> {
    let mut kept = vec![0; session.snapshot_len()];
    session.write_snapshot(&mut kept).unwrap();
    kept
}

fn begin(memory: &mut [u8], is_empty: bool) -> Session<'_> {
    if is_empty { Session::new(net(), memory) } else { signed_in(net(), memory, &[".ASPXAUTH=old; path=/"]) }
}

/// Calls with a session that stands in this memory, which is empty or has ended, over lines of which each loses a sign-in; by both
/// clients, which do the same. `pass` lets time pass between two calls.
fn calling(
    lines: &[Line],
    is_empty: bool,
    pass: impl Fn(&mut Session<'_>, u64),
) -> Vec<Result<u16, Error<ErrorKind>>> {
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 512]);
    let mut session = begin(&mut memory, is_empty);
    let mut client = Client::new(&mut session, Script::new(lines.to_vec()), &mut buffer);
    let mut seen = Vec::new();
    for nth in 0..12 {
        pass(client.session_mut(), nth);
        seen.push(client.call_renewed(&post(), &credentials()).map(|reply| reply.http_status()));
    }
    #[cfg(feature = "embedded-io-async-07")]
    {
        use crate::slow::{Slow, wait};
        use creatio_auth::client::asynch;
        let (mut memory, mut buffer, mut other) = ([0; MEMORY], [0; 512], Vec::new());
        let mut session = begin(&mut memory, is_empty);
        let script = Script::new(lines.to_vec());
        let mut client = asynch::Client::new(&mut session, Slow(script), &mut buffer);
        for nth in 0..12 {
            pass(client.session_mut(), nth);
            other.push(wait(client.call_renewed(&post(), &credentials())).map(|reply| reply.http_status()));
        }
        assert_eq!(other, seen, "the asynchronous client does the same");
    }
    seen
}

/// A connection on which so much of the answer to a sign-in comes, and another that lets in.
fn lost(cut: usize) -> Line {
    Line::new([let_in()]).gives(cut)
}

#[test]
fn a_loop_of_calls_that_does_not_wait_loses_one_sign_in_and_no_more() {
    for cut in 0..let_in().len() {
        let mut expected = vec![CLOSED];
        expected.resize(12, wait(30));
        assert_eq!(calling(&[lost(cut)], true, |_, _| {}), expected, "{cut}");
    }
    for (reply, _) in ended() {
        // One that is no more than a sign leaves the cookies, and the next call goes out with them.
        let again = Line::new(vec![reply.clone(); 12]);
        let seen = calling(&[Line::new([reply]), lost(9), again], false, |_, _| {});
        assert_eq!(seen[0], CLOSED);
        assert!(seen[1..].iter().all(|result| *result == wait(30)), "{seen:?}");
    }
}

#[test]
fn a_loop_that_waits_by_its_own_clock_gets_in_when_the_network_is_mended() {
    let mended = Line::new([vec![let_in()], vec![ok(); 5]].concat());
    let seen = calling(&[lost(9), lost(40), mended], true, |session, nth| {
        if nth % 4 == 3 {
            session.end_sign_in_delay();
        }
    });
    let [a, b] = [wait(30), wait(300)];
    assert_eq!(seen, [CLOSED, a, a, CLOSED, b, b, b, Ok(200), Ok(200), Ok(200), Ok(200), Ok(200)]);
}

#[test]
fn a_session_that_is_told_the_time_knows_what_is_left() {
    let lines = [lost(9), lost(40)];
    let seen = calling(&lines, true, |session, nth| session.set_time(NOW + nth * 20));
    let left = |seconds: [u32; 9]| seconds.map(wait);
    assert_eq!(seen[..3], [CLOSED, wait(10), CLOSED]);
    assert_eq!(seen[3..], left([280, 260, 240, 220, 200, 180, 160, 140, 120]));
    // A clock that goes back, or is set by years, is no time that has passed.
    let seen = calling(&lines, true, |session, nth| session.set_time([NOW, NOW - 9_000, 7, NOW][nth as usize % 4]));
    assert_eq!((&seen[0], &seen[1..]), (&CLOSED, &vec![wait(30); 11][..]));
}

#[test]
fn a_restart_in_a_loop_sends_no_password_more_often_and_says_why() {
    let script = Script::new([lost(9), lost(9), lost(9)]);
    let boot = |snapshot: &[u8], has_waited: bool| {
        let (mut memory, mut buffer) = ([0; MEMORY], [0; 512]);
        let mut session = restored(net(), &mut memory, snapshot).unwrap();
        if has_waited {
            session.end_sign_in_delay(); // which says nothing of a refusal
        }
        let mut client = Client::new(&mut session, script.clone(), &mut buffer);
        let result = client.call_renewed(&post(), &credentials()).map(|reply| reply.http_status());
        (result, script.connects(), kept(&session))
    };
    let mut memory = [0; MEMORY];
    let mut snapshot = kept(&Session::new(net(), &mut memory));
    let never = || Err(Error::SignIn(Refusal::Earlier(EarlierSignIn::Lost)));
    for (has_waited, expected, connects) in [
        (false, CLOSED, 1),
        (false, wait(30), 1),
        (false, wait(30), 1),
        (true, CLOSED, 2),
        (false, wait(300), 2),
        (true, CLOSED, 3),
        (false, never(), 3),
        (true, never(), 3),
    ] {
        let (result, connections, now) = boot(&snapshot, has_waited);
        assert_eq!((result, connections), (expected, connects));
        snapshot = now;
    }
}

#[test]
fn a_password_that_was_refused_does_not_go_out_whatever_is_waited_for_and_the_reason_outlives_a_restart() {
    let json = "Content-Type: application/json";
    for (body, verdict) in [
        (r#"{"Code":1,"Message":"No"}"#, Verdict::Rejected),
        (r#"{"Code":4}"#, Verdict::NoLicense),
        (r#"{"Code":5}"#, Verdict::PasswordExpired),
    ] {
        let (mut memory, mut other, mut buffer) = ([0; MEMORY], [0; MEMORY], [0; 512]);
        let mut session = Session::new(net(), &mut memory);
        let script = Script::new([Line::new([with_length(&["HTTP/1.1 200 OK", json], body)])]);
        let mut client = Client::new(&mut session, script.clone(), &mut buffer);
        let refused = client.call_renewed(&post(), &credentials()).map(|reply| reply.http_status());
        assert_eq!(refused, Err(Error::SignIn(Refusal::Login(verdict))));
        let kept = kept(&session);
        let mut session = restored(net(), &mut other, &kept).unwrap();
        for time in [NOW, NOW + 86_400] {
            session.set_time(time);
            session.end_sign_in_delay();
            let mut client = Client::new(&mut session, script.clone(), &mut buffer);
            let refused = client.call_renewed(&post(), &credentials()).map(|reply| reply.http_status());
            assert_eq!((refused, script.connects()), (Err(Error::SignIn(earlier(verdict))), 1));
        }
        session.clear();
        assert_eq!(session.earlier_sign_in(), Some(EarlierSignIn::Login(verdict)));
        session.allow_sign_in();
        assert_eq!((session.earlier_sign_in(), session.sign_in_delay()), (None, Some(0)));
    }
}

#[test]
fn every_way_to_sign_in_waits() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let (mut buffer, mut token) = ([0; 512], [0; 64]);
    let script = Script::new([lost(9)]);
    let mut client = Client::new(&mut session, script.clone(), &mut buffer);
    let who = ClientCredentials::borrowed("id", "secret");
    let service = Site::parse("https://crm-is.example.com", Runtime::Net).unwrap();
    let identity = Identity::new(service, &who);
    let tokens = |_: &[u8], _: &mut [u8]| Some(4);
    let mut windows = WindowsLogin::new(WindowsScheme::Negotiate, &mut token, tokens);
    let call = Call::ping();
    assert_eq!(client.call_renewed(&call, &identity).map(|reply| reply.http_status()), CLOSED);
    for _ in 0..3 {
        assert_eq!(client.call_renewed(&call, &identity).map(|reply| reply.http_status()), wait(30));
        assert_eq!(client.call_renewed(&call, &identity.by_refresh()).map(|reply| reply.http_status()), wait(30));
        assert_eq!(client.call_renewed(&call, &credentials()).map(|reply| reply.http_status()), wait(30));
        assert_eq!(client.call_renewed(&call, &mut windows).map(|reply| reply.http_status()), wait(30));
    }
    assert_eq!(script.connects(), 1);
    // One of the caller's own is its own affair, and counts.
    assert!(client.login(&credentials()).is_err() && client.session().sign_in_delay() == Some(30), "it was not sent");
}

#[test]
fn a_site_in_trouble_is_asked_to_let_in_by_the_next_call_again() {
    let trouble = with_length(&["HTTP/1.1 502 Bad Gateway"], "");
    let seen =
        calling(&[Line::new([trouble]), Line::new([vec![let_in()], vec![ok(); 11]].concat())], true, |_, _| {});
    assert_eq!(seen[0], Err(Error::SignIn(Refusal::Login(Verdict::Busy))));
    assert_eq!(seen[1..], [Ok(200); 11]);
}
