//! The example's other sign-ins: in two steps, by a text code, and with a new password.

use std::num::NonZeroUsize;

use creatio_emulator::{
    Emulator, ExpiredPassword, Options, Outcome, Overload, RetryAfter, Runtime, SecondFactor, User,
};

use crate::build::{Run, archive, cc, compiler, run, scratch, valgrind};
use crate::interface::{link_tests, passes};
use crate::program::{login, program, sanitized_program, start, with_password};
use crate::support::steps;

const KINDS: [SecondFactor; 3] =
    [SecondFactor::TwoSteps, SecondFactor::TwoStepsCode5, SecondFactor::TwoStepsException];
const PASSWORD: &str = "p\"a\\ss\u{1} wörd";
const CODE: (&str, &str) = ("CREATIO_CODE", "123456");
const SIGNED_IN: &str = "CREATIO_LOGIN_AUTHENTICATED (signed in)\nmessage: \nstatus: 200\ncookies: ";

fn emulator(options: Options) -> Emulator {
    let users = vec![User::new("Ann", PASSWORD).with_one_time_code("123456")];
    let second_factor = match options.second_factor {
        SecondFactor::OneStep => SecondFactor::TwoSteps,
        other => other,
    };
    start(Options { users, second_factor, ..options })
}

/// A string of C.
fn literal(bytes: &[u8]) -> String {
    let octal: String = bytes.iter().map(|byte| format!("\\{byte:03o}")).collect();
    format!("\"{octal}\"")
}

fn first_factor(reply: &str) -> &str {
    let (_, value) = reply.split_once("FirstFactor=").expect("it is the reply to a first step");
    value.split(';').next().expect("a value")
}

/// The test of both steps in `tests/c`, with the replies that the emulator gives.
#[test]
fn the_library_signs_in_in_two_steps_wherever_the_emulators_replies_are_cut() {
    use creatio_auth::Runtime;

    // On .NET, FirstFactor is the only cookie.
    let steps = steps::KINDS.map(|kind| steps::both_steps(&steps::emulator(kind, Runtime::Net), Runtime::Net));
    let texts = steps.map(|replies| replies.map(|reply| String::from_utf8(reply).expect("it is text")));
    let value = first_factor(&texts[0][0]);
    // Each emulator has made one of its own; in the test there is one.
    let first = texts.each_ref().map(|[first, _]| literal(first.replace(first_factor(first), value).as_bytes()));
    let recorded = format!(
        "#define FIRST_FACTOR \"FirstFactor={value}\"\n#define FIRST_REPLIES {}\n#define SECOND_REPLY {}\n",
        first.join(", "),
        literal(texts[0][1].as_bytes())
    );
    let scratch = scratch("recorded");
    std::fs::write(scratch.join("recorded.h"), recorded).expect("it can be written");
    let mut compiler = compiler(&cc(), "c11"); // whose strings may be longer than those of C99
    compiler.arg("-DRECORDED").arg(format!("-I{}", scratch.display())).arg("-Wno-overlength-strings");
    passes(&mut std::process::Command::new(link_tests(compiler, &[archive()], &scratch.join("tests"))));
}

fn sign_in(emulator: &Emulator, secrets: &[(&str, &str)]) -> Run {
    let mut command = with_password(program(), PASSWORD);
    let result = run(command.args([&emulator.url(), "Ann"]).envs(secrets.iter().copied()));
    assert!(!result.stdout.contains("wörd") && !result.stdout.contains("123456"), "{result:?}");
    result
}

#[test]
fn the_example_signs_in_in_two_steps() {
    for second_factor in KINDS {
        for runtime in [Runtime::NetFramework, Runtime::Net] {
            for chunk_size in [None, NonZeroUsize::new(1), NonZeroUsize::new(7)] {
                let emulator = emulator(Options { second_factor, runtime, chunk_size, ..Options::default() });
                let result = sign_in(&emulator, &[CODE]);
                assert_eq!((result.code, result.stderr.as_str()), (Some(0), ""), "{result:?}");
                let (first, second) = result.stdout.split_once(SIGNED_IN).expect("it has signed in");
                assert!(first.contains("verdict: CREATIO_LOGIN_SECOND_FACTOR_WANTED"), "{result:?}");
                assert!(second.contains("FirstFactor") && second.ends_with("\nstatus: 200\n"), "{result:?}");
                assert_eq!((emulator.counters().logins, emulator.counters().calls), (2, 1));
            }
        }
    }
}

