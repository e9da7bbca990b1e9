//! The second factor, and what else a login may come to, with the replies of the emulator: over real connections, and fed
//! again at every cut of their bytes.

mod support;

use creatio_auth::{Call, CallVerdict, Credentials, Path, Runtime, Session, Site, Verdict};
use creatio_emulator::{Emulator, ExpiredPassword, Options, Outcome as LoginOutcome, Overload, RetryAfter, User};
use support::steps::{self, ann, ann_with_code, both_steps, emulated, recorded};
use support::wire::transfer;
use support::{Answer, Cut, Read, contacts, feed, pull, snapshot};

const RUNTIMES: [Runtime; 2] = [Runtime::NetFramework, Runtime::Net];

fn session<'m>(url: &'m str, runtime: Runtime, memory: &'m mut [u8]) -> Session<'m> {
    Session::new(Site::parse(url, runtime).unwrap(), memory)
}

/// A login that is answered by these bytes; its request, and what comes of it.
fn login(session: &mut Session<'_>, who: &Credentials<'_>, reply: &[u8], cut: Cut) -> (Vec<u8>, Answer) {
    let mut exchange = session.login(who);
    let request = pull(session, &mut exchange, 512);
    let outcome = feed(session, &mut exchange, reply, cut);
    assert_eq!(outcome.result, Ok(()), "{cut:?}");
    (request, outcome.answer.unwrap())
}

fn value_of_first_factor(reply: &[u8]) -> String {
    let reply = str::from_utf8(reply).unwrap();
    let (_, value) = reply.split_once("FirstFactor=").unwrap();
    value.split(';').next().unwrap().to_owned()
}

