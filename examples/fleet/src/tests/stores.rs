//! What each store does, blocking and asynchronous alike.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::{Hands, path};
use crate::{BoxError, File, Key, Memory, Stored, asynch, blocking};

const LEASE: Duration = Duration::from_secs(100);

/// A blocking store, whose futures are always ready.
struct Now<S>(S);

impl<S: blocking::Store> asynch::Store for Now<S> {
    async fn load(&self) -> Result<Option<Stored>, BoxError> {
        self.0.load()
    }

    async fn compare_and_set(&self, revision: u64, snapshot: &[u8]) -> Result<bool, BoxError> {
        self.0.compare_and_set(revision, snapshot)
    }

    async fn lease(&self, holder: u64, time_out: Duration) -> Result<bool, BoxError> {
        self.0.lease(holder, time_out)
    }

    async fn release(&self, holder: u64) -> Result<(), BoxError> {
        self.0.release(holder)
    }
}

/// What every store does. It is looked at so long before the end of a lease.
async fn keeps_the_contract(store: impl asynch::Store, before: Duration, pass: impl Fn(Duration)) {
    let newest = async || store.load().await.unwrap().map(|stored| (stored.revision, stored.snapshot.to_vec()));
    let set = async |revision, snapshot: &[u8]| store.compare_and_set(revision, snapshot).await.unwrap();
    let lease = async |holder| store.lease(holder, LEASE).await.unwrap();

    assert_eq!(newest().await, None);
    assert!(!set(1, b"early").await && newest().await.is_none());
    assert!(set(0, b"one").await);
    assert!(!set(0, b"late").await);
    assert_eq!(newest().await, Some((1, b"one".to_vec())));
    let every: Vec<u8> = (0..=255).collect();
    assert!(set(1, &every).await);
    for stale in [0, 1, 3, u64::from(u32::MAX)] {
        assert!(!set(stale, b"stale").await);
    }
    assert_eq!(newest().await, Some((2, every)));

    assert!(lease(1).await && !lease(2).await);
    pass(LEASE - before);
    assert!(!lease(2).await && lease(1).await, "its own holder has it anew");
    pass(LEASE - before);
    assert!(!lease(2).await);
    pass(before);
    assert!(lease(2).await && !lease(1).await, "one that is over is taken over");
    store.release(1).await.unwrap();
    assert!(!lease(3).await, "it is not given back by one that has lost it");
    store.release(2).await.unwrap();
    assert!(lease(3).await);
    store.release(3).await.unwrap();
    store.release(3).await.unwrap();
    assert_eq!(newest().await.unwrap().0, 2);
}

#[tokio::test]
async fn each_store_compares_and_sets_and_has_one_lease_at_a_time() {
    let hands = Hands::default();
    let (just, pass) = (Duration::from_millis(1), |time| hands.pass(time));
    let memory = || Memory::with_clock(hands.clock());
    keeps_the_contract(memory(), just, pass).await;
    keeps_the_contract(Now(memory()), just, pass).await;
    let file = |name| File::new(path(name)).with_clock(hands.clock());
    keeps_the_contract(file("asynch"), just, pass).await;
    keeps_the_contract(Now(file("blocking")), just, pass).await;
    let key = || Key::new([7; 32]);
    keeps_the_contract(asynch::Sealed::new(memory(), key(), "Ann"), just, pass).await;
    keeps_the_contract(Now(blocking::Sealed::new(memory(), key(), "Ann")), just, pass).await;
    keeps_the_contract(asynch::Sealed::new(memory(), None, "Ann"), just, pass).await;
}

#[test]
fn a_lease_of_a_clock_that_was_set_back_holds_nobody_up() {
    let hands = Hands::default();
    hands.pass(Duration::from_secs(1000));
    let file = File::new(path("set-back"));
    assert!(file.clone().with_clock(hands.clock()).take_lease(1, LEASE).unwrap());
    assert!(file.with_clock(Hands::default().clock()).take_lease(2, LEASE).unwrap());
}

/// How many of many that set at once have done so, and what the store then has.
fn setting_at_once<S: blocking::Store + Sync>(store: &S) -> (u64, u64) {
    let set = || {
        (0..25).filter(|_| {
            let known = store.load().unwrap().map_or(0, |stored| stored.revision);
            store.compare_and_set(known, &known.to_le_bytes()).unwrap()
        })
    };
    let set = thread::scope(|scope| {
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(|| set().count())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap() as u64).sum()
    });
    let stored = store.load().unwrap().unwrap();
    assert_eq!(*stored.snapshot, (stored.revision - 1).to_le_bytes());
    (set, stored.revision)
}

