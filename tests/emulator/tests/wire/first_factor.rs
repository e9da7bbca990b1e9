//! The second factor in two steps, codes that are sent as texts, and what the login page asks about both.

use std::num::NonZeroU32;
use std::time::Duration;

use creatio_emulator::{Emulator, Options, Runtime, SecondFactor, User};
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::start;

fn in_two_steps(options: Options) -> Emulator {
    let users = vec![
        User::new("Ann", "a").with_one_time_code("123456"),
        User::new("Eve", "e").with_one_time_code("123456"),
        User::new("Bob", "b"),
    ];
    let second_factor = match options.second_factor {
        SecondFactor::OneStep => SecondFactor::TwoSteps,
        other => other,
    };
    start(Options { users, second_factor, ..options })
}

fn with_code(client: &mut Client, name: &str, password: &str, code: &str) -> Reply {
    let claims = [json!({"Key": "token", "Value": code})];
    client.login_with(&json!({"UserName": name, "UserPassword": password, "ClaimList": claims}).to_string())
}

fn assert_rejected(reply: &Reply, message: &str) {
    assert_eq!((reply.status, &reply.json()["Code"]), (200, &json!(1)), "{message}");
    assert!(reply.json()["Message"].as_str().unwrap().contains(message), "{}", reply.body);
    assert!(!has(reply, ".ASPXAUTH") && !has(reply, "FirstFactor"));
}

fn has(reply: &Reply, cookie: &str) -> bool {
    reply.set_cookies().iter().any(|field| field.starts_with(&format!("{cookie}=")))
}

#[test]
fn the_first_step_brings_a_first_factor_and_no_ticket_and_the_second_signs_in() {
    for (second_factor, code, kind) in [
        (SecondFactor::TwoSteps, 0, None),
        (SecondFactor::TwoStepsCode5, 5, None),
        (SecondFactor::TwoStepsException, 1, Some(".StartAuthFlowException")),
    ] {
        for (runtime, first_factor) in [
            (Runtime::NetFramework, "FirstFactor; expires; path=/; HttpOnly"),
            (Runtime::Net, "FirstFactor; expires; path=/; samesite=lax; httponly"),
        ] {
            let emulator = in_two_steps(Options { second_factor, runtime, ..Options::default() });
            let mut client = Client::new(&emulator);
            let first = client.login("Ann", "a");
            assert_eq!((first.status, &first.json()["Code"]), (200, &json!(code)));
            let told = first.json()["Exception"]["Type"].as_str().map(str::to_owned);
            assert!(told.as_deref().unwrap_or_default().ends_with(kind.unwrap_or_default()), "{told:?}");
            assert_eq!(told.is_some(), kind.is_some());
            let loader = (runtime == Runtime::NetFramework).then_some("BPMLOADER; path=/; HttpOnly");
            let shapes: Vec<_> = loader.into_iter().chain([first_factor]).collect();
            assert_eq!(first.cookie_shapes(), shapes);
            assert!(!emulator.last_login().unwrap().first_factor);
            let prefix = if runtime == Runtime::NetFramework { "/0" } else { "" };
            assert_eq!(client.get(&format!("{prefix}/odata/Contact")).status, 302, "not signed in yet");

            let second = with_code(&mut client, "Ann", "a", "123456");
            assert_eq!(second.json()["Code"], 0);
            assert!(has(&second, ".ASPXAUTH") && !has(&second, "FirstFactor"));
            assert!(emulator.last_login().unwrap().first_factor);
            let counters = emulator.counters();
            assert_eq!((counters.logins, counters.logins_accepted), (2, 1));
            assert_eq!(emulator.failed_logins("Ann"), 0);
            // Who has no code needs one step.
            assert_eq!(Client::new(&emulator).login("Bob", "b").json()["Code"], 0);
        }
    }
}

#[test]
fn the_second_step_needs_the_first_and_the_right_code() {
    let emulator = in_two_steps(Options::default());
    let missing = "The first step is missing";
    assert_rejected(&with_code(&mut Client::new(&emulator), "Ann", "a", "123456"), missing);
    // Another user's, and one that is made up.
    let mut client = Client::new(&emulator);
    client.login("Ann", "a");
    assert_rejected(&with_code(&mut client, "Eve", "e", "123456"), missing);
    let mut forger = Client::new(&emulator);
    forger.cookies.push(("FirstFactor".into(), "0".repeat(64)));
    assert_rejected(&with_code(&mut forger, "Ann", "a", "123456"), missing);
    assert_eq!((emulator.failed_logins("Ann"), emulator.failed_logins("Eve")), (0, 0));

    // The password counts again, and so does the code; the first step stays.
    assert_rejected(&with_code(&mut client, "Ann", "x", "123456"), "Invalid user name");
    assert_rejected(&with_code(&mut client, "Ann", "a", "123457"), "The one-time code is wrong");
    assert_eq!(emulator.failed_logins("Ann"), 2);
    assert_eq!(with_code(&mut client, "Ann", "a", "123456").json()["Code"], 0);
    assert_eq!(emulator.failed_logins("Ann"), 0);
    // It serves once.
    assert_rejected(&with_code(&mut client, "Ann", "a", "123456"), missing);
}

