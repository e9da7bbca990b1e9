//! A store in memory, for the tasks of one process.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

use crate::lease::{self, Clock, Lease};
use crate::stored::Stored;

/// A store in memory, for sessions of one process: tasks and threads.
pub struct Memory {
    clock: Clock,
    place: Mutex<Place>,
}

#[derive(Default)]
struct Place {
    stored: Option<Stored>,
    lease: Option<Lease>,
}

impl Memory {
    /// One that is empty.
    pub fn new() -> Self {
        Self::with_clock(lease::system())
    }

    /// The same, whose leases end by that clock.
    pub fn with_clock(clock: Clock) -> Self {
        Memory { clock, place: Mutex::default() }
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner) // nothing is left half done
    }

    pub(crate) fn newest(&self) -> Option<Stored> {
        self.place().stored.clone()
    }

    pub(crate) fn set(&self, revision: u64, snapshot: &[u8]) -> bool {
        let mut place = self.place();
        let is_known = place.stored.as_ref().map_or(0, |stored| stored.revision) == revision;
        if is_known {
            place.stored = Some(Stored { revision: revision + 1, snapshot: Zeroizing::new(snapshot.to_vec()) });
        }
        is_known
    }

    pub(crate) fn take_lease(&self, holder: u64, time_out: Duration) -> bool {
        let (mut place, now) = (self.place(), (self.clock)());
        let is_free = place.lease.is_none_or(|lease| lease.holder == holder || lease.is_over(now));
        if is_free {
            place.lease = Some(Lease::new(holder, now, time_out));
        }
        is_free
    }

    pub(crate) fn give_back(&self, holder: u64) {
        let mut place = self.place();
        place.lease = place.lease.filter(|lease| lease.holder != holder);
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("stored", &self.newest()).finish_non_exhaustive()
    }
}
