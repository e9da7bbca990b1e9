//! Callers of the library: its client, a loop around [`Renewal`] as its documentation has it, and careless ones.

use creatio_auth::client::Error;
use creatio_auth::client::blocking::{Client, Transport};
use creatio_auth::client::embedded_io_07::{ErrorKind, Read, Write};
use creatio_auth::{Call, CallVerdict, Credentials, Exchange, Path, Renewal, ReplyError, Session, State, Step};

use crate::script::{RIGHT, Script};

/// Who uses the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Driver {
    /// Its client.
    Client,
    /// A program that does the sending and receiving itself.
    Program,
    /// The client and such a program whose writes may be repeated, for each makes a record of an `Id` of its own.
    RepeatingClient,
    RepeatingProgram,
    /// One that signs in for each call whose answer says that the session has ended, whatever [`Renewal`] says.
    SignsInAlways,
    /// One that makes a call again after each sign-in.
    RepeatsAlways,
    /// One that sends everything again where a kept connection was closed.
    ResendsAlways,
    /// One that sends a login again where no good reply has come.
    SignsInTwice,
}

impl Driver {
    pub fn is_client(self) -> bool {
        matches!(self, Driver::Client | Driver::RepeatingClient)
    }

    fn repeats(self) -> bool {
        matches!(self, Driver::RepeatingClient | Driver::RepeatingProgram)
    }
}

/// What a call has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    Fine,
    /// Answered, and not well.
    Bad,
    /// A sign-in before it has been good, and this says that the session has ended all the same.
    InVain,
    NotRepeated,
    /// The site does not let in again, or is not asked to.
    NotSignedIn,
    /// No good reply.
    Failed,
}

impl End {
    /// A refusal of what may have been done before says that it was, where it is a record's that is there.
    fn of(verdict: CallVerdict, may_be_done_before: bool) -> Self {
        match verdict {
            CallVerdict::Refused if may_be_done_before => End::Fine,
            CallVerdict::Fine => End::Fine,
            CallVerdict::SessionEnded(_) => End::NotSignedIn,
            CallVerdict::RenewedInVain => End::InVain,
            _ => End::Bad,
        }
    }
}

/// What the driver saw on its way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// A session was not as before after an exchange that failed.
    pub harm: bool,
    /// A request was sent again over a new connection.
    pub is_resent: bool,
}

/// A call that reads, or the write of this number.
pub fn call(driver: Driver, write: Option<u8>, json: &mut [u8; 8]) -> Call<'_> {
    let contacts = Path::site("/odata/Contact").expect("it is a path");
    match write {
        None => Call::get(contacts),
        Some(number) => {
            *json = *b"{\"id\":0}";
            json[6] += number;
            let call = Call::post(contacts).with_json(json);
            if driver.repeats() { call.with_repeatable() } else { call }
        }
    }
}

/// Whose password was changed at the site, or not: the process knows the one.
pub fn credentials() -> Credentials<'static> {
    Credentials::borrowed("Supervisor", RIGHT)
}

/// Makes a call by the client.
pub fn by_client(client: &mut Client<'_, '_, Script>, call: &Call<'_>) -> End {
    let answered = client.call_renewed(call, &credentials()).and_then(|reply| {
        let may_be_done_before = reply.may_be_done_before();
        reply.answer().map(|answer| End::of(answer.verdict, may_be_done_before))
    });
    match answered {
        Ok(end) => end,
        Err(Error::NotRepeated) => End::NotRepeated,
        Err(Error::SignIn(_)) => End::NotSignedIn,
        Err(_) => End::Failed,
    }
}

/// Stops where the script does.
pub struct Stopped;

/// The loop of a program around [`Renewal`].
pub struct Program {
    pub driver: Driver,
    pub script: Script,
    pub is_kept: bool,
    pub seen: Seen,
}

