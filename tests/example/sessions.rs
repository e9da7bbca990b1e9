//! The examples of what comes after the login, as programs.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use creatio_emulator::{Emulator, Options};

use crate::program::{run, temporary_file};

#[test]
fn the_session_example_does_all_it_says_and_signs_in_twice_in_all() {
    let run = run("session", &[], None);
    assert_eq!(run.code, 0, "{run}");
    for line in [
        "found     Олена Шевченко",
        "changed   its name to \"Zoë Åström 🚀\"",
        "uploaded  5000000 bytes in pieces of 1024",
        "batch     answered with 200, 201",
        "renewal   the session has ended; sign in again",
        "deleted   the record, after 1 silent login",
        "log out   done",
        "left      with 0 cookies",
    ] {
        assert!(run.out.contains(line), "lacks {line:?}: {run}");
    }
}

/// Three processes, one after the other, with one store between them.
fn share(store: &str) {
    let emulator = Emulator::start(Options::default()).unwrap();
    let url = emulator.url();
    let work = || run("shared", &["--url", &url, "--user", "Supervisor", "--store", store], Some("Supervisor"));
    for (process, told) in ["sign in   signed in", "session   found in"].into_iter().enumerate() {
        let run = work();
        assert!(run.code == 0 && run.out.contains(told) && run.out.contains("contacts  6"), "{process}: {run}");
    }
    assert_eq!(emulator.counters().logins, 1);

    emulator.expire_sessions();
    let run = work();
    assert!(run.code == 0 && run.out.contains("renewal"), "{run}");
    assert_eq!(emulator.counters().logins, 2);
}

#[test]
fn processes_share_a_login_through_a_file() {
    let store = temporary_file("shared.snapshot", "");
    std::fs::remove_file(&store).unwrap();
    share(&store);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&store).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "a snapshot is a secret");
    }

    let mut snapshot = std::fs::read(&store).unwrap();
    snapshot[30] ^= 1;
    std::fs::write(&store, snapshot).unwrap();
    let emulator = Emulator::start(Options::default()).unwrap();
    let run =
        run("shared", &["--url", &emulator.url(), "--user", "Supervisor", "--store", &store], Some("Supervisor"));
    assert!(run.code == 0 && run.out.contains("altered"), "{run}");
}

struct Redis(Child);

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs redis-server; run by cargo xtask test"]
fn processes_share_a_login_through_redis() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let process = Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server is installed by cargo xtask test");
    let _redis = Redis(process);
    let up = (0..1000).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    assert!(up, "redis-server does not listen");
    share(&format!("redis://127.0.0.1:{port}"));
}