#[test]
fn two_steps_sign_in_wherever_their_replies_are_cut() {
    for kind in steps::KINDS {
        for runtime in RUNTIMES {
            let emulator = steps::emulator(kind, runtime);
            let url = emulator.url();
            let [first, second] = both_steps(&emulator, runtime);
            let pair = format!("FirstFactor={}", value_of_first_factor(&first));
            let cuts = Cut::all(first.len()).map(|cut| (cut, Cut::Whole));
            for (first_cut, second_cut) in cuts.chain(Cut::all(second.len()).map(|cut| (Cut::Whole, cut))) {
                let mut memory = [0; 4096];
                let mut session = session(&url, runtime, &mut memory);
                let (request, answer) = login(&mut session, &ann(), &first, first_cut);
                assert_eq!(answer.verdict, Some(Verdict::SecondFactorWanted), "{kind:?} {first_cut:?}");
                assert!(!session.has_ticket());
                let request = Read::new(&request);
                assert_eq!(request.field("Cookie"), None);
                assert_eq!(request.body, br#"{"UserName":"Ann","UserPassword":"a"}"#);

                let (request, answer) = login(&mut session, &ann_with_code(), &second, second_cut);
                assert_eq!(answer.verdict, Some(Verdict::Authenticated), "{kind:?} {second_cut:?}");
                assert!(session.has_ticket());
                let request = Read::new(&request);
                let cookies = str::from_utf8(request.field("Cookie").unwrap()).unwrap();
                assert!(cookies.split("; ").any(|cookie| cookie == pair), "{cookies}");
                let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
                let claims = serde_json::json!([{"Key": "token", "Value": steps::CODE}]);
                let expected = serde_json::json!({"UserName": "Ann", "UserPassword": "a", "ClaimList": claims});
                assert_eq!(body, expected);
            }
        }
    }
}

#[test]
fn a_step_whose_reply_is_cut_off_at_any_byte_leaves_the_session_as_it_was() {
    for kind in steps::KINDS {
        let emulator = steps::emulator(kind, Runtime::Net);
        let url = emulator.url();
        let [first, second] = both_steps(&emulator, Runtime::Net);
        let mut memory = [0; 4096];
        let mut session = session(&url, Runtime::Net, &mut memory);
        for (who, reply) in [(ann(), first), (ann_with_code(), second)] {
            let before = snapshot(&session);
            for end in 0..reply.len() {
                let mut exchange = session.login(&who);
                pull(&mut session, &mut exchange, 512);
                let outcome = feed(&mut session, &mut exchange, &reply[..end], Cut::Pieces(64));
                assert!(outcome.result.is_err(), "{kind:?} {end}");
                assert_eq!(snapshot(&session), before, "{kind:?} {end}");
            }
            login(&mut session, &who, &reply, Cut::Whole);
        }
        assert!(session.has_ticket());
    }
}

#[test]
fn the_emulator_lets_in_after_two_steps_and_again_when_the_session_has_ended() {
    for kind in steps::KINDS {
        for runtime in RUNTIMES {
            let emulator = steps::emulator(kind, runtime);
            let (url, mut memory) = (emulator.url(), [0; 4096]);
            let mut session = session(&url, runtime, &mut memory);
            for _ in 0..2 {
                assert_eq!(recorded(&emulator, &mut session, &ann()).1, Some(Verdict::SecondFactorWanted));
                assert_eq!(recorded(&emulator, &mut session, &ann_with_code()).1, Some(Verdict::Authenticated));
                let mut exchange = session.call(&Call::get(contacts()));
                transfer(&mut session, &mut exchange).unwrap();
                assert_eq!(exchange.call_result(&session).unwrap().verdict, CallVerdict::Fine);
                emulator.expire_sessions();
            }
            assert_eq!(emulator.counters().logins_accepted, 2);
        }
    }
}

#[test]
fn a_second_step_without_the_first_or_with_a_wrong_code_is_rejected() {
    for kind in steps::KINDS {
        let emulator = steps::emulator(kind, Runtime::Net);
        let (url, mut memory) = (emulator.url(), [0; 4096]);
        let mut session = session(&url, Runtime::Net, &mut memory);
        assert_eq!(recorded(&emulator, &mut session, &ann_with_code()).1, Some(Verdict::Rejected));
        assert!(!emulator.last_login().unwrap().first_factor);

        recorded(&emulator, &mut session, &ann());
        session.clear(); // which forgets the first step
        assert_eq!(recorded(&emulator, &mut session, &ann_with_code()).1, Some(Verdict::Rejected));

        recorded(&emulator, &mut session, &ann());
        let wrong = ann().with_borrowed_one_time_code("0");
        assert_eq!(recorded(&emulator, &mut session, &wrong).1, Some(Verdict::Rejected));
        assert_eq!(emulator.failed_logins("Ann"), 1);
        assert_eq!(recorded(&emulator, &mut session, &ann_with_code()).1, Some(Verdict::Authenticated));
    }
}

#[test]
fn a_first_step_outlives_a_restart_and_ends_with_its_time() {
    let emulator = steps::emulator(steps::KINDS[0], Runtime::Net);
    let url = emulator.url();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    for (later, expected) in [(60, Verdict::Authenticated), (21 * 60, Verdict::Rejected)] {
        let (mut memory, mut kept, mut restored) = ([0; 4096], [0; 4096], [0; 4096]);
        let mut session = session(&url, Runtime::Net, &mut memory);
        session.set_time(now);
        recorded(&emulator, &mut session, &ann());
        let len = session.write_snapshot(&mut kept).unwrap();
        let site = Site::parse(&url, Runtime::Net).unwrap();
        let mut session = support::restored(site, &mut restored, &kept[..len]).unwrap();
        session.set_time(now + later);
        assert_eq!(recorded(&emulator, &mut session, &ann_with_code()).1, Some(expected), "{later}");
        assert_eq!(emulator.last_login().unwrap().first_factor, expected == Verdict::Authenticated);
    }
}

#[test]
fn a_text_code_is_asked_for_by_a_call_before_the_login() {
    let users = vec![User::new("Ann", "a\"\\\u{1}ö").with_one_time_code("123456")];
    let options = Options { users, text_code: true, second_factor: steps::KINDS[0], ..Options::default() };
    for runtime in RUNTIMES {
        let emulator = Emulator::start(Options { runtime: emulated(runtime), ..options.clone() }).unwrap();
        let (url, mut memory) = (emulator.url(), [0; 4096]);
        let mut session = session(&url, runtime, &mut memory);
        let ann = || Credentials::borrowed("Ann", "a\"\\\u{1}ö");
        let start = |session: &mut Session<'_>, password: &str| {
            let json = serde_json::json!({"UserName": "Ann", "UserPassword": password}).to_string();
            let path = Path::root("/ServiceModel/AuthService.svc/StartTextCodeAuthFlow").unwrap();
            let mut exchange = session.call(&Call::post(path).with_json(json.as_bytes()));
            let body = transfer(session, &mut exchange).unwrap();
            (exchange.call_result(session).unwrap().verdict, String::from_utf8(body).unwrap())
        };
        assert_eq!(recorded(&emulator, &mut session, &ann()).1, Some(Verdict::SecondFactorWanted));
        let (verdict, body) = start(&mut session, "wrong");
        assert_eq!(verdict, CallVerdict::Failed, "{body}");
        let (verdict, body) = start(&mut session, "a\"\\\u{1}ö");
        assert_eq!(verdict, CallVerdict::Fine, "{body}");
        assert!(body.contains("A code was sent"), "{body}");
        let second = ann().with_borrowed_one_time_code("123456");
        assert_eq!(recorded(&emulator, &mut session, &second).1, Some(Verdict::Authenticated));
        assert_eq!(emulator.counters().text_codes, 1);
    }
}

