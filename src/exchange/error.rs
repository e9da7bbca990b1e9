//! What can go wrong in an exchange: by a call that does not fit, or by the reply.

use core::fmt;

use crate::http::error::Malformed;
use crate::json::error::DocumentError;
use crate::text::fault::Fault;

/// A call that does not fit the exchange it was made on. The exchange and the session are as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Misuse {
    /// The exchange's [state](crate::State) does not allow it.
    OutOfTurn,
    /// The session is not the one the exchange began with, or has begun another exchange or been cleared since.
    OtherSession,
    /// `fill` was given a buffer of no bytes.
    EmptyBuffer,
    /// A login's result was asked of an exchange that is no login.
    NotALogin,
    /// A call's result was asked of an exchange that is none.
    NotACall,
    /// A token's result was asked of an exchange that asks for none.
    NotATokenRequest,
}

impl Misuse {
    /// Whose fault it is: always the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Misuse::OutOfTurn => "the exchange is not in a state that allows this call",
            Misuse::OtherSession => "the exchange does not belong to this session, or to its present",
            Misuse::EmptyBuffer => "the buffer to fill has no room for a single byte",
            Misuse::NotALogin => "the exchange is not a login",
            Misuse::NotACall => "the exchange is not a call",
            Misuse::NotATokenRequest => "the exchange does not ask for a token",
        })
    }
}

impl core::error::Error for Misuse {}

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

/// A [`ReplyError`](crate::ReplyError) on its way to the caller, small enough for a register.
#[derive(Clone, Copy)]
pub(crate) enum Failure {
    Misuse(Misuse),
    /// [`Exchange::memory_needed`](crate::Exchange::memory_needed) says how much it takes.
    MemoryTooSmall,
    ClosedEarly,
    HeadTooLarge,
    Malformed(Malformed),
    ContentEncoding,
    Document(DocumentError),
}

impl From<Misuse> for Failure {
    fn from(misuse: Misuse) -> Self {
        Failure::Misuse(misuse)
    }
}

impl From<Malformed> for Failure {
    fn from(what: Malformed) -> Self {
        Failure::Malformed(what)
    }
}

impl From<DocumentError> for Failure {
    fn from(what: DocumentError) -> Self {
        Failure::Document(what)
    }
}
