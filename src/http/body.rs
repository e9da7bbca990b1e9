//! Where a body ends: by its length, by its chunks, or with the connection.

use crate::error::Malformed;

/// The framing of a body and how far it has come.
pub(crate) enum Body {
    /// So many bytes are left.
    Length(u64),
    Chunked(Chunk),
    /// Everything until the peer closes the connection.
    ToClose,
}

/// `chunked-body = *chunk last-chunk trailer-section CRLF` (RFC 9112, 7.1), how far it has come.
pub(crate) enum Chunk {
    /// Before the first digit of a size.
    Start,
    Size(u64),
    /// White space after a size, which is allowed before an extension only.
    SizeSpace(u64),
    Extension(u64),
    SizeCr(u64),
    Data(u64),
    DataEnd,
    DataCr,
    /// After the last chunk: field lines up to an empty one.
    Trailers,
}

/// The next piece of a framed body.
pub(crate) enum Piece {
    /// So many bytes at the front of the input belong to the body.
    Data(usize),
    /// One byte at the front of the input belongs to the framing.
    Framing,
}

impl Body {
    pub(crate) const fn length(length: u64) -> Self {
        Body::Length(length)
    }

    pub(crate) const fn chunked() -> Self {
        Body::Chunked(Chunk::Start)
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self, Body::Length(0))
    }

    pub(crate) fn is_at_trailers(&self) -> bool {
        matches!(self, Body::Chunked(Chunk::Trailers))
    }

    /// Looks at the front of the input, which is not empty.
    pub(crate) fn take(&mut self, input: &[u8]) -> Result<Piece, Malformed> {
        match self {
            Body::ToClose => Ok(Piece::Data(input.len())),
            Body::Length(left) => Ok(Piece::Data(up_to(left, input))),
            Body::Chunked(Chunk::Data(left)) => {
                let taken = up_to(left, input);
                if *left == 0 {
                    *self = Body::Chunked(Chunk::DataEnd);
                }
                Ok(Piece::Data(taken))
            }
            Body::Chunked(chunk) => {
                let byte = input.first().copied().unwrap_or_default();
                *chunk = chunk.next(byte)?;
                Ok(Piece::Framing)
            }
        }
    }
}

/// Takes what there is of what is left.
fn up_to(left: &mut u64, input: &[u8]) -> usize {
    let taken = usize::try_from(*left).map_or(input.len(), |left| left.min(input.len()));
    *left -= taken as u64;
    taken
}

impl Chunk {
    fn next(&self, byte: u8) -> Result<Chunk, Malformed> {
        // chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF, chunk-size = 1*HEXDIG
        Ok(match (self, byte) {
            (Chunk::Start, _) => Chunk::Size(hex(byte).ok_or(Malformed::ChunkSize)?),
            (Chunk::Size(size), b'\r') => Chunk::SizeCr(*size),
            (Chunk::Size(size), b';') => Chunk::Extension(*size),
            (Chunk::Size(size), b' ' | b'\t') => Chunk::SizeSpace(*size),
            (Chunk::Size(size), _) => match (hex(byte), size.checked_mul(16)) {
                (Some(digit), Some(size)) => Chunk::Size(size | digit),
                _ => return Err(Malformed::ChunkSize),
            },
            // chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
            (Chunk::SizeSpace(size), b' ' | b'\t') => Chunk::SizeSpace(*size),
            (Chunk::SizeSpace(size), b';') => Chunk::Extension(*size),
            (Chunk::SizeSpace(_), _) => return Err(Malformed::ChunkSize),
            (Chunk::Extension(size), b'\r') => Chunk::SizeCr(*size),
            (Chunk::Extension(_), b'\n') => return Err(Malformed::BareLf),
            (Chunk::Extension(_), 0..=8 | 11..=31 | 127) => return Err(Malformed::ControlCharacter),
            (Chunk::Extension(size), _) => Chunk::Extension(*size),
            (Chunk::SizeCr(0), b'\n') => Chunk::Trailers,
            (Chunk::SizeCr(size), b'\n') => Chunk::Data(*size),
            (Chunk::SizeCr(_), _) => return Err(Malformed::BareCr),
            (Chunk::DataEnd, b'\r') => Chunk::DataCr,
            (Chunk::DataCr, b'\n') => Chunk::Start,
            (Chunk::DataEnd | Chunk::DataCr | Chunk::Data(_) | Chunk::Trailers, _) => {
                return Err(Malformed::ChunkEnd);
            }
        })
    }
}

fn hex(byte: u8) -> Option<u64> {
    char::from(byte).to_digit(16).map(u64::from)
}
