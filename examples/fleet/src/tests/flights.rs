//! What those do that share a session, at the emulator.

use std::cell::Cell;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use creatio_auth::client::blocking::{Client, Link, SignIn, Transport};
use creatio_auth::client::transports::{std_net, tokio_1};
use creatio_auth::client::{Error as ClientError, Refusal, Renewed, asynch::Client as AsyncClient};
use creatio_auth::{
    Call, CallVerdict, Credentials, EarlierSignIn, OwnedSession, Runtime, Session, Site, SnapshotError, Verdict,
};
use creatio_emulator::{Emulator, Options};

use super::Hands;
use crate::blocking::{SingleFlight, Store};
use crate::{BoxError, Error, Memory, Stored, asynch};

const LEASE: Duration = Duration::from_secs(60);
const PATIENCE: Duration = Duration::from_secs(30);
const TOGETHER: usize = 6;

const REJECTED: Refusal = Refusal::Earlier(EarlierSignIn::Login(Verdict::Rejected));

type Outcome = Result<CallVerdict, ClientError<std::io::ErrorKind>>;

fn emulator() -> Emulator {
    Emulator::start(Options::default()).unwrap()
}

fn right() -> Credentials<'static> {
    Credentials::borrowed("Supervisor", "Supervisor")
}

fn session(emulator: &Emulator) -> OwnedSession {
    OwnedSession::new(Site::parse(&emulator.url(), Runtime::NetFramework).unwrap(), 4096)
}

/// Makes a call, and stores what the session then has.
fn call<S: Store>(session: &mut Session<'_>, flight: &mut SingleFlight<S, impl SignIn>) -> Outcome {
    let mut buffer = [0; 512];
    let mut client = Client::new(session, std_net::Tcp::new(PATIENCE), &mut buffer);
    let result = client.call_renewed(&Call::ping(), &mut *flight).and_then(|reply| reply.answer());
    let outcome = match result {
        Ok(answer) => Ok(answer.verdict),
        Err(ClientError::SignIn(refusal)) => Err(ClientError::SignIn(refusal)),
        Err(_) => Err(ClientError::Transport(std::io::ErrorKind::Other)),
    };
    let _ = flight.save(client.session());
    outcome
}

/// A store whose clock a second passes by with each question for the lease.
struct Ticking {
    memory: Memory,
    hands: Hands,
    asked: Cell<u32>,
}

impl Ticking {
    fn new() -> Self {
        let hands = Hands::default();
        Ticking { memory: Memory::with_clock(hands.clock()), hands, asked: Cell::default() }
    }
}

impl Store for Ticking {
    fn load(&self) -> Result<Option<Stored>, BoxError> {
        self.memory.load()
    }

    fn compare_and_set(&self, revision: u64, snapshot: &[u8]) -> Result<bool, BoxError> {
        self.memory.compare_and_set(revision, snapshot)
    }

    fn lease(&self, holder: u64, time_out: Duration) -> Result<bool, BoxError> {
        self.hands.pass(Duration::from_secs(1));
        self.asked.set(self.asked.get() + 1);
        self.memory.lease(holder, time_out)
    }

    fn release(&self, holder: u64) -> Result<(), BoxError> {
        self.memory.release(holder)
    }
}

/// Does something first, when the store says already that it signs in.
struct After<F>(F);

impl<F: FnMut()> SignIn for After<F> {
    fn sign_in<T: Transport>(&mut self, link: &mut Link<'_, '_, T>) -> Result<Renewed, ClientError<T::Error>> {
        (self.0)();
        (&right()).sign_in(link)
    }
}

/// Ends in the middle of a sign-in, without another word.
struct Dies;

impl SignIn for Dies {
    fn sign_in<T: Transport>(&mut self, _: &mut Link<'_, '_, T>) -> Result<Renewed, ClientError<T::Error>> {
        panic!("it has died")
    }
}

