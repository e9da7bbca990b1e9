//! A short way for what comes byte by byte, or in small chunks, where it is in the middle of something: no line, body or reply ends.

use super::Exchange;
use super::error::Failure;
use super::reply::Fed;
use super::state::State;
use crate::cookie::jar::VALUE_GAP;
use crate::session::Session;

impl Exchange<'_> {
    /// What comes byte by byte, or in small chunks, where it can be taken so; a chip has more use for the bytes that this takes.
    #[doc(hidden)]
    #[inline(always)] // or what comes in pieces would pay for it
    #[expect(clippy::arithmetic_side_effects, reason = "the data lie in the input")]
    pub fn feed_short<'i>(&mut self, session: &mut Session<'_>, input: &'i [u8]) -> Option<Result<Fed<'i>, Failure>> {
        let fed = match input {
            _ if cfg!(not(target_pointer_width = "64")) => return None,
            [byte] => match self.feed_byte(session, *byte)? {
                Ok(is_body) => Fed { consumed: 1, body: if is_body { input } else { &[] }, done: false },
                Err(failure) => return Some(Err(failure)),
            },
            [b'\r', ..] => {
                let body = self.feed_chunk(session, input)?;
                let framing = body.as_ptr().addr() - input.as_ptr().addr();
                Fed { consumed: framing + body.len(), body, done: false }
            }
            _ => return None,
        };
        Some(Ok(fed))
    }

    /// Takes a single byte in the middle of a line, or of a body: whether it is a piece of the body that is handed out; none where
    /// there is more to be done.
    #[inline(never)]
    #[expect(clippy::arithmetic_side_effects, reason = "asked below the limit alone")]
    fn feed_byte(&mut self, session: &mut Session<'_>, byte: u8) -> Option<Result<bool, Failure>> {
        if self.state != State::Receiving || self.id != session.exchange_id() {
            return None;
        }
        if self.reader.is_at_lines() {
            return self.feed_byte_of_line(session, byte).then_some(Ok(false));
        }
        if self.received >= session.body_limit || !self.reader.take_data() {
            return None;
        }
        self.received += 1;
        if self.content.passes_over(&[byte]) {
            Some(Ok(self.hands_out_body()))
        } else {
            self.look_into(session, byte)
        }
    }

    #[inline(never)] // so that what has nothing to be done with it takes no stack
    fn look_into(&mut self, session: &mut Session<'_>, byte: u8) -> Option<Result<bool, Failure>> {
        let result = self.body(&[byte], session).map_err(|failure| self.fail(session, failure, false));
        Some(result.map(|()| self.hands_out_body()))
    }

    fn hands_out_body(&self) -> bool {
        !self.kind.answers_by_document
    }

    #[inline(never)]
    #[expect(clippy::arithmetic_side_effects, reason = "what a head adds to the cookies is bounded")]
    fn feed_byte_of_line(&mut self, session: &mut Session<'_>, byte: u8) -> bool {
        if session.jar.ended.is_some() || self.reader.overhead >= session.head_limit {
            false
        } else if self.reader.keeps_value() {
            let (at, room) = (session.jar.staged_end() + VALUE_GAP, self.room(session));
            let is_taken = self.reader.take_plain(byte, session.jar.memory.get_mut(at..room).unwrap_or_default());
            session.jar.note(at + self.reader.kept_len());
            is_taken
        } else {
            self.reader.take_plain(byte, &mut [])
        }
    }

    /// Takes a chunk of a body in which nothing matters, if it has come whole: its data; none where there is more to be
    /// done.
    #[inline(never)]
    fn feed_chunk<'i>(&mut self, session: &Session<'_>, input: &'i [u8]) -> Option<&'i [u8]> {
        if self.state != State::Receiving
            || self.id != session.exchange_id()
            || self.kind.answers_by_document
            || !self.content.passes_over(&[])
        {
            return None;
        }
        let (framing, body) = self.reader.take_chunk(input)?;
        let received = self.received.checked_add(body.len())?;
        if framing > session.head_limit || received > session.body_limit {
            return None;
        }
        self.received = received;
        Some(body)
    }
}
