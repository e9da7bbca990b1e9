//! The whole of a reply: its head line by line, then its body.

use core::ops::Range;

use super::body::{Body, Piece};
use super::head::{Field, Head};
use super::line::{Ended, Kind, Line};
use crate::error::{Malformed, ReplyError};

/// Reads one reply and says piece by piece what it finds.
pub(crate) struct Reader {
    phase: Phase,
    line: Line,
    pub head: Head,
    body: Body,
    /// How many bytes of lines have come since the start of the reply, or since the last data of its body.
    overhead: usize,
    request_was_head: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    StatusLine,
    Fields,
    Body,
    Trailers,
    Done,
}

/// What the reader has found.
pub(crate) enum Found {
    /// Nothing yet.
    Nothing,
    /// A field of interest, as [`Ended::Field`] has it.
    Field { field: Field, value: Range<usize> },
    /// An interim reply (1xx) has ended; what it said does not count (RFC 9110, 15.2).
    Interim,
    /// The head is complete.
    Head,
    /// This range of the input is a piece of the body.
    Body(Range<usize>),
}

impl Reader {
    pub(crate) const fn new(request_was_head: bool) -> Self {
        Reader {
            phase: Phase::StatusLine,
            line: Line::new(),
            head: Head::new(),
            body: Body::ToClose,
            overhead: 0,
            request_was_head,
        }
    }

    /// Whether the reply is complete.
    pub(crate) fn is_done(&self) -> bool {
        self.phase == Phase::Done
    }

    /// Whether the head of the final reply is complete.
    pub(crate) fn has_head(&self) -> bool {
        !matches!(self.phase, Phase::StatusLine | Phase::Fields)
    }

    /// Whether the connection may serve the next request, now that the reply is complete.
    pub(crate) fn keeps_alive(&self) -> bool {
        self.is_done() && self.head.keeps_alive() && !matches!(self.body, Body::ToClose)
    }

    /// The peer has closed the connection: is the reply complete?
    pub(crate) fn close(&mut self) -> bool {
        if self.phase == Phase::Body && matches!(self.body, Body::ToClose) {
            self.phase = Phase::Done;
        }
        self.is_done()
    }

    /// Reads on until it finds something or the input ends; returns how much of the input it took. A value of
    /// interest is kept in `memory` from `at` on.
    pub(crate) fn read(
        &mut self,
        input: &[u8],
        memory: &mut [u8],
        at: usize,
        wanted: Option<&str>,
        limit: usize,
    ) -> Result<(usize, Found), ReplyError> {
        let mut consumed = 0;
        while let Some(rest) = input.get(consumed..).filter(|rest| !rest.is_empty()) {
            if self.phase == Phase::Body {
                let piece = self.body.take(rest)?;
                if self.body.is_over() {
                    self.phase = Phase::Done;
                } else if self.body.is_at_trailers() {
                    self.phase = Phase::Trailers;
                }
                if let Piece::Data(len) = piece {
                    self.overhead = 0;
                    let data = consumed..consumed + len;
                    return Ok((data.end, Found::Body(data)));
                }
                consumed += 1;
                self.count(limit)?;
            } else {
                let byte = rest.first().copied().unwrap_or_default();
                consumed += 1;
                self.count(limit)?;
                let found = self.line(byte, memory, at, wanted)?;
                if !matches!(found, Found::Nothing) || self.is_done() {
                    return Ok((consumed, found));
                }
            }
        }
        Ok((consumed, Found::Nothing))
    }

    /// Counts a byte that is not of the body.
    fn count(&mut self, limit: usize) -> Result<(), ReplyError> {
        self.overhead += 1;
        if self.overhead > limit { Err(ReplyError::HeadTooLarge) } else { Ok(()) }
    }

    /// Takes a byte of a line.
    fn line(&mut self, byte: u8, memory: &mut [u8], at: usize, wanted: Option<&str>) -> Result<Found, Malformed> {
        let kind = match self.phase {
            Phase::StatusLine => Kind::Status,
            Phase::Trailers => Kind::Trailer,
            _ => Kind::Field,
        };
        let Some(ended) = self.line.push(kind, byte, memory, at, wanted)? else {
            return Ok(Found::Nothing);
        };
        match ended {
            Ended::Status { http_10, status } => {
                self.head.http_10 = http_10;
                self.head.status = status;
                self.phase = Phase::Fields;
            }
            Ended::Field { field, value } => {
                return Ok(Found::Field { field, value });
            }
            Ended::Skipped => {}
            Ended::Empty if self.phase == Phase::Trailers => self.phase = Phase::Done,
            Ended::Empty => return self.end_of_head(),
        }
        Ok(Found::Nothing)
    }

    fn end_of_head(&mut self) -> Result<Found, Malformed> {
        match self.head.status {
            101 => Err(Malformed::SwitchingProtocols),
            100..=199 => {
                self.head = Head::new();
                self.phase = Phase::StatusLine;
                Ok(Found::Interim)
            }
            _ => {
                self.body = self.head.body(self.request_was_head)?;
                self.phase = if self.body.is_over() { Phase::Done } else { Phase::Body };
                Ok(Found::Head)
            }
        }
    }
}
