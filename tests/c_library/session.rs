//! The example of what comes after the login, against the emulator.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use creatio_emulator::{
    Counters, Emulator, EndedSession, Interference, Options, Overload, RetryAfter, Runtime, WrongPassword,
};

use crate::breaking;
use crate::build::{Run, cc, compiler, run, sanitized, scratch, valgrind};
use crate::program::{built, is_error, start, with_password};

/// The calls up to the logout, and the logout.
const CALLS: u64 = 9;
/// The contact created, changed, changed in a batch and deleted; the picture created and written.
const WRITES: u64 = 6;

pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built(compiler(&cc(), "c99"), "session", "session"))
}

fn command(emulator: &Emulator) -> Command {
    let mut command = with_password(program(), "Supervisor");
    command.args([&emulator.url(), "Supervisor"]).env_remove("CREATIO_SNAPSHOT");
    command
}

fn with_snapshot(emulator: &Emulator, file: &Path) -> Run {
    run(command(emulator).env("CREATIO_SNAPSHOT", file))
}

/// A file for a snapshot that is not there yet.
fn snapshot(name: &str) -> PathBuf {
    let file = scratch("session").join(name);
    let _ = fs::remove_file(&file);
    file
}

/// All was done, and once: nothing is left but the picture.
fn did_all(result: &Run, emulator: &Emulator) -> Counters {
    assert_eq!(result.code, Some(0), "{result:?}");
    assert_eq!(result.stderr, "");
    for line in [
        "Олена Шевченко",
        "\"Name\":\"Zoë Åström 🚀\"",
        "\nupload    10 20",
        "100 %\n",
        "\"status\":200",
        "\"status\":204",
    ] {
        assert!(result.stdout.contains(line), "lacks {line:?}: {result:?}");
    }
    assert!(result.stdout.lines().last().is_some_and(|line| line.starts_with("log out   ")), "{result:?}");
    let (_, rest) = result.stdout.split_once("created   /odata/SysImage(").expect("it says what it creates");
    let picture = emulator.image(&rest[..36]).expect("the picture is there");
    assert!(picture.len() == 5_000_000 && picture.iter().all(|byte| *byte == b'Z'));
    assert_eq!(emulator.records("Contact").map(|records| records.len()), Some(6));
    emulator.counters()
}

#[test]
fn the_session_example_does_all_on_both_runtimes() {
    for (runtime, name) in [(Runtime::NetFramework, "net-framework"), (Runtime::Net, "net")] {
        let emulator = start(Options { runtime, sliding: true, ..Options::default() });
        let result = run(command(&emulator).arg(name));
        let done = did_all(&result, &emulator);
        assert_eq!((done.logins, done.calls, done.writes), (1, CALLS, WRITES));
        assert_eq!((done.writes_refused, done.connections), (0, 1));
        let start = format!("runtime   {name}\nsign in   signed in\nread      {{");
        assert!(result.stdout.starts_with(&start) && result.stdout.ends_with("\nlog out   done\n"), "{result:?}");
        let found_out = run(&mut command(&emulator));
        assert!(did_all(&found_out, &emulator).logins == 2 && found_out.stdout.starts_with(&start), "{found_out:?}");
    }
}

#[test]
fn the_session_example_outlives_the_end_of_its_session_wherever_it_comes() {
    for ended_session in [EndedSession::Redirect, EndedSession::Status401, EndedSession::Status401Empty] {
        for calls in 1..=CALLS {
            let emulator = start(Options { ended_session, ..Options::default() });
            emulator.expire_after_calls(calls.try_into().expect("they are few"));
            let result = run(&mut command(&emulator));
            let done = did_all(&result, &emulator);
            // For the logout nobody signs in again, and with that it is over anyway.
            let renewals = u64::from(calls < CALLS - 1);
            let answered = CALLS - u64::from(calls == CALLS - 1);
            assert_eq!((done.logins, done.writes, done.calls), (1 + renewals, WRITES, answered), "{calls}");
            let end = if answered < CALLS { "not needed, the session had ended" } else { "done" };
            assert!(result.stdout.ends_with(&format!("\nlog out   {end}\n")), "{result:?}");
            assert_eq!(result.stdout.matches("renewal   the session has ended").count() as u64, renewals);
        }
    }
}

#[test]
fn the_session_example_makes_no_write_again_where_a_page_is_all_that_says_that_the_session_has_ended() {
    let mut not_made_again = 0;
    for calls in 1..CALLS - 1 {
        let emulator = start(Options { ended_session: EndedSession::LoginPage, ..Options::default() });
        emulator.expire_after_calls(calls.try_into().expect("they are few"));
        let result = run(&mut command(&emulator));
        let done = emulator.counters();
        assert_eq!(done.logins, 2, "{result:?}");
        if result.code == Some(0) {
            assert_eq!(done.writes, WRITES, "{result:?}");
        } else {
            let told = "\nrefused   not made again, for nobody knows whether it was done\n";
            assert!(result.code == Some(1) && result.stdout.contains(told), "{result:?}");
            not_made_again += 1;
        }
    }
    assert!((1..CALLS - 2).contains(&not_made_again), "reads are, {not_made_again}");
}

