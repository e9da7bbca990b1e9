//! Whose fault an error is, and the error that has no room of its own. Each room has the errors of what it does.
//!
//! An answer of the site that is not the wished-for one is no error: see [`Verdict`](crate::Verdict).

use crate::text::numbered::display;

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Fault {
    /// Ours: a wrong argument, a call out of turn, too little memory. The program has to change.
    Caller,
    /// Theirs: the peer broke the protocol or the connection. The program may try again.
    Peer,
}

/// The texts of what several rooms can find.
#[cfg(feature = "texts")]
pub(crate) const BUFFER_TOO_SMALL: &str = "the buffer is too small; give a larger one";
#[cfg(feature = "texts")]
pub(crate) const MEMORY_TOO_SMALL: &str = "the session's memory is too small; give it more";

/// The output does not fit into the buffer, which was left as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BufferTooSmall {
    /// How many bytes it takes.
    pub needed: usize,
}

impl BufferTooSmall {
    /// Whose fault it is: the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }

    /// What is wrong, in a sentence, for people.
    #[cfg(feature = "texts")]
    pub const fn text(&self) -> &'static str {
        BUFFER_TOO_SMALL
    }

    #[cfg(feature = "texts")]
    const fn needed(&self) -> Option<usize> {
        Some(self.needed)
    }
}

display!(BufferTooSmall, Self::needed);

impl core::error::Error for BufferTooSmall {}
