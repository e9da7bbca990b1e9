use core::fmt;

use super::told::Told;
use super::transport::Transport;
use crate::answer::call::CallVerdict;
use crate::client::Error;
use crate::client::sign_in::{Door, Refusal, Renewed};
use crate::client::transfer::{Buffer, Goal, Io, Transfer};
use crate::exchange::Exchange;
use crate::exchange::error::ReplyError;
use crate::request::call::Call;
use crate::session::Session;
use crate::site::Site;

type SignedIn<'c, E> = (Transfer<'c, E>, Option<Refusal>);

/// What a client lends to an exchange, and to a [way to sign in](super::SignIn): its session, and the way to the site.
pub struct Link<'r, 'm, T: Transport> {
    pub(super) session: &'r mut Session<'m>,
    pub(super) buffer: Buffer<'r>,
    pub(super) line: Line<'r, 'm, T>,
    pub(super) told: &'r mut Told,
}

impl<'m, T: Transport> Link<'_, 'm, T> {
    /// The session.
    pub fn session(&self) -> &Session<'m> {
        self.session
    }

    /// The session, to restore it.
    pub fn session_mut(&mut self) -> &mut Session<'m> {
        self.session
    }

    waiting! {
    /// The complete transfer, and why it has not signed in, if it has not.
    pub(super) fn sign_in<'c, D: Door>(&mut self, door: &'c D) -> Result<SignedIn<'c, T::Error>, Error<T::Error>>
    where
        'm: 'c,
    {
        if !D::is_possible(self.session) {
            return Err(Error::SignIn(Refusal::NotApproved));
        }
        let home = *self.session.site();
        let site = door.site(&home);
        // Where a kept connection fails, nobody knows whether the site has got what was sent, and a login that is sent
        // again may be the one that locks the account.
        wait!(self.line.close());
        if self.session.sign_in_drops_cookies() {
            note!("signing in without the cookies there were");
        }
        let transfer = wait!(self.exchange(site, Goal::End, 0, |session| door.begin(session)))?;
        let refusal = D::refusal(&transfer.exchange, self.session)?;
        match refusal {
            None => note!("signed in"),
            Some(refusal) => note!("not signed in: {:?}", refusal),
        }
        if refusal.is_some() {
            self.told.refused::<D>(&transfer.exchange, self.session);
        }
        Ok((transfer, refusal))
    }
    }

    waiting! {
    /// Signs in for a call, if the session lets it.
    pub(super) fn renew(&mut self, door: &impl Door) -> Result<Renewed, Error<T::Error>> {
        let refusal = match Refusal::of_earlier(self.session) {
            None => wait!(self.sign_in(door))?.1,
            earlier => earlier,
        };
        refusal.map_or(Ok(Renewed::SignedIn), |refusal| Err(Error::SignIn(refusal)))
    }
    }

    waiting! {
    /// Goes on to the end of the head.
    pub(super) fn call<'c>(&mut self, call: &Call<'c>) -> Result<Transfer<'c, T::Error>, Error<T::Error>>
    where
        'm: 'c,
    {
        if call.length_of_callers_body() > 0 {
            return Err(Error::BodyLength);
        }
        let home = *self.session.site();
        wait!(self.exchange(&home, Goal::Head, 0, |session| session.call(call)))
    }
    }

    waiting! {
    /// Goes on to where the body begins.
    pub(super) fn upload<'c>(&mut self, call: &Call<'c>) -> Result<Transfer<'c, T::Error>, Error<T::Error>>
    where
        'm: 'c,
    {
        let (home, len) = (*self.session.site(), call.length_of_callers_body());
        wait!(self.exchange(&home, Goal::Sent, len, |session| session.call(call)))
    }
    }

    waiting! {
    pub(super) fn logout(&mut self) -> Result<CallVerdict, Error<T::Error>> {
        let (home, call) = (*self.session.site(), Call::logout());
        let transfer = wait!(self.exchange(&home, Goal::End, 0, |session| session.call(&call)))?;
        let verdict = transfer.exchange.call_result(self.session)?.verdict;
        note!("verdict {:?}", verdict);
        Ok(verdict)
    }
    }

    waiting! {
    /// Begins an exchange with a site and goes on to the goal. If a kept connection turns out to be closed, the exchange
    /// is begun again on a new one, once, where [that may be](Exchange::may_be_sent_again); and so it is on any connection where the
    /// caller has said so.
    pub(super) fn exchange<'c>(
        &mut self,
        site: &Site<'_>,
        goal: Goal,
        body_len: usize,
        begin: impl Fn(&mut Session<'m>) -> Exchange<'c>,
    ) -> Result<Transfer<'c, T::Error>, Error<T::Error>>
    where
        'm: 'c,
    {
        let mut first = None;
        loop {
            // Where there is no second connection, the first one is what there is to tell: the request may have been done.
            let is_reused = match wait!(self.line.open(site, site == self.session.site())) {
                Ok(is_reused) => is_reused,
                Err(error) => return Err(first.unwrap_or(error)),
            };
            let mut transfer = Transfer::new(begin(self.session), is_reused, body_len);
            transfer.may_be_done_before = first.is_some();
            match wait!(self.drive(&mut transfer, goal)) {
                Ok(()) => return Ok(transfer),
                //= 9112-9.8-recover, 9110-9.2.2-one-retry
                Err(error) if first.is_none() && transfer.may_be_made_again() => {
                    note!("the connection was closed, and the request is sent again");
                    first = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
    }
    }

    waiting! {
    /// Does what there is to do on the way to the goal.
    pub(super) fn drive(&mut self, transfer: &mut Transfer<'_, T::Error>, goal: Goal) -> Result<(), Error<T::Error>> {
        let transport = &mut *self.line.transport;
        loop {
            let next = transfer.next(self.session, &mut self.buffer, goal);
            self.told.failed(&transfer.exchange);
            match next? {
                Io::Write(bytes) => transfer.sent(wait!(write_all(transport, bytes))),
                Io::Flush => transfer.sent(wait!(transport.flush()).map_err(Error::Transport)),
                Io::Read(buffer) => {
                    let result = wait!(transport.read(buffer));
                    transfer.received(self.session, self.buffer.len(), result)?;
                }
                Io::Nothing => break,
            }
        }
        //= 9112-9.3-persistent
        let is_kept = self.line.is_home && transfer.keeps_alive();
        *self.line.kept = is_kept.then_some(*self.session.site());
        Ok(())
    }
    }
}

impl<T: Transport> fmt::Debug for Link<'_, '_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("session", self.session).finish_non_exhaustive()
    }
}

