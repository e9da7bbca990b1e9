//! The client: a session, a transport, and what it does with both.

use core::fmt;

use super::connection::Connection;
use super::link::Link;
use super::reply::{Reply, Upload};
use super::sign_in::SignIn;
use super::told::Told;
use super::transport::Transport;
use crate::answer::call::{CallVerdict, may_be_ended};
use crate::answer::login::Login;
use crate::answer::token::Token;
use crate::client::Error;
use crate::client::sign_in::{Door, Identity, Refusal, Renewed};
use crate::client::transfer::{Buffer, Goal, Transfer};
use crate::json::text::Text;
use crate::renewal::{Renewal, Step};
use crate::request::call::Call;
use crate::request::login::Credentials;
use crate::request::password_change::PasswordChange;
use crate::session::Session;
use crate::site::Site;

/// A session, a transport, and a buffer between them.
///
/// A connection serves one exchange after the other as long as the site keeps it open.
///
#[doc = example!(client)]
pub struct Client<'a, 'm, T: Transport> {
    session: &'a mut Session<'m>,
    buffer: &'a mut [u8],
    transport: T,
    /// The site to which a connection is kept. The session may have become one with another site since, through
    /// [`session_mut`](Client::session_mut).
    kept: Option<Site<'m>>,
    /// Nobody has asked the transport yet whether it has kept a connection for this client.
    is_new: bool,
    /// What is told of the last exchange.
    told: Told,
}

impl<'a, 'm, T: Transport> Client<'a, 'm, T> {
    /// A client for a session. The buffer may be of any size but 0: a request is written in pieces of its size, and a reply
    /// is read in pieces of its size at the most. It is wiped after each exchange.
    ///
    /// A connection goes with its client, unless the transport [keeps](crate::client::transports::Kept) it for the next one.
    pub const fn new(session: &'a mut Session<'m>, transport: T, buffer: &'a mut [u8]) -> Self {
        Client { session, buffer, transport, kept: None, is_new: true, told: Told::NONE }
    }

