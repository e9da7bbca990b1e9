//! One request and its reply.

use core::fmt;

use crate::cookie::jar::{Context, VALUE_GAP};
use crate::error::{Misuse, ReplyError};
use crate::http::head::Field;
use crate::http::reader::{Found, Reader};
use crate::login::{Login, LoginReply};
use crate::request::Request;
use crate::session::{ExchangeId, Session};
use crate::state::{Event, State};
use crate::window::Window;

/// One request and its reply, without any input or output of its own.
///
/// Take the request with [`fill`](Exchange::fill), and send it. Hand what arrives to [`feed`](Exchange::feed), or tell
/// with [`close`](Exchange::close) that the connection is closed. When the reply is complete, the session has what it
/// brought; if anything fails before, the session is as it was. An exchange may be given up at any time.
///
/// Each method takes the session that began the exchange, and tells another one by [`Misuse::OtherSession`]. While the
/// exchange is in use, no other session can be made in the session's memory:
///
/// ```compile_fail,E0499
/// use creatio_auth::{Call, Path, Runtime, Session, Site};
///
/// let site = Site::parse("https://crm.example.com", Runtime::Net).unwrap();
/// let mut memory = [0; 4096];
/// let mut session = Session::new(site, &mut memory);
/// let exchange = session.call(&Call::get(Path::site("/odata/Contact").unwrap()));
/// let other = Session::new(site, &mut memory);
/// exchange.state();
/// ```
pub struct Exchange<'c> {
    id: ExchangeId,
    request: Request<'c>,
    /// The time at which the exchange began, so that the same cookies go into all of the request.
    now: Option<u64>,
    request_len: usize,
    filled: usize,
    state: State,
    reader: Reader,
    login: LoginReply,
    /// Where in the session's memory the cookies of the reply end.
    staged_end: usize,
    /// How much memory the reply has needed so far.
    needed: usize,
}

/// How far [`Exchange::feed`] has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Fed<'i> {
    /// How many bytes of the input belong to the reply and were taken. Go on with the rest, if there is one; after the
    /// end of the reply it is not the exchange's.
    pub consumed: usize,
    /// A piece of the reply's body, which lies in the input. Empty for a login, which reads its body itself.
    pub body: &'i [u8],
    /// Whether the reply is complete.
    pub done: bool,
}

impl<'c> Exchange<'c> {
    pub(crate) fn new(session: &Session<'_>, request: Request<'c>) -> Self {
        let context = session.context(request.path());
        Exchange {
            id: session.exchange_id(),
            request,
            now: session.now,
            request_len: Window::length_of(|out| request.write(&session.jar, &context, out)),
            filled: 0,
            state: State::Ready,
            reader: Reader::new(request.is_head()),
            login: LoginReply::new(),
            staged_end: session.jar.used(),
            needed: 0,
        }
    }

    /// Where the exchange is.
    pub const fn state(&self) -> State {
        self.state
    }

    /// The length of the whole request in bytes.
    pub const fn request_len(&self) -> usize {
        self.request_len
    }

    /// Puts the next bytes of the request into a buffer of any size, and returns how many they are: as many as fit, and
    /// 0 when all have been taken or the reply has come early and no more are wanted.
    ///
    /// The cost of a call is that of going through the request once up to where the buffer ends, so a larger buffer
    /// makes less work in all.
    ///
    /// # Errors
    ///
    /// [`Misuse`], for a buffer of no bytes too. Nothing has changed then.
    pub fn fill(&mut self, session: &Session<'_>, out: &mut [u8]) -> Result<usize, Misuse> {
        self.check(session)?;
        if out.is_empty() {
            return Err(Misuse::EmptyBuffer);
        }
        let left = self.request_len - self.filled;
        let event = if left <= out.len() { Event::FillLast } else { Event::Fill };
        if matches!(self.state, State::Receiving | State::Done) {
            self.state = self.state.after(Event::Fill)?;
            return Ok(0);
        }
        self.state = self.state.after(event)?;
        let context = self.context(session);
        self.request.write(&session.jar, &context, &mut Window::new(out, self.filled));
        let filled = left.min(out.len());
        self.filled += filled;
        Ok(filled)
    }

    /// Takes bytes of the reply, any number of them. It stops where there is a piece of the body to hand out, and at
    /// the end of the reply; otherwise it takes all of the input.
    ///
    /// # Errors
    ///
    /// [`ReplyError`]: after [`ReplyError::Misuse`] nothing has changed, after any other the exchange has failed and the
    /// session is as it was.
    pub fn feed<'i>(&mut self, session: &mut Session<'_>, input: &'i [u8]) -> Result<Fed<'i>, ReplyError> {
        self.check(session)?;
        let next = self.state.after(Event::Feed)?;
        let mut fed = Fed { consumed: 0, body: &[], done: false };
        if input.is_empty() {
            return Ok(fed);
        }
        self.state = next;
        match self.read(session, input, &mut fed) {
            Ok(()) => Ok(fed),
            Err(error) => Err(self.fail(session, error)),
        }
    }

