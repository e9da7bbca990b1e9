//! What can go wrong in an exchange: by a call that does not fit, or by the reply.

use crate::http::error::{Malformed, ReadError};
use crate::json::error::DocumentError;
use crate::text::fault::Fault;
use crate::text::numbered::{display, numbered};

// The numbers are those of the C interface, where they are negative.
numbered! {
    /// A call that does not fit the exchange it was made on. The exchange and the session are as they were.
    pub enum Misuse {
        /// The exchange's [state](crate::State) does not allow it.
        OutOfTurn = 3, "the exchange is not in a state that allows the call; this program has a bug";
        /// The session is not the one the exchange began with, or has begun another exchange or been cleared since.
        OtherSession = 4, "the exchange does not belong to the session, or to its present; this program has a bug";
        /// `fill` was given a buffer of no bytes.
        EmptyBuffer = 6, crate::text::fault::BUFFER_TOO_SMALL;
        /// A login's result was asked of an exchange that is no login.
        NotALogin = 5, "the exchange is not a login; this program has a bug";
        /// A call's result was asked of an exchange that is none.
        NotACall = 9, "the exchange is not a call; this program has a bug";
        /// A token's result was asked of an exchange that asks for none.
        NotATokenRequest = 12, "the exchange does not ask for a token; this program has a bug";
    }
}

impl Misuse {
    /// Whose fault it is: always the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
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

    /// What is wrong, in a sentence, for people.
    #[cfg(feature = "texts")]
    pub const fn text(&self) -> &'static str {
        match self {
            ReplyError::Misuse(misuse) => misuse.text(),
            ReplyError::MemoryTooSmall { .. } => crate::text::fault::MEMORY_TOO_SMALL,
            ReplyError::ClosedEarly => "the connection was closed before the reply was complete; try again",
            ReplyError::HeadTooLarge => {
                "the reply's head is longer than the limit; is there a Creatio site at this URL?"
            }
            ReplyError::Malformed(what) => what.text(),
            ReplyError::ContentEncoding => {
                "the reply is compressed though nothing asked for it; what stands in between?"
            }
            ReplyError::Document(what) => what.text(),
        }
    }

    /// How much memory is enough.
    #[cfg(feature = "texts")]
    const fn needed(&self) -> Option<usize> {
        match self {
            ReplyError::MemoryTooSmall { needed } => Some(*needed),
            _ => None,
        }
    }
}

display!(ReplyError, ReplyError::needed);

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

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::HeadTooLarge => Failure::HeadTooLarge,
            ReadError::Malformed(what) => Failure::Malformed(what),
        }
    }
}
