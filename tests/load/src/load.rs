//! The sessions, and what they have seen.

use std::fmt;
use std::num::NonZeroU32;
use std::thread;
use std::time::{Duration, Instant};

use creatio_auth::client::blocking::Client;
use creatio_auth::{Call, CallVerdict, Credentials, Path, Runtime, Session, Site};
use creatio_emulator::{Counters, Emulator, Options, User};

use crate::socket::Socket;

/// How many calls a ticket is good for, how often it ends, and the calls of each session.
const CALLS_PER_TICKET: u32 = 3;
const RENEWALS: u64 = 6;
pub const CALLS: u64 = CALLS_PER_TICKET as u64 * (RENEWALS + 1);

const MEMORY: usize = 2048;
const BUFFER: usize = 256;
const WORKERS: usize = 8;
/// How many sessions keep their connection; the others open one for each call. Both ends are files of this process.
const KEPT: usize = 160;

#[derive(Clone, Copy)]
pub struct Load {
    pub sessions: usize,
    /// Each session takes itself for its neighbour.
    pub is_crossed: bool,
}

#[derive(Debug, Default)]
pub struct Report {
    sessions: usize,
    /// Calls that were answered well, and those that were not.
    calls: u64,
    failures: u64,
    /// Answers with somebody else's name.
    pub strangers: u64,
    /// The longest snapshot of a session, in bytes.
    longest_snapshot: usize,
    took: Duration,
    site: Counters,
}

impl Load {
    pub fn of(sessions: usize) -> Self {
        Load { sessions, is_crossed: false }
    }

    pub fn run(self) -> Report {
        let users = (0..self.sessions).map(|number| User::new(name(number), password(number))).collect();
        let calls_per_ticket = NonZeroU32::new(CALLS_PER_TICKET);
        let emulator =
            Emulator::start(Options { users, calls_per_ticket, ..Options::default() }).expect("a free port");
        let (url, start) = (emulator.url(), Instant::now());
        let workers = WORKERS.min(self.sessions);
        let mut report = thread::scope(|scope| {
            let work = |worker| {
                let (numbers, url) = ((worker..self.sessions).step_by(workers).collect::<Vec<_>>(), &url);
                scope.spawn(move || self.work(&numbers, url))
            };
            let running: Vec<_> = (0..workers).map(work).collect();
            running
                .into_iter()
                .map(|worker| worker.join().expect("it does not panic"))
                .fold(Report::default(), Report::and)
        });
        (report.sessions, report.took, report.site) = (self.sessions, start.elapsed(), emulator.counters());
        report
    }

    /// Has these sessions make their calls in turn, so that all of them are under way at once.
    fn work(self, numbers: &[usize], url: &str) -> Report {
        let site = Site::parse(url, Runtime::NetFramework).expect("it is a URL");
        let mut memories = vec![[0; MEMORY]; numbers.len()];
        let mut buffers = vec![[0; BUFFER]; numbers.len()];
        let mut sessions: Vec<_> = memories.iter_mut().map(|memory| Session::new(site, memory)).collect();
        let clients = sessions.iter_mut().zip(&mut buffers);
        let mut clients: Vec<_> =
            clients.map(|(session, buffer)| Client::new(session, Socket::default(), buffer)).collect();
        let mut report = Report::default();
        for _ in 0..CALLS {
            for (client, number) in clients.iter_mut().zip(numbers) {
                self.call(client, *number, &mut report);
                if *number >= KEPT {
                    client.disconnect();
                }
            }
        }
        report
    }

    fn call(self, client: &mut Client<'_, '_, Socket>, number: usize, report: &mut Report) {
        let (user, password) = (name(number), password(number));
        let who = Credentials::borrowed(&user, &password);
        // The first one signs in.
        let call = Call::get(Path::site("/rest/EchoService/UserName").expect("it is a path"));
        let mut body = Vec::new();
        let verdict = client.call_renewed(&call, &who).and_then(|mut reply| {
            while let Some(piece) = reply.piece()? {
                body.extend_from_slice(piece);
            }
            reply.answer().map(|answer| answer.verdict)
        });
        if !matches!(verdict, Ok(CallVerdict::Fine)) {
            eprintln!("{user}: {verdict:?}");
            report.failures += 1;
            return;
        }
        let expected = name(number + usize::from(self.is_crossed));
        report.calls += 1;
        report.strangers += u64::from(body != format!("\"{expected}\"").as_bytes());
        report.longest_snapshot = report.longest_snapshot.max(client.session().snapshot_len());
    }
}

fn name(number: usize) -> String {
    format!("Device {number}")
}

fn password(number: usize) -> String {
    format!("password of {number}")
}

impl Report {
    fn and(self, other: Self) -> Self {
        Report {
            calls: self.calls + other.calls,
            failures: self.failures + other.failures,
            strangers: self.strangers + other.strangers,
            longest_snapshot: self.longest_snapshot.max(other.longest_snapshot),
            ..self
        }
    }

    /// All calls were answered with the right name, and each ticket has cost one login.
    pub fn is_good(&self) -> bool {
        let sessions = self.sessions as u64;
        let is_complete = self.calls == sessions * CALLS && self.failures + self.strangers == 0;
        let logins = sessions * (RENEWALS + 1);
        is_complete && (self.site.logins, self.site.logins_accepted) == (logins, logins)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { sessions, calls, failures, strangers, longest_snapshot, took, site } = self;
        let (session, client) = (size_of::<Session<'_>>(), size_of::<Client<'_, '_, Socket>>());
        writeln!(f, "{sessions} sessions, {calls} calls with the right name but for {strangers}, {failures} failed")?;
        writeln!(f, "{} logins over {} connections in {:.1} s", site.logins, site.connections, took.as_secs_f64())?;
        let all = session + MEMORY + client + BUFFER;
        write!(
            f,
            "a session takes {all} bytes: {session} and a memory of {MEMORY}, of which a snapshot takes {longest_snapshot}; "
        )?;
        write!(f, "a client {client} and a buffer of {BUFFER}; and nothing is allocated")
    }
}
