//! What a client lends to an exchange, and the way of an exchange over a connection.

use core::fmt;

use super::connection::{Connection, write_all};
use super::told::Told;
use super::transport::Transport;
use crate::client::Error;
use crate::client::sign_in::{Door, Refusal, Renewed};
use crate::client::transfer::{Buffer, Goal, Io, Transfer};
use crate::exchange::Exchange;
use crate::request::call::Call;
use crate::session::Session;
use crate::site::Site;

/// What a client lends to an exchange, and to a [way to sign in](super::SignIn): its session, and the way to the site.
pub struct Link<'r, 'm, T: Transport> {
    pub(super) session: &'r mut Session<'m>,
    pub(super) buffer: Buffer<'r>,
    pub(super) connection: Connection<'r, 'm, T>,
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
        wait!(self.connection.close());
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
        let is_saved = self.connection.transport.save(self.session);
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
        wait!(self.connection.open(site, site == self.session.site()))
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
        let transport = &mut *self.connection.transport;
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
        let is_kept = self.connection.is_home && transfer.keeps_alive();
        *self.connection.kept = is_kept.then_some(*self.session.site());
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