    /// The session.
    pub fn session(&self) -> &Session<'m> {
        self.session
    }

    /// The session, to tell it the time or to clear it.
    pub fn session_mut(&mut self) -> &mut Session<'m> {
        self.session
    }

    /// What the site says of the sign-in that it has refused, in the user's language: for people. After
    /// [`Error::SignIn`], until the next exchange begins; none if the site says nothing.
    pub fn refusal_message(&self) -> Option<Text<'_>> {
        self.told.message(self.session)
    }

    /// `Retry-After` in seconds of a site that was too busy to let in, after [`Error::SignIn`], until the next exchange begins.
    pub fn refusal_retry_after(&self) -> Option<u32> {
        self.told.retry_after(self.session)
    }

    /// The name of the field in which the last reply was malformed, after [`Error::Reply`], as
    /// [`Exchange::failed_field`](crate::Exchange::failed_field) has it; until the next exchange.
    pub fn failed_field(&self) -> Option<&[u8]> {
        self.told.field()
    }

    waiting! {
    /// Closes the connection in order, if one is kept. The session stays, and the next exchange connects anew. A client that is
    /// dropped only drops its transport.
    pub fn disconnect(&mut self) {
        wait!(self.link().connection.close());
    }
    }

    waiting! {
    /// Signs in, and gives the answer, whatever its verdict.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub fn login(&mut self, credentials: &Credentials<'_>) -> Result<Login<'_>, Error<T::Error>> {
        let mut link = self.link();
        wait!(link.open_for(credentials))?;
        let mut transfer = Transfer::new(credentials.begin(link.session), false, 0);
        wait!(link.sign_in(&mut transfer, credentials))?;
        Ok(transfer.exchange.login_result(link.session)?)
    }
    }

    waiting! {
    /// Changes the password, which signs in at the same time, and gives the answer, whatever its verdict.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub fn change_password(&mut self, change: &PasswordChange<'_>) -> Result<Login<'_>, Error<T::Error>> {
        let mut link = self.link();
        wait!(link.open_for(change))?;
        let mut transfer = Transfer::new(change.begin(link.session), false, 0);
        wait!(link.sign_in(&mut transfer, change))?;
        Ok(transfer.exchange.login_result(link.session)?)
    }
    }

    waiting! {
    /// Gets a token from the identity service by client credentials, and gives the answer, whatever its verdict.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub fn token(&mut self, identity: &Identity<'_>) -> Result<Token<'_>, Error<T::Error>> {
        let mut link = self.link();
        wait!(link.open_for(identity))?;
        let mut transfer = Transfer::new(identity.begin(link.session), false, 0);
        wait!(link.sign_in(&mut transfer, identity))?;
        Ok(transfer.exchange.token_result(link.session)?)
    }
    }

    waiting! {
    /// Makes a call, and gives its reply as soon as the head is complete.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::BodyLength`] where the call's body has to be [uploaded](Client::upload).
    pub fn call<'r>(&'r mut self, call: &Call<'r>) -> Result<Reply<'r, 'm, T>, Error<T::Error>> {
        let mut link = self.link();
        let is_reused = wait!(link.open_for_call(call))?;
        let mut reply = Reply { transfer: Transfer::new(link.session.call(call), is_reused, 0), link };
        wait!(reply.link.call(&mut reply.transfer, call))?;
        Ok(reply)
    }
    }

    waiting! {
    /// As [`call`](Client::call), but a session that has nothing to authorise calls with signs in first, and one that has ended
    /// signs in again, once, and then makes the call once more, as [`Renewal`] has it. Whether it signs in by itself is the
    /// [session's](Session::sign_in_delay) to say: after a sign-in that was refused no later call tries again, until one of the caller's
    /// own, as by [`login`](Client::login), has succeeded, or the caller [allows](Session::allow_sign_in) it. After one that was lost
    /// on its way none does before its time: the error is [`Refusal::Wait`] then, which says how long, and waiting is the caller's.
    ///
    /// A busy site is the caller's to wait for: the answer says [how long](crate::Answer::retry_after).
    ///
    /// The body of a redirect, of a 401 or, with status 200, of a web page that was not asked for is not given out, for it
    /// has to be read to see whether the session has ended; nor is that of an error of DataService, whose code comes in the
    /// first piece. [`Reply::answer`] says what it means. It may be no longer than the session's
    /// [limit](Session::set_body_limit).
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::SignIn`] where the session has ended, or is empty, and the site does not let in: with [`Refusal::Wait`] not
    /// now, and with [`Refusal::Earlier`] never by itself; [`Error::NotRepeated`] where it does, but the call may have been done.
    pub fn call_renewed<'r>(
        &'r mut self,
        call: &Call<'r>,
        mut sign_in: impl SignIn,
    ) -> Result<Reply<'r, 'm, T>, Error<T::Error>> {
        let mut link = self.link();
        if !link.session.is_signed_in() && wait!(sign_in.sign_in(&mut link))? == Renewed::SignedIn {
            link.session.attempts.renew(true);
        }
        let is_reused = wait!(link.open_for_call(call))?;
        let mut reply = Reply { transfer: Transfer::new(link.session.call(call), is_reused, 0), link };
        let (mut is_renewed, mut is_restored, mut may_be_done_before) = (false, false, false);
        loop {
            let Reply { link, transfer } = &mut reply;
            wait!(link.call(transfer, call))?;
            transfer.may_be_done_before |= may_be_done_before;
            if is_renewed {
                if transfer.exchange.http_status() == Some(401) {
                    link.session.attempts.rejected(); // whether the rest of the reply is read or not
                }
                break;
            }
            wait!(link.drive(transfer, Goal::Piece))?;
            if !may_be_ended(&transfer.exchange, call) {
                break;
            }
            transfer.exchange.limit_body();
            wait!(link.drive(transfer, Goal::End))?;
            let _ = transfer.take_piece(&link.buffer); // the last one, without those before it
            let verdict = transfer.exchange.call_verdict(link.session)?;
            let mut renewal = Renewal::new(call);
            let step = renewal.after_answer(&transfer.exchange, link.session);
            let CallVerdict::SessionEnded(_) = verdict else { break };
            note!("verdict {:?}", verdict);
            if step == Step::Report {
                return Err(Error::SignIn(Refusal::of_earlier(link.session).unwrap_or(Refusal::Withheld)));
            }
            link.session.end(&transfer.exchange);
            let renewed = wait!(sign_in.sign_in(link))?;
            let step = renewal.after_sign_in(true, link.session);
            may_be_done_before = transfer.may_be_done_before | renewal.may_be_done_before();
            // One from a snapshot may have ended, too: that is no renewal in vain, and once in a call it is another's turn.
            is_renewed = is_restored || renewed == Renewed::SignedIn;
            is_restored = renewed == Renewed::Restored;
            if is_restored {
                link.session.attempts.answered_well();
            }
            if step != Step::Repeat {
                return Err(Error::NotRepeated);
            }
            let is_reused = wait!(link.open_for_call(call))?;
            transfer.begin_again(link.session.call(call), is_reused);
        }
        Ok(reply)
    }
    }

    waiting! {
    /// Begins a call whose [body](Call::with_body_of_length) is written in pieces.
    ///
    /// The session is not renewed on the way, for the client has no second copy of the body: where the session may have
    /// ended, make a [ping](Call::ping) by [`call_renewed`](Client::call_renewed) first.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub fn upload<'r>(&'r mut self, call: &Call<'r>) -> Result<Upload<'r, 'm, T>, Error<T::Error>> {
        let mut link = self.link();
        let (home, body_len) = (*link.session.site(), call.length_of_callers_body());
        let is_reused = wait!(link.open(&home))?;
        let mut upload = Upload { transfer: Transfer::new(link.session.call(call), is_reused, body_len), link };
        wait!(upload.link.go(&mut upload.transfer, &home, Goal::Sent, |session| session.call(call)))?;
        Ok(upload)
    }
    }

    waiting! {
    /// Logs out at the site, and forgets the session whatever comes of it. The connection is closed.
    ///
    /// None says that **nothing was sent**: a session without a ticket has nothing to end at the site. One that has a token has
    /// forgotten it then, and the identity service still takes it until it is over: [`revoke`](Client::revoke) is the log-out there,
    /// for which it takes an [`Identity`].
    ///
    /// A session that had ended already counts as logged out, with the verdict [`CallVerdict::Fine`].
    ///
    /// # Errors
    ///
    /// [`Error`]: the site was perhaps not told. The session is cleared all the same.
    pub fn logout(&mut self) -> Result<Option<CallVerdict>, Error<T::Error>> {
        let Farewell(link) = &mut Farewell(self.link());
        if !link.session.has_ticket() {
            return Ok(None);
        }
        let (home, call) = (*link.session.site(), Call::logout());
        let is_reused = wait!(link.open(&home))?;
        let mut transfer = Transfer::new(link.session.call(&call), is_reused, 0);
        wait!(link.go(&mut transfer, &home, Goal::End, |session| session.call(&call)))?;
        let verdict = transfer.exchange.call_verdict(link.session)?;
        note!("verdict {:?}", verdict);
        wait!(link.connection.close());
        Ok(Some(match verdict {
            CallVerdict::SessionEnded(_) => CallVerdict::Fine,
            verdict => verdict,
        }))
    }
    }

    pub(super) fn link(&mut self) -> Link<'_, 'm, T> {
        if core::mem::take(&mut self.is_new) && self.transport.is_kept(self.session.site()) {
            self.kept = Some(*self.session.site());
        }
        Link {
            session: self.session,
            buffer: Buffer(self.buffer),
            connection: Connection { transport: &mut self.transport, kept: &mut self.kept, is_home: true },
            told: &mut self.told,
        }
    }
}

/// Says whether there is a connection, and what the session says.
impl<T: Transport> fmt::Debug for Client<'_, '_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("session", self.session)
            .field("is_kept", &self.kept.is_some())
            .finish_non_exhaustive()
    }
}

/// Forgets the session and the connection, even if the log-out is given up halfway.
pub(super) struct Farewell<'r, 'm, T: Transport>(pub Link<'r, 'm, T>);

impl<T: Transport> Drop for Farewell<'_, '_, T> {
    fn drop(&mut self) {
        self.0.session.clear();
        self.0.connection.transport.save(self.0.session);
        *self.0.connection.kept = None;
    }
}
