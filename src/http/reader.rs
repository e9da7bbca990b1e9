//! The whole of a reply: its head line by line, then its body.

use super::body::Body;
use super::error::Malformed;
use super::head::Head;
use super::known_fields::Field;
use super::line::{Line, Part};

/// Reads one reply and says piece by piece what it finds.
#[repr(C)] // as in the exchange
pub(crate) struct Reader {
    line: Line,
    /// How many bytes of lines have come, without those that its data are [worth](Reader::count_data).
    pub overhead: usize,
    /// The length of what has been found.
    pub len: usize,
    pub head: Head,
    body: Body,
}

/// What the reader has found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing, and the input is at its end; or a field that does not count; or the end of the reply.
    Nothing,
    /// A field of interest. Its value, white space around it included, has [`Reader::len`] bytes.
    Field(Field),
    /// The empty line at the end of a head, which is [`end_head`](Reader::end_head)'s.
    Head,
    /// A piece of the body.
    Body,
}

impl Reader {
    /// Nothing has come. It is all zeros, which take no place in the flash.
    pub(crate) const NEW: Self = Reader { line: Line::NEW, overhead: 0, len: 0, head: Head::NEW, body: Body::AHEAD };

    /// The beginning of the name of the field at which lines were read last.
    pub(crate) fn field_name(&self) -> &[u8] {
        self.line.name()
    }

    /// Whether the reply is complete.
    pub(crate) fn is_done(&self) -> bool {
        self.body.is_over()
    }

    /// Whether anything of a reply has come.
    pub(crate) fn has_begun(&self) -> bool {
        self.overhead > 0 || self.has_head()
    }

    /// Whether what comes next is the first line of a reply.
    pub(crate) fn is_at_start(&self) -> bool {
        self.body.is_ahead() && self.line.is_at_start()
    }

    /// Whether the head of the final reply is complete.
    pub(crate) fn has_head(&self) -> bool {
        !self.body.is_ahead()
    }

    /// Whether the connection may serve the next request, now that the reply is complete.
    pub(crate) fn keeps_alive(&self) -> bool {
        self.is_done() && self.head.keeps_alive()
    }

    /// How many bytes of a value may stand in the memory since lines were read last, also after an error.
    pub(crate) fn value_len(&self) -> usize {
        self.len.max(self.line.len)
    }

    /// Whether a byte stands for itself in the middle of a value, where one comes next.
    #[inline(always)] // as those below into the one place where they are asked
    pub(crate) fn is_plain_value(&self, byte: u8) -> bool {
        self.line.is_plain_value(byte)
    }

    /// Counts such a byte, which the caller keeps.
    #[inline(always)]
    #[expect(clippy::arithmetic_side_effects, reason = "asked below the limit of a head alone")]
    pub(crate) fn count_value(&mut self) {
        self.overhead += 1;
        self.line.len += 1;
    }

    /// Takes a byte with which nothing is found, of a line that is not kept, or at the end of any, and counts it; false for
    /// any other.
    #[inline(always)]
    #[expect(clippy::arithmetic_side_effects, reason = "asked below the limit of a head alone")]
    pub(crate) fn take_short(&mut self, byte: u8) -> bool {
        let is_taken = self.line.take_plain(byte) || self.line.take_end(byte);
        self.overhead += usize::from(is_taken);
        is_taken
    }

    /// Takes so many bytes, if they are data and not the last of it, where a body comes next.
    #[inline(always)]
    pub(crate) fn take_data(&mut self, len: usize) -> bool {
        let is_taken = self.body.take_data(len);
        if is_taken {
            self.count_data(len);
        }
        is_taken
    }

    /// So many bytes of data have come. What frames them may be long beside them, as of chunks of a byte, but not without end.
    pub(crate) fn count_data(&mut self, len: usize) {
        self.overhead = (self.overhead >> 4).saturating_sub(len) << 4; // each is worth 16, and up to 15 more
    }

