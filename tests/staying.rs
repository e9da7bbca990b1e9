//! Staying signed in, over real connections to the emulator: a write is never done twice, whatever is cut where, and an
//! account is never locked by what the library asks for.

mod support;

use std::num::NonZeroU32;

use creatio_auth::{Call, CallVerdict, EndSign, LoginPageSign, Path, Verdict};
use creatio_emulator::{Emulator, EndedSession, Interference, Options, Overload, RetryAfter};
use support::wire::{Client, Outcome, transfer};

fn contacts() -> Path<'static> {
    Path::site("/odata/Contact").unwrap()
}

fn create() -> Call<'static> {
    Call::post(contacts()).with_json(br#"{"Name":"Ann"}"#)
}

#[test]
fn a_write_is_done_once_or_not_at_all_wherever_its_request_is_cut() {
    let emulator = Emulator::start(Options { ticket_length: 32, ..Options::default() }).unwrap();
    let (url, mut memory) = (emulator.url(), [0; 4096]);
    let mut client = Client::of(&url, &mut memory);
    assert_eq!(client.call(&create()), Outcome::Answered(CallVerdict::Fine));
    let len = client.session.call(&create()).request_len(&client.session);
    for cut in 0..len {
        let before = emulator.counters();
        emulator.cut_request_after(cut);
        assert_eq!(client.call(&create()), Outcome::Broken, "{cut}");
        let after = emulator.counters();
        assert_eq!((after.writes, after.logins), (before.writes, before.logins), "{cut}");
    }
}

#[test]
fn a_write_is_done_once_wherever_its_reply_is_cut() {
    let emulator = Emulator::start(Options { ticket_length: 32, sliding: true, ..Options::default() }).unwrap();
    let (url, mut memory) = (emulator.url(), [0; 4096]);
    let mut client = Client::of(&url, &mut memory);
    for cut in 0.. {
        let before = emulator.counters();
        emulator.cut_after(cut);
        let outcome = client.call(&create());
        let after = emulator.counters();
        assert_eq!((after.writes - before.writes, after.logins - before.logins), (1, 0), "{cut}");
        if outcome == Outcome::Answered(CallVerdict::Fine) {
            assert!(cut > 100, "a whole reply is longer than {cut} bytes");
            return;
        }
        assert_eq!(outcome, Outcome::Broken, "{cut}");
    }
}

#[test]
fn memory_for_one_ticket_serves_each_renewal() {
    for (ended_session, is_certain) in
        [(EndedSession::Redirect, true), (EndedSession::Status401, true), (EndedSession::LoginPage, false)]
    {
        let emulator = Emulator::start(Options { ticket_length: 2000, ended_session, ..Options::default() }).unwrap();
        let (url, mut memory) = (emulator.url(), [0; 3000]);
        let mut client = Client::of(&url, &mut memory);
        for round in 0..3 {
            emulator.expire_sessions();
            let expected = match round {
                _ if is_certain => Outcome::Answered(CallVerdict::Fine),
                0 => Outcome::Broken,
                // What did not fit does not fit the next time.
                _ => Outcome::Answered(CallVerdict::SessionEnded(EndSign::LoginPage)),
            };
            assert_eq!(client.call(&create()), expected, "{ended_session:?}");
        }
    }
}

#[test]
fn a_session_that_never_holds_costs_one_login_for_two_calls() {
    let emulator = Emulator::start(Options { session_lifetime: Default::default(), ..Options::default() }).unwrap();
    let (url, mut memory) = (emulator.url(), [0; 4096]);
    let mut client = Client::of(&url, &mut memory);
    for logins in [2, 2, 3, 3, 4] {
        assert_eq!(client.call(&create()), Outcome::Answered(CallVerdict::RenewedInVain));
        assert_eq!((emulator.counters().logins, emulator.counters().writes), (logins, 0));
    }
}

#[test]
fn a_401_that_lasts_costs_one_login_until_a_call_has_come_through() {
    for ended_session in [EndedSession::Status401, EndedSession::Status401Empty, EndedSession::Status401Page] {
        let emulator = Emulator::start(Options { ended_session, ..Options::default() }).unwrap();
        let (url, mut memory) = (emulator.url(), [0; 4096]);
        let mut client = Client::of(&url, &mut memory);
        for logins in [2, 3] {
            emulator.interfere(u32::MAX, Interference::WarmUp);
            for _ in 0..10 {
                assert_eq!(client.call(&create()), Outcome::Answered(CallVerdict::RenewedInVain));
                assert_eq!(emulator.counters().logins, logins, "{ended_session:?}");
            }
            emulator.interfere(0, Interference::WarmUp);
            assert_eq!(client.call(&create()), Outcome::Answered(CallVerdict::Fine), "the session was good");
        }
        assert_eq!((emulator.counters().logins, emulator.counters().writes), (3, 2));
    }
}