impl Program {
    pub fn call<'m>(&mut self, session: &mut Session<'m>, call: &Call<'_>) -> Result<End, Stopped> {
        let mut renewal = Renewal::new(call).with_repeats(1);
        loop {
            let Some(exchange) = self.exchange(session, |session| session.call(call), false)? else {
                match renewal.after_cut() {
                    Step::RepeatAfter(seconds) => self.wait(seconds.unwrap_or(1))?,
                    _ => return Ok(End::Failed),
                }
                continue;
            };
            let verdict = exchange.call_result(session).expect("the call is done").verdict;
            let mut step = renewal.after_answer(&exchange, session);
            let is_ended = matches!(verdict, CallVerdict::SessionEnded(_) | CallVerdict::RenewedInVain);
            if self.driver == Driver::SignsInAlways && is_ended && step == Step::Report && self.script.logins() < 1 {
                step = Step::SignIn;
            }
            match step {
                Step::SignIn => {}
                Step::SignInAfter(seconds) | Step::RepeatAfter(Some(seconds)) => self.wait(seconds)?,
                Step::RepeatAfter(None) => self.wait(1)?,
                Step::Repeat => unreachable!("no sign-in has been"),
                _ => return Ok(End::of(verdict, renewal.may_be_done_before())),
            }
            if matches!(step, Step::RepeatAfter(_)) {
                continue;
            }
            session.end(&exchange);
            let credentials = credentials();
            let login = |session: &mut Session<'m>| session.login(&credentials);
            let Some(exchange) = self.exchange(session, login, true)? else {
                return Ok(End::Failed);
            };
            let is_signed_in = exchange.is_signed_in(session).expect("the login is done");
            let step = renewal.after_sign_in(is_signed_in, session);
            if !is_signed_in {
                return Ok(End::NotSignedIn);
            }
            if step != Step::Repeat && self.driver != Driver::RepeatsAlways {
                return Ok(End::NotRepeated);
            }
        }
    }

    fn wait(&mut self, seconds: u32) -> Result<(), Stopped> {
        if self.script.wait(seconds) { Ok(()) } else { Err(Stopped) }
    }

    /// The complete exchange; none where it has failed.
    fn exchange<'c, 'm: 'c>(
        &mut self,
        session: &mut Session<'m>,
        begin: impl Fn(&mut Session<'m>) -> Exchange<'c>,
        is_sign_in: bool,
    ) -> Result<Option<Exchange<'c>>, Stopped> {
        loop {
            let is_reused = self.is_kept && !is_sign_in && self.script.is_open();
            if !is_reused {
                self.script.disconnect();
                let site = *session.site();
                self.script.connect(&site).expect("there is a site");
            }
            self.is_kept = false;
            let mut exchange = begin(session);
            let before = cookies(session);
            let result = self.transfer(session, &mut exchange);
            if self.script.pending().is_some() {
                return Err(Stopped);
            }
            let Err(is_closed) = result else {
                return Ok(Some(exchange));
            };
            self.script.disconnect();
            self.seen.harm |= cookies(session) != before;
            let may_go_again = exchange.may_be_sent_again() || self.driver == Driver::ResendsAlways;
            let is_stale = is_closed && is_reused && may_go_again;
            self.seen.is_resent |= is_stale;
            let is_careless = self.driver == Driver::SignsInTwice && is_sign_in;
            if !is_stale && !is_careless {
                return Ok(None);
            }
        }
    }

    /// An error says whether the connection was closed.
    fn transfer(&mut self, session: &mut Session<'_>, exchange: &mut Exchange<'_>) -> Result<(), bool> {
        let mut buffer = [0; 200];
        loop {
            match exchange.fill(session, &mut buffer).expect("it is its turn") {
                0 => break,
                filled => _ = self.script.write(&buffer[..filled]),
            }
        }
        self.script.flush().expect("it takes all");
        loop {
            let received = match self.script.read(&mut buffer) {
                Ok(0) => return exchange.close(session).map_err(|error| error == ReplyError::ClosedEarly),
                Ok(received) => received,
                Err(error) => return Err(error == ErrorKind::ConnectionReset),
            };
            let mut rest = &buffer[..received];
            while !rest.is_empty() && exchange.state() != State::Done {
                rest = &rest[exchange.feed(session, rest).map_err(|_| false)?.consumed..];
            }
            if exchange.state() == State::Done {
                self.is_kept = exchange.keeps_alive() && rest.is_empty();
                return Ok(());
            }
        }
    }
}

/// What a session has, without what has become of its sign-ins.
pub fn cookies(session: &Session<'_>) -> Vec<u8> {
    let mut snapshot = snapshot(session);
    snapshot[5] = 0; // how many sign-ins there were whose outcome nobody knows
    snapshot.truncate(snapshot.len() - 4); // the checksum
    snapshot
}

pub fn snapshot(session: &Session<'_>) -> Vec<u8> {
    let mut snapshot = vec![0; session.snapshot_len()];
    session.write_snapshot(&mut snapshot).expect("it is as long as that");
    snapshot
}
