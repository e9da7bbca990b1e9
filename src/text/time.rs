//! A time, where one is known, and how time passes by clocks that may be wrong.

/// Seconds since 1970, to 2106, and one more; or unknown, as 0, which takes no place in the flash.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time(u32);

//= 6265bis-5.5-400-days, 6265bis-5.5-is-400-days, 6265bis-5.6.1-400-days, 6265bis-5.6.2-400-days
/// 400 days in seconds: no cookie lives longer (RFC 6265bis, 5.5), and what is said to take longer is not believed.
pub(crate) const LONGEST: u32 = 400 * 86_400;

/// The longest that [`Renewal`](crate::Renewal) and [`RuntimeProbe`](crate::RuntimeProbe) have the caller wait for a site, in
/// seconds: an hour, whatever `Retry-After` says.
pub const MAX_WAIT: u32 = 3600;

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

    /// How many seconds have passed since a clock told the time before this one, when it was `date` by a clock that is right.
    /// Where it is nearer to that one now, it has been set.
    pub(crate) fn seconds_since(self, before: Time, date: Time) -> u32 {
        let date = date.or(before);
        let since = if self.0.abs_diff(date.0) < self.0.abs_diff(before.0) { date } else { before };
        let seconds = self.0.saturating_sub(since.0);
        if seconds > LONGEST { 0 } else { seconds } // it has been set by who knows how much
    }

    /// So many seconds later.
    pub(crate) fn after(self, seconds: u32) -> Time {
        if self.0 == 0 { self } else { Time(self.0.saturating_add(seconds)) }
    }

    /// This time, or another where this one is unknown.
    pub(crate) fn or(self, other: Time) -> Time {
        if self.0 == 0 { other } else { self }
    }

    /// As a snapshot has it: 0 if it is unknown, or a second more.
    pub(crate) fn to_number(self) -> u32 {
        self.0
    }

    pub(crate) fn of_number(number: u32) -> Self {
        Time(number)
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Time};

    #[test]
    fn time_passes_by_the_clock_that_is_nearer() {
        const DATE: u32 = 1_795_305_600;
        const DAY: u32 = 86_400;
        for (before, date, now, expected) in [
            // A clock that is right, and one that stays as wrong as it was.
            (DATE, DATE, DATE + 300, 300),
            (DATE - 2, DATE, DATE + 298, 298),
            (5, DATE, 305, 300),
            (DATE + 9 * 365 * DAY, DATE, DATE + 9 * 365 * DAY + 300, 300),
            (DATE - 90 * DAY, DATE, DATE - 88 * DAY, 2 * DAY),
            (DATE - 300, DATE + 300, DATE, 300), // as near to either
            // One that is set: from 1970, from when the firmware was built, from years ahead; a little before the site's, too.
            (5, DATE, DATE + 300, 300),
            (5, DATE, DATE - 60, 0),
            (DATE - 90 * DAY, DATE, DATE + 300, 300),
            (DATE + 9 * 365 * DAY, DATE, DATE + 300, 300),
            // One that goes back, and one that is set wrong.
            (DATE, DATE, DATE - 3600, 0),
            (DATE, DATE, 20, 0),
            (DATE, DATE, DATE + LONGEST, LONGEST),
            (DATE, DATE, DATE + LONGEST + 1, 0),
            (0, 0, u32::MAX, 0),
            (u32::MAX, 0, 0, 0),
        ] {
            let [before, date, now] = [before, date, now].map(Time::of);
            assert_eq!(now.seconds_since(before, date), expected, "{before:?} {date:?} {now:?}");
        }
    }
}
