//! A lease, for stores that have no time-outs of their own.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The time since 1970, for the leases of [`Memory`](crate::Memory) and [`File`](crate::File).
pub type Clock = Arc<dyn Fn() -> Duration + Send + Sync>;

/// That of the system.
pub fn system() -> Clock {
    Arc::new(|| SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default())
}

/// Who has it, and for how long.
#[derive(Clone, Copy)]
pub struct Lease {
    pub holder: u64,
    begins: u64,
    milliseconds: u64,
}

impl Lease {
    pub fn new(holder: u64, now: Duration, time_out: Duration) -> Self {
        Lease { holder, begins: milliseconds(now), milliseconds: milliseconds(time_out) }
    }

    /// One that begins later than now is of a clock that was set back since.
    pub fn is_over(&self, now: Duration) -> bool {
        milliseconds(now).checked_sub(self.begins).is_none_or(|passed| passed >= self.milliseconds)
    }

    pub fn to_bytes(self) -> [u8; 24] {
        let mut bytes = [0; 24];
        let numbers = [self.holder, self.begins, self.milliseconds].map(u64::to_le_bytes);
        bytes.copy_from_slice(numbers.as_flattened());
        bytes
    }

    /// None of bytes that are none.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let (&[holder, begins, milliseconds], []) = bytes.as_chunks::<8>() else { return None };
        let [holder, begins, milliseconds] = [holder, begins, milliseconds].map(u64::from_le_bytes);
        Some(Lease { holder, begins, milliseconds })
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
