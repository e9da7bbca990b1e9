//! OData with a password for each call (RFC 7617).

use std::num::NonZeroU32;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use creatio_emulator::{Emulator, Options, Outcome, Runtime, User};

use crate::client::{Client, Reply};
use crate::start;

fn site(options: Options) -> Emulator {
    let users = vec![
        User::new("Аня", "пароль:ß 🚀"),
        User::with_outcome("Old", "old", Outcome::PasswordChangeAdvised),
        User::with_outcome("Expired", "old", Outcome::PasswordExpired),
        User::with_outcome("Locked", "locked", Outcome::Rejected),
        User::with_outcome("Far", "far", Outcome::Denied),
        User::new("Ann", "a").with_one_time_code("123456"),
    ];
    start(Options { basic: true, users, ..options })
}

fn call(emulator: &Emulator, credentials: &str, method: &str, target: &str) -> Reply {
    let authorization = format!("Basic {}", BASE64_STANDARD.encode(credentials));
    let fields = [("Authorization", authorization.as_str()), ("Content-Type", "application/json")];
    Client::new(emulator).send_with(method, target, &fields, br#"{"Name":"Ann"}"#)
}

#[test]
fn a_password_is_enough_for_odata() {
    for (runtime, prefix) in [(Runtime::NetFramework, "/0"), (Runtime::Net, "")] {
        let emulator = site(Options { runtime, tls: true, base_path: "/App".to_owned(), ..Options::default() });
        let contact = format!("{prefix}/odata/Contact");
        for credentials in ["Аня:пароль:ß 🚀", "Old:old"] {
            for (method, status) in [("GET", 200), ("POST", 201)] {
                let reply = call(&emulator, credentials, method, &contact);
                assert_eq!((reply.status, reply.set_cookies()), (status, vec![]));
            }
        }
        let counters = emulator.counters();
        assert_eq!((counters.calls, counters.logins, counters.writes), (4, 0, 2));
        // It is for OData alone.
        assert_eq!(call(&emulator, "Old:old", "POST", &format!("{prefix}/ping")).status, 302);
    }
}

#[test]
fn other_passwords_and_other_users_are_refused() {
    let emulator = site(Options::default());
    for credentials in ["Old:x", "Old:", "Nobody:x", ":", "Expired:old", "Locked:locked", "Ann:a"] {
        let reply = call(&emulator, credentials, "GET", "/0/odata/Contact");
        assert_eq!(reply.status, 401, "{credentials}");
        assert_eq!(reply.field("WWW-Authenticate"), Some(r#"Basic realm="Creatio", charset="UTF-8""#));
        assert_eq!(reply.json()["Message"], "Authentication failed.");
    }
    assert_eq!(call(&emulator, "Far:far", "GET", "/0/odata/Contact").status, 403);
    assert_eq!((emulator.failed_logins("Old"), emulator.counters().calls), (2, 0));
}

#[test]
fn failures_lock_the_user() {
    let emulator = site(Options { lockout_after: NonZeroU32::new(2), ..Options::default() });
    for password in ["x", "x", "old"] {
        assert_eq!(call(&emulator, &format!("Old:{password}"), "GET", "/0/odata/Contact").status, 401);
    }
    let emulator = site(Options { oauth_only: true, ..Options::default() });
    assert_eq!(call(&emulator, "Old:old", "GET", "/0/odata/Contact").status, 401);
}

#[test]
fn a_site_may_not_know_it() {
    let emulator = start(Options::default());
    assert_eq!(call(&emulator, "Supervisor:Supervisor", "GET", "/0/odata/Contact").status, 302);
    let mut client = Client::signed_in(&emulator);
    client.fields.push(("Authorization", "Basic eDp5".to_owned()));
    assert_eq!(client.get("/0/odata/Contact").status, 200);
}

#[test]
fn what_cannot_be_read_is_not_taken_for_a_password() {
    let emulator = site(Options::default());
    for authorization in ["Basic", "Basic !", "Basic T2xk", "Basic /zo=", "Digest x"] {
        let fields = [("Authorization", authorization)];
        let reply = Client::new(&emulator).send_with("GET", "/0/odata/Contact", &fields, b"");
        assert_eq!(reply.status, 302, "{authorization}");
    }
}
