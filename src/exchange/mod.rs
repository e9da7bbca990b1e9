//! One request and its reply.

pub(crate) mod challenge;
pub(crate) mod content;
pub(crate) mod error;
pub(crate) mod foreign;
pub(crate) mod html;
#[cfg(feature = "http-1")]
mod http_1;
pub(crate) mod kept_fields;
pub(crate) mod reply;
mod short;
pub(crate) mod state;

use core::fmt;
use core::ops::Range;

use crate::cookie::record::Context;
use crate::exchange::challenge::Challenged;
use crate::exchange::content::{Content, Sought};
use crate::exchange::error::{Failure, Misuse};
use crate::exchange::kept_fields::Kept;
use crate::exchange::state::{Event, State};
use crate::http::head::Head;
use crate::http::known_fields::Field;
use crate::http::line::MAX_NAME;
use crate::http::reader::Reader;
use crate::request::call::MAX_WANTED_FIELD;
use crate::request::{Form, Request, Source};
use crate::session::attempts::is_good;
use crate::session::authorization_lines::Lines;
use crate::session::{ExchangeId, Session};
use crate::text::template::{Out, Place, Slot};
use crate::text::time::Time;

const _: () = assert!(MAX_WANTED_FIELD <= MAX_NAME);

/// One request and its reply, without any input or output of its own.
///
/// Take the request with [`fill`](Exchange::fill), and send it. Hand what arrives to [`feed`](Exchange::feed), or tell
/// with [`close`](Exchange::close) that the connection is closed. When the reply is complete, the session has what it
/// brought; if anything fails before, the session is as it was. An exchange may be given up at any time. Where someone else's
/// HTTP client sends the request, it is not filled: see [`request_part`](Exchange::request_part).
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
    /// The session knows that this sign-in goes out.
    is_noted: bool,
    /// Cookies have gone with this login.
    has_cookies: bool,
    /// All of the request has been taken.
    is_taken: bool,
    pub(crate) kind: &'static Kind,
    id: ExchangeId,
    /// How much memory the reply has needed so far, from the front.
    pub(crate) needed: usize,
    /// How much of the memory's end is not free.
    pub(crate) reserved: usize,
    /// How many bytes of the reply's body have come.
    pub(crate) received: usize,
    pub(crate) own: Own,
    /// The caller's time at which the exchange began.
    pub(crate) now: Time,
    pub(crate) reader: Reader,
    pub(crate) content: Content,
    pub(crate) request: Request<'c>,
}

/// What is known of the request until a reply comes; then what one kind of exchange has and no other.
pub(crate) enum Own {
    /// Where the next byte of the request comes from, and how long the body is that comes with the head, from the first
    /// [`fill`](Exchange::fill) on.
    Asking(Place, usize),
    /// The fields that a call keeps for the caller.
    Fields(Kept),
    /// What a request for a token has come to, a number of its own.
    Token(u8),
    /// The same of one for the endpoints of an identity service.
    Endpoints(u8),
    /// How many cookies the reply to a login has set.
    SetCookies(u32),
    /// What a Windows login is challenged with.
    Challenged(Challenged),
}

impl Own {
    /// Nothing has been asked. It is all zeros, which take no place in the flash.
    pub(crate) const NEW: Self = Own::Asking(Place::START, 0);

    /// The fields that are kept, for a call.
    pub(crate) fn fields(&mut self) -> Option<&mut Kept> {
        if let Own::Asking(..) = self {
            *self = Own::Fields(Kept::default());
        }
        match self {
            Own::Fields(kept) => Some(kept),
            _ => None, // not covered: a call has nothing else
        }
    }
}

