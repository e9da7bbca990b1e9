//! The client over blocking connections.

use core::mem;

use embedded_io_07::{Read, Write};

use super::transfer::{Goal, Io, Transfer};
use super::{Error, SignIn};
use crate::answer::{Answer, CallVerdict};
use crate::call::Call;
use crate::credentials::Credentials;
use crate::error::ReplyError;
use crate::exchange::Exchange;
use crate::login::Login;
use crate::renewal::{Renewal, Step};
use crate::session::Session;
use crate::site::Site;

/// A connection that can be made anew, one at a time: a socket, with TLS around it where the site wants it.
///
/// Time-outs are the transport's: an operation that takes too long is an error like any other.
pub trait Transport: Read + Write {
    /// Connects to a site's [host](Site::host) and [port](Site::port), by TLS where it [is https](Site::is_https). There
    /// is no connection when this is called.
    ///
    /// # Errors
    ///
    /// Whatever keeps the connection from being made; the client gives it back as [`Error::Connect`].
    fn connect(&mut self, site: &Site<'_>) -> Result<(), Self::Error>;

    /// Closes the connection, if there is one. It will not be used again.
    fn disconnect(&mut self);

    /// Whether the connection, which has served an exchange before, still stands as far as is known here without
    /// waiting.
    ///
    /// A server closes a connection that is idle for too long, mostly after a minute. A client that learns it by sending
    /// a `POST` cannot send it again, for it does not know what the server has done; so a transport that can tell
    /// should.
    fn is_open(&mut self) -> bool {
        true
    }
}

/// A client: a session, a transport, and a buffer.
pub struct Client<'a, 'm, T: Transport> {
    session: &'a mut Session<'m>,
    buffer: &'a mut [u8],
    transport: T,
    /// There is a connection, and it may serve another exchange.
    is_kept: bool,
}

impl<'a, 'm, T: Transport> Client<'a, 'm, T> {
    /// A client for a session. The buffer may be of any size: a request is written in pieces of it, and a reply is read
    /// in pieces of it at the most.
    pub fn new(session: &'a mut Session<'m>, transport: T, buffer: &'a mut [u8]) -> Self {
        Client { session, buffer, transport, is_kept: false }
    }

    /// The session.
    pub fn session(&self) -> &Session<'m> {
        self.session
    }

    /// The session, to tell it the time or to clear it.
    pub fn session_mut(&mut self) -> &mut Session<'m> {
        self.session
    }

    /// Closes the connection, if one is kept. The session stays, and the next exchange connects anew.
    pub fn disconnect(&mut self) {
        self.is_kept = false;
        self.transport.disconnect();
    }

    /// Signs in, and gives the answer, whatever its verdict.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub fn login(&mut self, credentials: &Credentials<'_>) -> Result<Login<'_>, Error<T::Error>> {
        let mut link = self.link();
        let transfer = link.login(credentials)?;
        Ok(transfer.exchange.login_result(link.session)?)
    }

    /// Makes a call, and gives its reply as soon as the head is complete.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::BodyLength`] where the call's body has to be [uploaded](Client::upload).
    pub fn call<'r>(&'r mut self, call: &Call<'r>) -> Result<Reply<'r, 'm, T>, Error<T::Error>> {
        let mut link = self.link();
        let transfer = link.call(call)?;
        Ok(Reply { link, transfer })
    }

    /// As [`call`](Client::call), and signs in again where the session has ended: once, and then makes the call once
    /// more, as [`Renewal`] has it.
    ///
    /// The body of a redirect, of a 401 or of a web page instead of JSON is not given out, for it has to be read to
    /// see whether the session has ended; [`Reply::answer`] says what is in it.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::SignIn`] where the session has ended and the site does not let in again.
    pub fn call_renewed<'r>(
        &'r mut self,
        call: &Call<'r>,
        sign_in: SignIn<'_>,
    ) -> Result<Reply<'r, 'm, T>, Error<T::Error>> {
        let mut link = self.link();
        let mut transfer = link.call(call)?;
        link.drive(&mut transfer, Goal::Piece)?;
        if transfer.may_be_ended(call, link.session, link.buffer) {
            link.drive(&mut transfer, Goal::End)?;
            let answer = transfer.exchange.call_result(link.session)?;
            note!("verdict {:?}", answer.verdict);
            let mut renewal = Renewal::new(call);
            if renewal.after_answer(&answer) == Step::SignIn {
                let SignIn::Login(credentials) = sign_in;
                let transfer_of_login = link.login(credentials)?;
                let verdict = transfer_of_login.exchange.login_result(link.session)?.verdict;
                if renewal.after_login(verdict) != Step::Repeat {
                    return Err(Error::SignIn(verdict));
                }
                transfer = link.call(call)?;
            }
        }
        Ok(Reply { link, transfer })
    }

    /// Begins a call whose [body](Call::with_body_of_length) is written in pieces.
    ///
    /// The session is not renewed on the way, for the body cannot be had twice: where the session may have ended,
    /// make sure with a [ping](Call::ping) by [`call_renewed`](Client::call_renewed) before a large one.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub fn upload<'r>(&'r mut self, call: &Call<'r>) -> Result<Upload<'r, 'm, T>, Error<T::Error>> {
        let mut link = self.link();
        let transfer = link.upload(call)?;
        Ok(Upload { link, transfer })
    }

    /// Logs out at the site, and forgets the session whatever comes of it. The connection is closed.
    ///
    /// A session that had ended already counts as logged out, with the verdict [`CallVerdict::Fine`].
    ///
    /// # Errors
    ///
    /// [`Error`]: the site was perhaps not told. The session is cleared all the same.
    pub fn logout(&mut self) -> Result<CallVerdict, Error<T::Error>> {
        let mut farewell = Farewell(self.link());
        let link = &mut farewell.0;
        let call = Call::logout();
        let transfer = link.exchange(true, Goal::End, 0, |session| session.call(&call))?;
        Ok(match transfer.exchange.call_result(link.session)?.verdict {
            CallVerdict::SessionEnded(_) => CallVerdict::Fine,
            verdict => verdict,
        })
    }

    fn link(&mut self) -> Link<'_, 'm, T> {
        Link {
            session: self.session,
            buffer: self.buffer,
            line: Line { transport: &mut self.transport, is_kept: &mut self.is_kept },
        }
    }
}

