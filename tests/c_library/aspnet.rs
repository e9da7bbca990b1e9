//! The examples in C against a real ASP.NET.

#[path = "../support/aspnet.rs"]
mod helper;

use helper::AspNet;

use crate::build::{cc, compiler, run};
use crate::program::{built, login, with_password};

#[test]
#[ignore = "needs mono; run by cargo xtask test"]
fn the_examples_sign_in_to_asp_net() {
    let site = AspNet::start("c");
    let result = login(&[site.url(), "Supervisor"]);
    assert_eq!(result.code, Some(0), "{result:?}");
    for line in ["verdict: CREATIO_LOGIN_AUTHENTICATED (signed in)\n", "Олена Шевченко", "\nstatus: 200\n"]
    {
        assert!(result.stdout.contains(line), "lacks {line:?}: {result:?}");
    }

    let program = built(compiler(&cc(), "c99"), "session", "session-aspnet");
    let result = run(with_password(program, "Supervisor").args([site.url(), "Supervisor"]));
    assert_eq!(result.code, Some(0), "{result:?}");
    assert!(result.stdout.contains("100 %\n") && result.stdout.ends_with("\nlog out   done\n"), "{result:?}");
}
