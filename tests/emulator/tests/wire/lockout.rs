//! Failed logins, and what too many of them lead to.

use std::num::NonZeroU32;

use creatio_emulator::{Emulator, Options, Outcome, User, WrongPassword};

use crate::client::Client;
use crate::start;

fn with_users(lockout_after: u32, wrong_password: WrongPassword) -> Emulator {
    let users = vec![
        User::new("Ann", "a"),
        User::with_outcome("Old", "o", Outcome::PasswordChangeAdvised),
        User::with_outcome("Far", "f", Outcome::Denied),
    ];
    start(Options { users, wrong_password, lockout_after: NonZeroU32::new(lockout_after), ..Options::default() })
}

/// Status and `Code`, and whether it speaks of a lock.
fn login(emulator: &Emulator, name: &str, password: &str) -> (u16, Option<u64>, bool) {
    let reply = Client::new(emulator).login(name, password);
    (reply.status, reply.json()["Code"].as_u64(), reply.body.contains("locked"))
}

#[test]
fn too_many_failures_lock_the_user() {
    let answers = [(WrongPassword::Code1, (200, Some(1), false)), (WrongPassword::Status401, (401, None, false))];
    for (wrong_password, wrong) in answers {
        let emulator = with_users(3, wrong_password);
        for failures in 1..=3 {
            assert_eq!(login(&emulator, "Ann", "x"), wrong);
            assert_eq!(emulator.failed_logins("Ann"), failures);
        }
        assert_eq!(login(&emulator, "Ann", "a"), (200, Some(1), true));
        assert_eq!(login(&emulator, "Ann", "x"), (200, Some(1), true));
        assert_eq!(emulator.failed_logins("Ann"), 5);
        assert_eq!(login(&emulator, "Old", "o"), (200, Some(2), false));
        assert_eq!(emulator.counters().logins_accepted, 1);
    }
}

#[test]
fn a_success_forgets_the_failures() {
    let emulator = with_users(2, WrongPassword::Code1);
    for (name, password, code) in [("Ann", "a", 0), ("Old", "o", 2)] {
        for _ in 0..3 {
            assert_eq!(login(&emulator, name, "x"), (200, Some(1), false));
            assert_eq!(emulator.failed_logins(name), 1);
            assert_eq!(login(&emulator, name, password), (200, Some(code), false));
            assert_eq!(emulator.failed_logins(name), 0);
        }
    }
}

#[test]
fn without_the_option_failures_are_only_counted() {
    let emulator = with_users(0, WrongPassword::Code1);
    for _ in 0..10 {
        login(&emulator, "Ann", "x");
        login(&emulator, "Nobody", "x");
        login(&emulator, "Far", "x");
    }
    let failures = ["Ann", "Nobody", "Far"].map(|name| emulator.failed_logins(name));
    assert_eq!(failures, [10, 0, 0]);
    assert_eq!(login(&emulator, "Ann", "a"), (200, Some(0), false));
}