/// A call whose body is being written.
pub struct Upload<'r, 'm, T: Transport> {
    link: Link<'r, 'm, T>,
    transfer: Transfer<'r, T::Error>,
}

impl<'r, 'm, T: Transport> Upload<'r, 'm, T> {
    /// Writes the next bytes of the body, any number of them.
    ///
    /// A connection that fails is no error yet, for the site may have answered early; [`reply`](Upload::reply) tells.
    ///
    /// # Errors
    ///
    /// [`Error::BodyLength`] where the body becomes longer than the call says. Nothing is written then.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error<T::Error>> {
        if self.transfer.begin_body(bytes.len())? {
            let result = write_all(self.link.line.transport, bytes);
            self.transfer.sent(result);
        }
        Ok(())
    }

    /// Ends the body, and gives the reply as soon as its head is complete.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::BodyLength`] where the body is shorter than the call says.
    pub fn reply(mut self) -> Result<Reply<'r, 'm, T>, Error<T::Error>> {
        self.transfer.end_body()?;
        self.link.drive(&mut self.transfer, Goal::Head)?;
        Ok(Reply { link: self.link, transfer: self.transfer })
    }
}

/// The reply to a call, from the end of its head on.
///
/// Whoever drops it before its end closes the connection, and leaves the session as it was before the call.
pub struct Reply<'r, 'm, T: Transport> {
    link: Link<'r, 'm, T>,
    transfer: Transfer<'r, T::Error>,
}

impl<'r, 'm, T: Transport> Reply<'r, 'm, T> {
    /// The HTTP status code.
    pub fn http_status(&self) -> u16 {
        self.transfer.exchange.http_status().unwrap_or_default() // there is a head
    }

    /// `Content-Type`
    pub fn content_type(&self) -> Option<&[u8]> {
        self.transfer.exchange.content_type(self.link.session)
    }

    /// `Content-Length`. A chunked reply has none.
    pub fn content_length(&self) -> Option<u64> {
        self.transfer.exchange.content_length()
    }

    /// `Location`
    pub fn location(&self) -> Option<&[u8]> {
        self.transfer.exchange.location(self.link.session)
    }

    /// The field that the call [wants](Call::with_wanted_field).
    pub fn wanted_field(&self) -> Option<&[u8]> {
        self.transfer.exchange.wanted_field(self.link.session)
    }

    /// The next piece of the body, in the client's buffer; none after its end.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub fn piece(&mut self) -> Result<Option<&[u8]>, Error<T::Error>> {
        self.link.drive(&mut self.transfer, Goal::Piece)?;
        Ok(self.transfer.take_piece(self.link.buffer))
    }

    /// The answer: what the reply means. What has not been read of the body is passed over.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub fn answer(mut self) -> Result<Answer<'r>, Error<T::Error>> {
        self.link.drive(&mut self.transfer, Goal::End)?;
        let answer = self.transfer.exchange.call_result(self.link.session)?;
        note!("verdict {:?}", answer.verdict);
        Ok(answer)
    }
}