#[test]
fn the_session_example_tells_what_comes_between_and_signs_in_again_once_where_the_site_warms_up() {
    for (interference, logins, told) in [
        (Interference::Portal, 1, "an unexpected HTTP status; check the site's URL, http or https included"),
        (Interference::Firewall, 1, "access denied; the user lacks the right, or something in front of the site"),
        (Interference::WarmUp, 2, "signed in again, but in vain: the site is starting"),
    ] {
        let emulator = start(Options::default());
        let file = snapshot("between");
        // A run that is broken off leaves its session to the next one.
        emulator.cut_after(1);
        assert_eq!(with_snapshot(&emulator, &file).code, Some(2));
        emulator.interfere(u32::MAX, interference);
        let result = run(command(&emulator).arg("net-framework").env("CREATIO_SNAPSHOT", &file));
        assert_eq!((result.code, emulator.counters().logins), (Some(1), logins), "{interference:?} {result:?}");
        assert!(result.stdout.contains(&format!("refused   {told}")), "{result:?}");
    }
}

#[test]
fn the_session_example_waits_for_a_busy_site_and_repeats_no_write_that_may_have_been_done() {
    let emulator = start(Options::default());
    emulator.overload(2, Overload::ServiceUnavailable, RetryAfter::Seconds(0));
    let done = did_all(&run(&mut command(&emulator)), &emulator);
    assert_eq!((done.logins, done.writes, done.overloaded), (1, WRITES, 2));

    emulator.overload(9, Overload::TooManyRequests, RetryAfter::Seconds(0));
    let result = run(&mut command(&emulator));
    assert_eq!(result.code, Some(1), "{result:?}");
    assert_eq!(result.stdout.matches("\nwaiting   0 s: ").count(), 3, "{result:?}");
    assert!(result.stdout.contains("\nrefused   "), "{result:?}");

    emulator.overload(1, Overload::TooManyRequests, RetryAfter::Seconds(61));
    let result = run(&mut command(&emulator));
    assert_eq!(result.code, Some(1), "{result:?}");
    assert!(result.stdout.ends_with(": it asks for 61 s, and 60 s are waited at the most\n"), "{result:?}");

    let emulator = start(Options::default());
    emulator.cut_after(1);
    let result = run(&mut command(&emulator));
    is_error(&result, "session: the connection was closed");
    assert_eq!(emulator.counters().calls, 1);
}

#[test]
fn the_session_example_forgets_a_session_whose_logout_fails() {
    let (emulator, file) = (start(Options::default()), snapshot("logout"));
    let url = breaking::proxy(emulator.address(), "Logout");
    let mut command = with_password(program(), "Supervisor");
    let result = run(command.args([&url, "Supervisor"]).env("CREATIO_SNAPSHOT", &file));
    is_error(&result, "session: the connection was closed");
    assert!(
        result.stdout.ends_with("\nlog out   failed; forgotten here, but the site could not be told\n"),
        "{result:?}"
    );
    let done = emulator.counters();
    assert_eq!((done.logins, done.calls, file.exists()), (1, CALLS - 1, false));
}

#[test]
fn a_log_out_is_asked_for_once_more_where_its_kept_connection_was_closed() {
    let emulator = start(Options::default());
    let url = breaking::once(emulator.address(), "Logout");
    let mut command = with_password(program(), "Supervisor");
    let result = run(command.args([&url, "Supervisor"]).env_remove("CREATIO_SNAPSHOT"));
    assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{result:?}");
    assert!(result.stdout.ends_with("\nlog out   done\n"), "{result:?}");
    assert_eq!(emulator.counters().calls, CALLS);
}

#[test]
fn a_write_is_not_sent_again_where_its_kept_connection_was_closed() {
    let emulator = start(Options::default());
    let url = breaking::once(emulator.address(), "{\"Name\":\"Zoe\"}");
    let mut command = with_password(program(), "Supervisor");
    let result = run(command.args([&url, "Supervisor"]).env_remove("CREATIO_SNAPSHOT"));
    is_error(&result, "CREATIO_ERR_CLOSED_EARLY");
    let done = emulator.counters();
    assert_eq!((done.logins, done.writes), (1, 0));
}

#[test]
fn the_session_example_says_its_own_name() {
    let mut command = with_password(program(), "Supervisor");
    is_error(
        &run(command.args(["http://127.0.0.1:1", "Supervisor"])),
        "session: no connection to 127.0.0.1, port 1: ",
    );
}

