//! The examples whose requests someone else's HTTP clients send, a blocking one and an asynchronous one.

use creatio_emulator::{EndedSession, Options, Runtime, WrongPassword};

use crate::program::{Run, run};
use crate::{PASSWORD, breaking, emulator};

/// The login, the reading, the creation and the log-out.
const CALLS: u64 = 3;

const CLIENTS: [&str; 2] = ["ureq", "reqwest"];

fn run_at(client: &str, url: &str, password: &str, runtime: &str) -> Run {
    run(client, &["--url", url, "--user", "Supervisor", "--runtime", runtime], Some(password))
}

#[test]
fn each_makes_the_whole_life_of_a_session_with_an_emulator_of_its_own_and_a_renewal() {
    for (client, runtime) in CLIENTS.into_iter().flat_map(|client| [(client, "net"), (client, "net-framework")]) {
        let run = run(client, &["--runtime", runtime], None);
        assert_eq!(run.code, 0, "{run}");
        assert_eq!(run.out.matches("sign in   signed in\n").count(), 2, "{run}");
        assert!(run.out.contains("created   {") && run.out.ends_with("log out   done\n"), "{run}");
    }
}

#[test]
fn each_signs_in_however_replies_are_framed_and_an_end_is_renewed_in_each_of_its_shapes() {
    for (runtime, name) in [(Runtime::NetFramework, "net-framework"), (Runtime::Net, "net")] {
        for ended_session in [EndedSession::Redirect, EndedSession::LoginPage, EndedSession::Status401] {
            for (client, size) in CLIENTS.into_iter().flat_map(|client| [(client, 1), (client, 100)]) {
                let chunk_size = std::num::NonZeroUsize::new(size);
                let base_path = "/App".into();
                let options =
                    Options { runtime, ended_session, chunk_size, base_path, sliding: true, ..Options::default() };
                let emulator = emulator(options);
                emulator.expire_after_calls(1);
                let run = run_at(client, &emulator.url(), PASSWORD, name);
                let done = emulator.counters();
                // A page may be what the write itself has brought.
                let is_written = ended_session != EndedSession::LoginPage;
                assert_eq!(run.code, if is_written { 0 } else { 2 }, "{run}");
                assert_eq!((done.logins, done.writes), (2, is_written.into()), "{run}");
            }
        }
    }
}

#[test]
fn reqwest_bears_with_a_firewall_and_gives_its_folded_cookie_back_whole() {
    let emulator = emulator(Options { firewall: true, ..Options::default() });
    let run_until = |word| run_at("reqwest", &breaking::proxy(emulator.address(), word), PASSWORD, "net-framework");
    for other in ["___utmvb=ab;", "___utmvb=ab\r", "___utmva"] {
        let run = run_until(other);
        assert_eq!(run.code, 0, "{other} goes back: {run}");
    }
    assert_eq!(run_until("___utmvb=ab XcD: ef").code, 2);
}

#[test]
fn none_sends_a_login_or_a_write_twice() {
    for client in CLIENTS {
        let site = emulator(Options::default());
        let run = run_at(client, &breaking::at_second_request(site.address()), PASSWORD, "net-framework");
        assert_eq!(run.code, 0, "{run}");
        let done = site.counters();
        assert_eq!((done.logins, done.calls, done.writes), (1, CALLS, 1));
        for word in ["/Login ", "{\"Name\":\"Zoe\"}"] {
            let before = site.counters();
            let run = run_at(client, &breaking::once(site.address(), word), PASSWORD, "net-framework");
            assert_eq!(run.code, 2, "{run}");
            let after = site.counters();
            assert!(after.logins - before.logins <= 1 && after.writes == before.writes, "{word}: {run}");
        }
        for wrong_password in [WrongPassword::Code1, WrongPassword::Status401] {
            let site = emulator(Options { wrong_password, ..Options::default() });
            let run = run_at(client, &site.url(), "wrong", "net-framework");
            assert_eq!((run.code, site.counters().logins, site.counters().calls), (2, 1, 0), "{run}");
        }
    }
}
