//! An exchange that someone else's HTTP client makes: the parts of its request, and its reply in parts.

use super::error::{Failure, Misuse, ReplyError};
use super::state::{Event, State};
use super::{Exchange, Own};
use crate::cookie::jar::{MAX_COOKIES, VALUE_GAP};
use crate::http::known_fields::Field;
use crate::request::{NO_LENGTH, Request, Source};
use crate::session::Session;
use crate::session::authorization_lines::Lines;
use crate::text::bytes::has_controls;
use crate::text::fault::BufferTooSmall;
use crate::text::template::Slot;

/// A part of a request, for [`Exchange::request_part`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestPart {
    /// The method.
    Method,
    /// The request target (RFC 9112, 3.2.1): base path, runtime prefix, path and query, percent-encoded. Behind scheme, host
    /// and port of the site, or for a token of the identity service, it is the URL.
    Target,
    /// Each field as `name: value` with CR LF, but `Host` and `Content-Length`, which the client writes itself.
    Fields,
    /// The body, but for one that the caller sends itself.
    Body,
}

impl Exchange<'_> {
    /// For someone else's HTTP client: writes a part of the request, and returns how many bytes it is. Fields and
    /// body are secret. Of a sign-in of which they are taken the session takes note that it goes out ([`Session::sign_in_delay`]).
    ///
    /// Let that client follow no redirect and keep no cookies. The reply comes by [`feed_field`](Exchange::feed_field),
    /// [`end_head`](Exchange::end_head), [`feed`](Exchange::feed) and [`close`](Exchange::close); or, from one that hands out
    /// its bytes as they came over HTTP/1.x, head and framing included, by the last two alone.
    ///
    /// ```
    /// use creatio_auth::{Call, Path, RequestPart, Runtime, Session, Site};
    ///
    /// let site = Site::parse("https://crm.example.com/base", Runtime::NetFramework)?;
    /// let mut memory = [0; 4096];
    /// let mut session = Session::new(site, &mut memory);
    /// let query = [("$top", "3")];
    /// let mut exchange = session.call(&Call::get(Path::site("/odata/Contact")?).with_query(&query));
    ///
    /// let mut target = [0; 64];
    /// let len = exchange.request_part(&mut session, RequestPart::Target, &mut target)?;
    /// assert_eq!(&target[..len], b"/base/0/odata/Contact?$top=3");
    ///
    /// // The reply, as the client hands it out.
    /// exchange.feed_field(&mut session, b"set-cookie", b"BPMSESSIONID=abc; path=/")?;
    /// exchange.end_head(&mut session, 200)?;
    /// assert_eq!(exchange.feed(&mut session, b"{}")?.body, b"{}");
    /// exchange.close(&mut session)?;
    /// assert_eq!(exchange.call_result(&session)?.http_status, 200);
    /// assert_eq!(session.cookies().count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] says how many bytes it takes; `out` is as it was. For another session than its own it is nothing.
    pub fn request_part(
        &mut self,
        session: &mut Session<'_>,
        part: RequestPart,
        out: &mut [u8],
    ) -> Result<usize, BufferTooSmall> {
        self.request_part_for_c(session, part, out)
    }

    /// As [`Exchange::request_part`], for C.
    #[doc(hidden)]
    pub fn request_part_for_c<S: Slot>(
        &mut self,
        session: &mut Session<'_>,
        part: RequestPart,
        out: &mut [S],
    ) -> Result<usize, BufferTooSmall> {
        if self.check(session).is_err() {
            return Ok(0);
        }
        let context = self.context(session);
        let form = self.kind.form;
        let source =
            Source { lines: Lines { session, context: &context }, request: &self.request, form, body_len: NO_LENGTH };
        let template = match part {
            RequestPart::Method => form.template.method(),
            RequestPart::Target => form.template.target(),
            RequestPart::Fields => form.template.fields(),
            RequestPart::Body => form.template.body(),
        };
        let written = template.write_whole(&source, out)?;
        if matches!(part, RequestPart::Fields | RequestPart::Body) {
            self.note_sign_in(session);
        }
        Ok(written)
    }

    /// Takes a field of the reply from someone else's HTTP client, which has read the reply's lines itself; white space
    /// around the value, the end of its line too, is none of it. Each `Set-Cookie` is one field: of several that were joined
    /// by commas nobody can tell where one ends. One that was folded is to be given whole.
    ///
    /// What frames the body, or says how it is coded, is that client's business and changes nothing here. A value that holds
    /// a control character counts as not there.
    ///
    /// # Errors
    ///
    /// As [`Exchange::feed`]; [`Misuse::OutOfTurn`] where lines of the reply have been fed, or its head is complete.
    pub fn feed_field(&mut self, session: &mut Session<'_>, name: &[u8], value: &[u8]) -> Result<(), ReplyError> {
        self.feed_field_for_c(session, name, value).map_err(|failure| failure.error(self.needed))
    }

    /// As [`Exchange::feed_field`], with the error as C has it.
    #[doc(hidden)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "two slices, and then a field within the limit of a head behind the cookies"
    )]
    pub fn feed_field_for_c(&mut self, session: &mut Session<'_>, name: &[u8], value: &[u8]) -> Result<(), Failure> {
        self.begin_part(session)?;
        let value = value.trim_ascii();
        self.reader.overhead = self.reader.overhead.saturating_add(name.len() + value.len());
        if self.reader.overhead > session.head_limit {
            return Err(self.fail(session, Failure::HEAD_TOO_LARGE, false));
        }
        let mut field = Field::of(name, self.request.wanted_field());
        if let Some(known) = field.filter(|field| field.is_of_the_connection()) {
            let is_wanted = matches!(&self.request, Request::Call(call, _) if call.wants(known));
            field = is_wanted.then_some(Field::Wanted);
        }
        let Some(field) = field.filter(|_| !has_controls(value)) else { return Ok(()) };
        let room = self.room(session);
        if let Some(ended) = session.jar.ended {
            (0..MAX_COOKIES).for_each(|_| (ended.give_way)(&mut session.jar, VALUE_GAP + value.len(), room));
        }
        let at = session.jar.staged_end() + VALUE_GAP;
        if at + value.len() <= room {
            session.jar.put(at, value);
            session.jar.note(at + value.len());
        }
        self.reader.len = value.len();
        self.field(session, field).map_err(|failure| self.fail(session, failure, false))
    }

    /// Tells that someone else's HTTP client has given all fields of the reply, and its status. What is
    /// [fed](Exchange::feed) from then on is the body, as that client hands it out: without its framing, and not compressed
    /// any more. Its end is told by [`close`](Exchange::close); that of one that was cut off is not to be told.
    ///
    /// After an interim reply (1xx), if the client gives it, come the fields of the next one.
    ///
    /// # Errors
    ///
    /// As [`Exchange::feed_field`].
    pub fn end_head(&mut self, session: &mut Session<'_>, status: u16) -> Result<(), ReplyError> {
        self.end_head_for_c(session, status).map_err(|failure| failure.error(self.needed))
    }

    /// As [`Exchange::end_head`], with the error as C has it.
    #[doc(hidden)]
    pub fn end_head_for_c(&mut self, session: &mut Session<'_>, status: u16) -> Result<(), Failure> {
        self.begin_part(session)?;
        self.reader.overhead = self.reader.overhead.saturating_add(1);
        self.reader.head.status = status;
        let mut result = self.head(session);
        if !self.reader.has_head() {
            self.own = Own::NEW; // its fields came before it was known to be an interim reply
        }
        if result.is_ok() && self.reader.is_done() {
            result = self.complete(session);
        }
        result.map_err(|failure| self.fail(session, failure, false))
    }

    /// Whether a part of the reply may come that has been read by another.
    fn begin_part(&mut self, session: &mut Session<'_>) -> Result<(), Failure> {
        self.check(session)?;
        self.state.after(Event::Feed)?;
        if !self.reader.is_at_start() {
            return Err(Misuse::OutOfTurn.into());
        }
        self.note_sign_in(session);
        self.state = State::Receiving; // whoever hands over parts of a reply has sent the request
        Ok(())
    }
}
