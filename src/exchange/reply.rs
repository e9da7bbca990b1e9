//! The reply to an exchange, as it comes.

use core::ops::Range;

use super::Exchange;
use super::error::{Failure, ReplyError};
use super::state::{Event, State};
use crate::cookie::jar::VALUE_GAP;
use crate::http::error::Malformed;
use crate::http::known_fields::Field;
use crate::http::reader::Found;
use crate::json::error::DocumentError;
use crate::json::members::DOCUMENT;
use crate::session::Session;
use crate::session::attempts::{Outcome, is_good};

/// How far [`Exchange::feed`] has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
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

/// How far a short way goes.
#[doc(hidden)]
pub enum Short<'i> {
    /// To the end.
    Fed(Fed<'i>),
    /// To a byte of data, which is [to be looked into](Exchange::look_into).
    Data,
    /// To what may be a byte [in the middle of a line](Exchange::feed_byte_of_line).
    Line,
    /// To what may be a [whole chunk, or a piece of data](Exchange::feed_piece).
    Piece,
    /// Nowhere.
    Nowhere,
}

impl Exchange<'_> {
    /// Takes bytes of the reply, any number of them. It stops where there is a piece of the body to hand out, and at
    /// the end of the reply; otherwise it takes all of the input.
    ///
    /// # Errors
    ///
    /// [`ReplyError`]: after [`ReplyError::Misuse`] nothing has changed, after any other the exchange has failed and the
    /// session is as it was.
    #[cfg_attr(target_pointer_width = "64", inline)]
    pub fn feed<'i>(&mut self, session: &mut Session<'_>, input: &'i [u8]) -> Result<Fed<'i>, ReplyError> {
        match self.feed_short(session, input) {
            Short::Fed(fed) => return Ok(fed),
            Short::Data => return self.look_into_data(session, input),
            Short::Line => self.feed_byte_of_line(session, input),
            Short::Piece => self.feed_piece(session, input),
            Short::Nowhere => None,
        }
        .map_or_else(|| self.feed_any(session, input), Ok)
    }

    #[cfg_attr(target_pointer_width = "64", inline(never))]
    fn feed_any<'i>(&mut self, session: &mut Session<'_>, input: &'i [u8]) -> Result<Fed<'i>, ReplyError> {
        self.feed_for_c(session, input).map_err(|failure| failure.error(self.needed))
    }

    #[inline(never)]
    fn look_into_data<'i>(&mut self, session: &mut Session<'_>, data: &'i [u8]) -> Result<Fed<'i>, ReplyError> {
        match self.feed_byte_of_document(session, data) {
            Some(fed) => Ok(fed),
            None => self.look_into(session, data).map_err(|failure| failure.error(self.needed)),
        }
    }

    /// As [`Exchange::feed`] behind [`feed_short`](Exchange::feed_short), with the error as C has it.
    #[doc(hidden)]
    #[cfg_attr(target_pointer_width = "64", inline(never))] // or what is short would pay for what it does not take
    pub fn feed_for_c<'i>(&mut self, session: &mut Session<'_>, input: &'i [u8]) -> Result<Fed<'i>, Failure> {
        self.check(session)?;
        let next = self.state.after(Event::Feed)?;
        if input.is_empty() {
            return Ok(Fed { consumed: 0, body: &[], done: false });
        }
        if self.state == State::Ready {
            self.note_sign_in(session);
        }
        self.state = next;
        self.read(session, input).map_err(|failure| self.fail(session, failure, false))
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

    //= 9112-6.3-incomplete, 9112-8-incomplete
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
        result.map_err(|failure| {
            let is_cut_off = failure == Failure::CLOSED_EARLY || failure == DocumentError::CutOff.into();
            self.fail(session, failure, is_cut_off)
        })
    }

    #[expect(
        clippy::arithmetic_side_effects,
        reason = "what is left is a part of the input, and the limit of a head is bounded"
    )]
    fn read<'i>(&mut self, session: &mut Session<'_>, input: &'i [u8]) -> Result<Fed<'i>, Failure> {
        let mut rest = input;
        loop {
            let (before, mut body) = (rest.len(), &[][..]);
            let found = if self.reader.is_at_lines() {
                self.read_lines(session, &mut rest)
            } else {
                self.reader.read_body(&mut rest, &mut body)
            };
            self.reader.overhead += before - rest.len() - body.len();
            if self.reader.head.status >= 200 {
                self.state = State::Receiving; // by `Event::Status`; an interim reply ends no request
            }
            //= 9110-2.3-defensive
            if self.reader.overhead > session.head_limit {
                return Err(Failure::HEAD_TOO_LARGE);
            }
            match found? {
                Found::Nothing => {}
                Found::Field(field) => self.field(session, field)?,
                Found::Head => self.head(session)?,
                Found::Body => {
                    self.reader.count_data(body.len());
                    self.received = self.received.saturating_add(body.len());
                    if self.received > session.body_limit && (self.kind.limits_body)(self) {
                        return Err(Failure::BODY_TOO_LARGE);
                    }
                    if !self.content.passes_over(body) {
                        self.body(body, session)?;
                    }
                    if self.kind.answers_by_document {
                        body = &[];
                    }
                }
            }
            //= 9112-9.8-complete
            let done = self.reader.is_done();
            if done {
                self.complete(session)?;
            }
            //= 9112-6.3-extra-data
            if done || rest.is_empty() || !body.is_empty() {
                return Ok(Fed { consumed: input.len() - rest.len(), body, done });
            }
        }
    }

    /// Has lines read, and what is of interest in them put into the memory.
    #[inline(always)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "what is left is a part of the piece; what a head adds to the cookies is bounded"
    )]
    fn read_lines(&mut self, session: &mut Session<'_>, rest: &mut &[u8]) -> Result<Found, Malformed> {
        // No further than to the byte that is too much, so that the same comes of each cut.
        let limit = session.head_limit.saturating_sub(self.reader.overhead) + 1;
        let (room, mut piece) = (self.room(session), rest.get(..limit).unwrap_or(rest));
        if let Some(ended) = session.jar.ended {
            // Byte by byte, so that none goes that need not; and none while it goes out.
            if self.state != State::Sending {
                (ended.give_way)(&mut session.jar, VALUE_GAP + self.reader.kept_len(), room);
            }
            piece = piece.get(..1).unwrap_or_default();
        }
        let (at, len) = (session.jar.staged_end() + VALUE_GAP, piece.len());
        let memory = session.jar.memory.get_mut(at..room).unwrap_or_default();
        let found = self.reader.read_lines(&mut piece, memory, self.request.wanted_field());
        *rest = rest.get(len - piece.len()..).unwrap_or_default();
        session.jar.note(at + self.reader.value_len());
        found
    }

    /// Takes a field of interest, whose value has just been put into the memory.
    #[inline(always)]
    #[expect(clippy::arithmetic_side_effects, reason = "what a head adds to the cookies is bounded")]
    pub(crate) fn field(&mut self, session: &mut Session<'_>, field: Field) -> Result<(), Failure> {
        let at = session.jar.staged_end() + VALUE_GAP;
        let value = at..at + self.reader.len;
        self.needed = self.needed.max(value.end);
        match field {
            Field::SetCookie => (self.kind.cookie)(self, session, value),
            field => (self.kind.field)(self, session, field, value)?,
        }
        Ok(())
    }

    /// How much of the memory is free for the reply, from its front.
    pub(crate) fn room(&self, session: &Session<'_>) -> usize {
        session.jar.memory.len().saturating_sub(self.reserved)
    }

    /// Stages the cookie of a `Set-Cookie` field.
    pub(crate) fn stage_cookie(&mut self, session: &mut Session<'_>, value: Range<usize>) {
        let (room, path) = (self.room(session), self.request.path());
        let end = session.jar.stage(value, room, &session.site, path);
        self.needed = self.needed.max(end);
    }

    /// The value of a field at its place; none if the memory is too small for it, which the end of the head tells.
    pub(crate) fn field_value<'s>(&self, session: &'s Session<'_>, place: &Range<usize>) -> Option<&'s [u8]> {
        session.jar.memory.get(..self.room(session))?.get(place.clone())
    }

    /// Takes what another field says of the reply.
    pub(crate) fn take_field(
        &mut self,
        session: &Session<'_>,
        field: Field,
        value: &Range<usize>,
    ) -> Result<(), Failure> {
        if let Some(text) = self.field_value(session, value) {
            //= 9110-5.5-white-space
            let text = text.trim_ascii();
            if field == Field::Location {
                self.reader.head.to_login_page = session.site.is_login_page(text);
            }
            self.reader.head.take(field, text)?;
        }
        Ok(())
    }

    #[inline(never)]
    #[expect(clippy::arithmetic_side_effects, reason = "what a head adds to the cookies is bounded")]
    pub(crate) fn head(&mut self, session: &mut Session<'_>) -> Result<(), Failure> {
        if !self.reader.end_head(self.request.is_head())? {
            // What an interim reply (1xx) has said does not count (RFC 9110, 15.2).
            session.jar.unstage();
            session.jar.wipe_rest();
            (self.needed, self.reserved) = (0, 0);
            return Ok(());
        }
        let Some(room) = session.jar.memory.len().checked_sub(self.reserved).filter(|room| *room >= self.needed)
        else {
            return Err(self.too_small(self.needed + self.reserved));
        };
        session.jar.wipe_lines(room);
        self.reader.head.date = self.reader.head.date.or(session.date);
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
    pub(super) fn body(&mut self, piece: &[u8], session: &mut Session<'_>) -> Result<(), Failure> {
        let room = self.room(session);
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
    pub(crate) fn complete(&mut self, session: &mut Session<'_>) -> Result<(), Failure> {
        let next = self.state.after(Event::Complete)?;
        (self.kind.complete)(self, session)?;
        self.state = next;
        if self.kind.is_sign_in {
            let verdict = (self.kind.verdict)(self, session).unwrap_or_default();
            session.attempts.end(if is_good(verdict) { Outcome::SignedIn } else { self.outcome(false) }, verdict);
        }
        Ok(())
    }

    /// What a sign-in that is not good says of the next.
    #[inline(never)]
    fn outcome(&self, is_cut_off: bool) -> Outcome {
        let (head, document) = (&self.reader.head, &self.content.document);
        let has_code = document.scalar.number().is_some();
        // One that is cut off or malformed was meant to be one, and what is compressed may be.
        let has_document = head.encoded || document.is_object(DOCUMENT);
        match head.status {
            0..=299 if is_cut_off => Outcome::Unknown,
            429 | 503 if !has_code => Outcome::NotJudged,
            502 | 504 if !has_document => Outcome::NotJudged,
            408 | 500..=599 if !has_code => Outcome::Unknown,
            // What stands in front of a site refuses cookies that are too long, by a page or without a word.
            400 | 413 | 431 if self.has_cookies && (self.received == 0 || self.content.is_html()) => {
                Outcome::CookiesRefused
            }
            _ => Outcome::Refused,
        }
    }

    //= 6265bis-5.3-any-status
    /// Lets the cookies of the reply into the session.
    #[inline(always)] // or it would take a place of its own on the stack
    pub(crate) fn commit_cookies(&mut self, session: &mut Session<'_>) {
        let date = self.reader.head.date;
        session.jar.commit(session.now, date);
        session.note_date(date);
    }

    /// How much memory is enough for what the head has needed and for all that has come of the body.
    pub(crate) fn needed_for_texts(&self) -> usize {
        self.needed.saturating_add(self.received) // a body may be longer than a usize says
    }

    /// The failure that the memory is smaller than this.
    pub(crate) fn too_small(&mut self, needed: usize) -> Failure {
        self.needed = needed;
        Failure::MEMORY_TOO_SMALL
    }

    //= 9112-6.3-close-and-discard
    #[inline(never)]
    pub(crate) fn fail(&mut self, session: &mut Session<'_>, failure: Failure, is_cut_off: bool) -> Failure {
        self.state = self.state.after(Event::Fail).unwrap_or(State::Failed);
        session.jar.wipe_rest();
        if failure != Failure::MEMORY_TOO_SMALL {
            self.needed = 0;
        }
        if self.kind.is_sign_in {
            session.attempts.end(self.outcome(is_cut_off), 0);
        }
        failure
    }
}