/// What a client lends to an exchange.
struct Link<'r, 'm, T: Transport> {
    session: &'r mut Session<'m>,
    buffer: &'r mut [u8],
    line: Line<'r, T>,
}

impl<'r, 'm, T: Transport> Link<'r, 'm, T> {
    fn login<'c>(&mut self, credentials: &'c Credentials<'_>) -> Result<Transfer<'c, T::Error>, Error<T::Error>>
    where
        'm: 'c,
    {
        let transfer = self.exchange(true, Goal::End, 0, |session| session.login(credentials))?;
        note!("verdict {:?}", transfer.exchange.login_result(self.session)?.verdict);
        Ok(transfer)
    }

    fn call<'c>(&mut self, call: &Call<'c>) -> Result<Transfer<'c, T::Error>, Error<T::Error>>
    where
        'm: 'c,
    {
        if call.length_of_callers_body() > 0 {
            return Err(Error::BodyLength);
        }
        self.exchange(call.method.is_safe(), Goal::Head, 0, |session| session.call(call))
    }

    fn upload<'c>(&mut self, call: &Call<'c>) -> Result<Transfer<'c, T::Error>, Error<T::Error>>
    where
        'm: 'c,
    {
        let len = call.length_of_callers_body();
        self.exchange(call.method.is_safe(), Goal::Sent, len, |session| session.call(call))
    }

    /// Begins an exchange and goes on to the goal. If a kept connection turns out to be closed, the exchange is begun
    /// again on a new one where that `is_repeatable`: where twice does no more than once.
    fn exchange<'c>(
        &mut self,
        is_repeatable: bool,
        goal: Goal,
        body: usize,
        begin: impl Fn(&mut Session<'m>) -> Exchange<'c>,
    ) -> Result<Transfer<'c, T::Error>, Error<T::Error>>
    where
        'm: 'c,
    {
        loop {
            let is_reused = self.line.open(self.session.site())?;
            let mut transfer = Transfer::new(begin(self.session), is_reused, body);
            match self.drive(&mut transfer, goal) {
                Ok(()) => return Ok(transfer),
                Err(_) if is_repeatable && transfer.is_stale() => {
                    note!("the connection had been closed");
                    self.line.transport.disconnect();
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Does what there is to do up to the goal.
    fn drive(&mut self, transfer: &mut Transfer<'_, T::Error>, goal: Goal) -> Result<(), Error<T::Error>> {
        let transport = &mut *self.line.transport;
        loop {
            match transfer.next(self.session, self.buffer, goal)? {
                Io::Write(bytes) => transfer.sent(write_all(transport, bytes)),
                Io::Flush => transfer.sent(transport.flush().map_err(Error::Transport)),
                Io::Read(buffer) => {
                    let result = transport.read(buffer);
                    transfer.received(self.session, self.buffer, result)?;
                }
                Io::Nothing => break,
            }
        }
        *self.line.is_kept = transfer.keeps_alive();
        Ok(())
    }
}

fn write_all<T: Transport>(transport: &mut T, mut bytes: &[u8]) -> Result<(), Error<T::Error>> {
    // The trait's own method panics where nothing is taken.
    while !bytes.is_empty() {
        let written = transport.write(bytes).map_err(Error::Transport)?;
        bytes = bytes.get(written..).filter(|_| written > 0).ok_or(ReplyError::ClosedEarly)?;
    }
    Ok(())
}

/// The transport while it serves an exchange. Unless it may serve another then, it is disconnected when this is dropped.
struct Line<'r, T: Transport> {
    transport: &'r mut T,
    is_kept: &'r mut bool,
}

impl<T: Transport> Line<'_, T> {
    /// Takes the kept connection, or makes one; whether it was kept.
    fn open(&mut self, site: &Site<'_>) -> Result<bool, Error<T::Error>> {
        if mem::take(self.is_kept) {
            if self.transport.is_open() {
                return Ok(true);
            }
            self.transport.disconnect();
        }
        note!("connecting to {} port {}", site.host(), site.port());
        self.transport.connect(site).map_err(Error::Connect)?;
        Ok(false)
    }
}

impl<T: Transport> Drop for Line<'_, T> {
    fn drop(&mut self) {
        if !*self.is_kept {
            self.transport.disconnect();
        }
    }
}

/// Forgets the session and the connection in any case.
struct Farewell<'r, 'm, T: Transport>(Link<'r, 'm, T>);

impl<T: Transport> Drop for Farewell<'_, '_, T> {
    fn drop(&mut self) {
        self.0.session.clear();
        *self.0.line.is_kept = false;
    }
}
