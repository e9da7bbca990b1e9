use core::fmt;

use super::told::Told;
use super::transport::Transport;
use crate::client::Error;
use crate::client::sign_in::{Door, Refusal, Renewed};
use crate::client::transfer::{Buffer, Goal, Io, Transfer};
use crate::exchange::Exchange;
use crate::exchange::error::ReplyError;
use crate::request::call::Call;
use crate::session::Session;
use crate::site::Site;

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
    /// Connects to where a door leads, by a new connection.
    pub(super) fn open_for<D: Door>(&mut self, door: &D) -> Result<(), Error<T::Error>> {
        if !D::is_possible(self.session) {
            return Err(Error::SignIn(Refusal::NotApproved));
        }
        // Where a kept connection fails, nobody knows whether the site has got what was sent, and a login that is sent
        // again may be the one that locks the account.
        wait!(self.line.close());
        if self.session.sign_in_drops_cookies() {
            note!("signing in without the cookies there were");
        }
        let home = *self.session.site();
        wait!(self.open(door.site(&home)))?;
        self.announce()
    }
    }

    /// Has the session saved as it is when a sign-in has gone out, before one does.
    pub(super) fn announce(&mut self) -> Result<(), Error<T::Error>> {
        let attempts = self.session.attempts;
        self.session.attempts.begin();
        let is_saved = self.line.transport.save(self.session);
        self.session.attempts = attempts;
        if is_saved { Ok(()) } else { Err(Error::SignIn(Refusal::NotSaved)) }
    }

    waiting! {
    /// Signs in by the door for which the connection is open, and says why not, if not. The transfer stands where its caller has it,
    /// for it is large: whoever hands it on by value has it on the stack as often.
    pub(super) fn sign_in<D: Door>(
        &mut self,
        transfer: &mut Transfer<'_, T::Error>,
        _: &D,
    ) -> Result<Option<Refusal>, Error<T::Error>> {
        wait!(self.drive(transfer, Goal::End))?;
        let refusal = D::refusal(&transfer.exchange, self.session)?;
        match refusal {
            None => note!("signed in"),
            Some(refusal) => note!("not signed in: {:?}", refusal),
        }
        if refusal.is_some() {
            self.told.refused::<D>(&transfer.exchange, self.session);
        }
        Ok(refusal)
    }
    }

    waiting! {
    /// Signs in for a call, if the session lets it.
    pub(super) fn renew(&mut self, door: &impl Door) -> Result<Renewed, Error<T::Error>> {
        if let Some(earlier) = Refusal::of_earlier(self.session) {
            return Err(Error::SignIn(earlier));
        }
        wait!(self.open_for(door))?;
        let mut transfer = Transfer::new(door.begin(self.session), false, 0);
        let refusal = wait!(self.sign_in(&mut transfer, door))?;
        refusal.map_or(Ok(Renewed::SignedIn), |refusal| Err(Error::SignIn(refusal)))
    }
    }

    waiting! {
    /// Connects to a site, or takes the kept connection to it; whether it was kept.
    pub(super) fn open(&mut self, site: &Site<'_>) -> Result<bool, Error<T::Error>> {
        wait!(self.line.open(site, site == self.session.site()))
    }
    }

    waiting! {
    /// The same to the session's own site, for a call whose body is no caller's.
    pub(super) fn open_for_call(&mut self, call: &Call<'_>) -> Result<bool, Error<T::Error>> {
        if call.length_of_callers_body() > 0 {
            return Err(Error::BodyLength);
        }
        let home = *self.session.site();
        wait!(self.open(&home))
    }
    }

    waiting! {
    /// Goes on to the end of a call's head.
    pub(super) fn call<'c>(
        &mut self,
        transfer: &mut Transfer<'c, T::Error>,
        call: &Call<'c>,
    ) -> Result<(), Error<T::Error>>
    where
        'm: 'c,
    {
        let home = *self.session.site();
        wait!(self.go(transfer, &home, Goal::Head, |session| session.call(call)))
    }
    }

    waiting! {
    /// Goes on to the goal with a transfer over the connection that is open. If a kept connection turns out to be closed, the exchange
    /// is begun again on a new one, once, where [that may be](Exchange::may_be_sent_again); and so it is on any connection where the
    /// caller has said so.
    pub(super) fn go<'c>(
        &mut self,
        transfer: &mut Transfer<'c, T::Error>,
        site: &Site<'_>,
        goal: Goal,
        begin: impl Fn(&mut Session<'m>) -> Exchange<'c>,
    ) -> Result<(), Error<T::Error>>
    where
        'm: 'c,
    {
        let mut first = None;
        loop {
            match wait!(self.drive(transfer, goal)) {
                //= 9112-9.8-recover, 9110-9.2.2-one-retry
                Err(error) if first.is_none() && transfer.may_be_made_again() => {
                    note!("the connection was closed, and the request is sent again");
                    first = Some(error);
                }
                result => return result,
            }
            // Where there is no second connection, the first one is what there is to tell: the request may have been done.
            match (wait!(self.open(site)), first.take()) {
                (Err(_), Some(error)) => return Err(error),
                (_, error) => first = error,
            }
            transfer.begin_again(begin(self.session), false);
            transfer.may_be_done_before = true;
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
            if transfer.is_over() {
                transport.save(self.session);
            }
            match next? {
                Io::Write(bytes) => transfer.sent(wait!(write_all(transport, bytes))),
                Io::Flush => transfer.sent(wait!(transport.flush()).map_err(Error::Transport)),
                Io::Read(buffer) => {
                    let result = wait!(transport.read(buffer));
                    let received = transfer.received(self.session, self.buffer.len(), result);
                    if received.is_err() {
                        transport.save(self.session); // it may have been cut off behind what refuses
                        return received;
                    }
                }
                Io::Nothing => break,
            }
        }
        //= 9112-9.3-persistent
        let is_kept = self.line.is_home && transfer.keeps_alive();
        *self.line.kept = is_kept.then_some(*self.session.site());
        if is_kept {
            transport.keep(self.session.site());
        }
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