/// Each other answer of a login, with the emulator's own bytes.
#[test]
fn licenses_passwords_and_authenticators_are_told_wherever_the_reply_is_cut() {
    for (outcome, verdict) in [
        (LoginOutcome::NeedGrantLicense, Verdict::NeedGrantLicense),
        (LoginOutcome::NoLicense, Verdict::NoLicense),
        (LoginOutcome::PasswordExpired, Verdict::PasswordExpired),
        (LoginOutcome::AuthenticatorWanted, Verdict::AuthenticatorWanted),
    ] {
        for ticket_with_refusal in [false, true] {
            let emulator = Emulator::start(Options {
                users: vec![User::with_outcome("Ann", "a", outcome)],
                expired_password: ExpiredPassword::Code5,
                ticket_with_refusal,
                ticket_length: 32,
                stack_trace_size: 32,
                ..Options::default()
            })
            .unwrap();
            let (url, mut memory) = (emulator.url(), [0; 4096]);
            let mut first = session(&url, Runtime::NetFramework, &mut memory);
            let (reply, told) = recorded(&emulator, &mut first, &ann());
            assert_eq!(told, Some(verdict));
            for cut in Cut::all(reply.len()) {
                let mut memory = [0; 4096];
                let mut session = session(&url, Runtime::NetFramework, &mut memory);
                let (_, answer) = login(&mut session, &ann(), &reply, cut);
                assert_eq!((answer.verdict, answer.is_authenticated()), (Some(verdict), false), "{cut:?}");
                assert!(answer.message.is_some_and(|message| !message.is_empty()));
                let comes = ticket_with_refusal && verdict != Verdict::AuthenticatorWanted;
                assert_eq!(session.has_ticket(), comes);
            }
        }
    }
}

#[test]
fn a_busy_site_is_told_with_when_to_try_again_wherever_the_reply_is_cut() {
    let emulator = Emulator::start(Options::default()).unwrap();
    let url = emulator.url();
    for status in
        [Overload::TooManyRequests, Overload::BadGateway, Overload::ServiceUnavailable, Overload::GatewayTimeout]
    {
        for (said, expected) in
            [(RetryAfter::Absent, None), (RetryAfter::Seconds(30), Some(30)), (RetryAfter::Date(3600), Some(3600))]
        {
            emulator.overload_logins(1, status, said);
            let mut memory = [0; 4096];
            let (reply, told) = recorded(&emulator, &mut session(&url, Runtime::Net, &mut memory), &ann());
            assert_eq!(told, Some(Verdict::Busy));
            for cut in Cut::all(reply.len()) {
                let mut memory = [0; 4096];
                let (_, answer) = login(&mut session(&url, Runtime::Net, &mut memory), &ann(), &reply, cut);
                assert_eq!(answer.verdict, Some(Verdict::Busy), "{cut:?}");
                // A date may be a second off where a second begins between it and the reply's own.
                let is_near = match (answer.retry_after, expected) {
                    (Some(told), Some(expected)) => told.abs_diff(expected) <= 1,
                    (told, expected) => told == expected,
                };
                assert!(is_near, "{:?} {expected:?} {cut:?}", answer.retry_after);
            }
        }
    }
    assert_eq!(emulator.failed_logins("Ann"), 0);
}
