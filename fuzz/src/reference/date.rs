//! Reads a date as RFC 6265bis, 5.1.1, has it: token by token.

/// The seconds since 1970; 0 for what is before, and no more than 32 bits less two hold.
pub fn read(text: &[u8]) -> Option<u64> {
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    let is_delimiter = |byte: &u8| matches!(byte, 0x09 | 0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E);
    for token in text.split(is_delimiter).filter(|token| !token.is_empty()) {
        if time.is_none() {
            time = time_of(token);
            if time.is_some() {
                continue;
            }
        }
        if day.is_none() {
            day = number_of(token, 1, 2);
            if day.is_some() {
                continue;
            }
        }
        if month.is_none() {
            month = month_of(token);
            if month.is_some() {
                continue;
            }
        }
        if year.is_none() {
            year = number_of(token, 2, 4);
        }
    }
    let ((hour, minute, second), day, month, mut year) = (time?, day?, month?, year?);
    if (70..=99).contains(&year) {
        year += 1900;
    } else if year <= 69 {
        year += 2000;
    }
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if year < 1601 || hour > 23 || minute > 59 || second > 59 || !(1..=lengths[month]).contains(&day) {
        return None;
    }
    if year < 1970 {
        return Some(0);
    }
    let leap_years = |year: u64| year / 4 - year / 100 + year / 400;
    let mut days = (year - 1970) * 365 + leap_years(year - 1) - leap_years(1969);
    days += lengths[..month].iter().sum::<u64>() + day - 1;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second).min(u64::from(u32::MAX) - 1))
}

/// A number of so many digits, behind which comes none.
fn number_of(token: &[u8], least: usize, most: usize) -> Option<u64> {
    let digits = token.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = std::str::from_utf8(&token[..digits]).ok()?;
    (least..=most).contains(&digits).then(|| text.parse().ok())?
}

fn time_of(token: &[u8]) -> Option<(u64, u64, u64)> {
    let mut parts = token.splitn(3, |byte| *byte == b':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    let is_whole = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    if !is_whole(hour) || !is_whole(minute) {
        return None;
    }
    Some((number_of(hour, 1, 2)?, number_of(minute, 1, 2)?, number_of(second, 1, 2)?))
}

/// From 0.
fn month_of(token: &[u8]) -> Option<usize> {
    const MONTHS: [&[u8]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    let start = token.get(..3)?;
    MONTHS.iter().position(|month| start.eq_ignore_ascii_case(month))
}
