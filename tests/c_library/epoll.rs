//! The example with many sessions in one thread, against the emulator.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use creatio_emulator::{EndedSession, Options, Overload, RetryAfter, Runtime};

use crate::breaking;
use crate::build::{ROOT, Run, archive, cc, compiler, libraries, make, run, sanitized, scratch, succeed, valgrind};
use crate::program::{is_error, start, with_password};
use crate::tls::start_tls;

fn built(mut compiler: Command, name: &str) -> PathBuf {
    let program = scratch("epoll").join(name);
    let sources = ["epoll", "nonblocking", "transport", "tls_openssl"];
    compiler.arg("-DWITH_TLS").args(sources.map(|name| Path::new(ROOT).join(format!("examples/c/{name}.c"))));
    succeed(compiler.arg(archive()).args(["-lssl", "-lcrypto", "-o"]).arg(&program));
    program
}

fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built(compiler(&cc(), "c99"), "epoll"))
}

fn command(url: &str, sessions: &str, calls: &str) -> Command {
    let mut command = with_password(program(), "Supervisor");
    command.args([url, "Supervisor", "net-framework", sessions, calls]);
    command
}

/// The first line of what it says at the end, up to the time.
fn says(result: &Run) -> &str {
    result.stdout.split(" in ").next().unwrap_or_default()
}

#[test]
#[ignore = "needs libssl-dev; run by cargo xtask test"]
fn a_thousand_sessions_live_over_tls_in_one_thread_with_a_connection_each() {
    // For the emulator, which is this process; what is allowed already is enough on most machines.
    let process = std::process::id().to_string();
    let _ = Command::new("prlimit").args(["--pid", &process, "--nofile=8192:"]).output();
    let (emulator, ca) = start_tls("epoll");
    let result = run(command(&emulator.url(), "1000", "3").env("SSL_CERT_FILE", &ca));
    println!("{}", result.stdout);
    assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{result:?}");
    assert_eq!(says(&result), "1000 sessions: 1000 logins, 0 of them renewals, 3000 calls, 1000 log-outs");
    let done = emulator.counters();
    assert_eq!((done.logins, done.calls, done.connections), (1000, 4000, 1000));
    // Memory and time of a session are there to be read.
    assert!(
        result.stdout.contains("\nmemory of a session: ") && result.stdout.contains("\nprocessor for a session: ")
    );
    assert!(result.stdout.contains(" for cookies; with all that belongs to it "), "{result:?}");
}

#[test]
#[ignore = "needs make, libssl-dev and libcurl; run by cargo xtask test"]
fn each_example_is_made_by_its_name_wherever_it_goes() {
    let out = scratch("made-by-name");
    let names = ["epoll", "curl", "login", "oauth"];
    for name in names {
        let _ = std::fs::remove_file(out.join(name));
        make(&[name, &format!("LIBDIR={}", libraries().display())], &out);
        assert!(out.join(name).is_file(), "{name}");
    }
}

#[test]
#[ignore = "needs libssl-dev; run by cargo xtask test"]
fn sessions_of_one_thread_are_renewed_by_one_login_each_and_wait_for_a_busy_site() {
    for ended_session in [EndedSession::Redirect, EndedSession::LoginPage, EndedSession::Status401] {
        let emulator = start(Options { ended_session, ..Options::default() });
        emulator.expire_after_calls(70);
        let result = run(&mut command(&emulator.url(), "50", "3"));
        assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{result:?}");
        let renewals = emulator.counters().logins - 50;
        assert!((1..=50).contains(&renewals), "{renewals}");
        let expected =
            format!("50 sessions: {} logins, {renewals} of them renewals, 150 calls, 50 log-outs", 50 + renewals);
        assert_eq!(says(&result), expected);
        // So few tell nothing of what one takes.
        assert!(result.stdout.ends_with("; what else it takes, 100 sessions and more tell\n"), "{result:?}");
    }
    let emulator = start(Options::default());
    emulator.overload(20, Overload::ServiceUnavailable, RetryAfter::Seconds(0));
    let result = run(&mut command(&emulator.url(), "10", "3"));
    // Some logins are answered so, too: those sessions are given up.
    assert!(result.stdout.contains(" calls, "), "{result:?}");
    assert_eq!(emulator.counters().overloaded, 20);
}

#[test]
#[ignore = "needs libssl-dev; run by cargo xtask test"]
fn what_one_session_runs_into_is_its_own() {
    // A kept connection that is closed: for a GET that does no harm, and no login is sent twice.
    let emulator = start(Options { runtime: Runtime::NetFramework, ..Options::default() });
    let result = run(&mut command(&breaking::at_second_request(emulator.address()), "20", "3"));
    assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{result:?}");
    assert_eq!((emulator.counters().logins, emulator.counters().calls), (20, 80));

    emulator.cut_after(40);
    let result = run(&mut command(&emulator.url(), "20", "3"));
    assert_eq!(result.code, Some(1), "{result:?}");
    assert_eq!(result.stderr.lines().count(), 1, "{result:?}");
    assert!(says(&result).ends_with(" 19 log-outs"), "{result:?}");

    let result = run(command(&emulator.url(), "2", "1").env("CREATIO_PASSWORD", "wrong"));
    assert_eq!((result.code, result.stderr.matches("epoll: rejected").count()), (Some(1), 2), "{result:?}");
    let (tls, _) = start_tls("epoll-untrusted");
    let result = run(&mut command(&tls.url(), "2", "1"));
    assert_eq!((result.code, tls.counters().logins), (Some(1), 0), "{result:?}");
    assert!(result.stderr.contains("let SSL_CERT_FILE name"), "{result:?}");
    let result = run(&mut command("http://127.0.0.1:1", "2", "1"));
    assert_eq!((result.code, result.stderr.lines().count()), (Some(1), 2), "{result:?}");
    is_error(&run(&mut command("ftp://x", "2", "1")), "http:// or https://");
    is_error(&run(&mut command("http://x", "0", "1")), "usage: ");
}

#[test]
#[ignore = "needs libssl-dev, valgrind and gcc's sanitizers; run by cargo xtask test"]
fn nothing_is_found_in_the_example_with_many_sessions() {
    let (emulator, ca) = start_tls("epoll-checked");
    let sanitized = built(sanitized(), "epoll-sanitized");
    let mut under = with_password("valgrind", "Supervisor");
    under.args(valgrind().get_args()).arg(program());
    for mut command in [with_password(sanitized, "Supervisor"), under] {
        emulator.expire_after_calls(9);
        command.args([&emulator.url(), "Supervisor", "net-framework", "10", "2"]).env("SSL_CERT_FILE", &ca);
        let result = run(&mut command);
        assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{result:?}");
        assert!(result.stdout.starts_with("10 sessions: "), "{result:?}");
    }
}