#[test]
fn the_example_does_not_sign_in_with_a_code_that_is_wrong_or_missing() {
    let emulator = emulator(Options::default());
    let result = sign_in(&emulator, &[("CREATIO_CODE", "0")]);
    assert_eq!(result.code, Some(1), "{result:?}");
    assert!(
        result.stdout.contains("CREATIO_LOGIN_REJECTED") && result.stdout.contains("code is wrong"),
        "{result:?}"
    );
    for none in [&[][..], &[("CREATIO_CODE", "12345678901234567890123456789012")]] {
        let result = sign_in(&emulator, none);
        assert_eq!(result.code, Some(2), "{result:?}");
    }
    assert_eq!(emulator.counters().logins, 4);
}

#[test]
fn the_example_has_a_text_code_sent() {
    for runtime in [Runtime::NetFramework, Runtime::Net] {
        let emulator = emulator(Options { text_code: true, runtime, ..Options::default() });
        let result = sign_in(&emulator, &[CODE, ("CREATIO_TEXT_CODE", "1")]);
        assert_eq!(result.code, Some(0), "{result:?}");
        assert!(result.stdout.contains("A code was sent") && result.stdout.contains(SIGNED_IN), "{result:?}");
        assert_eq!(emulator.counters().text_codes, 1);
    }
    let by_authenticator = emulator(Options::default());
    let result = sign_in(&by_authenticator, &[CODE, ("CREATIO_TEXT_CODE", "1")]);
    assert_eq!(result.code, Some(1), "{result:?}");
    assert!(result.stdout.contains("(the service says that it failed)"), "{result:?}");
}

#[test]
fn the_example_changes_an_expired_password() {
    for expired_password in [ExpiredPassword::Code1, ExpiredPassword::Code5] {
        let users = vec![User::with_outcome("Ann", PASSWORD, Outcome::PasswordExpired)];
        let emulator = start(Options { users, expired_password, ..Options::default() });
        let result = sign_in(&emulator, &[]);
        assert_eq!(result.code, Some(1), "{result:?}");
        assert!(result.stdout.contains("by creatio_session_change_password"), "{result:?}");
        let result = sign_in(&emulator, &[("CREATIO_NEW_PASSWORD", "n\"ew")]);
        assert!(result.code == Some(0) && result.stdout.contains(SIGNED_IN), "{result:?}");
        assert_eq!(emulator.counters().passwords_changed, 1);
    }
}

#[test]
fn the_example_tells_what_stands_in_the_way() {
    for (outcome, verdict) in [
        (Outcome::NeedGrantLicense, "CREATIO_LOGIN_NEED_GRANT_LICENSE"),
        (Outcome::NoLicense, "CREATIO_LOGIN_NO_LICENSE"),
        (Outcome::AuthenticatorWanted, "CREATIO_LOGIN_AUTHENTICATOR_WANTED"),
    ] {
        for ticket_with_refusal in [false, true] {
            let users = vec![User::with_outcome("Supervisor", "Supervisor", outcome)];
            let emulator = start(Options { users, ticket_with_refusal, ..Options::default() });
            let result = login(&[&emulator.url(), "Supervisor"]);
            assert!(result.code == Some(1) && result.stdout.contains(verdict), "{result:?}");
            assert_eq!((emulator.counters().logins, emulator.counters().calls), (1, 0));
        }
    }
    let emulator = start(Options::default());
    for (said, shown) in [(RetryAfter::Absent, false), (RetryAfter::Seconds(30), true)] {
        emulator.overload_logins(1, Overload::GatewayTimeout, said);
        let result = login(&[&emulator.url(), "Supervisor"]);
        assert!(result.code == Some(1) && result.stdout.contains("CREATIO_LOGIN_BUSY"), "{result:?}");
        assert_eq!(result.stdout.contains("status: 504\ntry again in 30 s\n"), shown, "{result:?}");
    }
}

#[test]
#[ignore = "needs gcc with its sanitizers, and valgrind; run by cargo xtask test"]
fn the_example_in_two_steps_has_no_errors_in_memory() {
    let emulator = emulator(Options { text_code: true, ..Options::default() });
    let mut under_valgrind = valgrind();
    under_valgrind.arg(program());
    for command in [std::process::Command::new(sanitized_program()), under_valgrind] {
        let mut command = command;
        command.args([&emulator.url(), "Ann"]).env("CREATIO_PASSWORD", PASSWORD);
        let result = run(command.envs([CODE, ("CREATIO_TEXT_CODE", "1")]));
        assert_eq!((result.code, result.stderr.as_str()), (Some(0), ""), "{result:?}");
    }
}