#[test]
fn a_site_that_warms_up_costs_a_login_now_and_then_and_the_session_is_good_when_it_is_ready() {
    for ended_session in [EndedSession::Redirect, EndedSession::LoginPage] {
        let emulator = Emulator::start(Options { ended_session, ..Options::default() }).unwrap();
        let (url, mut memory) = (emulator.url(), [0; 6000]);
        let mut client = Client::of(&url, &mut memory);
        let get = Call::get(contacts());
        emulator.interfere(1, Interference::WarmUp);
        assert_eq!(client.call(&get), Outcome::Answered(CallVerdict::Fine));
        emulator.interfere(u32::MAX, Interference::WarmUp);
        for logins in [3, 3, 4, 4, 5] {
            assert_eq!(client.call(&get), Outcome::Answered(CallVerdict::RenewedInVain), "{ended_session:?}");
            assert_eq!(emulator.counters().logins, logins, "{ended_session:?}");
        }
        emulator.interfere(0, Interference::WarmUp);
        assert_eq!(client.call(&get), Outcome::Answered(CallVerdict::Fine));
        assert_eq!(emulator.counters().logins, 5, "{ended_session:?}");
    }
}

#[test]
fn neither_a_portal_nor_a_firewall_causes_a_login_and_the_session_goes_on_behind_them() {
    for (interference, verdict, of_a_login) in [
        (Interference::Portal, CallVerdict::UnexpectedStatus, Verdict::LoginPage(LoginPageSign::Redirect)),
        (Interference::Firewall, CallVerdict::AccessDenied, Verdict::AccessDenied),
    ] {
        let emulator = Emulator::start(Options::default()).unwrap();
        let (url, mut memory) = (emulator.url(), [0; 4096]);
        let mut client = Client::of(&url, &mut memory);
        emulator.interfere(u32::MAX, interference);
        for call in [create(), Call::get(contacts()), Call::ping()] {
            assert_eq!(client.call(&call), Outcome::Answered(verdict), "{call:?}");
        }
        assert_eq!(client.login(), Some(of_a_login));
        emulator.interfere(0, interference);
        assert_eq!(client.call(&create()), Outcome::Answered(CallVerdict::Fine));
        assert_eq!((emulator.counters().logins, emulator.counters().writes), (1, 1));
    }
}

#[test]
fn a_password_that_is_no_longer_right_is_tried_once() {
    let lockout_after = NonZeroU32::new(2);
    let emulator = Emulator::start(Options { lockout_after, ..Options::default() }).unwrap();
    let (url, mut memory) = (emulator.url(), [0; 4096]);
    let mut client = Client::of(&url, &mut memory);
    emulator.expire_sessions();
    client.password = "changed meanwhile";
    for _ in 0..10 {
        assert!(matches!(client.call(&create()), Outcome::Answered(CallVerdict::SessionEnded(_))));
    }
    assert_eq!(emulator.failed_logins("Supervisor"), 1);
    client.password = "Supervisor";
    assert_eq!(client.login(), Some(Verdict::Authenticated), "one failed login more would have locked the account");
}

#[test]
fn a_busy_site_is_asked_again_and_a_write_only_where_it_says_that_it_was_not_done() {
    let emulator = Emulator::start(Options::default()).unwrap();
    let (url, mut memory) = (emulator.url(), [0; 4096]);
    let mut client = Client::of(&url, &mut memory);
    emulator.overload(2, Overload::TooManyRequests, RetryAfter::Seconds(0));
    assert_eq!(client.call(&create()), Outcome::Answered(CallVerdict::Fine));
    emulator.overload(1, Overload::ServiceUnavailable, RetryAfter::Absent);
    assert_eq!(client.call(&create()), Outcome::Answered(CallVerdict::Busy));
    emulator.overload(3, Overload::ServiceUnavailable, RetryAfter::Date(0));
    assert_eq!(client.call(&Call::get(contacts())), Outcome::Answered(CallVerdict::Fine));
    assert_eq!(emulator.counters().writes, 1);
    emulator.overload(9, Overload::ServiceUnavailable, RetryAfter::Absent);
    assert_eq!(client.call(&Call::get(contacts())), Outcome::Answered(CallVerdict::Busy));
}

#[test]
fn what_a_validation_says_is_read() {
    let emulator = Emulator::start(Options { stack_trace_size: 100_000, ..Options::default() }).unwrap();
    let (url, mut memory) = (emulator.url(), [0; 2048]);
    let mut client = Client::of(&url, &mut memory);
    let mut exchange = client.session.call(&Call::post(contacts()).with_json(b"{}"));
    transfer(&mut client.session, &mut exchange).unwrap();
    let answer = exchange.call_result(&client.session).unwrap();
    assert_eq!((answer.verdict, answer.http_status), (CallVerdict::Refused, 400));
    assert!(answer.inner_message.unwrap().as_str().contains("Name"), "{answer:?}");
}
