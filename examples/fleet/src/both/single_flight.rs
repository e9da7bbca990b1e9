use std::fmt;
use std::time::{Duration, Instant};

use creatio_auth::client::{Error as ClientError, Refusal, Renewed};
use creatio_auth::{Credentials, EarlierSignIn, Session};
use zeroize::Zeroizing;

use super::{Link, SignIn, Store, Transport, sleep};
use crate::stored::Error;

/// How long a lease is, unless it is said otherwise.
const LEASE: Duration = Duration::from_secs(60);

/// How long to wait between two looks at the store.
const PAUSE: Duration = Duration::from_millis(50);

/// So many leases are waited for.
const PATIENCE: u32 = 4;

/// A way to sign in around another, for a session that others have too: one of them signs in, and the rest take what has come of it.
///
/// It is for one session, and goes along with it.
pub struct SingleFlight<S, W> {
    store: S,
    who: W,
    holder: u64,
    lease: Duration,
    pause: Duration,
    /// The revision of the snapshot in the store that is known here, 0 if there was none.
    known: u64,
    /// [`Session::revision`] of what that has.
    content: Option<u32>,
    /// When the delay of a sign-in of its own that was lost is over.
    lost_until: Option<Instant>,
    error: Option<Error>,
}

/// What is to be done.
enum Turn {
    SignIn,
    /// Nothing: the session is another's.
    Restored,
    /// Nothing: it would come to nothing.
    Refused(EarlierSignIn),
    /// Nothing yet.
    Wait {
        seconds: u32,
    },
}

impl<S: Store, W> SingleFlight<S, W> {
    /// Signs in by `who`, such as [`&Credentials`](creatio_auth::Credentials), where the store has nothing newer.
    ///
    /// # Panics
    ///
    /// Where the system has no random numbers.
    pub fn new(store: S, who: W) -> Self {
        let holder = getrandom::u64().expect("the system has random numbers");
        SingleFlight {
            store,
            who,
            holder,
            lease: LEASE,
            pause: PAUSE,
            known: 0,
            content: None,
            lost_until: None,
            error: None,
        }
    }

    /// How long a lease is: longer than a sign-in may take in all, by the transport's own time-out; 60 seconds otherwise. So long is one
    /// that has died waited for.
    pub fn with_lease(self, time_out: Duration) -> Self {
        SingleFlight { lease: time_out, ..self }
    }

    /// How long to wait between two looks at the store while another signs in, 50 milliseconds otherwise.
    pub fn with_pause(self, pause: Duration) -> Self {
        SingleFlight { pause, ..self }
    }

    /// What kept a sign-in from being tried ([`Refusal::Withheld`]), or what has come of it from being stored: once.
    pub fn take_error(&mut self) -> Option<Error> {
        self.error.take()
    }

    waiting! {
    /// Has the session take the newest snapshot, if it is another than is known here; whether it has. The client does so by itself
    /// where the session has ended, or is empty: this is for a session that is to be as new as can be before a call.
    ///
    /// # Errors
    ///
    /// [`Error`]; the session is as it was.
    pub fn refresh(&mut self, session: &mut Session<'_>) -> Result<bool, Error> {
        let Some(stored) = wait!(self.store.load())? else {
            (self.known, self.content) = (0, None);
            return Ok(false);
        };
        if stored.revision == self.known {
            return Ok(false);
        }
        session.restore(&stored.snapshot)?;
        (self.known, self.content) = (stored.revision, Some(session.revision()));
        Ok(true)
    }
    }

    waiting! {
    /// Stores what the session has, if that is another than is stored: after each call, since any answer may renew the ticket.
    /// Whether the store has it now; where it has not, for somebody has stored another meanwhile, that stays, and the client takes it
    /// where this one is of no use any more.
    ///
    /// # Errors
    ///
    /// [`Error::Store`]
    pub fn save(&mut self, session: &Session<'_>) -> Result<bool, Error> {
        let content = session.revision();
        if self.content == Some(content) {
            return Ok(true);
        }
        wait!(self.set(snapshot(session), content))
    }
    }

    waiting! {
    /// Says to all that a sign-in may come to something else now ([`Session::allow_sign_in`]). Where the last one was lost on its way,
    /// another process may still wait as long as [the session says](Session::sign_in_delay).
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub fn allow_sign_in(&mut self, session: &mut Session<'_>) -> Result<(), Error> {
        loop {
            wait!(self.refresh(session))?;
            session.allow_sign_in();
            if wait!(self.save(session))? {
                return Ok(wait!(self.store.release(self.holder))?);
            }
        }
    }
    }

