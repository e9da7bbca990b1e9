//! The whole of a reply: its head line by line, then its body.

use super::body::Body;
use super::error::{Malformed, ReadError};
use super::head::{Field, Head, Names};
use super::line::{Byte, Line, Part};

/// Reads one reply and says piece by piece what it finds.
#[repr(C)] // as in the exchange
pub(crate) struct Reader {
    phase: Phase,
    /// The first line cannot be a status line.
    is_no_status: bool,
    request_was_head: bool,
    /// Which field of interest the line may be.
    names: Names,
    line: Line,
    /// How many bytes of lines have come since the start of the reply, or since the last data of its body.
    overhead: usize,
    pub head: Head,
    body: Body,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The status line and the field lines.
    Head,
    Body,
    /// Field lines after a chunked body, of which nothing is of interest (RFC 9110, 6.5.1).
    Trailers,
    Done,
}

/// What the reader has found.
#[derive(Clone, Copy)]
pub(crate) enum Found<'i> {
    /// Nothing, and the input is at its end; or the end of the reply.
    Nothing,
    /// A field of interest. Its value, white space around it included, has so many bytes.
    Field(Field, usize),
    /// An interim reply (1xx) has ended; what it said does not count (RFC 9110, 15.2).
    Interim,
    /// The head is complete.
    Head,
    /// A piece of the body.
    Body(&'i [u8]),
}

impl Reader {
    pub(crate) const fn new(request_was_head: bool) -> Self {
        Reader {
            line: Line::status(),
            names: Names::all(),
            phase: Phase::Head,
            is_no_status: false,
            request_was_head,
            overhead: 0,
            body: Body::to_close(),
            head: Head::new(),
        }
    }

    /// Whether the reply is complete.
    pub(crate) fn is_done(&self) -> bool {
        self.phase == Phase::Done
    }

    /// Whether the head of the final reply is complete.
    pub(crate) fn has_head(&self) -> bool {
        self.phase != Phase::Head
    }

    /// Whether the connection may serve the next request, now that the reply is complete.
    pub(crate) fn keeps_alive(&self) -> bool {
        self.is_done() && self.head.keeps_alive() && !self.body.is_to_close()
    }

    /// How many bytes of the value that is coming may stand in the memory, also after an error.
    pub(crate) fn value_len(&self) -> usize {
        self.line.len
    }

    /// The peer has closed the connection: is the reply complete?
    pub(crate) fn close(&mut self) -> bool {
        if self.phase == Phase::Body && self.body.is_to_close() {
            self.phase = Phase::Done;
        }
        self.is_done()
    }

    /// Reads on until it finds something or the input ends, and takes from the input what it has read. A value of
    /// interest is kept in `value`, as far as that goes; that of the field `wanted` is of interest.
    pub(crate) fn read<'i>(
        &mut self,
        input: &mut &'i [u8],
        value: &mut [u8],
        wanted: &str,
        limit: usize,
    ) -> Result<Found<'i>, ReadError> {
        while let [byte, rest @ ..] = *input {
            let in_body = self.phase == Phase::Body;
            if in_body {
                let taken = self.body.take(*byte, input.len())?;
                if self.body.is_over() {
                    self.phase = Phase::Done;
                } else if self.body.is_at_trailers() {
                    self.phase = Phase::Trailers;
                }
                if let Some((data, rest)) = taken.and_then(|taken| input.split_at_checked(taken)) {
                    self.overhead = 0;
                    *input = rest;
                    return Ok(Found::Body(data));
                }
            }
            *input = rest;
            self.overhead += 1;
            if self.overhead > limit {
                return Err(ReadError::HeadTooLarge);
            }
            if !in_body {
                let found = self.byte_of_line(*byte, value, wanted)?;
                if !matches!(found, Found::Nothing) || self.is_done() {
                    return Ok(found);
                }
            }
        }
        Ok(Found::Nothing)
    }

    fn byte_of_line<'i>(&mut self, byte: u8, value: &mut [u8], wanted: &str) -> Result<Found<'i>, Malformed> {
        let len = self.line.len;
        let end = match self.line.push(byte)? {
            Byte::Cr => return Ok(Found::Nothing),
            Byte::Of(part) => {
                match part {
                    Part::Status => self.is_no_status |= !self.head.fits_status_line(len, byte),
                    Part::Name => self.names.narrow(len, byte, wanted),
                    Part::Value => {
                        let is_kept = self.phase == Phase::Head && self.names.field().is_some();
                        if let Some(place) = value.get_mut(len).filter(|_| is_kept) {
                            *place = byte;
                        }
                    }
                }
                return Ok(Found::Nothing);
            }
            end => end,
        };
        let field = self.names.field();
        self.line = Line::field();
        self.names = Names::all();
        match end {
            Byte::EmptyLine if self.phase == Phase::Head => {
                self.end_of_head()?;
                Ok(if self.has_head() { Found::Head } else { Found::Interim })
            }
            Byte::EmptyLine => {
                self.phase = Phase::Done;
                Ok(Found::Nothing)
            }
            // The space before the reason phrase may be left out.
            Byte::EndOf(Part::Status) if self.is_no_status || len < "HTTP/1.1 200".len() => {
                Err(Malformed::StatusLine)
            }
            Byte::EndOf(Part::Value) if self.phase == Phase::Head => {
                Ok(field.map_or(Found::Nothing, |field| Found::Field(field, len)))
            }
            _ => Ok(Found::Nothing),
        }
    }

    fn end_of_head(&mut self) -> Result<(), Malformed> {
        match self.head.status {
            101 => Err(Malformed::SwitchingProtocols),
            100..=199 => {
                self.head = Head::new();
                self.line = Line::status();
                Ok(())
            }
            _ => {
                self.body = self.head.body(self.request_was_head)?;
                self.phase = if self.body.is_over() { Phase::Done } else { Phase::Body };
                Ok(())
            }
        }
    }
}
