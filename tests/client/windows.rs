//! Windows authentication by the clients, over real connections to the emulator, in buffers of each size.

use creatio_auth::client::blocking::Client;
use creatio_auth::client::{Error, Refusal, WindowsLogin};
use creatio_auth::{
    Call, CallVerdict, EarlierSignIn, Runtime, Session, Site, Verdict, WindowsScheme, WindowsVerdict,
};
use creatio_emulator::{Emulator, Options, WindowsDoor};

use crate::script::{Line, Script};
use crate::support::fixtures::with_length;
use crate::support::{contacts, net};
use crate::tcp::Tcp;

const RUNTIMES: [(Runtime, creatio_emulator::Runtime); 2] = [
    (Runtime::NetFramework, creatio_emulator::Runtime::NetFramework),
    (Runtime::Net, creatio_emulator::Runtime::Net),
];

fn emulator(windows: WindowsDoor, runtime: creatio_emulator::Runtime) -> Emulator {
    Emulator::start(Options { windows, runtime, ..Options::default() }).unwrap()
}

/// What the emulator's acceptor takes.
fn tokens(password: &str) -> impl FnMut(&[u8], &mut [u8]) -> Option<usize> {
    move |challenge: &[u8], token: &mut [u8]| {
        let next = match challenge.strip_prefix(b"CHALLENGE ") {
            Some(number) => [number, b" Supervisor\n", password.as_bytes()].concat(),
            None => b"first".to_vec(),
        };
        token.get_mut(..next.len())?.copy_from_slice(&next);
        Some(next.len())
    }
}

/// What comes of a sign-in with this password, and over how many connections.
fn sign_in(emulator: &Emulator, runtime: Runtime, password: &str, size: usize) -> (WindowsVerdict, bool, usize) {
    let url = emulator.url();
    let (mut memory, mut buffer, mut token) = ([0; 4096], vec![0; size], [0; 512]);
    let mut session = Session::new(Site::parse(&url, runtime).unwrap(), &mut memory);
    let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
    let mut login = WindowsLogin::new(WindowsScheme::Ntlm, &mut token, tokens(password));
    assert_eq!(format!("{login:?}"), "WindowsLogin { scheme: Ntlm, .. }");
    let verdict = client.windows_login(&mut login).unwrap().verdict;
    let may_try_again = client.session().sign_in_delay().is_some();
    if verdict.is_authenticated() {
        let answer = client.call(&Call::get(contacts())).unwrap().answer().unwrap();
        assert_eq!(answer.verdict, CallVerdict::Fine);
    }
    drop(login);
    assert_eq!(token, [0; 512], "the token is wiped");
    (verdict, may_try_again, emulator.counters().connections as usize)
}

#[test]
fn the_handshake_goes_over_one_connection_and_the_calls_after_it_too() {
    for (runtime, emulated) in RUNTIMES {
        for size in [1, 64, 4096] {
            let emulator = emulator(WindowsDoor::Scripted, emulated);
            let good = (WindowsVerdict::Login(Verdict::Authenticated), true, 1);
            assert_eq!(sign_in(&emulator, runtime, "Supervisor", size), good);
        }
    }
}

#[test]
fn what_is_refused_is_told_and_not_tried_again() {
    for (runtime, emulated) in RUNTIMES {
        for (door, password, verdict, may_try_again) in [
            (WindowsDoor::Scripted, "wrong", WindowsVerdict::Refused, false),
            (WindowsDoor::Basic, "Supervisor", WindowsVerdict::BasicWanted, false),
            (WindowsDoor::Closing, "Supervisor", WindowsVerdict::ConnectionClosed, true),
            (WindowsDoor::Endless, "Supervisor", WindowsVerdict::Refused, false),
        ] {
            let emulator = emulator(door, emulated);
            assert_eq!(sign_in(&emulator, runtime, password, 99), (verdict, may_try_again, 1), "{door:?}");
            assert!(emulator.counters().logins <= 1);
        }
    }
}

