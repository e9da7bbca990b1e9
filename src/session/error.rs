//! Why bytes are no snapshot, and a password cannot go by HTTP Basic.

use crate::text::fault::Fault;
use crate::text::numbered::display;

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

    /// What is wrong, in a sentence, for people.
    #[cfg(feature = "texts")]
    pub const fn text(&self) -> &'static str {
        match self {
            SnapshotError::Altered => "the snapshot has been altered or cut; sign in anew",
            SnapshotError::Version => "the snapshot's version is unknown; sign in anew",
            SnapshotError::OtherSite => "the snapshot belongs to another site; sign in anew",
            SnapshotError::MemoryTooSmall { .. } => crate::text::fault::MEMORY_TOO_SMALL,
        }
    }

    /// How much memory is enough.
    #[cfg(feature = "texts")]
    const fn needed(&self) -> Option<usize> {
        match self {
            SnapshotError::MemoryTooSmall { needed } => Some(*needed),
            _ => None,
        }
    }
}

display!(SnapshotError, SnapshotError::needed);

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

    /// What is wrong, in a sentence, for people.
    #[cfg(feature = "texts")]
    pub const fn text(&self) -> &'static str {
        match self {
            BasicError::Colon => "the user name holds a colon, which HTTP Basic does not allow",
            BasicError::ControlCharacter => "the user name or the password holds a control character",
            BasicError::TooLong => "user name and password are longer than 64 KiB in base64",
            BasicError::MemoryTooSmall { .. } => crate::text::fault::MEMORY_TOO_SMALL,
        }
    }

    /// How much memory is enough.
    #[cfg(feature = "texts")]
    const fn needed(&self) -> Option<usize> {
        match self {
            BasicError::MemoryTooSmall { needed } => Some(*needed),
            _ => None,
        }
    }
}

display!(BasicError, BasicError::needed);

impl core::error::Error for BasicError {}