#[test]
fn the_session_example_begins_where_another_was_broken_off() {
    let (emulator, file) = (start(Options::default()), snapshot("broken-off"));
    emulator.cut_after(1);
    is_error(&with_snapshot(&emulator, &file), "CREATIO_ERR_CLOSED_EARLY");
    let mode = fs::metadata(&file).expect("the session is kept").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "a snapshot is a secret");
    let result = with_snapshot(&emulator, &file);
    assert!(result.stdout.starts_with("runtime   net-framework\nsnapshot  taken up\nread      {"), "{result:?}");
    assert_eq!(did_all(&result, &emulator).logins, 1);
    assert!(!file.exists(), "the logout removes it");

    // It has ended at the site in the meantime: one login, and the file has the new session.
    emulator.cut_after(1);
    with_snapshot(&emulator, &file);
    emulator.expire_sessions();
    let before = emulator.counters();
    let result = with_snapshot(&emulator, &file);
    assert!(result.stdout.starts_with("runtime   net-framework\nsnapshot  taken up\nrenewal   "), "{result:?}");
    let after = did_all(&result, &emulator);
    assert_eq!((after.logins - before.logins, after.writes - before.writes), (1, WRITES));
    assert!(!file.exists());
}

#[test]
fn the_session_example_refuses_a_snapshot_that_is_none_of_its_own() {
    let file = snapshot("other");
    let kept = |emulator: &Emulator| {
        emulator.cut_after(1);
        with_snapshot(emulator, &file);
        fs::read(&file).expect("the session is kept")
    };
    let other_site = start(Options::default());
    let emulator = start(Options::default());
    let (mut altered, foreign) = (kept(&emulator), kept(&other_site));
    altered[30] ^= 1;
    let cut = altered[..altered.len() / 2].to_vec();
    for (bytes, why) in [(altered, "altered"), (cut, "altered"), (vec![], "altered"), (foreign, "another site")] {
        fs::write(&file, bytes).expect("it can be written");
        let before = emulator.counters().logins;
        let result = with_snapshot(&emulator, &file);
        let line = result.stdout.lines().nth(1).unwrap_or_default();
        assert!(line.starts_with("snapshot  ") && line.contains(why), "{result:?}");
        assert_eq!(did_all(&result, &emulator).logins - before, 1, "{why}");
        assert!(!file.exists());
    }
    let result = with_snapshot(&emulator, &file.join("nowhere"));
    assert_eq!(result.code, Some(0), "{result:?}");
    assert!(result.stderr.contains("session: cannot write"), "{result:?}");
}

#[test]
fn the_session_example_says_no_with_the_site() {
    for wrong_password in [WrongPassword::Code1, WrongPassword::Status401] {
        let (emulator, file) = (start(Options { wrong_password, ..Options::default() }), snapshot("wrong"));
        let result = run(command(&emulator).env("CREATIO_PASSWORD", "wrong").env("CREATIO_SNAPSHOT", &file));
        assert_eq!(result.code, Some(1), "{result:?}");
        assert!(result.stdout.contains("\nsign in   ") && result.stdout.lines().count() == 2, "{result:?}");
        assert_eq!(result.stderr, "");
        let done = emulator.counters();
        assert_eq!((done.logins, done.calls, file.exists()), (1, 0, false));

        // Nor does it try again where the password was changed in the meantime.
        emulator.cut_after(1);
        with_snapshot(&emulator, &file);
        emulator.expire_sessions();
        let result = run(command(&emulator).env("CREATIO_PASSWORD", "wrong").env("CREATIO_SNAPSHOT", &file));
        assert_eq!(result.code, Some(1), "{result:?}");
        assert_eq!((emulator.counters().logins, emulator.counters().writes), (3, 0));
    }
    let emulator = start(Options::default());
    let result = run(command(&emulator).arg("net"));
    assert_eq!(result.code, Some(1), "{result:?}");
    assert!(result.stdout.contains("\nrefused   "), "{result:?}");
    is_error(&run(&mut with_password(program(), "Supervisor")), "usage: CREATIO_PASSWORD=... session URL USER");
    is_error(&run(command(&emulator).arg("java")), "usage: ");
}

#[test]
#[ignore = "needs clang; run by cargo xtask test"]
fn another_compiler_likes_the_session_example_too() {
    let program = built(compiler("clang", "c99"), "session", "session-clang");
    let emulator = start(Options::default());
    let mut command = with_password(program, "Supervisor");
    did_all(&run(command.args([&emulator.url(), "Supervisor"])), &emulator);
}

/// Runs the example, or something around it, with a snapshot and an end of the session.
fn finds_nothing(mut command: Command, name: &str) {
    let (emulator, file) = (start(Options::default()), snapshot(name));
    command.args([&emulator.url(), "Supervisor"]).env("CREATIO_SNAPSHOT", &file);
    emulator.cut_after(1);
    is_error(&run(&mut command), "CREATIO_ERR_CLOSED_EARLY");
    emulator.expire_after_calls(5);
    assert_eq!(did_all(&run(&mut command), &emulator).logins, 2);
}

#[test]
#[ignore = "needs valgrind; run by cargo xtask test"]
fn valgrind_finds_nothing_in_the_session_example() {
    let mut command = with_password("valgrind", "Supervisor");
    command.args(valgrind().get_args()).arg(program());
    finds_nothing(command, "valgrind.snapshot");
}

#[test]
#[ignore = "needs gcc's sanitizers; run by cargo xtask test"]
fn sanitizers_find_nothing_in_the_session_example() {
    let program = built(sanitized(), "session", "session-sanitized");
    finds_nothing(with_password(program, "Supervisor"), "sanitized.snapshot");
}