    /// Tells that the peer has closed the connection: the end of a reply that has no other, and an error in the middle
    /// of one that has.
    ///
    /// # Errors
    ///
    /// As [`Exchange::feed`]; [`ReplyError::ClosedEarly`] if the reply is not complete.
    pub fn close(&mut self, session: &mut Session<'_>) -> Result<(), ReplyError> {
        self.check(session)?;
        if let Ok(state) = self.state.after(Event::Close) {
            self.state = state;
            return Ok(());
        }
        self.state.after(Event::Fail)?; // it has not failed before
        let result = if self.reader.close() { self.complete(session) } else { Err(ReplyError::ClosedEarly) };
        result.map_err(|error| self.fail(session, error))
    }

    /// The HTTP status code of the reply, as soon as its head is complete.
    pub fn http_status(&self) -> Option<u16> {
        self.reader.has_head().then_some(self.reader.head.status)
    }

    /// Whether the connection may serve another exchange: the reply is complete, its end was marked by more than the
    /// connection's end, the peer keeps the connection open, and all of the request was taken.
    pub fn keeps_alive(&self) -> bool {
        self.state == State::Done && self.reader.keeps_alive() && self.filled == self.request_len
    }

    /// The answer to a login, when the reply is complete.
    ///
    /// Its texts are views into the session's memory.
    ///
    /// # Errors
    ///
    /// [`Misuse`]: the reply is not complete, or the exchange is no login, or the session has gone on.
    pub fn login_result<'s>(&self, session: &'s Session<'_>) -> Result<Login<'s>, Misuse> {
        self.check(session)?;
        if !matches!(self.request, Request::Login(_)) {
            return Err(Misuse::NotALogin);
        }
        if self.state != State::Done {
            return Err(Misuse::OutOfTurn);
        }
        let head = &self.reader.head;
        Ok(self.login.result(head, session.jar.memory, session.has_ticket()))
    }

    fn check(&self, session: &Session<'_>) -> Result<(), Misuse> {
        if self.id == session.exchange_id() { Ok(()) } else { Err(Misuse::OtherSession) }
    }

    fn context<'a>(&self, session: &Session<'a>) -> Context<'a>
    where
        'c: 'a,
    {
        Context { now: self.now, ..session.context(self.request.path()) }
    }

    fn read<'i>(&mut self, session: &mut Session<'_>, input: &'i [u8], fed: &mut Fed<'i>) -> Result<(), ReplyError> {
        while let Some(rest) = input.get(fed.consumed..).filter(|rest| !rest.is_empty()) {
            let (consumed, found) =
                self.reader.read(rest, session.jar.memory, self.staged_end + VALUE_GAP, session.head_limit)?;
            fed.consumed += consumed;
            match found {
                Found::Nothing => {}
                Found::Field { field, value } => {
                    self.needed = self.needed.max(value.end);
                    if field == Field::SetCookie {
                        let context = self.context(session);
                        self.staged_end = session.jar.stage(self.staged_end, value, &context);
                        self.needed = self.needed.max(self.staged_end);
                    } else if let Some(value) = session.jar.memory.get(value) {
                        self.reader.head.take(field, value.trim_ascii())?;
                    }
                }
                Found::Interim => {
                    self.staged_end = session.jar.used();
                    self.needed = 0;
                }
                Found::Head => self.head(session)?,
                Found::Body(range) => {
                    let body = rest.get(range).unwrap_or_default();
                    if let Request::Login(_) = self.request {
                        self.login.push(&self.reader.head, body, session.jar.memory)?;
                    } else {
                        fed.body = body;
                    }
                }
            }
            if self.reader.is_done() {
                self.complete(session)?;
                fed.done = true;
                break;
            }
            if !fed.body.is_empty() {
                break;
            }
        }
        Ok(())
    }

    fn head(&mut self, session: &mut Session<'_>) -> Result<(), ReplyError> {
        if self.needed > session.jar.memory.len() {
            return Err(ReplyError::MemoryTooSmall { needed: self.needed });
        }
        session.jar.wipe(self.staged_end..); // what is left of field lines
        match self.request {
            Request::Login(_) => self.login.head(&self.reader.head, self.staged_end),
            Request::Call(_) if self.reader.head.encoded && !self.reader.is_done() => {
                Err(ReplyError::ContentEncoding)
            }
            Request::Call(_) => Ok(()),
        }
    }

    /// The reply is complete: only now does the session change.
    fn complete(&mut self, session: &mut Session<'_>) -> Result<(), ReplyError> {
        let next = self.state.after(Event::Complete)?;
        if let Request::Login(_) = self.request {
            self.login.finish(&self.reader.head)?;
        }
        session.jar.commit(self.staged_end, self.now, self.reader.head.date);
        self.state = next;
        Ok(())
    }

    fn fail(&mut self, session: &mut Session<'_>, error: ReplyError) -> ReplyError {
        match self.state.after(Event::Fail) {
            Ok(state) => {
                self.state = state;
                session.jar.wipe(session.jar.used()..);
                error
            }
            Err(misuse) => misuse.into(),
        }
    }
}

/// Says where it is, never what it holds.
impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("state", &self.state)
            .field("request_len", &self.request_len)
            .field("filled", &self.filled)
            .field("http_status", &self.http_status())
            .finish_non_exhaustive()
    }
}
