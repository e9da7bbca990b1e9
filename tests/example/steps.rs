//! Sign-ins of the example beside the plain one: a second factor, a change of the password, and what stands in their way.

use creatio_emulator::{
    Emulator, ExpiredPassword, Options, Outcome, Overload, RetryAfter, Runtime, SecondFactor, User,
};

use crate::program::{Run, run_with_all};
use crate::{PASSWORD, assert_shows_contacts};

const KINDS: [SecondFactor; 3] =
    [SecondFactor::TwoSteps, SecondFactor::TwoStepsCode5, SecondFactor::TwoStepsException];

fn emulator(second_factor: SecondFactor, options: Options) -> Emulator {
    let users = vec![User::new("Supervisor", PASSWORD).with_one_time_code("123456")];
    Emulator::start(Options { users, second_factor, ..options }).unwrap()
}

fn with_user(outcome: Outcome, options: Options) -> Emulator {
    Emulator::start(Options { users: vec![User::with_outcome("Supervisor", PASSWORD, outcome)], ..options }).unwrap()
}

/// Signs in as Supervisor with these secrets beside the password.
fn login(emulator: &Emulator, more: &[&str], secrets: &[(&str, &str)]) -> Run {
    let url = emulator.url();
    let arguments = [&["--url", &url, "--user", "Supervisor"], more].concat();
    run_with_all("login", &arguments, &[&[("CREATIO_PASSWORD", PASSWORD)], secrets].concat())
}

const CODE: (&str, &str) = ("CREATIO_CODE", "123456");

#[test]
fn two_steps_sign_in_with_the_code_that_is_asked_for_in_between() {
    for kind in KINDS {
        for runtime in [Runtime::NetFramework, Runtime::Net] {
            for chunk_size in [None, std::num::NonZeroUsize::new(1)] {
                let emulator = emulator(kind, Options { runtime, chunk_size, ..Options::default() });
                let run = login(&emulator, &[], &[CODE]);
                assert!(run.code == 0 && run.out.contains("verdict   SecondFactorWanted"), "{run}");
                assert!(run.out.contains("FirstFactor (64 bytes)"), "{run}");
                assert!(run.out.contains("sign in   as Supervisor, with a one-time code\nverdict   Authenticated"));
                assert!(run.out.contains("HTTP status 200") && !run.out.contains("123456"), "{run}");
                assert_eq!((emulator.counters().logins, emulator.counters().calls), (2, 1));
            }
        }
    }
}

#[test]
fn a_code_that_is_wrong_or_missing_does_not_sign_in() {
    for kind in KINDS {
        let emulator = emulator(kind, Options::default());
        let run = login(&emulator, &[], &[("CREATIO_CODE", "0")]);
        assert!(run.code == 1 && run.out.contains("The one-time code is wrong."), "{run}");
        assert_eq!(emulator.failed_logins("Supervisor"), 1);
        // There is no terminal to ask at.
        let run = login(&emulator, &[], &[]);
        assert!(run.code == 2 && run.err.contains("set CREATIO_CODE"), "{run}");
        // Nor is a code of use to such a site before the first step.
        let run = login(&emulator, &["--code"], &[CODE]);
        assert!(run.code == 1 && run.out.contains("The first step is missing"), "{run}");
        assert!(run.out.contains("takes none before: leave --code out then"), "{run}");
    }
}

#[test]
fn one_step_signs_in_with_the_code() {
    let emulator = emulator(SecondFactor::OneStep, Options::default());
    let run = login(&emulator, &["--code"], &[CODE]);
    assert_shows_contacts(&run);
    assert_eq!(emulator.counters().logins, 1);
    let run = login(&emulator, &[], &[CODE]);
    assert!(run.code == 1 && run.out.contains("A one-time code is needed."), "{run}");
    assert!(run.out.contains("and the site does not ask for it: the same with --code"), "{run}");
    assert_eq!(run.out.matches("A one-time code is needed.").count(), 1, "what the exception says as well: {run}");
}

#[test]
fn a_text_code_is_asked_for_before_the_second_step() {
    let emulator = emulator(SecondFactor::TwoSteps, Options { text_code: true, ..Options::default() });
    let run = login(&emulator, &["--text-code", "--trace"], &[CODE]);
    assert!(run.code == 0 && run.out.contains("text code sent: A code was sent to the number"), "{run}");
    assert!(run.out.contains("> POST /ServiceModel/AuthService.svc/StartTextCodeAuthFlow"), "{run}");
    assert!(!run.out.contains("wörd") && !run.out.contains("123456"), "no secret in the trace: {run}");
    assert_eq!(emulator.counters().text_codes, 1);
    let run = login(&emulator, &[], &[CODE]);
    assert!(run.code == 1 && run.out.contains("The one-time code is wrong."), "{run}");

    let by_authenticator = self::emulator(SecondFactor::TwoSteps, Options::default());
    let run = login(&by_authenticator, &["--text-code"], &[CODE]);
    assert!(run.code == 1 && run.out.contains("Codes are not sent to this user."), "{run}");
    assert_eq!(by_authenticator.counters().logins, 1);
}

