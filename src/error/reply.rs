//! What can be wrong with a reply.

use core::fmt;

use super::{Fault, Misuse};

/// Why a reply was given up. The exchange has failed and the session is as it was before it.
///
/// After [`ReplyError::Misuse`] alone nothing has changed and the exchange goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ReplyError {
    /// The call does not fit the exchange.
    Misuse(Misuse),
    /// The session's memory is too small for the cookies, the field lines or the token of this reply.
    MemoryTooSmall {
        /// How many bytes of memory are enough for what has come of this reply. Fewer may be, too: of what did not fit,
        /// not everything is known. Where not even the head of a reply with a token fitted, the token may take another
        /// round.
        needed: usize,
    },
    /// The connection was closed in the middle of the reply, or before it.
    ClosedEarly,
    /// The reply's head is longer than the [limit](crate::Session::set_head_limit).
    HeadTooLarge,
    /// The reply is not HTTP/1.x as RFC 9112 has it.
    Malformed(Malformed),
    /// The body is compressed, which no request asked for.
    ContentEncoding,
    /// A login, or a request for a token, was answered with status 200 and a document that cannot be read.
    Document(DocumentError),
}

impl ReplyError {
    /// Whose fault it is.
    pub const fn fault(&self) -> Fault {
        match self {
            ReplyError::Misuse(_) | ReplyError::MemoryTooSmall { .. } => Fault::Caller,
            _ => Fault::Peer,
        }
    }
}

impl fmt::Display for ReplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReplyError::Misuse(misuse) => misuse.fmt(f),
            ReplyError::MemoryTooSmall { needed } => {
                write!(f, "the session's memory is too small: this reply takes {needed} bytes")
            }
            ReplyError::ClosedEarly => f.write_str("the connection was closed before the reply was complete"),
            ReplyError::HeadTooLarge => f.write_str("the reply's head is longer than the limit"),
            ReplyError::Malformed(what) => what.fmt(f),
            ReplyError::ContentEncoding => f.write_str("the reply is compressed though nothing asked for it"),
            ReplyError::Document(what) => what.fmt(f),
        }
    }
}

impl core::error::Error for ReplyError {}

impl From<Misuse> for ReplyError {
    fn from(misuse: Misuse) -> Self {
        ReplyError::Misuse(misuse)
    }
}

impl From<Malformed> for ReplyError {
    fn from(what: Malformed) -> Self {
        ReplyError::Malformed(what)
    }
}

impl From<DocumentError> for ReplyError {
    fn from(what: DocumentError) -> Self {
        ReplyError::Document(what)
    }
}

/// What about a reply is not HTTP/1.x (RFC 9112). Lenient readers disagree on these, and request smuggling
/// begins there, so each ends the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Malformed {
    /// The first line is no status line of HTTP/1.0 or HTTP/1.1.
    StatusLine,
    /// A field line has no name, a malformed name, or no colon right after it.
    FieldName,
    /// A line holds NUL or another control character.
    ControlCharacter,
    /// A CR without LF after it.
    BareCr,
    /// An LF without CR before it.
    BareLf,
    /// A field line that goes on in the next (RFC 9112, 5.2).
    ObsoleteFolding,
    /// `Content-Length` is not one decimal number, or is given twice.
    ContentLength,
    /// `Transfer-Encoding` is anything but `chunked` once, or comes with HTTP/1.0.
    TransferEncoding,
    /// `Content-Length` and `Transfer-Encoding` together.
    LengthAndChunked,
    /// A chunk does not begin with its size in hexadecimal digits, or its size is beyond 64 bits, or a quotation behind it
    /// has no end in its line.
    ChunkSize,
    /// A chunk does not end where its size says.
    ChunkEnd,
    /// `101 Switching Protocols`, which no request asked for.
    SwitchingProtocols,
}

impl Malformed {
    /// What is wrong, in a sentence, for people.
    pub const fn text(&self) -> &'static str {
        match self {
            Malformed::StatusLine => {
                "malformed reply: no status line of HTTP/1.0 or HTTP/1.1; is it https that is spoken there?"
            }
            Malformed::FieldName => "malformed reply: a field line without a proper name",
            Malformed::ControlCharacter => "malformed reply: a control character in a line",
            Malformed::BareCr => "malformed reply: CR without LF",
            Malformed::BareLf => "malformed reply: LF without CR",
            Malformed::ObsoleteFolding => "malformed reply: a folded field line",
            Malformed::ContentLength => "malformed reply: Content-Length is no single number",
            Malformed::TransferEncoding => "malformed reply: a Transfer-Encoding other than chunked",
            Malformed::LengthAndChunked => "malformed reply: Content-Length and Transfer-Encoding together",
            Malformed::ChunkSize => "malformed reply: a bad chunk size",
            Malformed::ChunkEnd => "malformed reply: a chunk does not end where its size says",
            Malformed::SwitchingProtocols => "malformed reply: an unasked switch of protocols",
        }
    }
}

/// The [text](Malformed::text).
impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl core::error::Error for Malformed {}

/// Why a document cannot be read: the answer to a login or to a request for a token, or a body that the module `typed`
/// reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum DocumentError {
    /// It is not JSON in UTF-8 (RFC 8259). A byte order mark before it is allowed.
    NotJson,
    /// It ends before its end.
    CutOff,
    /// Objects and arrays are nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
    TooDeep,
    /// It is JSON, but no object.
    NotAnObject,
    /// A member that matters stands in it twice.
    Doubled,
    /// The answer to a login has no `Code`.
    NoCode,
    /// Its `Code` is no whole number of 32 bits in plain digits; `0.0`, `0e0` and `-0` are none.
    Code,
}

impl DocumentError {
    /// What is wrong, in a sentence, for people.
    pub const fn text(&self) -> &'static str {
        match self {
            DocumentError::NotJson => "the answer to the sign-in is not JSON; is there a Creatio site at this URL?",
            DocumentError::CutOff => "the answer to the sign-in is cut off; is there a Creatio site at this URL?",
            DocumentError::TooDeep => {
                "the answer to the sign-in is nested too deeply; is there a Creatio site at this URL?"
            }
            DocumentError::NotAnObject => {
                "the answer to the sign-in is no JSON object; is there a Creatio site at this URL?"
            }
            DocumentError::Doubled => {
                "the answer to the sign-in has a member twice; is there a Creatio site at this URL?"
            }
            DocumentError::NoCode => "the answer to the login has no Code; is there a Creatio site at this URL?",
            DocumentError::Code => {
                "the answer to the login has a Code that is no whole number; is there a Creatio site at this URL?"
            }
        }
    }
}

/// The [text](DocumentError::text).
impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl core::error::Error for DocumentError {}