#[test]
fn a_call_is_renewed_by_it_once_and_not_after_a_refusal() {
    let emulator = emulator(WindowsDoor::Scripted, creatio_emulator::Runtime::Net);
    let url = emulator.url();
    for (password, is_good) in [("Supervisor", true), ("wrong", false)] {
        let (mut memory, mut buffer, mut token) = ([0; 4096], [0; 256], [0; 512]);
        let mut session = Session::new(Site::parse(&url, Runtime::Net).unwrap(), &mut memory);
        let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
        let mut login = WindowsLogin::new(WindowsScheme::Negotiate, &mut token, tokens(password));
        let before = emulator.counters().logins;
        for time in 0..2 {
            emulator.expire_sessions();
            match client.call_renewed(&Call::get(contacts()), &mut login) {
                Ok(reply) => assert_eq!((reply.answer().unwrap().verdict, is_good), (CallVerdict::Fine, true)),
                Err(Error::SignIn(refusal)) => {
                    assert!(!is_good);
                    let refused = WindowsVerdict::Refused;
                    let again = Refusal::Earlier(EarlierSignIn::Windows(refused));
                    assert_eq!(refusal, if time == 0 { Refusal::Windows(refused) } else { again });
                }
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!(emulator.counters().logins - before, if is_good { 2 } else { 1 });
    }
}

#[test]
fn without_a_token_nothing_is_sent() {
    let emulator = emulator(WindowsDoor::Scripted, creatio_emulator::Runtime::Net);
    let (url, mut memory, mut buffer, mut token) = (emulator.url(), [0; 4096], [0; 256], [0; 4]);
    let mut session = Session::new(Site::parse(&url, Runtime::Net).unwrap(), &mut memory);
    let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
    let mut login = WindowsLogin::new(WindowsScheme::Ntlm, &mut token, tokens("Supervisor"));
    assert!(matches!(client.windows_login(&mut login), Err(Error::SignIn(Refusal::Withheld))));
    assert_eq!(emulator.counters().connections, 0);
}

/// A site that wants one token after the other is given two of NTLM, and no password a second time, whoever asks.
#[test]
fn challenges_without_end_are_a_refusal_that_the_session_remembers() {
    let challenge = || with_length(&["HTTP/1.1 401 Unauthorized", "WWW-Authenticate: NTLM TlRMTVNTUAAC"], "");
    let script = Script::new([Line::new(vec![challenge(); 9])]);
    let (mut memory, mut buffer, mut token) = ([0; 4096], [0; 256], [0; 64]);
    let mut session = Session::new(net(), &mut memory);
    let mut client = Client::new(&mut session, script.clone(), &mut buffer);
    let mut login = WindowsLogin::new(WindowsScheme::Ntlm, &mut token, |_: &[u8], _: &mut [u8]| Some(4));
    let refused = WindowsVerdict::Refused;
    for expected in [Refusal::Windows(refused), Refusal::Earlier(EarlierSignIn::Windows(refused))] {
        let result = client.call_renewed(&Call::ping(), &mut login).map(|reply| reply.http_status());
        assert_eq!((result, script.requests().len()), (Err(Error::SignIn(expected)), 2));
    }
}

/// What answers a challenge is made of the password. Where it was not good, and its maker has no other, as GSS-API after a token that
/// says no, or where the site closes the connection, no later call begins it all again.
#[test]
fn a_handshake_that_is_given_up_after_an_answer_to_a_challenge_is_a_refusal_too() {
    let challenge = |fields: &[&str]| {
        let first = ["HTTP/1.1 401 Unauthorized", "WWW-Authenticate: Negotiate oYIB"];
        with_length(&[&first, fields].concat(), "")
    };
    for (answered, closes, of_first, of_later) in [
        (0, false, Refusal::Withheld, None),
        (1, false, Refusal::Withheld, Some(WindowsVerdict::Refused)),
        (3, false, Refusal::Withheld, Some(WindowsVerdict::Refused)),
        (0, true, Refusal::Windows(WindowsVerdict::ConnectionClosed), None),
        (1, true, Refusal::Windows(WindowsVerdict::ConnectionClosed), Some(WindowsVerdict::ConnectionClosed)),
    ] {
        let mut replies = vec![challenge(&[]); answered];
        replies.push(challenge(if closes { &["Connection: close"] } else { &[] }));
        let script = Script::new([Line::new(replies.clone()), Line::new(replies)]);
        let (mut memory, mut buffer, mut token) = ([0; 4096], [0; 256], [0; 64]);
        let mut session = Session::new(net(), &mut memory);
        let mut client = Client::new(&mut session, script.clone(), &mut buffer);
        let mut left = 0;
        let mut login = WindowsLogin::new(WindowsScheme::Negotiate, &mut token, |challenge: &[u8], _: &mut [u8]| {
            left = if challenge.is_empty() { answered + 1 } else { left };
            left = left.checked_sub(1)?;
            Some(4)
        });
        let mut of_call = || client.call_renewed(&Call::ping(), &mut login).map(|reply| reply.http_status());
        assert_eq!(of_call(), Err(Error::SignIn(of_first)), "{answered} {closes}");
        let again = of_later.map_or(of_first, |verdict| Refusal::Earlier(EarlierSignIn::Windows(verdict)));
        assert_eq!(of_call(), Err(Error::SignIn(again)), "{answered} {closes}");
        let handshakes = if of_later.is_some() { 1 } else { 2 };
        assert_eq!(script.requests().len(), handshakes * (answered + 1), "{answered} {closes}");
    }
}
