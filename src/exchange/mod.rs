//! One request and its reply.

pub(crate) mod content;
pub(crate) mod error;
pub(crate) mod kept;
pub(crate) mod page;
pub(crate) mod state;

use core::fmt;
use core::ops::Range;

use crate::cookie::jar::VALUE_GAP;
use crate::cookie::record::Context;
use crate::exchange::content::{Content, Sought};
use crate::exchange::error::Failure;
use crate::exchange::error::{Misuse, ReplyError};
use crate::exchange::kept::Kept;
use crate::exchange::state::{Event, State};
use crate::http::head::{Field, Head};
use crate::http::line::MAX_NAME;
use crate::http::reader::{Found, Reader};
use crate::json::error::DocumentError;
use crate::request::call::MAX_WANTED_FIELD;
use crate::request::{Form, Request, Source};
use crate::session::authorization::Authorization;
use crate::session::lines::Lines;
use crate::session::{ExchangeId, Session};
use crate::text::template::{Out, Place};
use crate::text::time::Time;

const _: () = assert!(MAX_WANTED_FIELD <= MAX_NAME);

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
#[repr(C)] // What is small and often used stands first, where the code that takes it is half as long.
pub struct Exchange<'c> {
    state: State,
    /// What authorises a call.
    pub(crate) authorization: Authorization,
    /// What a request for a token has come to, a number of its own.
    pub(crate) token: u8,
    kind: &'static Kind,
    id: ExchangeId,
    /// How long the body is that comes with the head, once something of the request has been taken.
    body_len: usize,
    /// Where the next byte of the request comes from.
    place: Place,
    /// How much memory the reply has needed so far, from the front.
    pub(crate) needed: usize,
    pub(crate) kept: Kept,
    /// The time at which the exchange began, so that the same cookies go into all of the request.
    pub(crate) now: Time,
    pub(crate) reader: Reader,
    pub(crate) content: Content,
    pub(crate) request: Request<'c>,
}

/// What one kind of exchange does in its own way. As functions in a table, so that a program links those of the kinds
/// that it begins, and no others.
// The tables are statics, so that they have names: `cargo xtask size` knows a call through one by the function's place in it.
// In this order no function that takes much of the stack has the same place as one in [`Sought`].
pub(crate) struct Kind {
    /// How the request is written.
    pub form: &'static Form,
    /// Takes a cookie of the reply, whose field has its value there in the memory.
    pub cookie: fn(&mut Exchange<'_>, &mut Session<'_>, Range<usize>),
    /// What is looked for in the body.
    pub sought: &'static Sought,
    /// Whether it is looked into.
    pub reads_body: fn(&Request<'_>, &Head) -> bool,
    /// Takes another field of the reply.
    pub field: fn(&mut Exchange<'_>, &mut Session<'_>, Field, Range<usize>) -> Result<(), Failure>,
    /// Whether status 200 says nothing without a document, so that the body is the exchange's alone.
    pub answers_by_document: bool,
    /// Checks the complete reply, and lets the session change.
    pub complete: fn(&mut Exchange<'_>, &mut Session<'_>) -> Result<(), Failure>,
    /// Whether the complete exchange has signed the session in.
    pub is_signed_in: fn(&Exchange<'_>, &Session<'_>) -> Result<bool, Misuse>,
}

impl Session<'_> {
    #[inline(always)] // so that the exchange is made where it is to be
    pub(crate) fn begin<'c>(
        &mut self,
        kind: &'static Kind,
        request: Request<'c>,
        authorization: Authorization,
    ) -> Exchange<'c> {
        let request_was_head = request.is_head();
        let mut exchange = Exchange {
            state: State::Ready,
            authorization,
            token: 0,
            kind,
            id: self.next_exchange(),
            body_len: 0,
            place: Place::START,
            needed: 0,
            kept: Kept::NONE,
            now: self.now,
            reader: Reader::NEW,
            content: Content::NEW,
            request,
        };
        exchange.reader.request_was_head = request_was_head;
        exchange
    }
}

/// How far [`Exchange::feed`] has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Fed<'i> {
    /// How many bytes of the input belong to the reply and were taken. Go on with the rest, if there is one; after the
    /// end of the reply it is not the exchange's, and the connection is to be closed: what nothing asked for must not pass
    /// for the next reply (RFC 9112, 6.3).
    pub consumed: usize,
    /// A piece of the reply's body, which lies in the input. Empty for all but a call: the others read theirs themselves.
    pub body: &'i [u8],
    /// Whether the reply is complete.
    pub done: bool,
}

