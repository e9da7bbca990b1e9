//! Why bytes are no snapshot, and a password cannot go by HTTP Basic.

use core::fmt;

use crate::text::fault::Fault;

/// Why bytes are no snapshot of a session. See [`Session::from_snapshot`](crate::Session::from_snapshot).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SnapshotError {
    /// It is none, or has been altered or cut.
    Altered,
    /// Its format is of a version that this one does not know.
    Version,
    /// It belongs to another site.
    OtherSite,
    /// The memory is too small for its cookies.
    MemoryTooSmall {
        /// How many bytes they take.
        needed: usize,
    },
}

impl SnapshotError {
    /// Whose fault it is: the caller's, who keeps the snapshot.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SnapshotError::Altered => f.write_str("the snapshot has been altered or cut; sign in anew"),
            SnapshotError::Version => f.write_str("the snapshot's version is unknown; sign in anew"),
            SnapshotError::OtherSite => f.write_str("the snapshot belongs to another site; sign in anew"),
            SnapshotError::MemoryTooSmall { needed } => {
                write!(f, "the session's memory is too small: the snapshot takes {needed} bytes")
            }
        }
    }
}

impl core::error::Error for SnapshotError {}

/// Why user name and password cannot go by HTTP Basic. See [`Session::use_basic`](crate::Session::use_basic).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum BasicError {
    /// The user name holds a colon.
    Colon,
    /// The user name or the password holds a control character.
    ControlCharacter,
    /// Both together take more than 64 KiB in base64.
    TooLong,
    /// The session's memory is too small.
    MemoryTooSmall {
        /// How many bytes it takes.
        needed: usize,
    },
}

impl BasicError {
    /// Whose fault it is: always the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl fmt::Display for BasicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BasicError::Colon => f.write_str("the user name holds a colon, which HTTP Basic does not allow"),
            BasicError::ControlCharacter => f.write_str("the user name or the password holds a control character"),
            BasicError::TooLong => f.write_str("user name and password are longer than 64 KiB in base64"),
            BasicError::MemoryTooSmall { needed } => {
                write!(f, "the session's memory is too small: user name and password take {needed} bytes")
            }
        }
    }
}

impl core::error::Error for BasicError {}
