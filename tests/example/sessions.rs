//! The examples of what comes after the login, as programs.

use creatio_emulator::{Emulator, EndedSession, Options, Overload, RetryAfter, Runtime};

use crate::breaking;
use crate::program::{Run, run};

/// The calls of the session example up to the logout, and the logout.
const CALLS: u32 = 16;

/// Runs the session example against a site.
fn session(url: &str, password: &str) -> Run {
    run("session", &["--url", url, "--user", "Supervisor"], Some(password))
}

fn assert_shows_everything(run: &Run) {
    for line in [
        "found     Zoë O'Brien & Co\n",
        "changed   its name to \"Zoë Åström 🚀\"\n",
        "selected  Supervisor, Олена Шевченко, José Núñez\n",
        "batch     count: status 200, done\n",
        "batch     create: status 400, Name: field is required\n",
        "batch     change: status 204, done\n",
        " 90 100 %\n",
        ", 5000000 bytes in pieces of 1024\n",
        "sent      bytes 120000-149999/150000\n",
        "deleted   Contact ",
    ] {
        assert!(run.out.contains(line), "lacks {line:?}: {run}");
    }
}

#[test]
fn the_session_example_outlives_what_the_emulator_does_to_it() {
    for runtime in ["net-framework", "net"] {
        let run = run("session", &["--runtime", runtime], None);
        assert!(run.code == 0 && run.err.is_empty(), "{run}");
        assert_shows_everything(&run);
        let renewal = " 50 (the emulator ends the session) 60 70 80 90 100 %\n\
                       renewal   the session has ended, or there is none; sign in\nsign in   signed in\n\
                       upload    10 20 30 40 50 60 70 80 90 100 %\nuploaded  SysImage ";
        assert!(run.out.contains(renewal), "{run}");
        let resumption = "sent      bytes 0-39999/150000\nresumed   at byte 40000, for the connection broke\n\
                          sent      bytes 40000-79999/150000\n";
        assert!(run.out.contains(resumption), "{run}");
        assert_eq!(run.out.matches("sign in   signed in").count(), 2, "{run}");
        assert!(run.out.ends_with("\nlog out   done\n"), "{run}");
    }
}

#[test]
fn the_session_example_leaves_nothing_behind_on_either_runtime() {
    for runtime in [Runtime::NetFramework, Runtime::Net] {
        let emulator = Emulator::start(Options { runtime, sliding: true, ..Options::default() }).unwrap();
        let run = session(&emulator.url(), "Supervisor");
        assert!(run.code == 0 && run.err.is_empty(), "{run}");
        assert_shows_everything(&run);
        let done = emulator.counters();
        // The login has a connection of its own.
        assert_eq!((done.logins, done.calls, done.connections), (1, CALLS.into(), 2));
        for (collection, records) in [("Contact", 6), ("SysImage", 0), ("ContactFile", 0)] {
            assert_eq!(emulator.records(collection).unwrap().len(), records, "{collection}");
        }
    }
}

#[test]
fn what_the_session_example_uploads_arrives_as_it_is() {
    let emulator = Emulator::start(Options::default()).unwrap();
    let run = session(&breaking::proxy(emulator.address(), "DELETE /0/"), "Supervisor");
    assert!(run.code == 2 && run.err.contains("the site broke the connection off"), "{run}");
    let id = |title: &str| &run.out.split_once(title).unwrap().1[..36];
    let image = emulator.image(id("uploaded  SysImage ")).unwrap();
    assert!(image.len() == 5_000_000 && image.iter().all(|byte| *byte == b'Z'));
    let file = emulator.file(id("uploaded  ContactFile ")).unwrap();
    assert!(file.content.iter().copied().eq((b' '..=b'~').cycle().take(150_000)));
    assert_eq!(file.piece_offsets, [0, 40_000, 80_000, 120_000]);
}

#[test]
fn the_session_example_signs_in_for_no_logout() {
    for ended_session in [EndedSession::Redirect, EndedSession::LoginPage, EndedSession::Status401] {
        let emulator = Emulator::start(Options { ended_session, ..Options::default() }).unwrap();
        emulator.expire_after_calls(CALLS - 1);
        let run = session(&emulator.url(), "Supervisor");
        assert!(run.code == 0 && run.out.ends_with("\nlog out   not needed, the session had ended\n"), "{run}");
        assert_eq!(emulator.counters().logins, 1);
    }
}

#[test]
fn the_session_example_tells_of_a_logout_that_fails() {
    let emulator = Emulator::start(Options::default()).unwrap();
    let run = session(&breaking::proxy(emulator.address(), "Logout"), "Supervisor");
    assert_eq!(run.code, 2, "{run}");
    assert!(run.err.contains("forgotten here, but the site could not be told to log out: "), "{run}");
    let done = emulator.counters();
    assert_eq!((done.logins, done.calls), (1, (CALLS - 1).into()));
}

#[test]
fn the_session_example_waits_for_a_busy_site_as_long_as_is_reasonable() {
    let emulator = Emulator::start(Options::default()).unwrap();
    emulator.overload(2, Overload::TooManyRequests, RetryAfter::Seconds(0));
    let run = session(&emulator.url(), "Supervisor");
    assert!(run.code == 0 && run.out.matches("waiting   0 s: the site is busy").count() == 2, "{run}");

    for after in [RetryAfter::Seconds(61), RetryAfter::Date(3600)] {
        emulator.overload(1, Overload::TooManyRequests, after);
        let run = session(&emulator.url(), "Supervisor");
        assert!(run.code == 2 && run.err.contains("60 s are waited at the most"), "{run}");
    }
}

#[test]
fn the_session_example_tries_a_wrong_password_once() {
    let emulator = Emulator::start(Options::default()).unwrap();
    let run = session(&emulator.url(), "wrong");
    assert!(run.code == 2 && run.err.contains("account; the site's message says why: Invalid user name"), "{run}");
    assert_eq!(emulator.counters().logins, 1);
}
