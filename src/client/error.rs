//! Why a client gave up.

use core::fmt;

use super::sign_in::Refusal;
use crate::exchange::error::{Misuse, ReplyError};
use crate::text::fault::Fault;

/// Why a client gave up an exchange. The session is as it was before it, and the connection is closed.
///
/// `E` is the transport's own error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error<E> {
    /// There is no connection to be had.
    Connect(E),
    /// The connection failed. Unless the call was a `GET` or `HEAD`, nobody knows whether the site has done it.
    Transport(E),
    /// There was no good reply. Nobody knows, likewise.
    Reply(ReplyError),
    /// The session had ended, and the site does not let in again; the call was not done. Where that is the
    /// [caller's fault](Error::fault), no later call tries to sign in, for that could lock the account.
    SignIn(Refusal),
    /// The body that was written is shorter or longer than the [call](crate::Call::with_body_of_length) says. The site
    /// has not got all of it.
    BodyLength,
}

impl<E> Error<E> {
    /// Whose fault it is.
    pub const fn fault(&self) -> Fault {
        match self {
            Error::Connect(_) | Error::Transport(_) => Fault::Peer,
            Error::Reply(error) => error.fault(),
            Error::SignIn(refusal) if !refusal.is_final() => Fault::Peer,
            Error::SignIn(_) | Error::BodyLength => Fault::Caller,
        }
    }
}

impl<E: fmt::Display> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Connect(error) => write!(f, "no connection: {error}"),
            Error::Transport(error) => write!(f, "the connection failed: {error}"),
            Error::Reply(error) => error.fmt(f),
            Error::SignIn(refusal) => write!(f, "not signed in again: {refusal}"),
            Error::BodyLength => f.write_str("the body is not as long as the call says"),
        }
    }
}

impl<E: core::error::Error> core::error::Error for Error<E> {}

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
