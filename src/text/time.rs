//! A time, where one is known.

/// Seconds since 1970, or unknown.
#[derive(Clone, Copy)]
pub(crate) struct Time(u64);

impl Time {
    pub(crate) const UNKNOWN: Time = Time(u64::MAX);

    /// A time that is known. The last one there is stands for the one after it, too.
    pub(crate) fn at(seconds: u64) -> Self {
        Time(seconds.min(u64::MAX - 1))
    }

    pub(crate) fn known(self) -> Option<u64> {
        (self.0 != u64::MAX).then_some(self.0)
    }

    /// This time, or another where this one is unknown.
    pub(crate) fn or(self, other: Time) -> Time {
        if self.0 == u64::MAX { other } else { self }
    }
}
