//! Why bytes are no snapshot, and a password cannot go by HTTP Basic.

use crate::text::fault::Fault;
use crate::text::numbered::numbered;

// The numbers are those of the C interface, where they are negative.
numbered! {
    /// Why bytes are no snapshot of a session. See [`Session::restore`](crate::Session::restore).
    pub enum SnapshotError {
        /// It is none, or has been altered or cut.
        Altered = 50, "the snapshot has been altered or cut; sign in anew";
        /// Its format is of a version that this one does not know.
        Version = 51, "the snapshot's version is unknown; sign in anew";
        /// It belongs to another site.
        OtherSite = 52, "the snapshot belongs to another site; sign in anew";
        /// The memory is too small for its cookies.
        MemoryTooSmall {
            /// How many bytes they take.
            needed: usize
        } = 7, crate::text::fault::MEMORY_TOO_SMALL;
    }
}

impl SnapshotError {
    /// Whose fault it is: the caller's, who keeps the snapshot.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl core::error::Error for SnapshotError {}

numbered! {
    /// Why user name and password cannot go by HTTP Basic. See [`Session::use_basic`](crate::Session::use_basic).
    pub enum BasicError {
        /// The user name holds a colon.
        Colon = 60, "the user name holds a colon, which HTTP Basic does not allow";
        /// The user name or the password holds a control character.
        ControlCharacter = 61, "the user name or the password holds a control character";
        /// Both together take more than 64 KiB in base64.
        TooLong = 62, "user name and password are longer than 64 KiB in base64";
        /// The session's memory is too small.
        MemoryTooSmall {
            /// How many bytes it takes.
            needed: usize
        } = 7, crate::text::fault::MEMORY_TOO_SMALL;
    }
}

impl BasicError {
    /// Whose fault it is: always the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl core::error::Error for BasicError {}
