//! What a store has, and what may be wrong with it.

use std::fmt;

use creatio_auth::SnapshotError;
use zeroize::Zeroizing;

/// What a store has.
#[derive(Clone)]
pub struct Stored {
    /// Counts what was stored, from 1 on.
    pub revision: u64,
    /// The snapshot, which is wiped when it is dropped.
    pub snapshot: Zeroizing<Vec<u8>>,
}

/// Says nothing of the snapshot, which is a secret.
impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored").field("revision", &self.revision).finish_non_exhaustive()
    }
}

/// What is wrong with a store, as the store says it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why no sign-in was tried, or nothing was stored.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The store.
    Store(BoxError),
    /// What the store has is no snapshot for this session. It is not overwritten, for it may say that the password was rejected:
    /// remove it when that is known not to be so.
    Snapshot(SnapshotError),
    /// Others have had the lease for as long as four of them take, and the session has not come of it.
    Waited,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Store(error) => write!(f, "the store of the session: {error}"),
            Error::Snapshot(error) => write!(f, "the session that is stored: {error}; remove it, and sign in anew"),
            Error::Waited => f.write_str("others sign in for too long; try again later"),
        }
    }
}

/// What the store says is in the text; the source is what is behind that.
impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Store(error) => error.source(),
            Error::Snapshot(_) | Error::Waited => None,
        }
    }
}

impl From<BoxError> for Error {
    fn from(error: BoxError) -> Self {
        Error::Store(error)
    }
}

impl From<SnapshotError> for Error {
    fn from(error: SnapshotError) -> Self {
        Error::Snapshot(error)
    }
}
