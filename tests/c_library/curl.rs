//! The example whose requests libcurl sends, against the emulator.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use creatio_emulator::{Emulator, EndedSession, Options, Runtime, WrongPassword};

use crate::breaking;
use crate::build::{ROOT, archive, cc, compiler, libraries, make, run, sanitized, scratch, succeed, valgrind};
use crate::program::{is_error, start, with_password};

/// The login, the reading, the creation and the log-out.
const CALLS: u64 = 3;

fn built(mut compiler: Command, name: &str) -> PathBuf {
    let program = scratch("curl").join(name);
    let source = Path::new(ROOT).join("examples/c/curl.c");
    succeed(compiler.arg(source).arg(archive()).arg("-lcurl").arg("-o").arg(&program));
    program
}

fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built(compiler(&cc(), "c99"), "curl"))
}

fn command(program: &Path, emulator: &Emulator, runtime: &str) -> Command {
    let mut command = with_password(program, "Supervisor");
    command.args([&emulator.url(), "Supervisor", runtime]);
    command
}

#[test]
#[ignore = "needs libcurl4-openssl-dev; run by cargo xtask test"]
fn libcurl_makes_the_whole_life_of_a_session_on_both_runtimes_however_replies_are_framed() {
    for (runtime, name) in [(Runtime::NetFramework, "net-framework"), (Runtime::Net, "net")] {
        for chunk_size in [None, NonZeroUsize::new(1), NonZeroUsize::new(100)] {
            let options = Options { runtime, chunk_size, base_path: "/App".into(), ..Options::default() };
            let emulator = start(options);
            let result = run(&mut command(program(), &emulator, name));
            assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{result:?}");
            assert!(result.stdout.starts_with("sign in   signed in\nread      {"), "{result:?}");
            assert!(result.stdout.contains("\ncreate    {") && result.stdout.contains("\"Zoe\""), "{result:?}");
            let done = emulator.counters();
            assert_eq!((done.logins, done.calls, done.writes), (1, CALLS, 1));
        }
    }
}

#[test]
#[ignore = "needs libcurl4-openssl-dev; run by cargo xtask test"]
fn what_a_reply_to_libcurl_sets_is_kept_and_an_end_is_renewed_by_one_login_in_each_of_its_shapes() {
    for ended_session in [EndedSession::Redirect, EndedSession::LoginPage, EndedSession::Status401] {
        for calls in 1..=CALLS as u32 {
            let emulator = start(Options { ended_session, sliding: true, ..Options::default() });
            emulator.expire_after_calls(calls);
            let result = run(&mut command(program(), &emulator, "net-framework"));
            let done = emulator.counters();
            let is_renewed = calls < CALLS as u32;
            // A page may be what the write itself has brought.
            let is_written = ended_session != EndedSession::LoginPage || calls != 1;
            assert_eq!(result.code, Some(i32::from(!is_written)), "{result:?}");
            let writes = u64::from(is_written);
            assert_eq!((done.logins, done.writes), (1 + u64::from(is_renewed), writes), "{ended_session:?}, {calls}");
            assert_eq!(result.stdout.matches("answer    the session has ended").count(), usize::from(is_renewed));
        }
    }
}

#[test]
#[ignore = "needs libcurl4-openssl-dev; run by cargo xtask test"]
fn of_what_a_firewall_sends_libcurl_gives_the_folded_cookie_back_whole_and_the_spoilt_one_is_dropped() {
    let emulator = start(Options { firewall: true, ..Options::default() });
    let run_until = |word| {
        let url = breaking::proxy(emulator.address(), word);
        run(with_password(program(), "Supervisor").args([&url, "Supervisor", "net-framework"]))
    };
    for other in ["___utmvb=ab;", "___utmvb=ab\r", "___utmva"] {
        let result = run_until(other);
        assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{other} goes back: {result:?}");
    }
    is_error(&run_until("___utmvb=ab XcD: ef"), "curl: ");
}

#[test]
#[ignore = "needs libcurl4-openssl-dev; run by cargo xtask test"]
fn libcurl_sends_no_login_and_no_write_twice_where_each_kept_connection_is_closed_at_its_second_request() {
    let emulator = start(Options::default());
    let url = breaking::at_second_request(emulator.address());
    let result = run(with_password(program(), "Supervisor").args([&url, "Supervisor", "net-framework"]));
    assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{result:?}");
    let done = emulator.counters();
    assert_eq!((done.logins, done.calls, done.writes), (1, CALLS, 1));

    for word in ["/Login ", "{\"Name\":\"Zoe\"}"] {
        let before = emulator.counters();
        let url = breaking::once(emulator.address(), word);
        is_error(&run(with_password(program(), "Supervisor").args([&url, "Supervisor", "net-framework"])), "curl: ");
        let after = emulator.counters();
        assert!(after.logins - before.logins <= 1 && after.writes == before.writes, "{word}");
    }
}

#[test]
#[ignore = "needs libcurl4-openssl-dev; run by cargo xtask test"]
fn a_reply_to_libcurl_that_is_cut_off_is_an_error_and_one_that_says_no_is_none() {
    let emulator = start(Options::default());
    for cut in [30, 200] {
        emulator.cut_after(cut);
        is_error(&run(&mut command(program(), &emulator, "net-framework")), "curl: ");
    }
    for wrong_password in [WrongPassword::Code1, WrongPassword::Status401] {
        let emulator = start(Options { wrong_password, ..Options::default() });
        let mut command = command(program(), &emulator, "net-framework");
        let result = run(command.env("CREATIO_PASSWORD", "wrong"));
        assert_eq!((result.code, &*result.stderr), (Some(1), ""), "{result:?}");
        assert_eq!((emulator.counters().logins, emulator.counters().calls), (1, 0));
    }
    is_error(&run(with_password(program(), "x").args(["http://x", "y"])), "usage: ");
    is_error(&run(with_password(program(), "x").args(["ftp://x", "y", "net"])), "CREATIO_ERR_URL_SCHEME");
}

#[test]
#[ignore = "needs libcurl4-openssl-dev, make, valgrind and gcc's sanitizers; run by cargo xtask test"]
fn nothing_is_found_in_the_example_with_libcurl() {
    let scratch = scratch("curl-made");
    let made = scratch.join("curl");
    make(&[&format!("LIBDIR={}", libraries().display()), made.to_str().expect("paths are plain")], &scratch);
    let emulator = start(Options::default());
    assert_eq!(run(&mut command(&made, &emulator, "net-framework")).code, Some(0));

    emulator.expire_after_calls(1);
    let sanitized = built(sanitized(), "curl-sanitized");
    let result = run(command(&sanitized, &emulator, "net-framework").env("ASAN_OPTIONS", "detect_leaks=0"));
    assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{result:?}");

    emulator.expire_after_calls(1);
    let mut under = with_password("valgrind", "Supervisor");
    under.args(valgrind().get_args()).arg(program()).args([&emulator.url(), "Supervisor", "net-framework"]);
    let result = run(&mut under);
    assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{result:?}");
}