#[test]
fn those_that_begin_at_once_sign_in_once_and_once_more_when_the_session_has_ended() {
    let (emulator, store, at_once) = (emulator(), Memory::new(), Barrier::new(TOGETHER));
    let work = || {
        let (who, mut owned) = (right(), session(&emulator));
        let (mut session, mut flight) = (owned.lend(), SingleFlight::new(&store, &who).with_pause(Duration::ZERO));
        let round = |_| {
            at_once.wait();
            let outcome = call(&mut session, &mut flight);
            let logins = emulator.counters().logins;
            if at_once.wait().is_leader() {
                emulator.expire_sessions();
            }
            (outcome, logins)
        };
        (1..=3).map(round).collect::<Vec<_>>()
    };
    let seen: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..TOGETHER).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let once: Vec<(Outcome, u64)> = (1..=3).map(|logins| (Ok(CallVerdict::Fine), logins)).collect();
    assert_eq!(seen, vec![once; TOGETHER]);
    assert_eq!(emulator.counters().logins, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn so_do_tasks() {
    let (emulator, store) = (Arc::new(emulator()), Arc::new(Memory::new()));
    let barrier = Arc::new(tokio::sync::Barrier::new(TOGETHER));
    let task = |_| {
        let (emulator, store, barrier) = (emulator.clone(), store.clone(), barrier.clone());
        tokio::spawn(async move {
            let (who, mut owned, mut buffer) = (right(), session(&emulator), [0; 512]);
            let mut flight = asynch::SingleFlight::new(&*store, &who).with_pause(Duration::from_millis(1));
            let mut session = owned.lend();
            let mut client = AsyncClient::new(&mut session, tokio_1::Tcp::new(PATIENCE), &mut buffer);
            let mut seen = Vec::new();
            for _ in 1..=3 {
                barrier.wait().await;
                let verdict = match client.call_renewed(&Call::ping(), &mut flight).await {
                    Ok(reply) => reply.answer().await.map(|answer| answer.verdict).ok(),
                    Err(_) => None,
                };
                seen.push((verdict, emulator.counters().logins));
                let _ = flight.save(client.session()).await;
                if barrier.wait().await.is_leader() {
                    emulator.expire_sessions();
                }
            }
            seen
        })
    };
    let once: Vec<_> = (1..=3).map(|logins| (Some(CallVerdict::Fine), logins)).collect();
    for task in (0..TOGETHER).map(task).collect::<Vec<_>>() {
        assert_eq!(task.await.unwrap(), once);
    }
    assert_eq!(emulator.counters().logins, 3);
}

#[test]
fn a_password_that_was_rejected_goes_out_once_for_all_until_somebody_allows_it() {
    let (emulator, store) = (emulator(), Memory::new());
    let wrong = Credentials::borrowed("Supervisor", "wrong");
    let mut all: Vec<_> = (0..TOGETHER).map(|_| (session(&emulator), SingleFlight::new(&store, &wrong))).collect();
    let outcomes: Vec<_> =
        all.iter_mut().map(|(owned, flight)| call(&mut owned.lend(), flight).unwrap_err()).collect();
    assert_eq!(outcomes[0], ClientError::SignIn(Refusal::Login(Verdict::Rejected)));
    assert!(outcomes[1..].iter().all(|outcome| *outcome == ClientError::SignIn(REJECTED)));
    assert_eq!(emulator.counters().logins, 1);

    // One has the right password, and that alone does not help: somebody has to say it.
    let (who, mut owned) = (right(), session(&emulator));
    let (mut mended, mut flight) = (owned.lend(), SingleFlight::new(&store, &who));
    assert_eq!(call(&mut mended, &mut flight), Err(ClientError::SignIn(REJECTED)));
    flight.allow_sign_in(&mut mended).unwrap();
    assert_eq!(call(&mut mended, &mut flight), Ok(CallVerdict::Fine));
    for (owned, flight) in &mut all {
        assert_eq!(call(&mut owned.lend(), flight), Ok(CallVerdict::Fine));
    }
    assert_eq!(emulator.counters().logins, 2);
}

#[test]
fn a_lease_whose_holder_has_died_is_waited_for_until_its_time_out() {
    let (emulator, store, who) = (emulator(), Ticking::new(), right());
    let mut dying = SingleFlight::new(&store, Dies).with_lease(LEASE);
    let died =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| call(&mut session(&emulator).lend(), &mut dying)));
    assert!(died.is_err() && store.asked.take() == 1);
    let mut owned = session(&emulator);
    let mut flight = SingleFlight::new(&store, &who).with_lease(LEASE).with_pause(Duration::ZERO);
    flight.refresh(&mut owned.lend()).unwrap();
    assert_eq!(owned.lend().sign_in_delay(), Some(30), "nobody knows what has become of that sign-in");
    assert_eq!(call(&mut owned.lend(), &mut flight), Ok(CallVerdict::Fine));
    assert_eq!((u64::from(store.asked.get()), emulator.counters().logins), (LEASE.as_secs(), 1));
    assert_eq!(owned.lend().sign_in_delay(), Some(0));
}