#[test]
fn the_first_step_is_over_after_its_time() {
    let options = Options { first_factor_lifetime: Duration::ZERO, ..Options::default() };
    let emulator = in_two_steps(options);
    let mut client = Client::new(&emulator);
    assert!(has(&client.login("Ann", "a"), "FirstFactor"));
    assert_rejected(&with_code(&mut client, "Ann", "a", "123456"), "too long ago");
}

#[test]
fn wrong_codes_lock_in_two_steps_too() {
    let emulator = in_two_steps(Options { lockout_after: NonZeroU32::new(2), ..Options::default() });
    let mut client = Client::new(&emulator);
    client.login("Ann", "a");
    for _ in 0..2 {
        assert_rejected(&with_code(&mut client, "Ann", "a", "0"), "wrong");
    }
    assert_rejected(&with_code(&mut client, "Ann", "a", "123456"), "locked");
}

fn ask(client: &mut Client, method: &str, body: &Value) -> Reply {
    let target = format!("/ServiceModel/AuthService.svc/{method}");
    client.send("POST", &target, Some("application/json"), &body.to_string())
}

#[test]
fn a_text_code_counts_when_it_was_sent_and_once() {
    for second_factor in [SecondFactor::TwoSteps, SecondFactor::TwoStepsException] {
        let emulator = in_two_steps(Options { text_code: true, second_factor, ..Options::default() });
        let mut client = Client::new(&emulator);
        client.login("Ann", "a");
        assert_rejected(&with_code(&mut client, "Ann", "a", "123456"), "wrong");
        let who = json!({"UserName": "Ann", "UserPassword": "a"});
        let reply = ask(&mut client, "StartTextCodeAuthFlow", &who);
        assert_eq!((reply.status, &reply.json()["success"]), (200, &json!(true)));
        assert!(reply.json()["message"].as_str().is_some_and(|message| !message.is_empty()));
        // Another user's does not serve.
        assert!(ask(&mut Client::new(&emulator), "StartTextCodeAuthFlow", &json!({"UserName": "Eve"})).status == 200);
        assert_eq!(with_code(&mut client, "Ann", "a", "123456").json()["Code"], 0);
        assert_eq!(emulator.counters().text_codes, 1);
        client.login("Ann", "a");
        assert_rejected(&with_code(&mut client, "Ann", "a", "123456"), "wrong");
    }
}

#[test]
fn no_text_code_goes_to_whose_password_it_is_not_or_who_needs_none() {
    let emulator = in_two_steps(Options { text_code: true, ..Options::default() });
    for who in [
        json!({"UserName": "Ann", "UserPassword": "x"}),
        json!({"UserName": "Nobody", "UserPassword": "a"}),
        json!({"UserName": "Bob", "UserPassword": "b"}),
        json!({}),
    ] {
        let reply = ask(&mut Client::new(&emulator), "StartTextCodeAuthFlow", &who);
        assert_eq!((reply.status, &reply.json()["success"]), (200, &json!(false)), "{who}");
    }
    assert_eq!((emulator.failed_logins("Ann"), emulator.counters().text_codes), (1, 0));
    let by_authenticator = in_two_steps(Options::default());
    let who = json!({"UserName": "Ann", "UserPassword": "a"});
    let reply = ask(&mut Client::new(&by_authenticator), "StartTextCodeAuthFlow", &who);
    assert_eq!(reply.json()["success"], false);
}

#[test]
fn the_settings_name_the_kinds_of_codes() {
    for (text_code, kind) in [(true, "SMS"), (false, "TOTP")] {
        let emulator = in_two_steps(Options { text_code, ..Options::default() });
        let settings = Client::new(&emulator).post("/ServiceModel/AuthService.svc/GetAuthenticationSettings").json();
        let expected = json!({"primaryTwoFactorAuthFlowCode": kind, "enabledTwoFactorAuthFlowCodes": [kind]});
        assert_eq!(settings, expected);
    }
    let without = start(Options::default());
    let settings = Client::new(&without).post("/ServiceModel/AuthService.svc/GetAuthenticationSettings").json();
    assert_eq!(settings["enabledTwoFactorAuthFlowCodes"], json!([]));
}
