//! A time, where one is known.

/// Seconds since 1970, to 2106, or unknown.
#[derive(Clone, Copy)]
pub(crate) struct Time(u32);

impl Time {
    pub(crate) const UNKNOWN: Time = Time(u32::MAX);

    /// A time that is known. The last one there is stands for those after it, too.
    pub(crate) fn at(seconds: u64) -> Self {
        Time(seconds.min(u64::from(u32::MAX - 1)) as u32)
    }

    pub(crate) fn known(self) -> Option<u32> {
        (self.0 != u32::MAX).then_some(self.0)
    }

    /// This time, or another where this one is unknown.
    pub(crate) fn or(self, other: Time) -> Time {
        if self.0 == u32::MAX { other } else { self }
    }
}