#[test]
fn of_many_that_set_at_once_each_has_a_revision_of_its_own() {
    let (set, revision) = setting_at_once(&Memory::new());
    assert_eq!(set, revision);
    let (set, revision) = setting_at_once(&File::new(path("at-once")));
    assert_eq!(set, revision);
}

#[test]
fn a_file_is_the_owners_alone_and_one_that_others_may_use_is_not_taken() {
    let path = path("modes");
    let file = File::new(&path);
    assert!(file.set(0, b"one").unwrap() && file.take_lease(1, LEASE).unwrap());
    let names = || {
        let names = fs::read_dir(path.parent().unwrap()).unwrap();
        let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names(), ["session.snapshot", "session.snapshot.lease"]);
    for name in names() {
        let mode = fs::metadata(path.with_file_name(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    file.give_back(1).unwrap();
    assert_eq!(names(), ["session.snapshot"]);

    for wide in [0o640, 0o604, 0o620, 0o602, 0o644, 0o666, 0o777] {
        fs::set_permissions(&path, fs::Permissions::from_mode(wide)).unwrap();
        let error = file.newest().unwrap_err().to_string();
        assert!(error.contains(&format!("(mode {wide:o}); remove it")), "{error}");
        assert!(file.set(1, b"two").is_err(), "nor is it put out");
    }
    file.remove().unwrap();
    file.remove().unwrap();
    assert!(file.newest().unwrap().is_none() && names().is_empty());
}

/// A process that ended in the middle has left a file, or somebody a link.
#[test]
fn what_is_in_the_way_of_a_new_file_is_not_written_to() {
    let path = path("in-the-way");
    let (other, new) = (path.with_file_name("other"), path.with_file_name("session.snapshot.new"));
    fs::write(&other, "kept").unwrap();
    symlink(&other, &new).unwrap();
    let file = File::new(&path);
    assert!(file.set(0, b"one").unwrap());
    fs::write(&new, "half").unwrap();
    assert!(file.set(1, b"two").unwrap());
    assert_eq!((fs::read(&other).unwrap(), file.newest().unwrap().unwrap().revision), (b"kept".to_vec(), 2));
    fs::write(path.with_file_name("session.snapshot.lease"), "hal").unwrap();
    let owners = fs::Permissions::from_mode(0o600);
    fs::set_permissions(path.with_file_name("session.snapshot.lease"), owners).unwrap();
    assert!(file.take_lease(1, LEASE).unwrap(), "half a lease is none");
}

#[test]
fn a_file_that_was_cut_is_an_error_and_a_directory_that_is_not_there() {
    let path = path("cut");
    let file = File::new(&path);
    file.set(0, b"one").unwrap();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(7).unwrap();
    assert!(file.newest().is_err() && file.set(0, b"two").is_err());
    assert!(File::new(path.join("below")).set(0, b"one").is_err());
}

struct Server(Child, u16);

impl Server {
    fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed by cargo xtask test");
        let server = Server(process, port);
        let up = (0..1000).any(|_| {
            thread::sleep(Duration::from_millis(10));
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        assert!(up, "redis-server does not listen");
        server
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.1)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
#[ignore = "needs redis-server; run by cargo xtask test"]
async fn redis_does_the_same() {
    let server = Server::start();
    let url = server.url();
    // By its own clock: of what is left of a lease so much is taken away.
    let pass = |key: &'static str| {
        let url = url.clone();
        move |time: Duration| {
            let mut connection = redis::Client::open(url.as_str()).unwrap().get_connection().unwrap();
            let lease = format!("{key}:lease");
            let left: i64 = redis::cmd("PTTL").arg(&lease).query(&mut connection).unwrap();
            let left = (left - time.as_millis() as i64).max(0); // 0 ends it
            let _: i64 = redis::cmd("PEXPIRE").arg(&lease).arg(left).query(&mut connection).unwrap();
        }
    };
    let before = LEASE / 2;
    let asynchronous = asynch::Redis::open(&url, "a").await.unwrap();
    keeps_the_contract(&asynchronous, before, pass("a")).await;
    keeps_the_contract(Now(blocking::Redis::open(&url, "b").unwrap()), before, pass("b")).await;
    keeps_the_contract(asynchronous.with_key("c"), before, pass("c")).await;
    let other = blocking::Redis::open(&url, "d").unwrap();
    let (set, revision) = setting_at_once(&other);
    assert_eq!(set, revision);
    other.remove().unwrap();
    assert!(blocking::Store::load(&other).unwrap().is_none());
    assert!(asynch::Store::load(&asynchronous).await.unwrap().is_some());

    drop(server);
    assert!(blocking::Store::load(&other).is_err());
}
