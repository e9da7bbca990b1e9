//! The example against the emulator: what it prints, and its exit code.

use std::fs;
use std::num::NonZeroUsize;

use creatio_emulator::{LoginAnswer, Options, Outcome, Runtime, User, WrongPassword};

use crate::build::{make, run, scratch, valgrind};
use crate::program::{is_error, is_good, login, program, sanitized_program, shows_contacts, start, with_password};
use crate::{breaking, trickling};

#[test]
fn the_example_signs_in_on_both_runtimes_and_shows_no_secret() {
    let password = "p\"a\\ss wörd";
    let runtimes = [
        (Runtime::NetFramework, "net-framework", "cookies: BPMLOADER .ASPXAUTH BPMCSRF UserName UserType\n"),
        (Runtime::Net, "net", "cookies: .ASPXAUTH BPMCSRF BPMSESSIONID CsrfToken UserType\n"),
    ];
    for (runtime, name, cookies) in runtimes {
        let emulator = start(Options { runtime, users: vec![User::new("Ann", password)], ..Options::default() });
        let mut command = with_password(program(), password);
        let result = run(command.args([&emulator.url(), "Ann", name]));
        is_good(&result, &emulator);
        assert!(result.stdout.contains(cookies), "{result:?}");
        assert!(!result.stdout.contains("p\"a"), "{result:?}");
        let longest = result.stdout.lines().filter(|line| !line.starts_with('{')).map(str::len).max();
        assert!(longest < Some(120), "a ticket has 712 characters: {result:?}");
    }
}

#[test]
fn the_example_signs_in_however_the_reply_is_framed_and_wherever_the_site_is() {
    for chunk_size in [1, 7, 4096] {
        let chunk_size = NonZeroUsize::new(chunk_size);
        let emulator = start(Options { chunk_size, base_path: "/CreatioWebApp".into(), ..Options::default() });
        is_good(&login(&[&emulator.url(), "Supervisor"]), &emulator);
    }
    let emulator = start(Options { firewall: true, ..Options::default() });
    is_good(&login(&[&emulator.url(), "Supervisor"]), &emulator);
    let emulator = start(Options::default());
    let result = login(&[&emulator.url(), "Supervisor", "net-framework", "/odata/Contact/$count"]);
    assert_eq!(result.code, Some(0), "{result:?}");
    assert!(result.stdout.ends_with("GET /odata/Contact/$count\n6\nstatus: 200\n"), "{result:?}");
}

#[test]
fn the_example_signs_in_where_each_kept_connection_is_closed_at_its_second_request() {
    let emulator = start(Options { runtime: Runtime::Net, ..Options::default() });
    let result = login(&[&breaking::at_second_request(emulator.address()), "Supervisor"]);
    shows_contacts(&result);
    // Two health checks, the login, and the call, each by its own.
    let counters = emulator.counters();
    assert_eq!((counters.logins, counters.calls), (1, 1));
}

