//! Processes that share a login, through a file or Redis.

use std::fs;
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use creatio_emulator::{Emulator, Options};
use creatio_fleet::Stored;
use creatio_fleet::blocking::{Place, Store};

use crate::gate::Gate;
use crate::program::{Run, Running, run, run_with_all, start, temporary_file};

const PROCESSES: usize = 6;

/// A site, the gate before it, and the store of those that share its user.
struct Fleet {
    emulator: Emulator,
    gate: Gate,
    url: String,
    store: String,
}

impl Fleet {
    fn new(store: &str) -> Self {
        let emulator = Emulator::start(Options::default()).unwrap();
        let (gate, url) = Gate::before(emulator.address());
        Fleet { emulator, gate, url, store: store.into() }
    }

    /// Through a file that is not there yet.
    fn with_file(name: &str) -> Self {
        let store = temporary_file(name, "");
        fs::remove_file(&store).unwrap();
        Fleet::new(&store)
    }

    fn start(&self, password: &str, more: &[&str]) -> Running {
        let arguments = ["--url", &self.url, "--user", "Supervisor", "--store", &self.store];
        start("shared", &[&arguments, more].concat(), &[("CREATIO_PASSWORD", password)])
    }

    fn run(&self, password: &str, more: &[&str]) -> Run {
        self.start(password, more).finish()
    }

    /// So many at once: no login goes on before all have begun.
    fn run_at_once(&self, password: &str) -> Vec<Run> {
        self.gate.wait_for_checks(PROCESSES);
        let all: Vec<_> = (0..PROCESSES).map(|_| self.start(password, &[])).collect();
        all.into_iter().map(Running::finish).collect()
    }

    /// What the store has, if it is not sealed.
    fn stored(&self) -> Stored {
        let key = format!("creatio-session:Supervisor@{}", self.url);
        Place::open(&self.store, &key).unwrap().load().unwrap().unwrap()
    }

    fn logins(&self) -> u64 {
        let logins = self.emulator.counters().logins;
        assert!(logins <= self.gate.logins() as u64);
        logins
    }
}

fn shows_contacts(run: &Run) -> bool {
    run.code == 0 && run.err.is_empty() && run.out.contains("contacts  6\n")
}

/// Before the first login, and each time that the session has ended.
fn signs_in_once_for_all(fleet: &Fleet) {
    for logins in 1..=3 {
        let runs = fleet.run_at_once("Supervisor");
        assert!(runs.iter().all(shows_contacts), "{}", runs[0]);
        let signed_in = runs.iter().filter(|run| run.out.contains("sign in   signed in\n")).count();
        assert_eq!((fleet.logins(), fleet.gate.logins() as u64, signed_in), (logins, logins, 1));
        fleet.emulator.expire_sessions();
    }
}

fn tries_a_wrong_password_once_for_all(fleet: &Fleet) {
    let runs = fleet.run_at_once("wrong");
    assert!(runs.iter().all(|run| run.code == 2), "{}", runs[0]);
    let told = runs.iter().filter(|run| run.out.contains("site      Invalid user name or password.\n")).count();
    assert_eq!((fleet.logins(), fleet.emulator.failed_logins("Supervisor"), told), (1, 1, 1));
    // Nor do those that come later, with whatever password, until somebody says that something has changed.
    let runs = fleet.run_at_once("Supervisor");
    assert!(runs.iter().all(|run| run.code == 2 && run.err.contains("say --allow-sign-in")), "{}", runs[0]);
    assert_eq!(fleet.logins(), 1);
    fleet.gate.wait_for_checks(0);
    let run = fleet.run("Supervisor", &["--allow-sign-in"]);
    assert!(shows_contacts(&run), "{run}");
    assert!(fleet.run_at_once("Supervisor").iter().all(shows_contacts));
    assert_eq!(fleet.logins(), 2);
}

const LEASE: (&str, Duration) = ("2", Duration::from_secs(2));