waiting! {
pub(super) fn write_all<T: Transport>(transport: &mut T, mut bytes: &[u8]) -> Result<(), Error<T::Error>> {
    // The trait's own method panics where nothing is taken.
    while !bytes.is_empty() {
        let written = wait!(transport.write(bytes)).map_err(Error::Transport)?;
        bytes = bytes.get(written..).filter(|_| written > 0).ok_or(ReplyError::ClosedEarly)?;
    }
    Ok(())
}
}

/// The transport while it serves an exchange. It is disconnected when this is dropped, unless it may serve another: so a
/// connection is not used again after an error, nor after a reply or a future that was dropped halfway.
pub(super) struct Line<'r, 'm, T: Transport> {
    pub transport: &'r mut T,
    /// The session's site, if there is a connection to it that may serve another exchange.
    pub kept: &'r mut Option<Site<'m>>,
    /// The connection is to the session's site.
    pub is_home: bool,
}

impl<T: Transport> Line<'_, '_, T> {
    waiting! {
    /// Closes the kept connection, if there is one.
    pub fn close(&mut self) {
        if self.kept.take().is_some() {
            wait!(self.transport.close());
        }
    }
    }

    waiting! {
    /// Takes the kept connection, or makes one; whether it was kept.
    fn open(&mut self, site: &Site<'_>, is_home: bool) -> Result<bool, Error<T::Error>> {
        self.is_home = is_home;
        //= 9112-9.2-stray
        if self.kept.is_some_and(|kept| kept == *site) && is_home && wait!(self.transport.is_open()) {
            *self.kept = None; // until the exchange has left it in order
            return Ok(true);
        }
        wait!(self.close());
        self.transport.disconnect();
        note!("connecting to {} port {}", site.host(), site.port());
        wait!(self.transport.connect(site)).map_err(Error::Connect)?;
        Ok(false)
    }
    }
}

impl<T: Transport> Drop for Line<'_, '_, T> {
    //= 9112-6.3-close-and-discard
    fn drop(&mut self) {
        if self.kept.is_none() {
            self.transport.disconnect();
        }
    }
}
