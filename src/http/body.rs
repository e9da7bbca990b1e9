//! Where a body ends: by its length, by its chunks, or with the connection.

use crate::http::error::Malformed;

/// The framing of a body and how far it has come.
pub(crate) struct Body {
    state: State,
    /// How many bytes are left of the body or of the chunk; the size of a chunk as far as it has come.
    left: u64,
}

/// `chunked-body = *chunk last-chunk trailer-section CRLF` (RFC 9112, 7.1), how far it has come; or another framing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Everything until the peer closes the connection.
    ToClose,
    /// So many bytes as are left.
    Length,
    /// Before the first digit of a chunk's size.
    Start,
    Size,
    /// White space after a size, which is allowed before an extension only.
    SizeSpace,
    Extension,
    /// Inside the quotation marks of an extension's value.
    Quoted,
    /// After a backslash there.
    Escaped,
    SizeCr,
    Data,
    DataEnd,
    DataCr,
    /// After the last chunk: field lines up to an empty one.
    Trailers,
}

impl Body {
    pub(crate) const fn to_close() -> Self {
        Body { state: State::ToClose, left: 0 }
    }

    pub(crate) const fn of_length(length: u64) -> Self {
        Body { state: State::Length, left: length }
    }

    pub(crate) const fn chunked() -> Self {
        Body { state: State::Start, left: 0 }
    }

    pub(crate) fn is_to_close(&self) -> bool {
        self.state == State::ToClose
    }

    pub(crate) fn is_over(&self) -> bool {
        self.state == State::Length && self.left == 0
    }

    pub(crate) fn is_at_trailers(&self) -> bool {
        self.state == State::Trailers
    }

    /// How many bytes at the front of the input, which begins with `first` and has `len`, belong to the body; none if the
    /// first one belongs to the framing, and has been taken.
    #[inline(never)]
    pub(crate) fn take(&mut self, first: u8, len: usize) -> Result<Option<usize>, Malformed> {
        match self.state {
            State::ToClose => return Ok(Some(len)),
            State::Length | State::Data => {
                let taken = usize::try_from(self.left).map_or(len, |left| left.min(len));
                self.left -= taken as u64;
                if self.state == State::Data && self.left == 0 {
                    self.state = State::DataEnd;
                }
                return Ok(Some(taken));
            }
            _ => {}
        }
        self.state = self.after(first)?;
        Ok(None)
    }

    /// The state after a byte of a chunk's framing:
    /// `chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF`, `chunk-size = 1*HEXDIG`,
    /// `chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )`, `chunk-ext-val = token / quoted-string`
    ///
    /// Of an extension nobody wants to know anything but where it ends, which is at the end of its line; a quotation that
    /// is still open there is refused, since others might look for its end in the lines that follow.
    fn after(&mut self, byte: u8) -> Result<State, Malformed> {
        Ok(match self.state {
            State::Start | State::Size | State::SizeSpace => match byte {
                b'\r' if self.state == State::Size => State::SizeCr,
                b';' if self.state != State::Start => State::Extension,
                b' ' | b'\t' if self.state != State::Start => State::SizeSpace,
                _ => {
                    let may_follow = self.state != State::SizeSpace && self.left >> 60 == 0;
                    let digit = char::from(byte).to_digit(16).filter(|_| may_follow);
                    self.left = self.left << 4 | u64::from(digit.ok_or(Malformed::ChunkSize)?);
                    State::Size
                }
            },
            State::Extension | State::Quoted | State::Escaped => match byte {
                b'\r' if self.state == State::Extension => State::SizeCr,
                b'\n' => return Err(Malformed::BareLf),
                b'\r' => return Err(Malformed::ChunkSize),
                0..=8 | 11..=31 | 127 => return Err(Malformed::ControlCharacter),
                _ if self.state == State::Escaped => State::Quoted,
                b'"' if self.state == State::Quoted => State::Extension,
                b'"' => State::Quoted,
                b'\\' if self.state == State::Quoted => State::Escaped,
                _ => self.state,
            },
            State::SizeCr if byte != b'\n' => return Err(Malformed::BareCr),
            State::SizeCr if self.left == 0 => State::Trailers,
            State::SizeCr => State::Data,
            State::DataEnd if byte == b'\r' => State::DataCr,
            State::DataCr if byte == b'\n' => State::Start,
            _ => return Err(Malformed::ChunkEnd),
        })
    }
}