/// What one kind of exchange does in its own way. As functions in a table, so that a program links those of the kinds
/// that it begins, and no others.
// The tables are statics, so that they have names: `cargo xtask size` knows a call through one by the function's place in it.
// In this order no function that takes much of the stack has the same place as one in [`Sought`] or [`Form`].
pub(crate) struct Kind {
    /// How the request is written.
    pub form: &'static Form,
    /// Takes a cookie of the reply, whose field has its value there in the memory.
    pub cookie: fn(&mut Exchange<'_>, &mut Session<'_>, Range<usize>),
    /// What is looked for in the body.
    pub sought: &'static Sought,
    /// Whether it is looked into.
    pub reads_body: fn(&Request<'_>, &Head) -> bool,
    /// Whether the body is no longer than the [limit](Session::set_body_limit).
    pub limits_body: fn(&Exchange<'_>) -> bool,
    /// Whether status 200 says nothing without a document, so that the body is the exchange's alone.
    pub answers_by_document: bool,
    /// Whether it signs in, so that the session is to know what has become of it.
    pub is_sign_in: bool,
    /// Checks the complete reply, and lets the session change.
    pub complete: fn(&mut Exchange<'_>, &mut Session<'_>) -> Result<(), Failure>,
    /// The number of the verdict about the complete exchange, where it is to sign in, as [`is_good`] has it.
    pub verdict: fn(&Exchange<'_>, &Session<'_>) -> Result<u8, Misuse>,
    /// Takes another field of the reply.
    pub field: fn(&mut Exchange<'_>, &mut Session<'_>, Field, Range<usize>) -> Result<(), Failure>,
}

impl Session<'_> {
    #[inline(always)] // so that the exchange is made where it is to be
    pub(crate) fn begin<'c>(
        &mut self,
        kind: &'static Kind,
        request: impl FnOnce() -> Request<'c>, // whose parts need no place on the stack then
    ) -> Exchange<'c> {
        if kind.is_sign_in && self.attempts.take_doubts() {
            self.jar.clear();
        }
        let id = self.next_exchange();
        Exchange {
            state: State::Ready,
            is_noted: false,
            has_cookies: false,
            is_taken: false,
            kind,
            id,
            needed: 0,
            reserved: 0,
            received: 0,
            own: Own::NEW,
            now: self.told,
            reader: Reader::NEW,
            content: Content::NEW,
            request: request(),
        }
    }
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
        self.request_len_for_c::<u8>(session)
    }

    /// As [`Exchange::request_len`], for C.
    #[doc(hidden)]
    pub fn request_len_for_c<S: Slot>(&self, session: &Session<'_>) -> usize {
        if self.check(session).is_err() {
            return 0;
        }
        let context = self.context(session);
        let lines = Lines { session, context: &context };
        let form = self.kind.form;
        let mut source = Source { request: &self.request, form, lines, body_len: 0 };
        source.body_len = form.template.body_len::<S>(&source);
        form.template.len::<S>(&source)
    }

    /// Puts the next bytes of the request into a buffer of any size, and returns how many they are: as many as fit, and
    /// 0 when all have been taken or the reply has come early and no more are wanted.
    ///
    /// It takes time for each byte, not for each buffer. With the first bytes of a sign-in the session takes note that it goes
    /// out ([`Session::sign_in_delay`]): connect before.
    ///
    /// What it gives is secret: the password of a login, or what authorises a call. The buffer is the caller's to wipe.
    ///
    /// # Errors
    ///
    /// [`Misuse`], for a buffer of no bytes too. Nothing has changed then.
    // On a chip, what it takes of the stack is not to be below what takes the reply.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub fn fill(&mut self, session: &mut Session<'_>, out: &mut [u8]) -> Result<usize, Misuse> {
        self.fill_for_c(session, out)
    }

    /// As [`Exchange::fill`], for C.
    #[doc(hidden)]
    pub fn fill_for_c<S: Slot>(&mut self, session: &mut Session<'_>, out: &mut [S]) -> Result<usize, Misuse> {
        self.check(session)?;
        if out.is_empty() {
            return Err(Misuse::EmptyBuffer);
        }
        let next = self.state.after(Event::Fill)?;
        if matches!(next, State::Receiving | State::Done) {
            return Ok(0);
        }
        self.note_sign_in(session);
        let context = self.context(session);
        let lines = Lines { session, context: &context };
        let form = self.kind.form;
        let Own::Asking(place, body_len) = &mut self.own else { return Ok(0) }; // never: no reply has come
        let mut source = Source { request: &self.request, form, lines, body_len: *body_len };
        let is_begun = self.state != State::Ready;
        let at_once = if is_begun { None } else { form.template.write_at_once(&source, out) };
        let written = match at_once {
            Some(written) => {
                self.is_taken = true;
                written
            }
            None => {
                if !is_begun {
                    *body_len = form.template.body_len::<S>(&source);
                    source.body_len = *body_len;
                }
                let mut out = Out::new(out);
                self.is_taken = form.template.write(place, &source, &mut out);
                out.written()
            }
        };
        self.state = if self.is_taken { self.state.after(Event::FillLast).unwrap_or(next) } else { next };
        Ok(written)
    }

    /// Has the session take note, once, that a sign-in goes out.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn note_sign_in(&mut self, session: &mut Session<'_>) {
        if self.kind.is_sign_in && !self.is_noted {
            self.is_noted = true;
            self.has_cookies = matches!(self.request, Request::Login(_)) && session.jar.used() > 0;
            session.attempts.begin();
        }
    }

    /// How many bytes of memory are enough for what has come of the reply, after
    /// [`ReplyError::MemoryTooSmall`](crate::ReplyError::MemoryTooSmall), which says the same; otherwise 0.
    pub fn memory_needed(&self) -> usize {
        if self.state == State::Failed { self.needed } else { 0 }
    }

    /// The name of the field at which the exchange has failed, up to 32 bytes of it: that of the field line that was being
    /// read or, where the fault lies before its name or in it, as much of the name as was good, or the name of the line
    /// before. None before a failure, and where it has nothing to do with a field. It consists of letters, digits and the
    /// other characters of a token (RFC 9110, 5.6.2).
    pub fn failed_field(&self) -> Option<&[u8]> {
        let name = self.reader.field_name();
        (self.state == State::Failed && !name.is_empty()).then_some(name)
    }

    /// The HTTP status code of the reply, as soon as its head is complete: any three digits, though those below 100 and
    /// from 600 on are none of RFC 9110 and never a success.
    pub fn http_status(&self) -> Option<u16> {
        self.reader.has_head().then_some(self.reader.head.status)
    }

    //= 9112-9.3-read-all
    /// Whether the connection may serve another exchange: the reply is complete, its end was marked by more than the
    /// connection's end, the peer keeps the connection open, and all of the request was taken. Bytes that came behind the
    /// end of the reply ([`Fed::consumed`](crate::Fed::consumed)) are a reason to close it all the same.
    pub fn keeps_alive(&self) -> bool {
        self.state == State::Done && self.reader.keeps_alive() && self.is_taken
    }

    //= 9110-9.2.2-no-retry
    /// Whether the request may be sent once more, in an exchange of its own and over a new connection, where the kept
    /// connection that it went over turned out to be closed: nothing of a reply has come, and twice does no more than once.
    /// So it is for `GET`, `HEAD`, a [ping](crate::Call::ping) and a [log-out](crate::Call::logout), for no sign-in, and for nothing else that the site may
    /// have done.
    ///
    /// Not to be asked after a time-out, for the site may be at work, nor where the connection was a new one. But a call that is
    /// [said to be repeatable](crate::Call::with_repeatable) may be sent again in these cases, too, and where a part of the reply has
    /// come.
    pub fn may_be_sent_again(&self) -> bool {
        // In this order: when a reply has come, a call's path may have gone.
        matches!(&self.request, Request::Call(call, _)
            if (call.is_said_to_be_repeatable() || !self.reader.has_begun()) && call.is_repeatable())
    }

    /// Whether the caller has said that the call may be repeated.
    #[cfg(feature = "embedded-io-07")]
    pub(crate) fn is_said_to_be_repeatable(&self) -> bool {
        matches!(&self.request, Request::Call(call, _) if call.is_said_to_be_repeatable())
    }

    /// The body is read for itself, and may be no longer than the session's limit.
    #[cfg(feature = "embedded-io-07")]
    pub(crate) fn limit_body(&mut self) {
        if let Request::Call(call, _) = &mut self.request {
            call.limited_body = true;
        }
    }

    /// `Retry-After` of the reply in seconds, as an answer has it.
    #[doc(hidden)]
    pub fn retry_after(&self) -> Option<u32> {
        self.reader.head.retry_after(self.now)
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
        (self.kind.verdict)(self, session).map(is_good)
    }

    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn check(&self, session: &Session<'_>) -> Result<(), Misuse> {
        if self.id == session.exchange_id() { Ok(()) } else { Err(Misuse::OtherSession) }
    }

    pub(crate) fn check_done(&self) -> Result<(), Misuse> {
        if self.state == State::Done { Ok(()) } else { Err(Misuse::OutOfTurn) }
    }

    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn context<'a>(&self, session: &Session<'a>) -> Context<'a>
    where
        'c: 'a,
    {
        // The same cookies go into all of the request: those that were over when it began are gone.
        let mut context = self.request.context(session);
        context.now = Time::UNKNOWN;
        context
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