#[test]
fn the_example_says_what_the_site_says() {
    let with = |login_answer, wrong_password, users| Options {
        login_answer,
        wrong_password,
        users,
        rejection_message: "Нет\u{7}.\u{9b}".into(),
        ..Options::default()
    };
    let user = |outcome| vec![User::with_outcome("Supervisor", "Supervisor", outcome)];
    let normal = |outcome| with(LoginAnswer::Normal, WrongPassword::Code1, user(outcome));
    let answers = |login_answer| with(login_answer, WrongPassword::Code1, user(Outcome::Accepted));
    let wrong = |wrong_password| with(LoginAnswer::Normal, wrong_password, vec![]);
    let cases = [
        (
            wrong(WrongPassword::Code1),
            1,
            "CREATIO_LOGIN_REJECTED (rejected; do not repeat it, for that can lock the account; the site's message says why)",
            "\nmessage: Нет .\u{a0}\nstatus: 200\n",
        ),
        (normal(Outcome::Rejected), 1, "CREATIO_LOGIN_REJECTED", "message: Нет .\u{a0}\n"),
        (
            wrong(WrongPassword::Status401),
            1,
            "CREATIO_LOGIN_BAD_CREDENTIALS",
            "message: Authentication failed.\nstatus: 401\n",
        ),
        (normal(Outcome::Denied), 1, "CREATIO_LOGIN_ACCESS_DENIED", "message: Access is denied.\nstatus: 403\n"),
        (normal(Outcome::PasswordChangeAdvised), 0, "CREATIO_LOGIN_PASSWORD_CHANGE_ADVISED", "expires soon"),
        (answers(LoginAnswer::LoginPage), 1, "CREATIO_LOGIN_HTML_CONTENT_TYPE (a web page came", "status: 200"),
        (answers(LoginAnswer::Redirect), 1, "CREATIO_LOGIN_PAGE_REDIRECT (a redirect", "status: 302"),
        (answers(LoginAnswer::NoTicket), 1, "CREATIO_LOGIN_NO_TICKET", "status: 200"),
    ];
    for (options, code, verdict, detail) in cases {
        let emulator = start(options);
        let result = login(&[&emulator.url(), "Supervisor"]);
        assert_eq!(result.code, Some(code), "{result:?}");
        assert!(
            result.stdout.starts_with(&format!("runtime: net-framework\nverdict: {verdict}")),
            "{verdict}: {result:?}"
        );
        assert!(result.stdout.contains(detail), "{detail}: {result:?}");
        assert_eq!(result.stderr, "");
        let counters = emulator.counters();
        assert_eq!((counters.logins, counters.calls), (1, u64::from(code == 0)), "{verdict}");
    }
    // The data is elsewhere on the other runtime.
    let emulator = start(Options::default());
    let result = login(&[&emulator.url(), "Supervisor", "net"]);
    assert_eq!(result.code, Some(1), "{result:?}");
    assert!(
        result.stdout.ends_with("\nstatus: 404 (no such service; the site's runtime is probably the other one)\n"),
        "{result:?}"
    );
}

#[test]
fn the_example_finds_out_which_runtime_the_site_has() {
    for (runtime, name, base_path) in [
        (Runtime::NetFramework, "net-framework", ""),
        (Runtime::Net, "net", ""),
        (Runtime::Net, "net", "/CreatioWebApp"),
    ] {
        let emulator = start(Options { runtime, base_path: base_path.into(), ..Options::default() });
        let result = login(&[&emulator.url(), "Supervisor"]);
        is_good(&result, &emulator);
        assert!(result.stdout.starts_with(&format!("runtime: {name}\nverdict: ")), "{result:?}");
    }
    let emulator = start(Options::default());
    let elsewhere = emulator.url() + "/elsewhere";
    is_error(
        &login(&[&elsewhere, "Supervisor"]),
        "login: the site answers neither health check; check the URL; if it is right, name the runtime: net-framework if",
    );
    assert_eq!(emulator.counters().logins, 0);
}

#[test]
fn the_example_waits_for_a_site_that_starts() {
    for (runtime, name) in [(Runtime::NetFramework, "net-framework"), (Runtime::Net, "net")] {
        let emulator = start(Options { runtime, starting_checks: 2, ..Options::default() });
        let result = login(&[&emulator.url(), "Supervisor"]);
        assert_eq!(result.code, Some(0), "{result:?}");
        assert!(result.stdout.starts_with(&format!("runtime: {name}\nverdict: ")), "{result:?}");
        let waiting = "login: waiting 1 s for the site to say which runtime it has: ";
        assert_eq!(result.stderr.matches(waiting).count(), 2, "{result:?}");
    }
}

#[test]
fn the_example_gets_through_a_firewall_and_a_gateway() {
    let options = Options { user_agent_required: true, ..Options::default() };
    let emulator = start(Options { gateway_key: Some(("X-Key".into(), "k1".into())), ..options });
    let login = |variables: &[(&str, &str)]| {
        let mut command = with_password(program(), "Supervisor");
        run(command.args([&emulator.url(), "Supervisor", "net-framework"]).envs(variables.iter().copied()))
    };
    let refused = login(&[]);
    assert!(refused.code == Some(1) && refused.stdout.contains("CREATIO_LOGIN_BAD_CREDENTIALS"), "{refused:?}");
    let refused = login(&[("CREATIO_FIELD", "X-Key: k1"), ("CREATIO_USER_AGENT", "")]);
    assert!(refused.code == Some(1) && refused.stdout.contains("CREATIO_LOGIN_ACCESS_DENIED"), "{refused:?}");
    assert_eq!(emulator.counters().logins, 0);
    for variables in
        [&[("CREATIO_FIELD", "X-Key: k1")][..], &[("CREATIO_FIELD", "X-Key: k1"), ("CREATIO_USER_AGENT", "x")]]
    {
        let mut command = with_password(program(), "Supervisor");
        shows_contacts(&run(command.args([&emulator.url(), "Supervisor"]).envs(variables.iter().copied())));
    }
    is_error(&login(&[("CREATIO_USER_AGENT", " x")]), "(CREATIO_ERR_FIELD_VALUE)");
    is_error(&login(&[("CREATIO_FIELD", "Cookie: x")]), "(CREATIO_ERR_FIELD_RESERVED)");
}

