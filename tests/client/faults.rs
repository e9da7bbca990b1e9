//! The clients on a path where things go wrong: the right answer or an error, a session that is unharmed, and no second write.

use std::cell::Cell;
use std::io;
use std::net::TcpStream;
use std::rc::Rc;
use std::time::{Duration, Instant};

use creatio_auth::client::blocking::{self, Transport};
use creatio_auth::client::embedded_io_07::{ErrorType, Read, Write};
use creatio_auth::client::{Error, asynch};
use creatio_auth::{Call, CallVerdict, Credentials, Malformed, ReplyError, Runtime, Session, Site};
use creatio_emulator::{Emulator, Options};
use embedded_io_adapters::std::FromStd;
use tokio::time::timeout;

use crate::faulty::{Fault, FaultyPath};
use crate::support::{contacts, snapshot};
use crate::tcp;

/// The time of a whole exchange on a path that stops, and on any other.
const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(60);

/// Places in a request or a reply, from before its first byte on.
const PLACES: [usize; 5] = [0, 1, 14, 90, 200];

const ASKS: [Ask; 3] = [Ask::Login, Ask::Write { is_kept: false }, Ask::Write { is_kept: true }];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Ask {
    Login,
    /// A write, over a new connection or one that is kept.
    Write {
        is_kept: bool,
    },
}

fn faults() -> Vec<Fault> {
    let cuts = [Fault::CutsRequest, Fault::CutsReply, Fault::ResetsRequest, Fault::ResetsReply];
    let others = [Fault::HalfClosesToClient, Fault::Alerts];
    let at_places = cuts.into_iter().chain(others).flat_map(|fault| PLACES.map(fault));
    let others = [Fault::Delays, Fault::Trickles, Fault::HalfClosesToSite, Fault::Stops(0), Fault::Stops(90)];
    at_places.chain(others).collect()
}

fn time(fault: Fault) -> Duration {
    if matches!(fault, Fault::Stops(_)) { SHORT } else { LONG }
}

/// What an exchange has come to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Good,
    Closed,
    Reset,
    TimedOut,
    Tls,
    Malformed,
    Other,
}

impl End {
    fn of<T>(result: Result<T, Error<io::Error>>) -> Self {
        use io::ErrorKind::{BrokenPipe, ConnectionReset, TimedOut, WouldBlock};
        let error = match result {
            Ok(_) => return End::Good,
            Err(Error::Transport(error)) => error.kind(),
            Err(Error::Reply(ReplyError::ClosedEarly)) => return End::Closed,
            Err(Error::Reply(ReplyError::Malformed(Malformed::Tls))) => return End::Tls,
            Err(Error::Reply(ReplyError::Malformed(_))) => return End::Malformed,
            Err(_) => return End::Other,
        };
        match error {
            BrokenPipe | ConnectionReset => End::Reset,
            TimedOut | WouldBlock => End::TimedOut,
            _ => End::Other,
        }
    }

    /// Whether it is what such a path leads to.
    fn is_right(self, fault: Fault) -> bool {
        match fault {
            Fault::Delays | Fault::Trickles => self == End::Good,
            Fault::Stops(_) => self == End::TimedOut,
            Fault::CutsReply(_) | Fault::HalfClosesToClient(_) => self == End::Closed,
            Fault::Alerts(0) => self == End::Tls,
            Fault::Alerts(_) => [End::Closed, End::Malformed].contains(&self),
            Fault::ResetsReply(_) => self == End::Reset,
            // Who closes what has come and was not read resets.
            Fault::CutsRequest(_) | Fault::ResetsRequest(_) => [End::Closed, End::Reset].contains(&self),
            // As the site likes.
            Fault::HalfClosesToSite => [End::Good, End::Closed].contains(&self),
        }
    }
}

/// A socket that gives a whole exchange so much time.
struct Timed {
    stream: Option<FromStd<TcpStream>>,
    deadline: Instant,
    time: Rc<Cell<Duration>>,
}

impl Timed {
    fn stream(&mut self) -> io::Result<&mut FromStd<TcpStream>> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        let stream = self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.inner().set_read_timeout(Some(left))?;
        Ok(stream)
    }
}

impl ErrorType for Timed {
    type Error = io::Error;
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream()?.read(buffer)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream()?.flush()
    }
}

impl Transport for Timed {
    fn connect(&mut self, site: &Site<'_>) -> io::Result<()> {
        let stream = TcpStream::connect((site.host(), site.port()))?;
        stream.set_nodelay(true)?;
        (self.stream, self.deadline) = (Some(FromStd::new(stream)), Instant::now() + self.time.get());
        Ok(())
    }