    /// Takes a chunk that has come whole, as [`Body::take_chunk`] does.
    #[inline(always)]
    pub(crate) fn take_chunk<'i>(&self, input: &'i [u8]) -> Option<(usize, &'i [u8])> {
        self.body.take_chunk(input)
    }

    /// How many bytes of a value stand in the memory while it comes.
    pub(crate) fn kept_len(&self) -> usize {
        if self.keeps_value() { self.line.len } else { 0 }
    }

    /// Whether what comes is a value of interest.
    pub(crate) fn keeps_value(&self) -> bool {
        self.line.field.is_some()
    }

    /// The peer has closed the connection: is the reply complete?
    pub(crate) fn close(&mut self) -> bool {
        if self.body.is_to_close() {
            self.body.end();
            self.head.close = true;
        }
        self.is_done()
    }

    /// Whether what comes next are lines, which is [`read_lines`](Reader::read_lines)' to read; otherwise it is
    /// [`read_body`](Reader::read_body)'s. What either takes is the caller's to count as overhead.
    pub(crate) fn is_at_lines(&self) -> bool {
        self.body.is_at_lines()
    }

    /// Reads lines until it finds something or the input ends, and takes from the input what it has read. A value of
    /// interest is kept in `value`, as far as that goes; that of the field `wanted` is of interest.
    #[inline(never)]
    pub(crate) fn read_lines(
        &mut self,
        input: &mut &[u8],
        value: &mut [u8],
        wanted: &str,
    ) -> Result<Found, Malformed> {
        self.len = 0;
        while self.line.take(input, if self.keeps_value() { &mut *value } else { &mut [] })? {
            let field = self.line.field.take();
            let (len, part) = (self.line.len, self.line.part);
            if part == Part::Name && !self.line.is_at_end() {
                self.line.note_name(len);
                //= 9112-7.1.2-apart, 9112-7.1.2-no-merge, 9110-6.5.1-no-merge
                // field-line = field-name ":" OWS field-value OWS; of trailers nothing is of interest (RFC 9110, 6.5.1)
                let mut value = Part::StrictValue;
                if self.body.is_ahead() {
                    self.line.field = Field::of(self.line.start(len), wanted);
                    if !self.line.field.is_some_and(Field::frames) {
                        value = Part::Value;
                    }
                }
                self.line.begin(value);
                continue;
            }
            if part == Part::Name && len > 0 {
                return Err(Malformed::FieldName);
            }
            self.line.begin(Part::Name);
            match part {
                Part::Status => self.head.take_status_line(self.line.start(len))?,
                // The empty line that ends the head or the trailers.
                Part::Name => {
                    self.line.note_name(0);
                    if self.body.is_ahead() {
                        return Ok(Found::Head);
                    }
                    self.body.end();
                    break;
                }
                _ => {
                    if let Some(field) = field {
                        self.len = len;
                        // A coding that cannot be read is a coding all the same.
                        let counts = part != Part::SpoiltValue || field == Field::ContentEncoding;
                        return Ok(if counts { Found::Field(field) } else { Found::Nothing });
                    }
                }
            }
        }
        Ok(Found::Nothing)
    }

    /// Reads what frames a body, and takes the data behind it.
    #[inline(always)] // into the one place where it is asked
    pub(crate) fn read_body<'i>(&mut self, input: &mut &'i [u8], data: &mut &'i [u8]) -> Result<Found, Malformed> {
        self.body.take(input, data)?;
        Ok(if data.is_empty() { Found::Nothing } else { Found::Body })
    }

    //= 9110-6-request-known
    /// The head has ended: begins the body, or the next head after an interim reply, which is false.
    pub(crate) fn end_head(&mut self, request_was_head: bool) -> Result<bool, Malformed> {
        match self.head.status {
            101 => return Err(Malformed::SwitchingProtocols),
            //= 9110-15.2-interim
            100..=199 => {
                self.head = Head::NEW;
                self.line.begin(Part::Status);
                return Ok(false);
            }
            _ => self.body = self.head.body(request_was_head)?,
        }
        Ok(true)
    }
}
