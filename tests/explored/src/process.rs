//! A process that uses the library: where it is, and what it does next.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use creatio_auth::client::blocking::Client;
use creatio_auth::{Call, CallVerdict, Renewal, Runtime, Session, Site};

use crate::driver::{self, Driver, End, Program, Seen};
use crate::replies::{Answer, Shape};
use crate::script::{Fate, Pending, Script};

/// What happens to a process at rest, and what then comes of its requests.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// It makes a call, the write of this number or one that reads.
    Call(Option<u8>, Vec<Fate>),
    /// Its caller says that a sign-in may come to something else now.
    Allow,
}

/// What a process is when no call is under way: all that its later behaviour hangs on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rest {
    pub snapshot: Vec<u8>,
    /// What no snapshot holds, found out by what it does.
    hidden: [bool; 3],
    is_connected: bool,
    /// When it may sign in.
    pub delay: Option<u32>,
}

/// Where a process is after what has happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Turn {
    Ends(End),
    Waits(Pending),
}

/// What running it again has shown.
#[derive(Clone, Debug)]
pub struct Shown {
    pub turn: Turn,
    pub rest: Rest,
    pub seen: Seen,
    /// How many logins the last call has sent.
    pub logins: u32,
}

#[derive(Clone, Debug)]
pub struct Process {
    /// The snapshot that it was begun with, and what has happened since.
    start: Arc<[u8]>,
    events: Arc<[Event]>,
    /// What has come of both.
    pub rest: Rest,
    /// The call that is under way, and where it is.
    pub call: Option<(Event, Pending)>,
    pub calls_left: u8,
}

/// By where it is, and not by how it has come there.
impl PartialEq for Process {
    fn eq(&self, other: &Self) -> bool {
        (&self.rest, &self.call, self.calls_left) == (&other.rest, &other.call, other.calls_left)
    }
}

impl Eq for Process {}

impl Hash for Process {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        (&self.rest, &self.call, self.calls_left).hash(hasher);
    }
}

impl Process {
    /// One that begins, with the session of a snapshot, or with none where that is empty.
    pub fn new(driver: Driver, snapshot: &[u8], calls: u8) -> Self {
        let start: Arc<[u8]> = snapshot.into();
        let shown = shown(driver, &start, &[]);
        Process { start, events: [].into(), rest: shown.rest, call: None, calls_left: calls }
    }

    /// Makes a call, up to its first request.
    pub fn begin(&mut self, driver: Driver, write: Option<u8>) -> Shown {
        self.calls_left -= 1;
        self.go_on(driver, Event::Call(write, Vec::new()))
    }

    /// Goes on after what it has waited for.
    pub fn after(&mut self, driver: Driver, fate: Fate) -> Shown {
        let Some((Event::Call(write, mut fates), _)) = self.call.take() else {
            panic!("no call is under way");
        };
        fates.push(fate);
        self.go_on(driver, Event::Call(write, fates))
    }

    pub fn allow(&mut self, driver: Driver) {
        self.go_on(driver, Event::Allow);
    }

    fn go_on(&mut self, driver: Driver, event: Event) -> Shown {
        let events: Vec<_> = self.events.iter().cloned().chain([event.clone()]).collect();
        let shown = shown(driver, &self.start, &events);
        match &shown.turn {
            Turn::Waits(pending) => self.call = Some((event, pending.clone())),
            Turn::Ends(_) => {
                self.call = None;
                self.rest = shown.rest.clone();
                // Where a new process with this snapshot is the same, it is begun there.
                let anew = self::shown(driver, &shown.rest.snapshot, &[]).rest;
                let is_same = anew == self.rest;
                self.start = if is_same { self.rest.snapshot.as_slice().into() } else { self.start.clone() };
                self.events = if is_same { [].into() } else { events.into() };
            }
        }
        shown
    }
}

type Known = HashMap<(Driver, Vec<u8>, Vec<Event>), Shown>;

