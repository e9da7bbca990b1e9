//! Dates as they stand in `Set-Cookie` and `Date`: read by the rules of RFC 6265bis, section 5.1.1, which take
//! every form that servers have ever sent.

use crate::text::number::leading_number;
use crate::text::time::Time;

/// What a date lacks.
const MISSING: usize = usize::MAX;

const DAY: usize = 86_400;

/// The time at which a cookie ends.
pub(crate) use self::time as end;

//= 9110-5.6.7-three-forms, 6265bis-5.1.1-date
/// The time that a date tells, unknown where it is none. A date before 1970 is 0.
#[inline(never)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a year of two digits, or behind the checks one up to 9999; a month starts before the next one"
)]
pub(crate) fn time(text: &[u8]) -> Time {
    // The first token of each form counts, looked for in this order.
    const TIME: usize = 0;
    const DAY_OF_MONTH: usize = 1;
    const YEAR: usize = 2;
    const MONTH: usize = 3;
    let mut found = [MISSING; 4];
    let (mut rest, mut in_token) = (text, false);
    while let [byte, after @ ..] = rest {
        let was_in_token = in_token;
        in_token = !is_delimiter(byte);
        if in_token && !was_in_token {
            let (digits, number) = leading_number(rest);
            let time = parse_time(rest);
            let (form, value) = if digits == 0 {
                (MONTH, parse_month(rest))
            } else if found[TIME] == MISSING && time != MISSING {
                (TIME, time)
            } else if found[DAY_OF_MONTH] == MISSING && digits <= 2 {
                (DAY_OF_MONTH, number)
            } else {
                (YEAR, if matches!(digits, 2..=4) { number } else { MISSING })
            };
            if let Some(found) = found.get_mut(form)
                && *found == MISSING
            {
                *found = value;
            }
        }
        rest = after;
    }
    let [time, day, mut year, month] = found;
    //= 9110-5.6.7-two-digits
    year = match year {
        70..=99 => year + 1900,
        0..=69 => year + 2000,
        _ => year,
    };
    // What is missing is in no range.
    if !(1601..=9999).contains(&year) || !(1..=12).contains(&month) || time >= DAY {
        return Time::UNKNOWN;
    }
    let start = days(year, month);
    if !(1..=days(year, month + 1) - start).contains(&day) {
        return Time::UNKNOWN;
    }
    if year < 1970 {
        return Time::FIRST;
    }
    Time::at((start + day - DAYS_UNTIL_1970) as u64 * DAY as u64 + time as u64)
}

/// `delimiter = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E`. No other control character gets here.
fn is_delimiter(byte: &u8) -> bool {
    !matches!(byte, b'0'..=b':' | b'A'..=b'Z' | b'a'..=b'z' | 0x7F..)
}

/// `time-field ":" time-field ":" time-field [ non-digit *OCTET ]` with `time-field = 1*2DIGIT`, in seconds; at least
/// [`DAY`] if it is none of a day.
#[inline(never)]
#[expect(clippy::arithmetic_side_effects, reason = "three numbers, each at most a day in seconds")]
fn parse_time(text: &[u8]) -> usize {
    let (mut rest, mut time, mut fields) = (text, 0, 0);
    loop {
        let (digits, value) = leading_number(rest);
        if !(1..=2).contains(&digits) {
            return MISSING;
        }
        time = time * 60 + if value < 60 { value } else { DAY };
        fields += 1;
        if fields == 3 {
            return time;
        }
        let Some([b':', field @ ..]) = rest.get(digits..) else { return MISSING };
        rest = field;
    }
}

/// A month from 1 to 12, by its first three letters in any case.
#[inline(never)]
#[expect(clippy::arithmetic_side_effects, reason = "there are twelve")]
fn parse_month(text: &[u8]) -> usize {
    const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    // In lower case, as a number, which is compared at once.
    let number = |[a, b, c]: [u8; 3]| u32::from_le_bytes([a, b, c, 0]) | 0x20_20_20;
    let (Some(name), mut month) = (text.first_chunk().copied().map(number), 0) else { return MISSING };
    for known in MONTHS.as_chunks::<3>().0 {
        month += 1;
        if number(*known) == name {
            return month;
        }
    }
    MISSING
}