#[test]
fn the_example_explains_errors() {
    let usage = "usage: CREATIO_PASSWORD=... login URL USER";
    is_error(&login(&[]), usage);
    is_error(&login(&["http://127.0.0.1:1", "Supervisor", "java"]), usage);
    is_error(&login(&["http://127.0.0.1:1", "Supervisor", "net", "/", "more"]), usage);
    is_error(
        &login(&["crm.example.com", "Supervisor"]),
        "must begin with http:// or https:// (CREATIO_ERR_URL_SCHEME)",
    );
    is_error(&login(&["http://127.0.0.1:1", "Supervisor"]), "check host and port in the URL");
    is_error(&login(&["https://127.0.0.1:1", "Supervisor"]), "build it with `make TLS=1` for https");
    let emulator = start(Options::default());
    let mut without = with_password(program(), "");
    is_error(&run(without.args([&emulator.url(), "Ann"]).env_remove("CREATIO_PASSWORD")), usage);
    assert_eq!(emulator.counters().logins, 0);

    let bad_path = login(&[&emulator.url(), "Supervisor", "net", "odata"]);
    assert_eq!(bad_path.code, Some(2), "{bad_path:?}");
    assert!(bad_path.stderr.contains("the path must begin with '/' (CREATIO_ERR_PATH_NO_SLASH)"), "{bad_path:?}");
}

#[test]
#[ignore = "needs valgrind; run by cargo xtask test"]
fn valgrind_finds_nothing_in_the_example() {
    let emulator = start(Options::default());
    let mut command = with_password("valgrind", "Supervisor");
    command.args(valgrind().get_args()).arg(program()).args([&emulator.url(), "Supervisor"]);
    is_good(&run(&mut command), &emulator);
}

#[test]
#[ignore = "needs gcc's sanitizers; run by cargo xtask test"]
fn sanitizers_find_nothing_in_the_example() {
    let emulator = start(Options { chunk_size: NonZeroUsize::new(7), ..Options::default() });
    let mut command = with_password(sanitized_program(), "Supervisor");
    is_good(&run(command.args([&emulator.url(), "Supervisor"])), &emulator);
}

#[test]
#[ignore = "needs make; run by cargo xtask test"]
fn the_makefile_builds_the_example_and_the_library_where_it_is_missing() {
    let scratch = scratch("makefile");
    let libraries = scratch.join("target/release");
    let _ = fs::remove_dir_all(&scratch);
    make(&[&format!("LIBDIR={}", libraries.display())], &scratch);
    assert!(libraries.join("libcreatio_auth.a").is_file());
    assert!(scratch.join("session").is_file() && scratch.join("oauth").is_file());
    let emulator = start(Options::default());
    let mut command = with_password(scratch.join("login"), "Supervisor");
    is_good(&run(command.args([&emulator.url(), "Supervisor"])), &emulator);
}

#[test]
fn an_answer_that_never_ends_is_given_up_after_the_time_for_all_of_it() {
    for beginning in ["", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>"] {
        let program = program(); // built before the time counts
        let start = std::time::Instant::now();
        let output = with_password(program, "p")
            .env("CREATIO_TIMEOUT", "1")
            .args([&trickling::site(beginning), "Supervisor", "net"])
            .output()
            .expect("it runs");
        assert!(start.elapsed().as_secs() < 10, "{beginning:?}");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.contains("cannot receive: no answer in time"), "{beginning:?}: {told}");
    }
}