thread_local! {
    /// What running a process has shown: it is always the same, whatever the site and the other process have done.
    static KNOWN: RefCell<Known> = RefCell::default();
}

fn shown(driver: Driver, start: &[u8], events: &[Event]) -> Shown {
    KNOWN.with_borrow_mut(|known| {
        let of = (driver, start.to_vec(), events.to_vec());
        known.entry(of).or_insert_with(|| replay(driver, start, events)).clone()
    })
}

/// Runs a process from its beginning.
fn replay(driver: Driver, start: &[u8], events: &[Event]) -> Shown {
    let site = Site::parse("https://crm.example.com", Runtime::Net).expect("it is a URL");
    let (mut memory, mut buffer) = ([0; 1024], [0; 200]);
    let mut session = Session::new(site, &mut memory);
    if !start.is_empty() {
        session.restore(start).expect("it was written here");
    }
    let script = Script::default();
    let (mut turn, mut seen) = (Turn::Ends(End::Fine), Seen::default());
    if driver.is_client() {
        let mut client = Client::new(&mut session, script.clone(), &mut buffer);
        for event in events {
            turn = run(
                driver,
                event,
                &script,
                &mut client,
                |client| client.session_mut(),
                |client, call| {
                    // The delays are for the caller to wait.
                    let delay = client.session().sign_in_delay().unwrap_or_default();
                    if delay > 0 {
                        if !script.wait(delay) {
                            return End::Failed;
                        }
                        client.session_mut().end_sign_in_delay();
                    }
                    driver::by_client(client, call)
                },
            );
        }
    } else {
        let mut program = Program { driver, script: script.clone(), is_kept: false, seen };
        for event in events {
            turn = run(
                driver,
                event,
                &script,
                &mut session,
                |session| session,
                |session, call| program.call(session, call).unwrap_or(End::Failed),
            );
        }
        seen = program.seen;
    }
    let (delay, is_connected, logins) = (session.sign_in_delay(), script.is_connected(), script.logins());
    let snapshot = driver::snapshot(&session);
    Shown { turn, rest: Rest { snapshot, hidden: hidden(session), is_connected, delay }, seen, logins }
}

/// Lets one thing happen.
fn run<'m: 'c, 'c, C>(
    driver: Driver,
    event: &Event,
    script: &Script,
    caller: &mut C,
    session: impl Fn(&mut C) -> &mut Session<'m>,
    make: impl FnOnce(&mut C, &Call<'_>) -> End,
) -> Turn {
    match event {
        Event::Allow => {
            session(caller).allow_sign_in();
            Turn::Ends(End::Fine)
        }
        Event::Call(write, fates) => {
            script.set(fates);
            let mut json = [0; 8];
            let end = make(caller, &driver::call(driver, *write, &mut json));
            script.pending().map_or(Turn::Ends(end), Turn::Waits)
        }
    }
}

/// What a session does that is sent to the login page with two calls: that tells what no snapshot says.
fn hidden(mut session: Session<'_>) -> [bool; 3] {
    let drops_cookies = session.sign_in_drops_cookies();
    let (mut json, reply) = ([0; 8], Answer::Ended(Shape::Redirect).bytes());
    let call = driver::call(Driver::Program, None, &mut json);
    let [first, second] = [(); 2].map(|()| {
        let mut exchange = session.call(&call);
        let mut buffer = [0; 400];
        while exchange.fill(&mut session, &mut buffer).expect("it is its turn") > 0 {}
        let fed = exchange.feed(&mut session, &reply);
        assert!(fed.expect("it is a good reply").done);
        let is_in_vain =
            exchange.call_result(&session).map(|answer| answer.verdict) == Ok(CallVerdict::RenewedInVain);
        Renewal::new(&call).after_answer(&exchange, &mut session);
        is_in_vain
    });
    [drops_cookies, first, second]
}
