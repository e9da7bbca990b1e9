//! A change of password, and passwords that have expired.

use std::num::NonZeroU32;

use creatio_emulator::{Emulator, LoginAnswer, Options, Outcome, Runtime, User, WrongPassword};
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::start;

fn with_users(options: Options) -> Emulator {
    let users = vec![
        User::new("Ann", "old"),
        User::with_outcome("Advised", "old", Outcome::PasswordChangeAdvised),
        User::with_outcome("Expired", "old", Outcome::PasswordExpired),
        User::with_outcome("Locked", "old", Outcome::Rejected),
        User::with_outcome("Far", "old", Outcome::Denied),
    ];
    start(Options { users, ..options })
}

fn change(client: &mut Client, name: &str, passwords: [&str; 3]) -> Reply {
    let [old, new, confirmation] = passwords;
    let body = json!({
        "UserName": name, "UserPassword": old, "WorkspaceName": "Default",
        "NewUserPassword": new, "ConfirmUserPassword": confirmation,
    });
    let target = "/ServiceModel/AuthService.svc/DoChangePasswordLogin";
    client.send("POST", target, Some("application/json"), &body.to_string())
}

fn code(emulator: &Emulator, name: &str, password: &str) -> Value {
    Client::new(emulator).login(name, password).json()["Code"].clone()
}

#[test]
fn a_change_signs_in_with_the_cookies_of_a_login() {
    for runtime in [Runtime::NetFramework, Runtime::Net] {
        let emulator = with_users(Options { runtime, ..Options::default() });
        for name in ["Ann", "Advised", "Expired"] {
            let mut client = Client::new(&emulator);
            let reply = change(&mut client, name, ["old", "n\"ew", "n\"ew"]);
            assert_eq!((reply.status, &reply.json()["Code"]), (200, &json!(0)));
            assert_eq!(reply.cookie_shapes(), Client::new(&emulator).login(name, r#"n\"ew"#).cookie_shapes());
            assert_eq!(code(&emulator, name, "old"), 1);

            client.fields.push(("BPMCSRF", client.cookie("BPMCSRF").unwrap().to_owned()));
            let prefix = if runtime == Runtime::NetFramework { "/0" } else { "" };
            assert_eq!(client.get(&format!("{prefix}/odata/Contact")).status, 200);
        }
        let counters = emulator.counters();
        assert_eq!((counters.passwords_changed, counters.logins, counters.logins_accepted), (3, 6, 3));
    }
}

#[test]
fn a_change_can_leave_the_login_to_be_done() {
    let emulator = with_users(Options { password_change_signs_in: false, ..Options::default() });
    let reply = change(&mut Client::new(&emulator), "Ann", ["old", "new", "new"]);
    assert_eq!((reply.status, &reply.json()["Code"]), (200, &json!(0)));
    assert!(reply.set_cookies().is_empty());
    let reply = Client::new(&emulator).login("Ann", "new");
    assert_eq!(reply.json()["Code"], 0);
    assert!(!reply.set_cookies().is_empty());
    // A refusal is the same as ever.
    let reply = change(&mut Client::new(&emulator), "Ann", ["old", "x", "x"]);
    assert_eq!((&reply.json()["Code"], reply.set_cookies().len()), (&json!(1), 1));
}

#[test]
fn an_expired_password_is_rejected_until_it_is_changed() {
    let emulator = with_users(Options { lockout_after: NonZeroU32::new(1), ..Options::default() });
    for _ in 0..3 {
        let reply = Client::new(&emulator).login("Expired", "old");
        let body = reply.json();
        assert_eq!((reply.status, &body["Code"]), (200, &json!(1)));
        assert!(body["Message"].as_str().unwrap().contains("expired"));
        assert_eq!(body["PasswordChangeUrl"], "/Login/NuiLogin.aspx?ChangePassword=true");
        assert_eq!((&body["RedirectUrl"], &body["Exception"]["Message"]), (&Value::Null, &body["Message"]));
        assert!(!reply.set_cookies().iter().any(|field| field.starts_with(".ASPXAUTH")));
    }
    // The right password is no failure.
    assert_eq!(emulator.failed_logins("Expired"), 0);
    change(&mut Client::new(&emulator), "Expired", ["old", "new", "new"]);
    assert_eq!(code(&emulator, "Expired", "new"), 0);
}

#[test]
fn changes_that_are_refused_change_nothing() {
    let emulator = with_users(Options::default());
    let refused = [
        ("Ann", ["wrong", "new", "new"]),
        ("Nobody", ["old", "new", "new"]),
        ("Locked", ["old", "new", "new"]),
        ("Ann", ["old", "new", "New"]),
        ("Ann", ["old", "old", "old"]),
        ("Ann", ["old", "", ""]),
        ("Advised", ["old", "new", ""]),
    ];
    let mut messages = Vec::new();
    for (name, passwords) in refused {
        let reply = change(&mut Client::new(&emulator), name, passwords);
        assert_eq!((reply.status, &reply.json()["Code"]), (200, &json!(1)));
        assert_eq!(reply.cookie_shapes(), ["BPMLOADER; path=/; HttpOnly"]);
        messages.push(reply.json()["Message"].as_str().unwrap().to_owned());
    }
    // Neither the user nor the password can be told from another.
    assert!(messages[0] == messages[1] && messages[1] == messages[2]);
    let mut distinct = messages.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 4);

    assert_eq!(change(&mut Client::new(&emulator), "Far", ["old", "new", "new"]).status, 403);
    assert_eq!((code(&emulator, "Ann", "old"), code(&emulator, "Advised", "old")), (json!(0), json!(2)));
    assert_eq!(emulator.counters().passwords_changed, 0);
}

#[test]
fn failed_changes_lock_like_failed_logins() {
    let lockout_after = NonZeroU32::new(2);
    let wrong_password = WrongPassword::Status401;
    let emulator = with_users(Options { lockout_after, wrong_password, ..Options::default() });
    for _ in 0..2 {
        assert_eq!(change(&mut Client::new(&emulator), "Ann", ["wrong", "new", "new"]).status, 401);
    }
    assert_eq!(emulator.failed_logins("Ann"), 2);
    let reply = change(&mut Client::new(&emulator), "Ann", ["old", "new", "new"]);
    assert!(reply.json()["Message"].as_str().unwrap().contains("locked"));
}

#[test]
fn other_answers_come_for_a_change_too() {
    for (login_answer, status) in [(LoginAnswer::LoginPage, 200), (LoginAnswer::Redirect, 302)] {
        let emulator = with_users(Options { login_answer, ..Options::default() });
        let reply = change(&mut Client::new(&emulator), "Ann", ["old", "new", "new"]);
        assert_eq!(reply.status, status);
        assert!(reply.body.contains("?ReturnUrl=%2fServiceModel%2fAuthService.svc%2fDoChangePasswordLogin"));
        assert_eq!(emulator.counters().passwords_changed, 0);
    }
}

#[test]
fn a_change_is_recorded_without_its_passwords() {
    let emulator = with_users(Options::default());
    change(&mut Client::new(&emulator), "Ann", ["old", "hidden", "hidden"]);
    let record = emulator.last_login().unwrap();
    assert_eq!((record.user_name.as_str(), record.workspace_name.as_deref()), ("Ann", Some("Default")));
    assert!(!format!("{emulator:?} {record:?}").contains("hidden"));
}