#[test]
fn a_sign_in_that_was_lost_is_told_how_long_to_wait_for_and_the_others_wait_for_it() {
    let (emulator, store, who) = (emulator(), Ticking::new(), right());
    let mut owned = [session(&emulator), session(&emulator)];
    let [first, second] = &mut owned;
    let mut flight = SingleFlight::new(&store, &who).with_lease(LEASE);
    emulator.cut_request_after(20);
    assert!(call(&mut first.lend(), &mut flight).is_err());
    for _ in 0..9 {
        let outcome = call(&mut first.lend(), &mut flight);
        assert!(matches!(outcome, Err(ClientError::SignIn(Refusal::Wait { seconds: 1..=30 }))), "{outcome:?}");
    }
    assert_eq!((emulator.counters().logins, store.asked.take()), (0, 2), "and none of them asks for the lease");
    let mut other = SingleFlight::new(&store, &who).with_lease(LEASE).with_pause(Duration::ZERO);
    assert_eq!(call(&mut second.lend(), &mut other), Ok(CallVerdict::Fine));
    assert!((29..=31).contains(&store.asked.get()), "{}", store.asked.get());
    assert_eq!(call(&mut first.lend(), &mut flight), Ok(CallVerdict::Fine), "by the other's");
    assert_eq!(emulator.counters().logins, 1);
}

#[test]
fn one_that_was_only_slow_changes_nothing_that_has_come_after_it() {
    let (emulator, store, who) = (emulator(), Ticking::new(), right());
    let mut owned = [session(&emulator), session(&emulator)];
    let [slow, other] = &mut owned;
    let mut flight = SingleFlight::new(&store, &who).with_lease(LEASE);
    let mut newest = None;
    let meanwhile = || {
        store.hands.pass(LEASE);
        assert_eq!(call(&mut other.lend(), &mut flight), Ok(CallVerdict::Fine));
        newest = store.load().unwrap();
    };
    let mut late = SingleFlight::new(&store, After(meanwhile)).with_lease(LEASE);
    assert_eq!(call(&mut slow.lend(), &mut late), Ok(CallVerdict::Fine));
    assert!(!late.save(&slow.lend()).unwrap(), "and it learns that");
    drop(late);
    let (newest, now) = (newest.unwrap(), store.load().unwrap().unwrap());
    assert_eq!((now.revision, now.snapshot), (newest.revision, newest.snapshot));
    assert_eq!(emulator.counters().logins, 2);
}

#[test]
fn one_that_has_lost_its_turn_before_it_signs_in_looks_again() {
    let (emulator, store, who) = (emulator(), Memory::new(), right());
    /// Another has the whole turn when this one has just got the lease.
    struct Overtaken<'a, F>(&'a Memory, F);
    impl<F: Fn()> Store for Overtaken<'_, F> {
        fn load(&self) -> Result<Option<Stored>, BoxError> {
            self.0.load()
        }
        fn compare_and_set(&self, revision: u64, snapshot: &[u8]) -> Result<bool, BoxError> {
            (self.1)();
            self.0.compare_and_set(revision, snapshot)
        }
        fn lease(&self, _: u64, _: Duration) -> Result<bool, BoxError> {
            Ok(true)
        }
        fn release(&self, _: u64) -> Result<(), BoxError> {
            Ok(())
        }
    }
    let others = || {
        assert_eq!(call(&mut session(&emulator).lend(), &mut SingleFlight::new(&store, &who)), Ok(CallVerdict::Fine));
    };
    let mut flight = SingleFlight::new(Overtaken(&store, others), &who);
    assert_eq!(call(&mut session(&emulator).lend(), &mut flight), Ok(CallVerdict::Fine));
    assert_eq!(emulator.counters().logins, 1);
}

#[test]
fn a_sign_in_that_was_lost_on_its_way_keeps_the_others_from_trying_for_as_long_as_the_session_says() {
    let (emulator, store, who) = (emulator(), Ticking::new(), right());
    emulator.cut_request_after(100);
    let lost = call(&mut session(&emulator).lend(), &mut SingleFlight::new(&store, &who));
    assert!(matches!(lost, Err(ClientError::Transport(_))), "{lost:?}");
    store.asked.set(0);
    let mut flight = SingleFlight::new(&store, &who).with_pause(Duration::ZERO);
    assert_eq!(call(&mut session(&emulator).lend(), &mut flight), Ok(CallVerdict::Fine));
    assert_eq!((store.asked.get(), emulator.counters().logins), (30, 1));
}

