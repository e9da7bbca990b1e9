//! Where a body ends: by its length, by its chunks, or with the connection.

use crate::http::error::Malformed;
use crate::text::number::hex_digit;

/// The framing of a body and how far it has come.
pub(crate) struct Body {
    state: State,
    /// How many bytes are left of the body or of the chunk; the size of a chunk as far as it has come.
    left: usize,
}

/// `chunked-body = *chunk last-chunk trailer-section CRLF` (RFC 9112, 7.1), how far it has come; or another framing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the body: its head has not ended.
    Ahead,
    /// After the last chunk: field lines up to an empty one.
    Trailers,
    /// After the body.
    Over,
    /// Everything until the peer closes the connection.
    ToClose,
    /// So many bytes as are left.
    Length,
    /// Before the first digit of a chunk's size.
    Start,
    Size,
    //= 9110-5.6.3-bws
    /// White space after a size, which is allowed before an extension only.
    SizeSpace,
    Extension,
    /// Inside the quotation marks of an extension's value.
    Quoted,
    /// After a backslash there.
    Escaped,
    SizeCr,
    /// As many bytes of a chunk as are left.
    Data,
    DataEnd,
    DataCr,
}

impl Body {
    pub(crate) const AHEAD: Self = Body { state: State::Ahead, left: 0 };

    pub(crate) const fn to_close() -> Self {
        Body { state: State::ToClose, left: 0 }
    }

    pub(crate) const fn of_length(length: usize) -> Self {
        Body { state: if length > 0 { State::Length } else { State::Over }, left: length }
    }

    pub(crate) const fn chunked() -> Self {
        Body { state: State::Start, left: 0 }
    }

    /// Whether what comes next are lines.
    pub(crate) fn is_at_lines(&self) -> bool {
        matches!(self.state, State::Ahead | State::Trailers)
    }

    pub(crate) fn is_ahead(&self) -> bool {
        self.state == State::Ahead
    }

    pub(crate) fn is_to_close(&self) -> bool {
        self.state == State::ToClose
    }

    /// Takes so many bytes, if they are data and not the last of it; otherwise they are [`take`](Body::take)'s.
    #[inline(always)] // likewise
    pub(crate) fn take_data(&mut self, len: usize) -> bool {
        let is_data = match self.state {
            State::Length | State::Data => self.left > len,
            state => state == State::ToClose,
        };
        if is_data {
            self.left = self.left.wrapping_sub(len); // as there
        }
        is_data
    }