fn takes_over_from_one_that_was_killed(fleet: &Fleet) {
    fleet.gate.hold_next();
    let begun = Instant::now();
    let mut first = fleet.start("Supervisor", &["--lease", LEASE.0]);
    fleet.gate.wait_until_held();
    first.0.kill().unwrap(); // SIGKILL
    assert_eq!(first.finish().code, -1);
    let run = fleet.run("Supervisor", &["--lease", LEASE.0]);
    assert!(shows_contacts(&run) && run.out.contains("sign in   signed in\n"), "{run}");
    assert!(begun.elapsed() >= LEASE.1, "not before its time-out");
    assert_eq!((fleet.logins(), fleet.gate.logins()), (1, 2));
}

/// Its login arrives when another has signed in, and what has come of it does not.
fn is_not_put_out_by_one_that_was_stopped(fleet: &Fleet) {
    let signal = |process: &Running, name: &str| {
        let sent = Command::new("kill").args([name, &process.0.id().to_string()]).status().unwrap();
        assert!(sent.success());
    };
    fleet.gate.hold_next();
    let first = fleet.start("Supervisor", &["--lease", "1"]);
    fleet.gate.wait_until_held();
    signal(&first, "-STOP");
    let run = fleet.run("Supervisor", &["--lease", "1"]);
    assert!(shows_contacts(&run) && run.out.contains("sign in   signed in\n"), "{run}");
    let newest = fleet.stored();
    fleet.gate.let_go();
    signal(&first, "-CONT");
    let late = first.finish();
    assert!(shows_contacts(&late) && late.out.contains("sign in   signed in\n"), "{late}");
    let now = fleet.stored();
    assert_eq!((now.revision, now.snapshot), (newest.revision, newest.snapshot));
    let run = fleet.run("Supervisor", &[]);
    assert!(shows_contacts(&run) && run.out.contains("session   found in"), "{run}");
    assert_eq!(fleet.logins(), 2);
}

#[test]
fn six_processes_at_once_sign_in_once_before_the_first_login_and_after_each_end_of_the_session() {
    signs_in_once_for_all(&Fleet::with_file("fleet-once.snapshot"));
}

#[test]
fn six_processes_try_a_wrong_password_once_until_somebody_allows_another_sign_in() {
    tries_a_wrong_password_once_for_all(&Fleet::with_file("fleet-wrong.snapshot"));
}

#[test]
fn a_process_that_was_killed_in_its_sign_in_is_waited_for_until_its_lease_is_over() {
    takes_over_from_one_that_was_killed(&Fleet::with_file("fleet-killed.snapshot"));
}

#[test]
fn a_process_that_was_stopped_in_its_sign_in_puts_out_nothing_newer() {
    is_not_put_out_by_one_that_was_stopped(&Fleet::with_file("fleet-stopped.snapshot"));
}

pub struct Redis(Child, u16);

