//! One-time codes, and sites that reject every password.

use std::io::ErrorKind;
use std::num::NonZeroU32;

use creatio_emulator::{Emulator, Identity, Options, User};
use serde_json::json;

use crate::client::{Client, Reply};
use crate::start;
use crate::tokens::token;

fn with_code(options: Options) -> Emulator {
    let users = vec![User::new("Ann", "a").with_one_time_code("123456"), User::new("Bob", "b")];
    start(Options { users, ..options })
}

/// A login as Ann, with these claims.
fn login(emulator: &Emulator, claims: &[(&str, &str)], provider: Option<&str>) -> Reply {
    let claims: Vec<_> = claims.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
    let body = json!({"UserName": "Ann", "UserPassword": "a", "ClaimList": claims, "ProviderName": provider});
    Client::new(emulator).login_with(&body.to_string())
}

fn assert_rejected(reply: &Reply, code: i32) {
    assert_eq!((reply.status, &reply.json()["Code"]), (200, &json!(code)));
    let message = reply.json()["Message"].clone();
    assert!(message.as_str().is_some_and(|message| !message.is_empty()));
    assert_eq!(reply.json()["Exception"]["Message"], message);
    assert!(!reply.set_cookies().iter().any(|field| field.starts_with(".ASPXAUTH")));
}

#[test]
fn a_user_may_need_a_one_time_code() {
    for code in [1, 3, -1] {
        let emulator = with_code(Options { one_time_code_rejection: code, ..Options::default() });
        assert_rejected(&Client::new(&emulator).login("Ann", "a"), code);
        assert_rejected(&login(&emulator, &[], None), code);
        assert_rejected(&login(&emulator, &[("Token", "123456")], None), code);
        assert_eq!(emulator.failed_logins("Ann"), 0);
        assert_rejected(&login(&emulator, &[("token", "123457")], None), code);
        assert_eq!(emulator.failed_logins("Ann"), 1);
        // A wrong password is told as ever.
        assert_rejected(&Client::new(&emulator).login("Ann", "b"), 1);

        assert_eq!(login(&emulator, &[("x", "1"), ("token", "123456")], Some("Totp")).json()["Code"], 0);
        assert_eq!(emulator.failed_logins("Ann"), 0);
        assert_eq!(Client::new(&emulator).login("Bob", "b").json()["Code"], 0);
        assert_eq!(emulator.counters().logins_accepted, 2);
    }
}

#[test]
fn codes_follow_each_other() {
    let emulator = with_code(Options::default());
    let right = [("token", "123456")];
    assert_eq!(login(&emulator, &right, None).json()["Code"], 0);
    assert!(emulator.set_one_time_code("Ann", Some("654321")));
    assert_rejected(&login(&emulator, &right, None), 1);
    assert_eq!(login(&emulator, &[("token", "654321")], None).json()["Code"], 0);
    assert!(emulator.set_one_time_code("Ann", None));
    assert_eq!(login(&emulator, &[], None).json()["Code"], 0);
    assert!(!emulator.set_one_time_code("Nobody", None));
}

#[test]
fn the_provider_can_matter() {
    let one_time_code_provider = Some("Totp".to_owned());
    let emulator = with_code(Options { one_time_code_provider, ..Options::default() });
    let right = [("token", "123456")];
    assert_rejected(&login(&emulator, &right, None), 1);
    assert_rejected(&login(&emulator, &right, Some("totp")), 1);
    assert_eq!(login(&emulator, &right, Some("Totp")).json()["Code"], 0);
    assert_eq!(Client::new(&emulator).login("Bob", "b").json()["Code"], 0);
}

#[test]
fn wrong_codes_lock() {
    let emulator = with_code(Options { lockout_after: NonZeroU32::new(2), ..Options::default() });
    for _ in 0..2 {
        assert_rejected(&login(&emulator, &[("token", "0")], None), 1);
    }
    let reply = login(&emulator, &[("token", "123456")], None);
    assert!(reply.json()["Message"].as_str().unwrap().contains("locked"));
}

#[test]
fn a_change_of_password_needs_the_code_too() {
    let emulator = with_code(Options::default());
    let change = |claims: serde_json::Value| {
        let body = json!({"UserName": "Ann", "UserPassword": "a", "ClaimList": claims,
            "NewUserPassword": "new", "ConfirmUserPassword": "new"});
        let target = "/ServiceModel/AuthService.svc/DoChangePasswordLogin";
        Client::new(&emulator).send("POST", target, Some("application/json"), &body.to_string())
    };
    assert_rejected(&change(json!(null)), 1);
    assert_eq!(change(json!([{"Key": "token", "Value": "123456"}])).json()["Code"], 0);
    assert_eq!(emulator.counters().passwords_changed, 1);
}

#[test]
fn a_site_can_want_oauth_only() {
    for code in [1, 3] {
        let identity = Some(Identity::default());
        let emulator =
            start(Options { oauth_only: true, oauth_only_rejection: code, identity, ..Options::default() });
        for password in ["Supervisor", "x"] {
            let reply = Client::new(&emulator).login("Supervisor", password);
            assert_rejected(&reply, code);
            assert!(reply.json()["Message"].as_str().unwrap().contains("OAuth"));
        }
        assert_eq!(emulator.failed_logins("Supervisor"), 0);

        let mut client = Client::new(&emulator);
        client.fields.push(("Authorization", format!("Bearer {}", token(&emulator))));
        assert_eq!(client.get("/0/odata/Contact").status, 200);
    }
}

#[test]
fn no_rejection_looks_like_a_success() {
    for code in [0, 2] {
        let options = [
            Options { one_time_code_rejection: code, ..Options::default() },
            Options { oauth_only_rejection: code, ..Options::default() },
        ];
        for options in options {
            assert_eq!(Emulator::start(options).unwrap_err().kind(), ErrorKind::InvalidInput);
        }
    }
}

#[test]
fn debug_shows_no_code() {
    let emulator = with_code(Options::default());
    login(&emulator, &[("token", "123456")], Some("Totp"));
    let user = User::new("Ann", "a").with_one_time_code("123456");
    let text = format!("{user:?} {:?}", emulator.last_login());
    assert!(text.contains("Totp") && text.contains("token") && !text.contains("123456"));
}
