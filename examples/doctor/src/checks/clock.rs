//! The clock of this machine beside that of the site.

use std::time::UNIX_EPOCH;

use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::reply::Reply;
use crate::visit::{Visit, now};

/// Nobody minds less, in seconds.
const TOLERATED: u64 = 300;

pub fn check(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    judge(time_of(&visit.first.as_ref()?.reply)?, now())
}

/// What the site's clock says, in seconds since 1970.
pub fn time_of(reply: &Reply) -> Option<u64> {
    let date = httpdate::parse_http_date(reply.field("date")?).ok()?;
    Some(date.duration_since(UNIX_EPOCH).ok()?.as_secs())
}

fn judge(of_the_site: u64, here: u64) -> Option<Diagnosis> {
    let difference = of_the_site.abs_diff(here);
    if difference <= TOLERATED {
        return Some(Diagnosis::good("this machine and the site agree on the time"));
    }
    let order = if of_the_site > here { "behind" } else { "ahead of" };
    let words = format!("this machine's clock is {} {order} the site's", span(difference));
    let remedy =
        "have the clock set by NTP; the session takes no harm, but certificates and one-time codes hang on it";
    Some(Diagnosis::advice(Cause::ClockDiffers, words, remedy))
}

/// A span of seconds, in words.
pub fn span(seconds: u64) -> String {
    match seconds {
        172_800.. => format!("{} days", seconds / 86_400),
        7_200.. => format!("{} hours", seconds / 3_600),
        120.. => format!("{} minutes", seconds / 60),
        _ => format!("{seconds} seconds"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::State;

    #[test]
    fn clocks_may_differ_by_five_minutes() {
        let state = |site, here| judge(site, here).map(|diagnosis| diagnosis.state);
        assert_eq!((state(1000, 1300), state(1300, 1000)), (Some(State::Good), Some(State::Good)));
        let words = judge(0, 86_400 * 3).unwrap().words;
        assert_eq!(words, "this machine's clock is 3 days ahead of the site's");
        assert_eq!(judge(400, 0).unwrap().words, "this machine's clock is 6 minutes behind the site's");
    }
}