    fn disconnect(&mut self) {
        self.stream = None;
    }

    fn is_open(&mut self) -> bool {
        self.deadline = Instant::now() + self.time.get();
        true
    }
}

fn supervisor() -> Credentials<'static> {
    Credentials::borrowed("Supervisor", "Supervisor")
}

fn create() -> Call<'static> {
    Call::post(contacts()).with_json(br#"{"Name":"Ann"}"#)
}

/// What has come of it at the site and in the session: never more than once, all of it where it was good, and nothing where
/// the site has not got the request.
#[track_caller]
fn check(end: End, ask: Ask, fault: Fault, path: &FaultyPath, emulator: &Emulator, is_unharmed: bool) {
    let told = format!("{end:?} of {ask:?}, {fault:?}");
    assert!(end.is_right(fault), "{told}");
    assert!(is_unharmed || end == End::Good, "{told}");
    assert_eq!(path.requests(), 1, "nothing is sent again: {told}");
    let counters = emulator.counters();
    let done = if ask == Ask::Login { counters.logins - 1 } else { counters.writes };
    let has_got_it = !matches!(fault, Fault::CutsRequest(_) | Fault::ResetsRequest(_));
    assert!(done <= u64::from(has_got_it) && (end != End::Good || done == 1), "{done} times: {told}");
}

#[test]
fn the_blocking_client_comes_out_of_each_fault_with_its_session_and_without_a_second_write() {
    for (ask, fault) in ASKS.into_iter().flat_map(|ask| faults().into_iter().map(move |fault| (ask, fault))) {
        let emulator = Emulator::start(Options::default()).unwrap();
        let path = FaultyPath::to(emulator.address());
        let (url, mut memory, mut buffer) = (path.url(), [0; 4096], [0; 256]);
        let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
        let time_left = Rc::new(Cell::new(LONG));
        let transport = Timed { stream: None, deadline: Instant::now(), time: time_left.clone() };
        let mut client = blocking::Client::new(&mut session, transport, &mut buffer);
        assert!(client.login(&supervisor()).unwrap().verdict.is_authenticated());
        if ask == (Ask::Write { is_kept: false }) {
            client.disconnect();
        }
        let before = snapshot(client.session());
        path.set(1, fault);
        time_left.set(time(fault));
        let end = match ask {
            Ask::Login => End::of(client.login(&supervisor())),
            Ask::Write { .. } => End::of(client.call(&create()).and_then(|reply| reply.answer())),
        };
        check(end, ask, fault, &path, &emulator, snapshot(client.session()) == before);
        // The next one goes through, with the session that there is.
        time_left.set(LONG);
        let answer = client.call(&Call::get(contacts())).and_then(|reply| reply.answer()).unwrap();
        assert_eq!(answer.verdict, CallVerdict::Fine, "{ask:?}, {fault:?}");
    }
}

#[test]
fn so_does_the_asynchronous_client() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (ask, fault) in ASKS.into_iter().flat_map(|ask| faults().into_iter().map(move |fault| (ask, fault))) {
        let emulator = Emulator::start(Options::default()).unwrap();
        let path = FaultyPath::to(emulator.address());
        let (url, mut memory, mut buffer) = (path.url(), [0; 4096], [0; 256]);
        let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
        let mut client = asynch::Client::new(&mut session, tcp::tokio::Tcp::default(), &mut buffer);
        runtime.block_on(async {
            assert!(client.login(&supervisor()).await.unwrap().verdict.is_authenticated());
            if ask == (Ask::Write { is_kept: false }) {
                client.disconnect().await;
            }
            let before = snapshot(client.session());
            path.set(1, fault);
            let (who, call) = (supervisor(), create());
            // Where the time is over, the future is dropped.
            let end = timeout(time(fault), async {
                match ask {
                    Ask::Login => End::of(client.login(&who).await),
                    Ask::Write { .. } => End::of(match client.call(&call).await {
                        Ok(reply) => reply.answer().await,
                        Err(error) => Err(error),
                    }),
                }
            });
            let end = end.await.unwrap_or(End::TimedOut);
            check(end, ask, fault, &path, &emulator, snapshot(client.session()) == before);
            let call = Call::get(contacts());
            let answer = client.call(&call).await.unwrap().answer().await.unwrap();
            assert_eq!(answer.verdict, CallVerdict::Fine, "{ask:?}, {fault:?}");
        });
    }
}
