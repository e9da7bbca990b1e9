//! The examples in C on a path where things go wrong: all is done, or an error is told; and no write goes out twice.

use std::fs;

use creatio_emulator::Options;

use crate::build::{cc, compiler, run, scratch};
use crate::faulty::{Fault, FaultyPath};
use crate::program::{built, program, shows_contacts, start, tls_programs, with_password};

/// What the session example writes in all, and its requests, the login and the log-out with them.
const WRITES: u64 = 6;
const REQUESTS: usize = 10;

fn faults() -> impl Iterator<Item = Fault> {
    let cuts = [Fault::CutsRequest, Fault::CutsReply, Fault::ResetsRequest, Fault::ResetsReply];
    let others = [Fault::HalfClosesToClient, Fault::Alerts];
    let at_places = cuts.into_iter().chain(others).flat_map(|fault| [0, 14, 90].map(fault));
    at_places.chain([Fault::Delays, Fault::Trickles, Fault::HalfClosesToSite])
}

#[test]
fn the_session_example_does_each_write_once_at_the_most_whatever_goes_wrong_with_which_request() {
    let program = built(compiler(&cc(), "c99"), "session", "session-on-a-faulty-path");
    let mut ends = [0; 2];
    for request in 1..=REQUESTS {
        for fault in faults() {
            let emulator = start(Options::default());
            let path = FaultyPath::to(emulator.address());
            path.set(request, fault);
            let mut command = with_password(&program, "Supervisor");
            command.args([&path.url(), "Supervisor", "net-framework"]).env_remove("CREATIO_SNAPSHOT");
            let result = run(&mut command);
            let (done, requests) = (emulator.counters(), path.requests());
            let told = format!("{fault:?} of request {request}: {requests} requests, {done:?}, {result:?}");
            assert!(done.writes <= WRITES && done.logins <= 1, "{told}");
            match result.code {
                Some(0) => assert!(done.writes == WRITES && requests <= REQUESTS + 1, "{told}"),
                // A log-out that fails is one that the site may not know of.
                Some(2) => assert!(requests == request && !result.stderr.is_empty(), "{told}"),
                _ => panic!("{told}"),
            }
            ends[usize::from(result.code != Some(0))] += 1;
        }
    }
    assert!(ends.iter().all(|times| *times > REQUESTS), "some come through, and some do not: {ends:?}");
}

#[test]
fn the_login_example_tells_what_went_wrong_with_its_login() {
    for fault in faults() {
        let emulator = start(Options::default());
        let path = FaultyPath::to(emulator.address());
        path.set(1, fault);
        let result = run(with_password(program(), "Supervisor").args([&path.url(), "Supervisor", "net-framework"]));
        assert!(emulator.counters().logins <= 1, "{fault:?}: {result:?}");
        match result.code {
            Some(0) => shows_contacts(&result),
            _ => assert!(result.code == Some(2) && path.requests() == 1, "{fault:?}: {result:?}"),
        }
        let is_good = matches!(fault, Fault::Delays | Fault::Trickles);
        let is_open = fault == Fault::HalfClosesToSite;
        assert!(is_open || is_good == (result.code == Some(0)), "{fault:?}: {result:?}");
    }
}

#[test]
fn a_path_that_stops_is_given_up_after_the_time_for_the_whole_exchange() {
    let session = built(compiler(&cc(), "c99"), "session", "session-on-a-path-that-stops");
    for (request, place) in [(1, 0), (1, 90), (2, 90), (3, 0)] {
        let emulator = start(Options::default());
        let path = FaultyPath::to(emulator.address());
        path.set(request, Fault::Stops(place));
        let mut command = with_password(&session, "Supervisor");
        command.env("CREATIO_TIMEOUT", "1").env_remove("CREATIO_SNAPSHOT");
        let result = run(command.args([&path.url(), "Supervisor", "net-framework"]));
        assert_eq!((result.code, path.requests()), (Some(2), request), "{result:?}");
        assert!(result.stderr.contains("no answer in time"), "{result:?}");
        assert!(emulator.counters().logins == 1 && emulator.counters().writes <= 1, "{result:?}");
    }
}

#[test]
#[ignore = "needs make and OpenSSL; run by cargo xtask test"]
fn over_tls_what_goes_wrong_with_the_handshake_or_a_record_is_an_error_and_no_write_is_done_twice() {
    let mut errors = 0;
    let cuts = [Fault::CutsReply, Fault::ResetsReply, Fault::Alerts, Fault::HalfClosesToClient];
    for fault in cuts.into_iter().flat_map(|fault| [0, 100, 900, 1500, 2500, 4000].map(fault)) {
        let emulator = start(Options { tls: true, ..Options::default() });
        let path = FaultyPath::to(emulator.address());
        path.set(1, fault);
        let ca = scratch("faults").join("ca.pem");
        fs::write(&ca, emulator.certificate_pem().expect("it speaks TLS")).expect("it can be written");
        let mut command = with_password(tls_programs().join("session-tls"), "Supervisor");
        command.env("SSL_CERT_FILE", &ca).env_remove("CREATIO_SNAPSHOT");
        let url = path.url().replace("http:", "https:");
        let result = run(command.args([&url, "Supervisor", "net-framework"]));
        let done = emulator.counters();
        // Between two exchanges, a connection may be closed.
        let is_well = result.code == Some(0) && done.writes == WRITES;
        let is_error = result.code == Some(2) && !result.stderr.is_empty() && done.writes < WRITES;
        assert!((is_well || is_error) && done.logins <= 1, "{fault:?}: {result:?}");
        errors += usize::from(is_error);
    }
    assert!(errors > 12, "{errors}");
}
