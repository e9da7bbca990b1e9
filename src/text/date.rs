//! Dates as they stand in `Set-Cookie` and `Date`: read by the rules of RFC 6265bis, section 5.1.1, which take
//! every form that servers have ever sent.

use crate::text::number::leading_number;
use crate::text::time::Time;

/// What a date lacks.
const MISSING: u32 = u32::MAX;

const DAY: u32 = 86_400;

/// The time at which a cookie ends.
pub(crate) use self::time as end;

/// The time that a date tells, unknown where it is none. A date before 1970 is 0.
#[inline(never)]
pub(crate) fn time(text: &[u8]) -> Time {
    let [mut time, mut day, mut month, mut year] = [MISSING; 4];
    for token in text.split(is_delimiter) {
        let (digits, number) = leading_number(token);
        // The first token of each form counts, looked for in this order.
        if digits == 0 {
            if month == MISSING {
                month = parse_month(token);
            }
        } else if time == MISSING && set(&mut time, parse_time(token)) {
        } else if day == MISSING && digits <= 2 {
            day = number;
        } else if year == MISSING && (2..=4).contains(&digits) {
            year = match number {
                70..=99 => number + 1900,
                0..=69 => number + 2000,
                _ => number,
            };
        }
    }
    // What is missing is in no range.
    let valid = (1601..=9999).contains(&year) && (1..=days_in_month(year, month)).contains(&day) && time < DAY;
    if !valid {
        return Time::UNKNOWN;
    }
    if year < 1970 {
        return Time::FIRST;
    }
    Time::at(u64::from(days(year, month, day)) * u64::from(DAY) + u64::from(time))
}

/// Sets what was missing; whether there was something.
fn set(missing: &mut u32, found: u32) -> bool {
    *missing = found;
    found != MISSING
}

/// `delimiter = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E`
fn is_delimiter(byte: &u8) -> bool {
    matches!(byte, 0x09 | 0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E)
}

/// `time-field ":" time-field ":" time-field [ non-digit *OCTET ]` with `time-field = 1*2DIGIT`, in seconds; at least
/// [`DAY`] if it is none of a day.
fn parse_time(token: &[u8]) -> u32 {
    let (mut rest, mut time) = (token, 0);
    for _ in 0..3 {
        if rest.len() < token.len() {
            let [b':', field @ ..] = rest else { return MISSING };
            rest = field;
        }
        let (digits, value) = leading_number(rest);
        if !(1..=2).contains(&digits) {
            return MISSING;
        }
        rest = rest.get(digits..).unwrap_or_default();
        time = time * 60 + if value < 60 { value } else { DAY };
    }
    time
}

/// A month from 1 to 12, by its first three letters in any case.
fn parse_month(token: &[u8]) -> u32 {
    const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let (Some(name), mut month) = (token.first_chunk::<3>(), 0) else { return MISSING };
    for known in MONTHS.as_chunks::<3>().0 {
        month += 1;
        if name.eq_ignore_ascii_case(known) {
            return month;
        }
    }
    MISSING
}

fn days_in_month(year: u32, month: u32) -> u32 {
    // A year that is a multiple of 100 is one of 400 if it is one of 16.
    let is_leap = year.is_multiple_of(if year.is_multiple_of(25) { 16 } else { 4 });
    match month {
        2 => 28 + u32::from(is_leap),
        // Long and short months take turns, but July and August are both long.
        1..=12 => 30 + ((month + month / 8) & 1),
        _ => 0,
    }
}

/// From the 1st of March of the year 0 to the start of 1970, and one because days are counted from 1.
const DAYS_UNTIL_1970: u32 = 719_469;

/// Days from the start of 1970 to a day in or after it. The year begins in March here, so that its odd day is its last.
fn days(year: u32, month: u32, day: u32) -> u32 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let century = year / 100;
    year * 365 + year / 4 - century + century / 4 + (month * 153 + 2) / 5 + day - DAYS_UNTIL_1970
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, UNIX_EPOCH};

    fn parse(text: &[u8]) -> Option<u64> {
        time(text).known().map(u64::from)
    }

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
    }

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
