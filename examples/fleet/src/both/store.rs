use std::time::Duration;

use super::apart;
use crate::stored::{BoxError, Stored};
use crate::{File, Memory};

/// Where the snapshot of one user's session is, for all that share it.
pub trait Store {
    waiting! {
    /// The newest snapshot; none where nothing was stored yet.
    ///
    /// # Errors
    ///
    /// What the store says.
    fn load(&self) -> Result<Option<Stored>, BoxError>;
    }

    waiting! {
    /// Stores a snapshot where the newest one has this revision, 0 where there is none, and gives it the next. Whether it has; it must
    /// not be that of two who know the same revision both have.
    ///
    /// # Errors
    ///
    /// What the store says. The snapshot may be stored all the same.
    fn compare_and_set(&self, revision: u64, snapshot: &[u8]) -> Result<bool, BoxError>;
    }

    waiting! {
    /// Gives this holder the lease for so long from now on, unless another has it; whether it has. One that has it already has it
    /// anew.
    ///
    /// # Errors
    ///
    /// What the store says. The holder may have the lease all the same.
    fn lease(&self, holder: u64, time_out: Duration) -> Result<bool, BoxError>;
    }

    waiting! {
    /// Takes the lease back, if this holder has it.
    ///
    /// # Errors
    ///
    /// What the store says. The lease ends at its time-out.
    fn release(&self, holder: u64) -> Result<(), BoxError>;
    }
}

impl<S: Store> Store for &S {
    waiting! {
    fn load(&self) -> Result<Option<Stored>, BoxError> {
        wait!(S::load(self))
    }
    }

    waiting! {
    fn compare_and_set(&self, revision: u64, snapshot: &[u8]) -> Result<bool, BoxError> {
        wait!(S::compare_and_set(self, revision, snapshot))
    }
    }

    waiting! {
    fn lease(&self, holder: u64, time_out: Duration) -> Result<bool, BoxError> {
        wait!(S::lease(self, holder, time_out))
    }
    }

    waiting! {
    fn release(&self, holder: u64) -> Result<(), BoxError> {
        wait!(S::release(self, holder))
    }
    }
}

impl Store for Memory {
    waiting! {
    fn load(&self) -> Result<Option<Stored>, BoxError> {
        Ok(self.newest())
    }
    }

    waiting! {
    fn compare_and_set(&self, revision: u64, snapshot: &[u8]) -> Result<bool, BoxError> {
        Ok(self.set(revision, snapshot))
    }
    }

    waiting! {
    fn lease(&self, holder: u64, time_out: Duration) -> Result<bool, BoxError> {
        Ok(self.take_lease(holder, time_out))
    }
    }

    waiting! {
    fn release(&self, holder: u64) -> Result<(), BoxError> {
        self.give_back(holder);
        Ok(())
    }
    }
}

impl Store for File {
    waiting! {
    fn load(&self) -> Result<Option<Stored>, BoxError> {
        let file = self.clone();
        wait!(apart(move || file.newest()))
    }
    }

    waiting! {
    fn compare_and_set(&self, revision: u64, snapshot: &[u8]) -> Result<bool, BoxError> {
        let (file, snapshot) = (self.clone(), zeroize::Zeroizing::new(snapshot.to_vec()));
        wait!(apart(move || file.set(revision, &snapshot)))
    }
    }

    waiting! {
    fn lease(&self, holder: u64, time_out: Duration) -> Result<bool, BoxError> {
        let file = self.clone();
        wait!(apart(move || file.take_lease(holder, time_out)))
    }
    }

    waiting! {
    fn release(&self, holder: u64) -> Result<(), BoxError> {
        let file = self.clone();
        wait!(apart(move || file.give_back(holder)))
    }
    }
}
