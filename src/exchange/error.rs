//! What can go wrong in an exchange: by a call that does not fit, or by the reply.

use core::num::NonZero;

use crate::http::error::Malformed;
use crate::json::error::DocumentError;
use crate::text::again::Again;
use crate::text::fault::Fault;
use crate::text::numbered::{display, named, numbered};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// The reply's body is longer than the [limit](crate::Session::set_body_limit). Where its document has a fault, too, in the
    /// piece that goes beyond it, which of both is told hangs on how the reply was cut.
    BodyTooLarge,
    /// A login, or a request for a token, was answered with status 200 and a document that cannot be read.
    Document(DocumentError),
}

named!(ReplyError {
    Misuse { .. },
    MemoryTooSmall { .. },
    ClosedEarly,
    HeadTooLarge,
    Malformed { .. },
    ContentEncoding,
    BodyTooLarge,
    Document { .. },
});

impl ReplyError {
    /// Whose fault it is.
    pub const fn fault(&self) -> Fault {
        match self {
            ReplyError::Misuse(_) | ReplyError::MemoryTooSmall { .. } => Fault::Caller,
            _ => Fault::Peer,
        }
    }

    /// Whether the same request may be sent again: after a connection that was cut, where twice does no more than once. All else
    /// would end the same way.
    pub const fn again(&self) -> Again {
        match self {
            ReplyError::ClosedEarly => Again::IfRepeatable,
            _ => Again::No,
        }
    }

    /// The number in the C interface, where it is negative.
    #[doc(hidden)]
    pub const fn number(&self) -> u8 {
        match self {
            ReplyError::Misuse(misuse) => misuse.number(),
            ReplyError::MemoryTooSmall { .. } => 7,
            ReplyError::ClosedEarly => 100,
            ReplyError::HeadTooLarge => 101,
            ReplyError::Malformed(what) => what.number(),
            ReplyError::ContentEncoding => 102,
            ReplyError::BodyTooLarge => 103,
            ReplyError::Document(what) => what.number(),
        }
    }

    /// What is wrong, in a sentence, for people; the [catalogue](crate::catalogue) has its cause and its remedy.
    #[cfg(feature = "texts")]
    pub const fn text(&self) -> &'static str {
        match self {
            ReplyError::Misuse(misuse) => misuse.text(),
            ReplyError::MemoryTooSmall { .. } => crate::text::fault::MEMORY_TOO_SMALL,
            ReplyError::ClosedEarly => {
                "the connection was closed before the reply was complete; whether the site has done it is not known"
            }
            ReplyError::HeadTooLarge => {
                "the reply's head is longer than the limit; is there a Creatio site at this URL?"
            }
            ReplyError::Malformed(what) => what.text(),
            ReplyError::ContentEncoding => {
                "the reply is compressed though nothing asked for it; what stands in between?"
            }
            ReplyError::BodyTooLarge => "the reply's body is longer than the limit",
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

display!(ReplyError, Self::needed);

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

/// A [`ReplyError`](crate::ReplyError) on its way to the caller, small enough for a register: its
/// [number](ReplyError::number). The C interface takes it as it is.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Failure(NonZero<u8>);

impl Failure {
    /// [`Exchange::memory_needed`](crate::Exchange::memory_needed) says how much it takes.
    pub const MEMORY_TOO_SMALL: Self = Self::new(ReplyError::MemoryTooSmall { needed: 0 }.number());
    pub const CLOSED_EARLY: Self = Self::new(ReplyError::ClosedEarly.number());
    pub const HEAD_TOO_LARGE: Self = Self::new(ReplyError::HeadTooLarge.number());
    pub const CONTENT_ENCODING: Self = Self::new(ReplyError::ContentEncoding.number());
    pub const BODY_TOO_LARGE: Self = Self::new(ReplyError::BodyTooLarge.number());

    /// Those that are made here. The others are made of the errors that have their numbers.
    pub const ALL: &[Self] = &[
        Self::MEMORY_TOO_SMALL,
        Self::CLOSED_EARLY,
        Self::HEAD_TOO_LARGE,
        Self::CONTENT_ENCODING,
        Self::BODY_TOO_LARGE,
    ];

    const fn new(number: u8) -> Self {
        match NonZero::new(number) {
            Some(number) => Failure(number),
            None => Failure(NonZero::<u8>::MIN), // not covered: no error has the number 0
        }
    }

    pub const fn number(self) -> u8 {
        self.0.get()
    }

    /// The error, and how much memory is enough where it is too small.
    pub(crate) fn error(self, needed: usize) -> ReplyError {
        let number = self.number();
        match self {
            Self::MEMORY_TOO_SMALL => ReplyError::MemoryTooSmall { needed },
            Self::CLOSED_EARLY => ReplyError::ClosedEarly,
            Self::HEAD_TOO_LARGE => ReplyError::HeadTooLarge,
            Self::CONTENT_ENCODING => ReplyError::ContentEncoding,
            Self::BODY_TOO_LARGE => ReplyError::BodyTooLarge,
            _ => Malformed::of_number(number)
                .map(ReplyError::Malformed)
                .or_else(|| DocumentError::of_number(number).map(ReplyError::Document))
                .unwrap_or_else(|| ReplyError::Misuse(Misuse::of_number(number).unwrap_or(Misuse::OutOfTurn))),
        }
    }
}

impl From<Misuse> for Failure {
    fn from(misuse: Misuse) -> Self {
        Failure::new(misuse.number())
    }
}

impl From<Malformed> for Failure {
    fn from(what: Malformed) -> Self {
        Failure::new(what.number())
    }
}

impl From<DocumentError> for Failure {
    fn from(what: DocumentError) -> Self {
        Failure::new(what.number())
    }
}
