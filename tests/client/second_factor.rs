//! A login in two steps by the clients: with the emulator's replies cut at every byte, and over real connections.

use creatio_auth::client::Refusal;
use creatio_auth::client::blocking::Client;
use creatio_auth::client::{Error, embedded_io_07::ErrorKind};
use creatio_auth::{Call, CallVerdict, ReplyError, Runtime, Session, Site, Verdict};

use crate::renewal::earlier;
use crate::script::{Line, Script};
use crate::support::steps::{self, ann, ann_with_code, both_steps};
use crate::support::{Read, contacts, snapshot};
use crate::tcp::Tcp;

/// A URL and the replies to both steps at it, and the longer of them.
fn recorded(kind: creatio_emulator::SecondFactor) -> (String, [Vec<u8>; 2], usize) {
    let emulator = steps::emulator(kind, Runtime::NetFramework);
    let replies = both_steps(&emulator, Runtime::NetFramework);
    let longest = replies.iter().map(Vec::len).max().unwrap();
    (emulator.url(), replies, longest)
}

fn site(url: &str) -> Site<'_> {
    Site::parse(url, Runtime::NetFramework).unwrap()
}

/// One connection for each sign-in.
fn script(replies: &[Vec<u8>; 2]) -> Script {
    Script::new(replies.clone().map(|reply| Line::new([reply])))
}

fn assert_second_step_has_the_cookie(script: &Script) {
    let second = script.notes(|notes| notes.sent[1].clone());
    let cookies = Read::new(&second).field("Cookie").unwrap().to_vec();
    assert!(String::from_utf8(cookies).unwrap().contains("FirstFactor="));
}

/// A buffer of each size cuts the replies there.
#[test]
fn both_steps_sign_in_wherever_the_replies_are_cut() {
    for kind in steps::KINDS {
        let (url, replies, longest) = recorded(kind);
        for size in 1..=longest {
            let script = script(&replies);
            let (mut memory, mut buffer) = ([0; 4096], vec![0; size]);
            let mut session = Session::new(site(&url), &mut memory);
            let mut client = Client::new(&mut session, script.clone(), &mut buffer);
            assert_eq!(client.login(&ann()).unwrap().verdict, Verdict::SecondFactorWanted, "{kind:?} {size}");
            assert_eq!(client.login(&ann_with_code()).unwrap().verdict, Verdict::Authenticated, "{kind:?} {size}");
            assert_second_step_has_the_cookie(&script);
        }
    }
}

#[cfg(feature = "embedded-io-async-07")]
#[test]
fn both_steps_sign_in_asynchronously_wherever_the_replies_are_cut() {
    use creatio_auth::client::asynch;

    use crate::slow::{Slow, wait};

    for kind in steps::KINDS {
        let (url, replies, longest) = recorded(kind);
        for size in 1..=longest {
            let script = script(&replies);
            let (mut memory, mut buffer) = ([0; 4096], vec![0; size]);
            let mut session = Session::new(site(&url), &mut memory);
            let mut client = asynch::Client::new(&mut session, Slow(script.clone()), &mut buffer);
            let verdicts = wait(async {
                let first = client.login(&ann()).await.unwrap().verdict;
                (first, client.login(&ann_with_code()).await.unwrap().verdict)
            });
            assert_eq!(verdicts, (Verdict::SecondFactorWanted, Verdict::Authenticated), "{kind:?} {size}");
            assert_second_step_has_the_cookie(&script);
        }
    }
}

#[test]
fn a_step_that_is_cut_off_at_any_byte_can_be_made_again() {
    let (url, [first, second], _) = recorded(steps::KINDS[0]);
    let steps = [(ann(), &first, Verdict::SecondFactorWanted), (ann_with_code(), &second, Verdict::Authenticated)];
    let (mut memory, mut buffer) = ([0; 4096], [0; 64]);
    let mut session = Session::new(site(&url), &mut memory);
    for (who, reply, verdict) in steps {
        for cut in 0..reply.len() {
            let before = snapshot(&session);
            let script = Script::new([Line::new([reply.clone()]).gives(cut)]);
            let mut client = Client::new(&mut session, script, &mut buffer);
            assert_eq!(client.login(&who), Err(Error::<ErrorKind>::Reply(ReplyError::ClosedEarly)), "{cut}");
            assert_eq!(snapshot(client.session()), before, "{cut}");
        }
        let script = Script::new([Line::new([reply.clone()])]);
        let mut client = Client::new(&mut session, script, &mut buffer);
        assert_eq!(client.login(&who).unwrap().verdict, verdict);
    }
}

/// Nobody is there to be asked for a code: the renewal says so, once, and the caller's own two steps begin anew.
#[test]
fn a_renewal_that_wants_a_code_is_left_to_the_caller() {
    for kind in steps::KINDS {
        let emulator = steps::emulator(kind, Runtime::NetFramework);
        let (url, mut memory, mut buffer) = (emulator.url(), [0; 4096], [0; 256]);
        let mut session = Session::new(site(&url), &mut memory);
        let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
        let get = Call::get(contacts());
        for logins in [2, 5] {
            assert_eq!(client.login(&ann()).unwrap().verdict, Verdict::SecondFactorWanted);
            assert_eq!(client.login(&ann_with_code()).unwrap().verdict, Verdict::Authenticated);
            let answer = client.call_renewed(&get, &ann()).unwrap().answer().unwrap();
            assert_eq!(answer.verdict, CallVerdict::Fine);
            assert_eq!(emulator.counters().logins, logins);
            emulator.expire_sessions();
            for wanted in [Refusal::Login(Verdict::SecondFactorWanted), earlier(Verdict::SecondFactorWanted)] {
                let refused = client.call_renewed(&get, &ann()).map(|_| ());
                assert!(matches!(refused, Err(Error::SignIn(refusal)) if refusal == wanted), "{refused:?}");
            }
            assert_eq!(emulator.counters().logins, logins + 1, "it is not asked for again");
        }
    }
}

#[cfg(feature = "embedded-io-async-07")]
#[test]
fn both_steps_sign_in_on_tokio() {
    use creatio_auth::client::asynch::Client;

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for kind in steps::KINDS {
        let emulator = steps::emulator(kind, Runtime::NetFramework);
        let (url, mut memory, mut buffer) = (emulator.url(), [0; 4096], [0; 256]);
        let mut session = Session::new(site(&url), &mut memory);
        let mut client = Client::new(&mut session, crate::tcp::tokio::Tcp::default(), &mut buffer);
        runtime.block_on(async {
            assert_eq!(client.login(&ann()).await.unwrap().verdict, Verdict::SecondFactorWanted);
            assert_eq!(client.login(&ann_with_code()).await.unwrap().verdict, Verdict::Authenticated);
            let reply = client.call_renewed(&Call::get(contacts()), &ann()).await.unwrap();
            assert_eq!(reply.answer().await.unwrap().verdict, CallVerdict::Fine);
        });
        assert_eq!(emulator.counters().logins, 2);
    }
}
