//! Why a client gave up.

use core::fmt;

use embedded_io_07::ErrorKind;

use super::sign_in::Refusal;
use crate::answer::call::CallVerdict;
use crate::exchange::error::{Misuse, ReplyError};
use crate::text::again::Again;
use crate::text::fault::Fault;
#[cfg(feature = "serde")]
use crate::typed::TypedError;

/// Why a client gave up an exchange. The session is as it was before it, and the connection is closed.
///
/// `E` is the transport's own error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error<E> {
    /// There is no connection to be had.
    Connect(E),
    /// The connection failed. Unless the call was a `GET` or `HEAD`, nobody knows whether the site has done it. One that is
    /// [said to be repeatable](crate::Call::with_repeatable) has been sent twice then, if the connection was closed.
    Transport(E),
    /// There was no good reply. Nobody knows, likewise.
    Reply(ReplyError),
    /// The session had ended, or was empty, and the site does not let in; the call was not done, or, where a web page with status
    /// 200 was the sign, nobody knows. The client's `refusal_message` has what the site says.
    /// With [`Refusal::Wait`] a later call tries again, and with [`Refusal::Earlier`] none does.
    SignIn(Refusal),
    /// A page came that speaks of the login, which is a sign that the session had ended, and none that the call was not done: so
    /// the session is signed in again, and the call is not made again.
    NotRepeated,
    /// The body that was written is shorter or longer than the [call](crate::Call::with_body_of_length) says. The site
    /// has not got all of it.
    BodyLength,
    /// The body of the reply, or a record of it, or the link to the next page, is longer than the memory that it was to be read into.
    /// The call was done.
    BodyTooLong {
        /// How much memory it takes.
        needed: Needed,
    },
    /// The body of the reply is no list of records, or not all of one: it is cut off, or is not JSON, or has no array `value`. The
    /// call was done.
    NoList,
    /// The link to the next page did not fit into the session's memory. The call was done.
    LinkCut,
    /// The link to the next page leads to another host or by another scheme, or out of the base path, or is no URL: nobody follows
    /// it. The call was done.
    LinkElsewhere,
    /// The call was not answered well, so that there is no value in its body. Its text is the site's: read the body by hand where
    /// it is wanted.
    Verdict(CallVerdict),
    /// The body, or a record of it, is no value of the type. The call was done.
    #[cfg(feature = "serde")]
    Typed(TypedError),
}

/// How many bytes of memory something takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Needed {
    /// So many.
    Bytes(u64),
    /// More than so many: a body that does not say how long it is was read on to the session's
    /// [limit](crate::Session::set_body_limit), and no further.
    MoreThan(u64),
}

impl fmt::Display for Needed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Needed::Bytes(bytes) => write!(f, "{bytes} bytes"),
            Needed::MoreThan(bytes) => write!(f, "more than {bytes} bytes"),
        }
    }
}

const NOT_REPEATED: &str = "signed in again, but the call is not made again, for nobody knows whether it was done";
const BODY_TOO_LONG: &str = "the body, or a record of it, is longer than the memory for it; give it more";
const NO_LIST: &str =
    "the body is no list of records, or not all of one: it is cut off, is not JSON, or has no array `value`";
const LINK_CUT: &str = "the link to the next page did not fit into the session's memory; give it more";
const LINK_ELSEWHERE: &str = "the link to the next page leads to another host or scheme, or out of the site";
const BODY_LENGTH: &str = "the body is not as long as the call says";

