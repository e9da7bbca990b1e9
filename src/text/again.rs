//! Whether a request may be sent again, and after which time.

use super::time::MAX_WAIT;

/// Whether the same request may be sent again (RFC 9110, 9.2.2), after what a verdict or an error tells. Twice at once it never
/// helps: [`retry_delay`] says how long to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Again {
    /// No: it was done, or something has to change before it is answered otherwise.
    No = 0,
    /// Nobody knows whether it was done: where twice does no more than once, as of a `GET`, or of a call that is
    /// [said to be repeatable](crate::Call::with_repeatable).
    IfRepeatable = 1,
    /// Yes: it was not done. Where the session has ended, after a sign-in.
    Yes = 2,
}

/// How long to wait before a request is sent again: longer and longer, and not all machines at the same time. It has no clock and
/// no random numbers of its own.
///
/// The `attempt` is 1 before the first repetition. `min`, `max` and the result are in milliseconds: the result is between `min` and
/// what `min` becomes when it is doubled `attempt` times, `max` at the most. Where in between, `jitter` says, a random number of
/// all 32 bits. `retry_after` is what the [answer](crate::Answer::retry_after) says, in seconds: so long at least it is then, but of
/// what is beyond [`MAX_WAIT`] nothing counts (RFC 9110, 10.2.3), and the spread is added.
///
/// ```
/// use creatio_auth::retry_delay;
///
/// assert_eq!(retry_delay(1, 1_000, 60_000, 0, None), 1_000);
/// assert_eq!(retry_delay(1, 1_000, 60_000, u32::MAX, None), 1_999);
/// assert_eq!(retry_delay(9, 1_000, 60_000, u32::MAX, None), 59_999);
/// assert_eq!(retry_delay(1, 1_000, 60_000, 1 << 31, Some(30)), 30_500);
/// ```
#[expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "no more than `max`; two of 32 bits have 64; an hour has 22"
)]
pub const fn retry_delay(attempt: u32, min: u32, max: u32, jitter: u32, retry_after: Option<u32>) -> u32 {
    let doublings = if attempt > 31 { 31 } else { attempt };
    let most = (min as u64) << doublings;
    let most = if most > max as u64 { max } else { most as u32 };
    let spread = ((most.saturating_sub(min) as u64 * jitter as u64) >> 32) as u32;
    let least = match retry_after {
        Some(seconds) if seconds > MAX_WAIT => MAX_WAIT * 1000,
        Some(seconds) => seconds * 1000,
        None => 0,
    };
    let least = if least > min { least } else { min };
    least.saturating_add(spread)
}

#[cfg(test)]
mod tests {
    use super::retry_delay;
    use proptest::prelude::*;

    #[test]
    fn a_delay_doubles_up_to_the_most() {
        let least = |attempt| retry_delay(attempt, 500, 20_000, 0, None);
        let most = |attempt| retry_delay(attempt, 500, 20_000, u32::MAX, None);
        assert_eq!([0, 1, 2, 3, 5, 6, 7, 31, 32, u32::MAX].map(least), [500; 10]);
        let expected = [500, 999, 1_999, 3_999, 15_999, 19_999, 19_999, 19_999, 19_999, 19_999];
        assert_eq!([0, 1, 2, 3, 5, 6, 7, 31, 32, u32::MAX].map(most), expected);
    }

    #[test]
    fn what_the_site_says_is_waited_for_an_hour_at_the_most() {
        for (said, waited) in [(0, 500), (1, 1_000), (3_600, 3_600_000), (3_601, 3_600_000), (u32::MAX, 3_600_000)] {
            assert_eq!(retry_delay(1, 500, 20_000, 0, Some(said)), waited);
            assert_eq!(retry_delay(1, 500, 20_000, u32::MAX, Some(said)), waited + 499);
        }
    }

    #[test]
    fn no_numbers_are_too_large_for_it_or_in_the_wrong_order() {
        assert_eq!(retry_delay(u32::MAX, u32::MAX, u32::MAX, u32::MAX, Some(u32::MAX)), u32::MAX);
        assert_eq!(retry_delay(3, 0, 0, 7, None), 0);
        assert_eq!(retry_delay(3, 0, 1_000, u32::MAX, None), 0); // nothing doubled is nothing
        assert_eq!(retry_delay(3, 2_000, 1_000, u32::MAX, None), 2_000);
    }

    proptest! {
        #[test]
        fn a_delay_is_between_the_least_and_the_most(attempt: u32, min: u32, max: u32, jitter: u32) {
            let delay = retry_delay(attempt, min, max, jitter, None);
            prop_assert!(min <= delay && (delay < max || delay == min), "{delay}");
            // A later one waits no less, and more chance does not either.
            prop_assert!(delay <= retry_delay(attempt.saturating_add(1), min, max, jitter, None));
            prop_assert!(delay <= retry_delay(attempt, min, max, jitter.saturating_add(1), None));
        }
    }
}