impl<'c> Exchange<'c> {
    /// Where the exchange is.
    pub const fn state(&self) -> State {
        self.state
    }

    /// The length of the whole request in bytes, without a body that the caller sends itself: what a buffer takes that is
    /// to hold all of it. 0 for another session than its own.
    ///
    /// It goes through the request once.
    pub fn request_len(&self, session: &Session<'_>) -> usize {
        if self.check(session).is_err() {
            return 0;
        }
        let context = self.context(session);
        let (template, mut source) = (&self.kind.form.template, self.source(session, &context));
        source.body_len = template.body_len(&source);
        template.len(&source)
    }

    fn source<'a>(&'a self, session: &'a Session<'a>, context: &'a Context<'a>) -> Source<'a> {
        let lines = Lines { jar: &session.jar, context, authorization: self.authorization };
        Source { request: &self.request, part: self.kind.form.part, lines, body_len: self.body_len }
    }

    /// Puts the next bytes of the request into a buffer of any size, and returns how many they are: as many as fit, and
    /// 0 when all have been taken or the reply has come early and no more are wanted.
    ///
    /// Each byte is made but once, whatever the buffers.
    ///
    /// What it gives is secret: the password of a login, or what authorises a call. The buffer is the caller's to wipe.
    ///
    /// # Errors
    ///
    /// [`Misuse`], for a buffer of no bytes too. Nothing has changed then.
    pub fn fill(&mut self, session: &Session<'_>, out: &mut [u8]) -> Result<usize, Misuse> {
        self.check(session)?;
        if out.is_empty() {
            return Err(Misuse::EmptyBuffer);
        }
        let next = self.state.after(Event::Fill)?;
        if matches!(next, State::Receiving | State::Done) {
            return Ok(0);
        }
        let context = self.context(session);
        let mut out = Out::new(out);
        let template = &self.kind.form.template;
        // As `source` has it, but only of what does not change.
        let lines = Lines { jar: &session.jar, context: &context, authorization: self.authorization };
        let mut source = Source { request: &self.request, part: self.kind.form.part, lines, body_len: self.body_len };
        if self.state == State::Ready {
            self.body_len = template.body_len(&source);
            source.body_len = self.body_len;
        }
        let is_last = template.write(&mut self.place, &source, &mut out);
        self.state = if is_last { self.state.after(Event::FillLast)? } else { next };
        Ok(out.written())
    }

    /// Takes bytes of the reply, any number of them. It stops where there is a piece of the body to hand out, and at
    /// the end of the reply; otherwise it takes all of the input.
    ///
    /// # Errors
    ///
    /// [`ReplyError`]: after [`ReplyError::Misuse`] nothing has changed, after any other the exchange has failed and the
    /// session is as it was.
    pub fn feed<'i>(&mut self, session: &mut Session<'_>, input: &'i [u8]) -> Result<Fed<'i>, ReplyError> {
        self.feed_for_c(session, input).map_err(|failure| failure.error(self.needed))
    }

    /// As [`Exchange::feed`], with the error as C has it.
    #[doc(hidden)]
    pub fn feed_for_c<'i>(&mut self, session: &mut Session<'_>, input: &'i [u8]) -> Result<Fed<'i>, Failure> {
        self.check(session)?;
        let next = self.state.after(Event::Feed)?;
        if input.is_empty() {
            return Ok(Fed { consumed: 0, body: &[], done: false });
        }
        self.state = next;
        let result = self.read(session, input);
        // The value that is coming may be cut here, also by an error.
        session.jar.note(session.jar.staged_end() + VALUE_GAP + self.reader.value_len());
        result.map_err(|failure| self.fail(session, failure))
    }

    /// Tells that the peer has closed the connection: the end of a reply that has no other, and an error in the middle
    /// of one that has. Over TLS only `close_notify` says so; a connection that ends without it may have been cut by anyone:
    /// give the exchange up instead (RFC 9112, 9.8).
    ///
    /// # Errors
    ///
    /// As [`Exchange::feed`]; [`ReplyError::ClosedEarly`] if the reply is not complete.
    pub fn close(&mut self, session: &mut Session<'_>) -> Result<(), ReplyError> {
        self.close_for_c(session).map_err(|failure| failure.error(self.needed))
    }

    /// As [`Exchange::close`], with the error as C has it.
    #[doc(hidden)]
    pub fn close_for_c(&mut self, session: &mut Session<'_>) -> Result<(), Failure> {
        self.check(session)?;
        if let Ok(state) = self.state.after(Event::Close) {
            self.state = state;
            return Ok(());
        }
        self.state.after(Event::Fail)?; // it has not failed before
        let result = if self.reader.close() { self.complete(session) } else { Err(Failure::CLOSED_EARLY) };
        result.map_err(|failure| self.fail(session, failure))
    }

    /// How many bytes of memory are enough for what has come of the reply, after [`ReplyError::MemoryTooSmall`], which says
    /// the same; otherwise 0.
    pub fn memory_needed(&self) -> usize {
        if self.state == State::Failed { self.needed } else { 0 }
    }

    /// The HTTP status code of the reply, as soon as its head is complete: any three digits, though those below 100 and
    /// from 600 on are none of RFC 9110 and never a success.
    pub fn http_status(&self) -> Option<u16> {
        self.reader.has_head().then_some(self.reader.head.status)
    }

    /// Whether the connection may serve another exchange: the reply is complete, its end was marked by more than the
    /// connection's end, the peer keeps the connection open, and all of the request was taken. Bytes that came behind the
    /// end of the reply ([`Fed::consumed`]) are a reason to close it all the same.
    pub fn keeps_alive(&self) -> bool {
        self.state == State::Done && self.reader.keeps_alive() && self.kind.form.template.is_written(&self.place)
    }

    /// `Content-Length` of the reply. A chunked reply has none.
    pub fn content_length(&self) -> Option<u64> {
        self.reader.head.content_length().filter(|_| self.reader.has_head()).map(|length| length as u64)
    }

    /// Whether the session is signed in by this exchange, when the reply is complete: the one question to ask where it
    /// does not matter which door was used.
    ///
    /// # Errors
    ///
    /// [`Misuse`]: the reply is not complete, or the exchange is a call, or the session has gone on.
    pub fn is_signed_in(&self, session: &Session<'_>) -> Result<bool, Misuse> {
        (self.kind.is_signed_in)(self, session)
    }

    #[inline(never)]
    pub(crate) fn check(&self, session: &Session<'_>) -> Result<(), Misuse> {
        if self.id == session.exchange_id() { Ok(()) } else { Err(Misuse::OtherSession) }
    }

    pub(crate) fn check_done(&self) -> Result<(), Misuse> {
        if self.state == State::Done { Ok(()) } else { Err(Misuse::OutOfTurn) }
    }

    #[inline(never)]
    fn context<'a>(&self, session: &Session<'a>) -> Context<'a>
    where
        'c: 'a,
    {
        let mut context = self.request.context(session);
        context.now = self.now;
        context
    }

    fn read<'i>(&mut self, session: &mut Session<'_>, input: &'i [u8]) -> Result<Fed<'i>, Failure> {
        let mut rest = input;
        loop {
            let (before, at) = (rest.len(), session.jar.staged_end() + VALUE_GAP);
            let found = if self.reader.is_at_lines() {
                let room = self.kept.room(&session.jar);
                let memory = session.jar.memory.get_mut(at..room).unwrap_or_default();
                self.reader.read_lines(&mut rest, memory, self.request.wanted_field())
            } else {
                self.reader.read_body(&mut rest)
            };
            self.reader.overhead += before - rest.len();
            if self.reader.overhead > session.head_limit {
                session.jar.note(at + self.reader.len); // a value may have ended right here
                return Err(Failure::HEAD_TOO_LARGE);
            }
            let mut body = &[][..];
            match found? {
                Found::Nothing => {}
                Found::Field(field) => {
                    let value = at..at + self.reader.len;
                    self.needed = self.needed.max(value.end);
                    session.jar.note(value.end);
                    match field {
                        Field::SetCookie => (self.kind.cookie)(self, session, value),
                        field => (self.kind.field)(self, session, field, value)?,
                    }
                }
                Found::Interim => {
                    session.jar.unstage();
                    session.jar.wipe_rest();
                    self.needed = 0;
                    self.kept = Kept::NONE;
                }
                Found::Head => self.head(session)?,
                Found::Body => {
                    let (piece, after) = rest.split_at_checked(self.reader.len).unwrap_or_default();
                    rest = after;
                    self.reader.overhead = 0;
                    self.needed = self.needed.saturating_add(piece.len()); // a body may be longer than a usize says
                    if !self.content.passes_over(piece) {
                        self.body(piece, session)?;
                    }
                    if !self.kind.answers_by_document {
                        body = piece;
                    }
                }
            }
            let done = self.reader.is_done();
            if done {
                self.complete(session)?;
            }
            if done || rest.is_empty() || !body.is_empty() {
                return Ok(Fed { consumed: input.len() - rest.len(), body, done });
            }
        }
    }

    /// Stages the cookie of a `Set-Cookie` field.
    pub(crate) fn stage_cookie(&mut self, session: &mut Session<'_>, value: Range<usize>) {
        let (room, path) = (self.kept.room(&session.jar), self.request.path());
        let end = session.jar.stage(value, room, &session.site, path, &self.now);
        self.needed = self.needed.max(end);
    }

    /// The value of a field at its place; none if the memory is too small for it, which the end of the head tells.
    pub(crate) fn field_value<'s>(&self, session: &'s Session<'_>, place: &Range<usize>) -> Option<&'s [u8]> {
        session.jar.memory.get(..self.kept.room(&session.jar))?.get(place.clone())
    }

    /// Takes what another field says of the reply.
    pub(crate) fn take_field(
        &mut self,
        session: &Session<'_>,
        field: Field,
        value: &Range<usize>,
    ) -> Result<(), Failure> {
        if let Some(text) = self.field_value(session, value) {
            self.reader.head.take(field, text.trim_ascii())?;
        }
        Ok(())
    }

    #[inline(never)]
    fn head(&mut self, session: &mut Session<'_>) -> Result<(), Failure> {
        let Some(room) = session.jar.memory.len().checked_sub(self.kept.len).filter(|room| *room >= self.needed)
        else {
            return Err(self.too_small(self.needed + self.kept.len));
        };
        session.jar.wipe_lines(room);
        let head = &self.reader.head;
        self.content.head(head, session.jar.staged_end());
        let is_needed = !self.kind.answers_by_document || head.status == 200;
        if head.encoded && is_needed && !self.reader.is_done() {
            return Err(Failure::CONTENT_ENCODING);
        }
        if head.encoded || !(self.kind.reads_body)(&self.request, head) {
            self.content.skip();
        }
        Ok(())
    }

    /// Looks into a piece of the body.
    #[inline(never)]
    fn body(&mut self, piece: &[u8], session: &mut Session<'_>) -> Result<(), Failure> {
        let room = self.kept.room(&session.jar);
        let memory = session.jar.memory.get_mut(..room).unwrap_or_default();
        let result = self.content.push(self.kind.sought, piece, memory);
        session.jar.note(self.content.document.end());
        match result {
            Err(error) if self.needs_document() => Err(error.into()),
            Err(_) => {
                self.content.skip();
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Whether the reply says nothing without a document. With another status its texts are a help, if it is one.
    fn needs_document(&self) -> bool {
        self.kind.answers_by_document && self.reader.head.status == 200
    }

    /// The reply is complete: is its body a document, where it has to be one? False where it need not.
    pub(crate) fn check_document(&self) -> Result<bool, DocumentError> {
        if !self.needs_document() || self.reader.head.html || self.content.is_html() {
            Ok(false)
        } else if self.content.document.is_complete() {
            Ok(true)
        } else {
            Err(DocumentError::CutOff)
        }
    }

    /// The reply is complete: only now does the session change.
    fn complete(&mut self, session: &mut Session<'_>) -> Result<(), Failure> {
        let next = self.state.after(Event::Complete)?;
        (self.kind.complete)(self, session)?;
        self.state = next;
        Ok(())
    }

    /// Lets the cookies of the reply into the session.
    pub(crate) fn commit_cookies(&mut self, session: &mut Session<'_>) {
        session.jar.commit(self.now, self.reader.head.date);
    }

    /// The failure that the memory is smaller than this.
    pub(crate) fn too_small(&mut self, needed: usize) -> Failure {
        self.needed = needed;
        Failure::MEMORY_TOO_SMALL
    }

    #[inline(never)]
    fn fail(&mut self, session: &mut Session<'_>, failure: Failure) -> Failure {
        match self.state.after(Event::Fail) {
            Ok(state) => {
                self.state = state;
                session.jar.wipe_rest();
            }
            Err(misuse) => return misuse.into(),
        }
        if failure != Failure::MEMORY_TOO_SMALL {
            self.needed = 0;
        }
        failure
    }
}

/// Says where it is, never what it holds.
impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("state", &self.state)
            .field("http_status", &self.http_status())
            .finish_non_exhaustive()
    }
}