impl Redis {
    pub fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .current_dir(env!("CARGO_TARGET_TMPDIR"))
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed by cargo xtask test");
        let redis = Redis(process, port);
        let up = (0..1000).any(|_| {
            std::thread::sleep(Duration::from_millis(10));
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        assert!(up, "redis-server does not listen");
        redis
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.1)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs redis-server; run by cargo xtask test"]
fn all_of_it_holds_through_redis() {
    let redis = Redis::start();
    signs_in_once_for_all(&Fleet::new(&redis.url()));
    tries_a_wrong_password_once_for_all(&Fleet::new(&redis.url()));
    takes_over_from_one_that_was_killed(&Fleet::new(&redis.url()));
    is_not_put_out_by_one_that_was_stopped(&Fleet::new(&redis.url()));
    let url = redis.url();
    drop(redis);
    let fleet = Fleet::new(&url);
    let run = fleet.run("Supervisor", &[]);
    assert!(run.code == 2 && run.err.contains("the store of the session: "), "{run}");
    assert_eq!(fleet.logins(), 0);
}

#[test]
fn without_a_site_it_shows_six_processes_and_one_login_each_time() {
    let store = temporary_file("fleet-shown.snapshot", "");
    fs::remove_file(&store).unwrap();
    let run = run("shared", &["--store", &store], None);
    assert!(run.code == 0 && run.err.is_empty(), "{run}");
    assert!(run.out.contains("logins    1\n") && run.out.ends_with("logins    2\n"), "{run}");
    assert!(!Path::new(&store).exists());
}

#[test]
fn what_is_no_snapshot_is_told_and_left() {
    let fleet = Fleet::with_file("fleet-altered.snapshot");
    assert!(shows_contacts(&fleet.run("Supervisor", &[])));
    let mut bytes = fs::read(&fleet.store).unwrap();
    bytes[30] ^= 1;
    fs::write(&fleet.store, &bytes).unwrap();
    let run = fleet.run("Supervisor", &[]);
    assert!(run.code == 2 && run.err.contains("altered") && run.err.contains("remove it"), "{run}");
    assert!(fleet.logins() == 1 && fs::read(&fleet.store).unwrap() == bytes);
    fs::remove_file(&fleet.store).unwrap();
    assert!(shows_contacts(&fleet.run("Supervisor", &[])));
}

/// By the key that the others have, and by no other.
#[test]
fn what_is_sealed_is_the_business_of_those_with_the_key() {
    let fleet = Fleet::with_file("fleet-sealed.snapshot");
    let arguments = ["--url", &fleet.url, "--user", "Supervisor", "--store", &fleet.store];
    let work = |key: &str| {
        let secrets = [("CREATIO_PASSWORD", "Supervisor"), ("CREATIO_STORE_KEY", key)];
        run_with_all("shared", &arguments, &secrets)
    };
    let (right, wrong) = ("0".repeat(63) + "1", "0".repeat(63) + "2");
    assert!(shows_contacts(&work(&right)));
    let has = |word: &[u8]| fs::read(&fleet.store).unwrap().windows(word.len()).any(|part| part == word);
    assert!(!has(b"CRAU") && !has(b".ASPXAUTH"), "nothing is in the clear");
    let run = work(&right);
    assert!(shows_contacts(&run) && run.out.contains("session   found in"), "{run}");
    for run in [work(&wrong), fleet.run("Supervisor", &[])] {
        assert!(run.code == 2 && run.err.contains("remove it, and sign in anew"), "{run}");
    }
    let run = work("short");
    assert!(run.code == 2 && run.err.contains("64 hexadecimal digits"), "{run}");
    assert_eq!(fleet.logins(), 1);

    // One in the clear, which somebody has put there, is not taken by those with the key.
    fs::remove_file(&fleet.store).unwrap();
    assert!(shows_contacts(&fleet.run("Supervisor", &[])));
    assert!(has(b".ASPXAUTH"), "or the above has shown nothing");
    let run = work(&right);
    assert!(run.code == 2 && run.err.contains("sealed with another key"), "{run}");
}

#[test]
fn a_snapshot_goes_into_a_file_of_its_own_and_comes_from_one_that_is_the_owners_alone() {
    let fleet = Fleet::with_file("shared-modes.snapshot");
    let store = &fleet.store;
    let work = || fleet.run("Supervisor", &[]);
    let mode = || fs::metadata(store).unwrap().permissions().mode() & 0o777;
    let set_mode = |mode| fs::set_permissions(store, fs::Permissions::from_mode(mode)).unwrap();
    assert_eq!((work().code, mode()), (0, 0o600));

    // Whoever has the old file open sees nothing of the new one.
    let (before, mut seen) = (fs::read(store).unwrap(), Vec::new());
    let mut open = fs::File::open(store).unwrap();
    fleet.emulator.expire_sessions();
    assert_eq!(work().code, 0);
    open.read_to_end(&mut seen).unwrap();
    assert!(seen == before && fs::read(store).unwrap() != before);

    for wide in [0o640, 0o604, 0o620, 0o602, 0o644, 0o666, 0o777] {
        set_mode(wide);
        let run = work();
        assert!(run.code == 2 && run.err.contains(&format!("(mode {wide:o}); remove it")), "{run}");
        assert_eq!(mode(), wide);
    }
    // A session that has not changed is not written again.
    set_mode(0o400);
    assert_eq!((work().code, mode()), (0, 0o400));
    fleet.emulator.expire_sessions();
    assert_eq!((work().code, mode()), (0, 0o600));
    let names = fs::read_dir(Path::new(store).parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
    let left = names.filter(|name| name.to_string_lossy().starts_with("shared-modes.")).count();
    assert_eq!(left, 1, "nothing is left behind");
}
