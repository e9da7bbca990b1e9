//! The example of Windows authentication against an acceptor that others have written: pyspnego's, run by
//! `tests/windows_acceptor/server.py`.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::{Run, run};
use crate::server::Server;

/// A server that lets this user in.
fn acceptor(domain: &str, user: &str, password: &str) -> Server {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/windows_acceptor/server.py");
    let mut server = Command::new(target.join("windows-acceptor/bin/python"));
    Server::start(server.args([program, domain, user, password]).stderr(Stdio::null()), "pyspnego")
}

fn sign_in(server: &Server, runtime: &str, [domain, user, password]: [&str; 3]) -> Run {
    let arguments = ["--url", server.url(), "--runtime", runtime, "--domain", domain, "--user", user];
    let run = run("windows", &arguments, Some(password));
    assert!(!run.out.contains(password) && run.err.is_empty(), "{run}");
    run
}

#[test]
#[ignore = "needs pyspnego; run by cargo xtask test"]
fn pyspnego_lets_in_whoever_has_the_password_by_both_doors() {
    for [domain, user, password] in
        [["CORP", "ann", "hunter2"], ["Домен", "Änn", "pä\"ss\\wörd \u{1F511}"], ["d", "ПЁТР ÿ ģ", "пароль"]]
    {
        let server = acceptor(domain, user, password);
        for runtime in ["net-framework", "net"] {
            let run = sign_in(&server, runtime, [domain, user, password]);
            assert!(run.code == 0 && run.out.contains("HTTP status 401: the site wants the next token"), "{run}");
            assert!(run.out.contains(&format!("authorised as {domain}/{user}")), "{run}");
        }
    }
}

#[test]
#[ignore = "needs pyspnego; run by cargo xtask test"]
fn pyspnego_refuses_whoever_has_not() {
    let server = acceptor("CORP", "ann", "hunter2");
    for runtime in ["net-framework", "net"] {
        for who in [["CORP", "ann", "hunter3"], ["CORP", "bob", "hunter2"], ["PROC", "ann", "hunter2"]] {
            let run = sign_in(&server, runtime, who);
            assert!(run.code == 1 && run.out.contains("the site does not take this Windows user"), "{run}");
            assert!(!run.out.contains("authorised"), "{run}");
        }
    }
}

#[test]
#[ignore = "needs pyspnego; run by cargo xtask test"]
fn without_a_site_it_visits_both_doors_of_an_acceptor() {
    let run = run("windows", &[], None);
    assert!(run.code == 0 && run.err.is_empty(), "{run}");
    assert_eq!(run.out.matches("authorised as CORP/Änn").count(), 2, "{run}");
}