#[test]
fn who_waits_for_others_for_too_long_gives_up_and_signs_in_nowhere() {
    let (emulator, store, who) = (emulator(), Memory::with_clock(Hands::default().clock()), right());
    assert!(store.take_lease(1, LEASE));
    let mut flight =
        SingleFlight::new(&store, &who).with_lease(Duration::from_millis(5)).with_pause(Duration::from_millis(1));
    let withheld = Err(ClientError::SignIn(Refusal::Withheld));
    assert_eq!(call(&mut session(&emulator).lend(), &mut flight), withheld);
    assert!(matches!(flight.take_error(), Some(Error::Waited)) && flight.take_error().is_none());
    assert_eq!(emulator.counters().logins, 0);
}

#[test]
fn a_snapshot_that_cannot_be_taken_is_not_put_out_and_nobody_signs_in() {
    let (emulator, who, withheld) = (emulator(), right(), Err(ClientError::SignIn(Refusal::Withheld)));
    let store = Memory::new();
    store.set(0, b"no snapshot");
    let mut flight = SingleFlight::new(&store, &who);
    assert_eq!(call(&mut session(&emulator).lend(), &mut flight), withheld);
    let error = flight.take_error().unwrap();
    assert!(matches!(error, Error::Snapshot(SnapshotError::Altered)), "{error}");
    assert_eq!(*store.newest().unwrap().snapshot, b"no snapshot");
    assert_eq!(emulator.counters().logins, 0);
    assert!(store.take_lease(1, LEASE), "the lease is given back");
}

/// Does as it is told as often as that, and then says that it is broken.
struct Breaking(Memory, Cell<u32>);

impl Breaking {
    fn work(&self) -> Result<(), BoxError> {
        self.1.set(self.1.get().checked_sub(1).ok_or("the store is broken")?);
        Ok(())
    }
}

impl Store for Breaking {
    fn load(&self) -> Result<Option<Stored>, BoxError> {
        self.work().map(|()| self.0.newest())
    }

    fn compare_and_set(&self, revision: u64, snapshot: &[u8]) -> Result<bool, BoxError> {
        self.work().map(|()| self.0.set(revision, snapshot))
    }

    fn lease(&self, holder: u64, time_out: Duration) -> Result<bool, BoxError> {
        self.work().map(|()| self.0.take_lease(holder, time_out))
    }

    fn release(&self, holder: u64) -> Result<(), BoxError> {
        self.work().map(|()| self.0.give_back(holder))
    }
}

#[test]
fn a_store_that_breaks_before_the_sign_in_withholds_it_and_after_it_is_told() {
    let (emulator, who) = (emulator(), right());
    // Load, lease, compare and set; the login; compare and set, release.
    for works in 0..=5 {
        let logins = emulator.counters().logins;
        let mut flight = SingleFlight::new(Breaking(Memory::new(), Cell::new(works)), &who);
        let outcome = call(&mut session(&emulator).lend(), &mut flight);
        let is_in = works >= 3;
        let expected = if is_in { Ok(CallVerdict::Fine) } else { Err(ClientError::SignIn(Refusal::Withheld)) };
        assert_eq!((outcome, emulator.counters().logins - logins), (expected, is_in.into()), "{works}");
        assert_eq!(matches!(flight.take_error(), Some(Error::Store(_))), works < 5, "{works}");
    }
}

#[test]
fn a_ticket_that_is_renewed_is_stored_and_not_over_a_newer_one() {
    let emulator = Emulator::start(Options { sliding: true, ..Options::default() }).unwrap();
    let (store, who) = (Memory::new(), right());
    let mut owned = [session(&emulator), session(&emulator)];
    let [first, second] = &mut owned;
    let mut flights = [SingleFlight::new(&store, &who), SingleFlight::new(&store, &who)];
    let [flight, other] = &mut flights;
    assert_eq!(call(&mut first.lend(), flight), Ok(CallVerdict::Fine));
    other.refresh(&mut second.lend()).unwrap();
    let revision = || store.newest().unwrap().revision;
    let before = revision();
    assert_eq!(call(&mut first.lend(), flight), Ok(CallVerdict::Fine));
    assert_eq!(revision(), before + 1);
    assert_eq!(call(&mut second.lend(), other), Ok(CallVerdict::Fine));
    assert!(revision() == before + 1 && !other.save(&second.lend()).unwrap());
    assert!(other.refresh(&mut second.lend()).unwrap(), "but it is to be had");
    assert!(!other.refresh(&mut second.lend()).unwrap() && other.save(&second.lend()).unwrap());
    assert_eq!((revision(), emulator.counters().logins), (before + 1, 1));
}