#[test]
fn an_expired_password_names_the_way_to_change_it_which_then_signs_in() {
    for (expired_password, verdict) in
        [(ExpiredPassword::Code1, "Rejected"), (ExpiredPassword::Code5, "PasswordExpired")]
    {
        for ticket_with_refusal in [false, true] {
            let options = Options { expired_password, ticket_with_refusal, ..Options::default() };
            let emulator = with_user(Outcome::PasswordExpired, options);
            let run = login(&emulator, &[], &[]);
            assert!(run.code == 1 && run.out.contains(&format!("verdict   {verdict}")), "{run}");
            let way = "the same with --change-password, which asks for a new one and signs in with it";
            assert!(run.out.contains(way), "{run}");
            let run = login(&emulator, &["--change-password"], &[("CREATIO_NEW_PASSWORD", "n\"ew")]);
            assert_shows_contacts(&run);
            assert!(!run.out.contains(way) && !run.out.contains("n\"ew"), "{run}");
            assert!(run.out.contains("sign in   as Supervisor, by a change of the password\n"), "{run}");
            assert!(run.out.contains("next      the password is changed"), "{run}");
            assert_eq!(emulator.counters().passwords_changed, 1);
        }
    }
    // A new password and a code.
    let emulator = emulator(SecondFactor::TwoSteps, Options::default());
    let run = login(&emulator, &["--change-password"], &[CODE, ("CREATIO_NEW_PASSWORD", "new")]);
    assert!(run.code == 0 && run.out.contains("verdict   Authenticated"), "{run}");
    assert_eq!(emulator.counters().passwords_changed, 1);
}

#[test]
fn a_new_password_that_would_not_do_goes_nowhere() {
    let emulator = with_user(Outcome::PasswordExpired, Options::default());
    for (new_password, told) in [(PASSWORD, "the new password is the old one"), ("", "the new password is empty")] {
        let run = login(&emulator, &["--change-password"], &[("CREATIO_NEW_PASSWORD", new_password)]);
        assert!(run.code == 2 && run.err.contains(told), "{run}");
    }
    assert_eq!((emulator.counters().passwords_changed, emulator.failed_logins("Supervisor")), (0, 0));
    // A site that changes it and does not sign in.
    let emulator = with_user(Outcome::Accepted, Options { password_change_signs_in: false, ..Options::default() });
    let run = login(&emulator, &["--change-password"], &[("CREATIO_NEW_PASSWORD", "new")]);
    assert!(run.code == 1 && run.out.contains("so the password is changed"), "{run}");
    assert!(run.out.contains("sign in with the new one"), "{run}");
}

#[test]
fn an_empty_secret_is_refused_before_any_login() {
    let emulator = emulator(SecondFactor::OneStep, Options::default());
    let url = emulator.url();
    let user = ["--url", &url, "--user", "Supervisor"];
    for (name, arguments, secrets, told) in [
        ("login", &user[..], &[("CREATIO_PASSWORD", "")][..], "the password is empty; put it into CREATIO_PASSWORD"),
        (
            "login",
            &[&user[..], &["--code"]].concat(),
            &[("CREATIO_PASSWORD", PASSWORD), ("CREATIO_CODE", "")],
            "the one-time code is empty",
        ),
        (
            "login",
            &["--url", &url, "--user", ""],
            &[("CREATIO_PASSWORD", PASSWORD)],
            "a value is required for '--user <USER>'",
        ),
        ("shared", &user, &[("CREATIO_PASSWORD", "")], "the password is empty"),
        ("ureq", &user, &[("CREATIO_PASSWORD", "")], "the password is empty"),
        ("tokio", &user, &[("CREATIO_PASSWORD", "")], "CREATIO_PASSWORD is not set, or is empty"),
        ("gateway", &["--url", &url], &[("CREATIO_PASSWORD", "")], "CREATIO_PASSWORD is empty"),
        ("authservice", &[&url, "Supervisor"], &[("CREATIO_PASSWORD", "")], "usage: CREATIO_PASSWORD=..."),
    ] {
        let run = run_with_all(name, arguments, secrets);
        assert!(run.code != 0 && run.to_string().contains(told), "{name}: {run}");
    }
    assert_eq!(emulator.counters().logins, 0);
}

#[test]
fn licenses_authenticators_and_busy_sites_are_told() {
    for (outcome, verdict) in [
        (Outcome::NeedGrantLicense, "NeedGrantLicense"),
        (Outcome::NoLicense, "NoLicense"),
        (Outcome::AuthenticatorWanted, "AuthenticatorWanted"),
    ] {
        let run = login(&with_user(outcome, Options::default()), &[], &[]);
        assert!(run.code == 1 && run.out.contains(&format!("verdict   {verdict}")), "{run}");
        assert!(!run.out.contains("--change-password"), "{run}");
    }
    let emulator = with_user(Outcome::Accepted, Options::default());
    emulator.overload_logins(1, Overload::BadGateway, RetryAfter::Seconds(30));
    let run = login(&emulator, &[], &[]);
    assert!(run.code == 1 && run.out.contains("verdict   Busy") && run.out.contains("try again in 30 s"), "{run}");
}
