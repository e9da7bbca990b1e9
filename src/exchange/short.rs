//! A short way for what comes byte by byte, in pieces of data alone, or in small chunks, where it is in the middle of something: no
//! field, body or reply ends.

use super::Exchange;
use super::error::Failure;
use super::reply::{Fed, Short};
use super::state::State;
use crate::cookie::jar::VALUE_GAP;
use crate::session::Session;

impl Exchange<'_> {
    /// What comes byte by byte, in pieces of data alone, or in small chunks, where it can be taken so; a chip has more use for the bytes
    /// that this takes.
    #[doc(hidden)]
    #[inline(always)] // or what comes in pieces would pay for it
    #[expect(clippy::arithmetic_side_effects, reason = "asked below the limit alone")]
    pub fn feed_short<'i>(&mut self, session: &mut Session<'_>, input: &'i [u8]) -> Short<'i> {
        match input {
            _ if cfg!(not(target_pointer_width = "64")) => Short::Nowhere,
            [_, _, ..] => Short::Piece,
            [byte] if self.is_receiving(session) => {
                if self.reader.is_at_lines() {
                    return Short::Line;
                }
                if self.received >= session.body_limit || !self.reader.take_data(1) {
                    return Short::Nowhere;
                }
                self.received += 1;
                if self.kind.answers_by_document || !self.content.passes_over(&[*byte]) {
                    return Short::Data;
                }
                Short::Fed(Fed { consumed: 1, body: input, done: false })
            }
            _ => Short::Nowhere,
        }
    }

    #[inline(always)]
    fn fed<'i>(&self, data: &'i [u8]) -> Fed<'i> {
        Fed { consumed: data.len(), body: if self.kind.answers_by_document { &[] } else { data }, done: false }
    }

    /// Whether it is in the middle of the reply, in a session that is its own for certain.
    #[inline(always)]
    fn is_receiving(&self, session: &Session<'_>) -> bool {
        self.state == State::Receiving && session.is_surely(self.id)
    }

    /// Looks into a byte of data, which [`feed_short`](Exchange::feed_short) has said that it is.
    #[doc(hidden)]
    pub fn look_into<'i>(&mut self, session: &mut Session<'_>, data: &'i [u8]) -> Result<Fed<'i>, Failure> {
        match self.body(data, session) {
            Ok(()) => Ok(self.fed(data)),
            Err(failure) => Err(self.fail(session, failure, false)),
        }
    }

    /// Takes a byte of data in the middle of a document; none where there is more to be done.
    #[doc(hidden)]
    pub fn feed_byte_of_document<'i>(&mut self, session: &mut Session<'_>, data: &'i [u8]) -> Option<Fed<'i>> {
        let [byte] = *data else { return None };
        let room = self.room(session);
        let memory = session.jar.memory.get_mut(..room).unwrap_or_default();
        if !self.content.take(self.kind.sought, byte, memory) {
            return None;
        }
        if self.content.document.is_reading() {
            session.jar.note_here(self.content.document.end());
        }
        Some(self.fed(data))
    }

    /// Takes a byte in the middle of a line; none where there is more to be done.
    #[doc(hidden)]
    #[expect(clippy::arithmetic_side_effects, reason = "what a head adds to the cookies is bounded")]
    pub fn feed_byte_of_line<'i>(&mut self, session: &mut Session<'_>, input: &'i [u8]) -> Option<Fed<'i>> {
        let [byte] = *input else { return None };
        if session.jar.ended.is_some() || self.reader.overhead >= session.head_limit {
            return None;
        }
        if self.reader.keeps_value() && self.reader.is_plain_value(byte) {
            let at = session.jar.staged_end() + VALUE_GAP + self.reader.kept_len();
            let place = session.jar.place_to_write(at, self.reserved)?;
            self.reader.count_value();
            *place = byte;
        } else if !self.reader.take_short(byte) {
            return None;
        }
        Some(Fed { consumed: 1, body: &[], done: false })
    }

    /// Takes a chunk that has come whole, or a piece of data alone, of a body in which nothing matters; none where there is more to be
    /// done.
    #[doc(hidden)]
    #[expect(clippy::arithmetic_side_effects, reason = "what has come of the input")]
    pub fn feed_piece<'i>(&mut self, session: &mut Session<'_>, input: &'i [u8]) -> Option<Fed<'i>> {
        if !self.is_receiving(session) || self.kind.answers_by_document || !self.content.passes_over(&[]) {
            return None;
        }
        if let Some((framing, body)) = self.reader.take_chunk(input) {
            let (overhead, received) = (self.reader.overhead + framing, self.received.checked_add(body.len())?);
            if overhead > session.head_limit || received > session.body_limit {
                return None;
            }
            (self.reader.overhead, self.received) = (overhead, received);
            self.reader.count_data(body.len());
            return Some(Fed { consumed: framing + body.len(), body, done: false });
        }
        let received = self.received.checked_add(input.len())?;
        if received > session.body_limit || !self.reader.take_data(input.len()) {
            return None;
        }
        self.received = received;
        Some(self.fed(input))
    }
}
