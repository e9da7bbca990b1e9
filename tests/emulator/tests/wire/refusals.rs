//! Users whose password is right and who still cannot work: licenses, an authenticator, an expired password.

use std::num::NonZeroU32;

use creatio_emulator::{Emulator, ExpiredPassword, Options, Outcome, User};
use serde_json::{Value, json};

use crate::client::Client;
use crate::start;

fn with_users(ticket_with_refusal: bool) -> Emulator {
    let users = vec![
        User::with_outcome("Grantor", "g", Outcome::NeedGrantLicense),
        User::with_outcome("Unlicensed", "u", Outcome::NoLicense),
        User::with_outcome("Expired", "e", Outcome::PasswordExpired),
    ];
    let expired_password = ExpiredPassword::Code5;
    let lockout_after = NonZeroU32::new(1);
    start(Options { users, expired_password, ticket_with_refusal, lockout_after, ..Options::default() })
}

#[test]
fn codes_3_4_and_5_come_without_a_ticket_or_with_one() {
    for with_ticket in [false, true] {
        let emulator = with_users(with_ticket);
        for (name, password, code) in [("Grantor", "g", 3), ("Unlicensed", "u", 4), ("Expired", "e", 5)] {
            // The password is right: however often it comes, nothing is locked.
            for _ in 0..2 {
                let mut client = Client::new(&emulator);
                let reply = client.login(name, password);
                assert_eq!((reply.status, &reply.json()["Code"]), (200, &json!(code)));
                assert!(reply.json()["Message"].as_str().is_some_and(|message| !message.is_empty()));
                assert_eq!(reply.json()["Exception"], Value::Null);
                assert!(reply.json()["RedirectUrl"].is_string());
                assert_eq!(client.cookie(".ASPXAUTH").is_some(), with_ticket);
            }
            assert_eq!(emulator.failed_logins(name), 0);
            assert_eq!(Client::new(&emulator).login(name, "x").json()["Code"], 1);
        }
        assert_eq!(emulator.counters().logins_accepted, 0);
    }
}

#[test]
fn code_5_lasts_until_the_password_is_changed() {
    let emulator = with_users(false);
    let body =
        json!({"UserName": "Expired", "UserPassword": "e", "NewUserPassword": "n", "ConfirmUserPassword": "n"});
    let target = "/ServiceModel/AuthService.svc/DoChangePasswordLogin";
    let reply = Client::new(&emulator).send("POST", target, Some("application/json"), &body.to_string());
    assert_eq!(reply.json()["Code"], 0);
    assert_eq!(Client::new(&emulator).login("Expired", "n").json()["Code"], 0);
}

#[test]
fn an_authenticator_to_bind_is_told_by_the_type_of_the_exception() {
    let users = vec![User::with_outcome("New", "n", Outcome::AuthenticatorWanted)];
    let emulator = start(Options { users, ..Options::default() });
    let reply = Client::new(&emulator).login("New", "n");
    assert_eq!((reply.status, &reply.json()["Code"]), (200, &json!(1)));
    let kind = reply.json()["Exception"]["Type"].as_str().unwrap().to_owned();
    assert!(kind.ends_with(".TotpIsNotEnabledException"), "{kind}");
    assert!(!reply.set_cookies().iter().any(|field| field.starts_with(".ASPXAUTH")));
    assert_eq!(emulator.failed_logins("New"), 0);
}
