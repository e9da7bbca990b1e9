//! Dates as they stand in `Set-Cookie` and `Date`: read by the rules of RFC 6265bis, section 5.1.1, which take
//! every form that servers have ever sent.

/// Seconds since 1970, or none where it is no date. A date before 1970 is 0.
pub(crate) fn parse(text: &[u8]) -> Option<u64> {
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(|b| is_delimiter(*b)).filter(|t| !t.is_empty()) {
        // The first token of each form counts, looked for in this order.
        if time.is_none() && set(&mut time, parse_time(token))
            || day.is_none() && set(&mut day, number(token, 1, 2))
            || month.is_none() && set(&mut month, parse_month(token))
            || year.is_none() && set(&mut year, number(token, 2, 4))
        {
            continue;
        }
    }
    let ((hour, minute, second), day, month) = (time?, day?, month?);
    let year = match year? {
        two_digits @ 70..=99 => two_digits + 1900,
        two_digits @ 0..=69 => two_digits + 2000,
        year => year,
    };
    let valid =
        year >= 1601 && (1..=days_in_month(year, month)).contains(&day) && hour <= 23 && minute <= 59 && second <= 59;
    if !valid {
        return None;
    }
    if year < 1970 {
        return Some(0);
    }
    Some(days(year, month, day) * 86_400 + u64::from(hour * 3600 + minute * 60 + second))
}

/// Puts a value into an empty slot; whether there was one.
fn set<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
    *slot = value;
    slot.is_some()
}

/// `delimiter = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E`
fn is_delimiter(b: u8) -> bool {
    matches!(b, 0x09 | 0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E)
}

/// `min*max DIGIT [ non-digit *OCTET ]`
fn number(token: &[u8], min: usize, max: usize) -> Option<u32> {
    let digits = token.iter().take_while(|b| b.is_ascii_digit()).count();
    if !(min..=max).contains(&digits) {
        return None;
    }
    let digits = token.iter().take(digits);
    Some(digits.fold(0, |value, b| value * 10 + u32::from(*b - b'0')))
}

/// `time-field ":" time-field ":" time-field [ non-digit *OCTET ]` with `time-field = 1*2DIGIT`
fn parse_time(token: &[u8]) -> Option<(u32, u32, u32)> {
    let mut fields = token.splitn(3, |b| *b == b':');
    let (hour, minute, second) = (fields.next()?, fields.next()?, fields.next()?);
    let all_digits = |field: &[u8]| field.iter().all(u8::is_ascii_digit);
    if !all_digits(hour) || !all_digits(minute) {
        return None;
    }
    Some((number(hour, 1, 2)?, number(minute, 1, 2)?, number(second, 1, 2)?))
}

/// A month from 1 to 12, by its first three letters in any case.
fn parse_month(token: &[u8]) -> Option<u32> {
    let name = token.get(..3)?;
    b"janfebmaraprmayjunjulaugsepoctnovdec"
        .chunks(3)
        .zip(1..)
        .find(|(month, _)| month.eq_ignore_ascii_case(name))
        .map(|(_, number)| number)
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        2 => 28 + u32::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from the start of 1970 to a day in or after it.
fn days(year: u32, month: u32, day: u32) -> u64 {
    let leap_days_until = |year: u32| year / 4 - year / 100 + year / 400;
    let years = (year - 1970) * 365 + leap_days_until(year - 1) - leap_days_until(1969);
    let months: u32 = (1..month).map(|month| days_in_month(year, month)).sum();
    u64::from(years + months + day - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, UNIX_EPOCH};

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
        fn agrees_with_httpdate(seconds in 0u64..32_503_680_000) {
            let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
            prop_assert_eq!(parse(text.as_bytes()), Some(seconds));
        }

        #[test]
        fn never_panics(text in prop::collection::vec(any::<u8>(), 0..60)) {
            parse(&text);
        }
    }
}
