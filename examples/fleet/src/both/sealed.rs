use std::time::Duration;

use super::Store;
use crate::seal::Key;
use crate::stored::{BoxError, Stored};

/// A store whose snapshots are encrypted and authenticated (XChaCha20-Poly1305), so that whoever can write it chooses no cookies.
///
/// Each is sealed for a name and its revision: one of another user, or of another time under this revision, does not open. An older
/// one with the revision that it had does, and so does none at all: that costs a login.
#[derive(Clone, Debug)]
pub struct Sealed<S> {
    store: S,
    key: Option<Key>,
    name: String,
}

impl<S: Store> Sealed<S> {
    /// Seals what goes into this store, with a key and for a name that no other user has who has that key: site and user, say. Without
    /// a key it stays as it is.
    pub fn new(store: S, key: impl Into<Option<Key>>, name: impl Into<String>) -> Self {
        Sealed { store, key: key.into(), name: name.into() }
    }
}

impl<S: Store> Store for Sealed<S> {
    waiting! {
    fn load(&self) -> Result<Option<Stored>, BoxError> {
        match (wait!(self.store.load())?, &self.key) {
            (Some(stored), Some(key)) => key.open(&self.name, stored).map(Some),
            (stored, _) => Ok(stored),
        }
    }
    }

    waiting! {
    fn compare_and_set(&self, revision: u64, snapshot: &[u8]) -> Result<bool, BoxError> {
        match &self.key {
            Some(key) => {
                let sealed = key.seal(&self.name, revision + 1, snapshot)?;
                wait!(self.store.compare_and_set(revision, &sealed))
            }
            None => wait!(self.store.compare_and_set(revision, snapshot)),
        }
    }
    }

    waiting! {
    fn lease(&self, holder: u64, time_out: Duration) -> Result<bool, BoxError> {
        wait!(self.store.lease(holder, time_out))
    }
    }

    waiting! {
    fn release(&self, holder: u64) -> Result<(), BoxError> {
        wait!(self.store.release(holder))
    }
    }
}