impl<E> Error<E> {
    /// Its name, which stays the same where a text changes: a label for metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            Error::Connect(_) => "Connect",
            Error::Transport(_) => "Transport",
            Error::Reply(error) => error.name(),
            Error::SignIn(_) => "SignIn",
            Error::NotRepeated => "NotRepeated",
            Error::BodyLength => "BodyLength",
            Error::BodyTooLong { .. } => "BodyTooLong",
            Error::NoList => "NoList",
            Error::LinkCut => "LinkCut",
            Error::LinkElsewhere => "LinkElsewhere",
            Error::Verdict(verdict) => verdict.name(),
            #[cfg(feature = "serde")]
            Error::Typed(error) => error.name(),
        }
    }

    /// What is wrong, in a sentence, for people: without what the transport or the site says of it, which `Display` has. The
    /// [catalogue](crate::catalogue) has its cause and its remedy.
    #[cfg(feature = "texts")]
    pub const fn text(&self) -> &'static str {
        match self {
            Error::Connect(_) => "no connection",
            Error::Transport(_) => "the connection failed",
            Error::Reply(error) => error.text(),
            Error::SignIn(_) => "not signed in",
            Error::NotRepeated => NOT_REPEATED,
            Error::BodyLength => BODY_LENGTH,
            Error::BodyTooLong { .. } => BODY_TOO_LONG,
            Error::NoList => NO_LIST,
            Error::LinkCut => LINK_CUT,
            Error::LinkElsewhere => LINK_ELSEWHERE,
            Error::Verdict(verdict) => verdict.text(),
            #[cfg(feature = "serde")]
            Error::Typed(error) => error.text(),
        }
    }

    /// Whether the same may be asked again: without a connection nothing has been sent, and of a connection that failed nobody knows.
    pub const fn again(&self) -> Again {
        match self {
            Error::Connect(_) => Again::Yes,
            Error::Transport(_) | Error::NotRepeated => Again::IfRepeatable,
            Error::Reply(error) => error.again(),
            Error::SignIn(refusal) if refusal.is_for_now() => Again::Yes,
            Error::Verdict(verdict) => verdict.again(),
            Error::SignIn(_) | Error::BodyLength | Error::BodyTooLong { .. } => Again::No,
            Error::NoList | Error::LinkCut | Error::LinkElsewhere => Again::No,
            #[cfg(feature = "serde")]
            Error::Typed(_) => Again::No,
        }
    }

    /// Whose fault it is.
    pub const fn fault(&self) -> Fault {
        match self {
            Error::Connect(_) | Error::Transport(_) => Fault::Peer,
            Error::Reply(error) => error.fault(),
            Error::NotRepeated | Error::Verdict(_) | Error::NoList | Error::LinkElsewhere => Fault::Peer,
            #[cfg(feature = "serde")]
            Error::Typed(error) => error.fault(),
            Error::SignIn(refusal) if refusal.is_for_now() => Fault::Peer,
            Error::SignIn(_) | Error::BodyLength | Error::BodyTooLong { .. } | Error::LinkCut => Fault::Caller,
        }
    }
}

impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Connect(error) => write!(f, "no connection: {error}"),
            Error::Transport(error) => write!(f, "the connection failed: {error}"),
            Error::Reply(error) => error.fmt(f),
            Error::SignIn(refusal) => write!(f, "not signed in: {refusal}"),
            Error::NotRepeated => f.write_str(NOT_REPEATED),
            Error::BodyLength => f.write_str(BODY_LENGTH),
            Error::BodyTooLong { needed } => write!(f, "{BODY_TOO_LONG} ({needed})"),
            Error::NoList => f.write_str(NO_LIST),
            Error::LinkCut => f.write_str(LINK_CUT),
            Error::LinkElsewhere => f.write_str(LINK_ELSEWHERE),
            Error::Verdict(verdict) => verdict.fmt(f),
            #[cfg(feature = "serde")]
            Error::Typed(error) => error.fmt(f),
        }
    }
}

/// What the transport says is in the text; the source is what is behind that.
impl<E: core::error::Error> core::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Error::Connect(error) | Error::Transport(error) => error.source(),
            _ => None,
        }
    }
}

/// A reply is an `embedded_io::Read`, and an upload an `embedded_io::Write`.
impl<E: embedded_io_07::Error> embedded_io_07::Error for Error<E> {
    fn kind(&self) -> ErrorKind {
        match self {
            Error::Connect(error) | Error::Transport(error) => error.kind(),
            Error::Reply(ReplyError::ClosedEarly) => ErrorKind::ConnectionAborted,
            Error::Reply(ReplyError::MemoryTooSmall { .. }) | Error::BodyTooLong { .. } | Error::LinkCut => {
                ErrorKind::OutOfMemory
            }
            Error::Reply(error) if error.fault() == Fault::Caller => ErrorKind::InvalidInput,
            Error::Reply(_) => ErrorKind::InvalidData,
            Error::SignIn(_) => ErrorKind::PermissionDenied,
            Error::BodyLength => ErrorKind::InvalidInput,
            Error::NoList | Error::LinkElsewhere => ErrorKind::InvalidData,
            #[cfg(feature = "serde")]
            Error::Typed(_) => ErrorKind::InvalidData,
            Error::NotRepeated | Error::Verdict(_) => ErrorKind::Other,
        }
    }
}

impl<E> From<ReplyError> for Error<E> {
    fn from(error: ReplyError) -> Self {
        Error::Reply(error)
    }
}

impl<E> From<Misuse> for Error<E> {
    fn from(misuse: Misuse) -> Self {
        Error::Reply(misuse.into())
    }
}
