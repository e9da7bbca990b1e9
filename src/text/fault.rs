//! Whose fault an error is, and the error that has no room of its own. Each room has the errors of what it does.
//!
//! An answer of the site that is not the wished-for one is no error: see [`Verdict`](crate::Verdict).

use core::fmt;

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Fault {
    /// Ours: a wrong argument, a call out of turn, too little memory. The program has to change.
    Caller,
    /// Theirs: the peer broke the protocol or the connection. The program may try again.
    Peer,
}

/// The output does not fit into the buffer, which was left as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

impl fmt::Display for BufferTooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the buffer is too small: {} bytes are needed", self.needed)
    }
}

impl core::error::Error for BufferTooSmall {}
