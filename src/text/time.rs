//! A time, where one is known.

/// Seconds since 1970, to 2106, and one more; or unknown, as 0, which takes no place in the flash.
#[derive(Clone, Copy)]
pub(crate) struct Time(u32);

impl Time {
    pub(crate) const UNKNOWN: Time = Time(0);

    /// The first one that is known, which stands for those before it, too.
    pub(crate) const FIRST: Time = Time(1);

    /// A time that is known.
    pub(crate) fn at(seconds: u64) -> Self {
        Time::of(u32::try_from(seconds).unwrap_or(u32::MAX))
    }

    /// A time that is known.
    pub(crate) fn of(seconds: u32) -> Self {
        Time(seconds.saturating_add(1))
    }

    pub(crate) fn known(self) -> Option<u32> {
        self.0.checked_sub(1)
    }

    /// This time, or another where this one is unknown.
    pub(crate) fn or(self, other: Time) -> Time {
        if self.0 == 0 { other } else { self }
    }
}