    waiting! {
    fn set(&mut self, snapshot: Zeroizing<Vec<u8>>, content: u32) -> Result<bool, Error> {
        let is_stored = wait!(self.store.compare_and_set(self.known, &snapshot))?;
        if is_stored {
            (self.known, self.content) = (self.known + 1, Some(content));
        }
        Ok(is_stored)
    }
    }

    waiting! {
    /// Waits until it is clear who signs in.
    fn turn(&mut self, session: &mut Session<'_>) -> Result<Turn, Error> {
        let mut waited = Duration::ZERO;
        while waited <= self.lease * PATIENCE {
            if wait!(self.refresh(session))? && (session.has_ticket() || session.has_authorization()) {
                return Ok(Turn::Restored);
            }
            let Some(delay) = session.sign_in_delay() else {
                return Ok(Turn::Refused(session.earlier_sign_in().unwrap_or(EarlierSignIn::Unreadable)));
            };
            let left = self.lost_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()));
            if delay > 0 && !left.is_zero() {
                return Ok(Turn::Wait { seconds: u32::try_from(left.as_secs()).unwrap_or(u32::MAX).saturating_add(1) });
            }
            if wait!(self.store.lease(self.holder, self.lease))? {
                session.end_sign_in_delay(); // of another's sign-in that was lost, it is in the lease
                let (snapshot, content) = begun(session)?;
                if wait!(self.set(snapshot, content))? {
                    return Ok(Turn::SignIn);
                }
            } else {
                wait!(sleep(self.pause));
            }
            waited += self.pause.max(Duration::from_millis(1));
        }
        Err(Error::Waited)
    }
    }

    waiting! {
    /// Tells the others what has come of the sign-in. Where nobody knows that, none of them tries again before it is time.
    fn settle(&mut self, session: &Session<'_>) -> Result<(), Error> {
        wait!(self.save(session))?;
        match session.sign_in_delay() {
            Some(seconds @ 1..) => {
                let delay = Duration::from_secs(seconds.into());
                self.lost_until = Instant::now().checked_add(delay);
                wait!(self.store.lease(self.holder, delay))?;
            }
            _ => wait!(self.store.release(self.holder))?,
        }
        Ok(())
    }
    }
}

impl<S: Store, W: SignIn> SignIn for SingleFlight<S, W> {
    waiting! {
    fn sign_in<T: Transport>(&mut self, link: &mut Link<'_, '_, T>) -> Result<Renewed, ClientError<T::Error>> {
        let turn = wait!(self.turn(link.session_mut()));
        if !matches!(turn, Ok(Turn::SignIn | Turn::Wait { .. })) {
            let _ = wait!(self.store.release(self.holder)); // or it ends at its time-out
        }
        match turn {
            Ok(Turn::SignIn) => {}
            Ok(Turn::Restored) => return Ok(Renewed::Restored),
            Ok(Turn::Refused(earlier)) => return Err(ClientError::SignIn(Refusal::Earlier(earlier))),
            Ok(Turn::Wait { seconds }) => return Err(ClientError::SignIn(Refusal::Wait { seconds })),
            Err(error) => {
                self.error = Some(error);
                return Err(ClientError::SignIn(Refusal::Withheld));
            }
        }
        let renewed = wait!(self.who.sign_in(link));
        self.error = wait!(self.settle(link.session())).err();
        renewed
    }
    }
}

/// Says nothing of who signs in.
impl<S: fmt::Debug, W> fmt::Debug for SingleFlight<S, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SingleFlight").field("store", &self.store).field("known", &self.known).finish_non_exhaustive()
    }
}

fn snapshot(session: &Session<'_>) -> Zeroizing<Vec<u8>> {
    let mut snapshot = Zeroizing::new(vec![0; session.snapshot_len()]);
    session.write_snapshot(&mut snapshot).expect("it is as long as that");
    snapshot
}

/// The session as it is for the others when a sign-in has gone out, of which they do not hear again if this process ends: the snapshot,
/// and the revision of its content. A sign-in counts from its first byte on, which goes nowhere here.
fn begun(session: &Session<'_>) -> Result<(Zeroizing<Vec<u8>>, u32), Error> {
    let snapshot_now = snapshot(session);
    let mut memory = Zeroizing::new(vec![0; snapshot_now.len()]);
    let mut copy = Session::new(*session.site(), &mut memory);
    copy.restore(&snapshot_now)?;
    let nobody = Credentials::borrowed("", "");
    let mut exchange = copy.login(&nobody);
    exchange.fill(&mut copy, &mut [0]).expect("it has just begun");
    Ok((snapshot(&copy), copy.revision()))
}