    //= 9112-6.1-chunked, 9112-7.1-decode
    /// Takes a chunk without extensions that has come whole, behind the data of another: how many bytes frame it, and its
    /// data. None where anything else comes, which is [`take`](Body::take)'s; what comes next is the same again.
    #[inline(always)] // likewise
    #[expect(clippy::arithmetic_side_effects, reason = "of what is left, a part of the input")]
    pub(crate) fn take_chunk<'i>(&self, input: &'i [u8]) -> Option<(usize, &'i [u8])> {
        let [b'\r', b'\n', rest @ ..] = input else { return None };
        if self.state != State::DataEnd {
            return None;
        }
        let (mut size, mut framing) = (0, 4);
        // Of no more than 256 MiB, which no sum overflows.
        for byte in rest.iter().take(7) {
            match hex_digit(*byte) {
                _ if *byte == b'\r' => break,
                digit @ ..=15 => size = size << 4 | usize::from(digit),
                _ => return None,
            }
            framing += 1;
        }
        let (head, rest) = input.split_at_checked(framing)?;
        let data = rest.get(..size).filter(|data| head.ends_with(b"\r\n") && !data.is_empty())?;
        Some((framing, data))
    }

    pub(crate) fn is_over(&self) -> bool {
        self.state == State::Over
    }

    /// The connection or the trailers have ended.
    pub(crate) fn end(&mut self) {
        self.state = State::Over;
    }

    //= 9112-6.1-chunked, 9112-7.1-decode
    /// Takes from the input what frames a chunk, and the data behind it: none where the input ends before, or where lines
    /// are to come.
    ///
    /// `chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF`, `chunk-size = 1*HEXDIG`,
    /// `chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )`, `chunk-ext-val = token / quoted-string`
    ///
    /// Of an extension nobody wants to know anything but where it ends, which is at the end of its line; a quotation that
    /// is still open there is refused, since others might look for its end in the lines that follow.
    ///
    /// The states stand in the order in which they mostly follow each other, so that a chunk takes one round.
    #[inline(always)] // into the one place where it is asked
    pub(crate) fn take<'i>(&mut self, input: &mut &'i [u8], data: &mut &'i [u8]) -> Result<(), Malformed> {
        let (mut state, mut left) = (self.state, self.left); // in registers
        let mut next = || {
            let (byte, after) = input.split_first()?;
            *input = after; // also before an error, which comes at the same byte however the input is cut
            Some(*byte)
        };
        'framing: {
            if state == State::DataEnd {
                match next() {
                    Some(b'\r') => state = State::DataCr,
                    //= 9112-8-incomplete
                    Some(_) => return Err(Malformed::ChunkEnd),
                    None => break 'framing, // not covered: it ends with the data before
                }
            }
            if state == State::DataCr {
                match next() {
                    Some(b'\n') => state = State::Start,
                    Some(_) => return Err(Malformed::ChunkEnd),
                    None => break 'framing,
                }
            }
            while matches!(state, State::Start | State::Size) {
                let Some(byte) = next() else { break 'framing };
                state = match (byte, hex_digit(byte)) {
                    (b'\r', _) if state == State::Size => State::SizeCr,
                    //= 9112-7.1-large-sizes
                    (_, digit @ ..=15) if left >> (usize::BITS - 4) == 0 => {
                        left = left << 4 | usize::from(digit);
                        State::Size
                    }
                    (b';', _) if state == State::Size => State::Extension,
                    (b' ' | b'\t', _) if state == State::Size => State::SizeSpace,
                    _ => return Err(Malformed::ChunkSize),
                };
            }
            //= 9112-7.1.1-extensions
            while matches!(state, State::SizeSpace | State::Extension | State::Quoted | State::Escaped) {
                let Some(byte) = next() else { break 'framing };
                state = match byte {
                    b';' if state == State::SizeSpace => State::Extension,
                    b' ' | b'\t' if state == State::SizeSpace => state,
                    _ if state == State::SizeSpace => return Err(Malformed::ChunkSize),
                    b'\r' if state == State::Extension => State::SizeCr,
                    b'\n' => return Err(Malformed::BareLf),
                    b'\r' => return Err(Malformed::ChunkSize),
                    0..=8 | 11..=31 | 127 => return Err(Malformed::ControlCharacter),
                    _ if state == State::Escaped => State::Quoted,
                    b'"' if state == State::Quoted => State::Extension,
                    b'"' => State::Quoted,
                    b'\\' if state == State::Quoted => State::Escaped,
                    _ => state,
                };
            }
            if state == State::SizeCr {
                match next() {
                    Some(b'\n') if left == 0 => state = State::Trailers,
                    Some(b'\n') => state = State::Data,
                    //= 9112-2.2-bare-cr
                    Some(_) => return Err(Malformed::BareCr),
                    None => break 'framing,
                }
            }
        }
        let len = match state {
            State::ToClose => input.len(),
            State::Length | State::Data => input.len().min(left),
            _ => 0,
        };
        (*data, *input) = input.split_at_checked(len).unwrap_or_default();
        left = left.wrapping_sub(len); // which says nothing where the connection ends the body
        if left == 0 {
            state = match state {
                State::Data => State::DataEnd,
                State::Length => State::Over,
                _ => state,
            };
        }
        (self.state, self.left) = (state, left);
        Ok(())
    }
}