/// From the 1st of March of the year 0 to the start of 1970, and one because days are counted from 1.
const DAYS_UNTIL_1970: usize = 719_469;

/// Days from the 1st of March of the year 0 to the start of a month, of which the 13th is the next January. The year begins
/// in March here, so that its odd day is its last.
#[inline(never)]
#[expect(clippy::arithmetic_side_effects, reason = "a year from 1601 to 9999 and a month from 1 to 13")]
fn days(year: usize, month: usize) -> usize {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let century = year / 100;
    year * 365 + year / 4 - century + century / 4 + (month * 153 + 2) / 5
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::format;
    use std::time::{Duration, UNIX_EPOCH};

    fn parse(text: &[u8]) -> Option<u64> {
        time(text).known().map(u64::from)
    }

    //= 9110-5.6.7-three-forms, 6265bis-5.1.1-date
    #[test]
    fn reads_every_form_in_use() {
        for text in [
            "Mon, 22 Nov 2027 00:52:54 GMT",
            "Mon, 22-Nov-2027 00:52:54 GMT",
            "Monday, 22-Nov-27 00:52:54 GMT",
            "Mon Nov 22 00:52:54 2027",
            "22 nov 2027 0:52:54",
            "2027 00:52:54 November 22th",
        ] {
            let expected = httpdate::parse_http_date("Mon, 22 Nov 2027 00:52:54 GMT").unwrap();
            let seconds = parse(text.as_bytes()).map(Duration::from_secs);
            assert_eq!(seconds.map(|s| UNIX_EPOCH + s), Some(expected), "{text}");
        }
        assert_eq!(parse(b"Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(parse(b"Mon, 01-Jan-0001 00:00:00 GMT"), Some(978_307_200)); // 1 means 2001
        assert_eq!(parse(b"Tue, 31 Dec 1968 23:59:59 GMT"), Some(0));
        assert_eq!(parse(b"Sunday, 06-Nov-94 08:49:37 GMT"), Some(784_111_777)); // RFC 9110, 5.6.7
        assert_eq!(parse(b"Friday, 01-Jan-71 00:00:00 GMT"), Some(365 * 86_400));
        assert_eq!(parse(b"Thursday, 01-Jan-70 00:00:01 GMT"), Some(1));
    }

    //= 9110-5.6.7-two-digits
    #[test]
    fn a_year_of_two_digits_is_none_that_is_far_ahead() {
        for (year, full) in (0..70).map(|year| (year, 2000 + year)).chain((70..100).map(|year| (year, 1900 + year))) {
            let [two, four] = [format!("{year:02}"), format!("{full}")]
                .map(|year| time(format!("Sunday, 01-Mar-{year} 12:00:00 GMT").as_bytes()).known());
            assert!(two.is_some() && two == four, "{year}");
        }
    }

    //= 6265bis-5.1.1-date
    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "",
            "Mon",
            "22 Nov 2027",
            "00:52:54 22 2027",
            "Mon, 22 Nov 1600 00:52:54",
            "31 Apr 2027 00:00:00",
            "29 Feb 2027 00:00:00",
            "0 Nov 2027 00:00:00",
            "22 Nov 2027 24:00:00",
            "22 Nov 2027 00:60:00",
            "22 Nov 2027 00:00:60",
            "22 Nov 2027 000:00:00",
            "22 Nov 20270 00:00:00",
            "222 Nov 2027 00:00:00",
            "22 Nov 2027 00:00",
            "22 Nov 2027 00:00:000",
            "22 Nov 2027 00:00x:00",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_httpdate(seconds in 0u64..4_291_747_200) {
            let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
            prop_assert_eq!(parse(text.as_bytes()), Some(seconds));
        }

        #[test]
        fn never_panics(text in prop::collection::vec(any::<u8>(), 0..60)) {
            parse(&text);
        }
    }
}
