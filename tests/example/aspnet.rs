//! The examples in Rust against a real ASP.NET.

#[path = "../support/aspnet.rs"]
mod helper;

use helper::AspNet;

use crate::assert_shows_contacts;
use crate::program::{login, run};

#[test]
#[ignore = "needs mono; run by cargo xtask test"]
fn the_examples_sign_in_to_asp_net() {
    let site = AspNet::start("example");
    // The cookies of the second have dates, and commas in one of them.
    for user in ["Supervisor", "Persistent"] {
        assert_shows_contacts(&login(&["--url", site.url(), "--user", user], Some(user)));
    }
    let run = run("session", &["--url", site.url(), "--user", "Supervisor"], Some("Supervisor"));
    assert!(run.code == 0 && run.out.ends_with("\nlog out   done\n"), "{run}");
    assert_eq!(run.out.matches("sign in   signed in").count(), 1, "{run}");
}
