//! The date of `Set-Cookie` where lifetimes are left out: its year is all that is read, so that a date that is meant to delete
//! a cookie (in 1970 or 1999) does.

use crate::text::number::leading_number;
use crate::text::time::Time;

/// When a cookie ends: in the past, if the year is before the library's first one, and otherwise never; unknown, if there is
/// none. "The first number of two to four digits" that is not the day or a part of the time is the year (RFC 6265bis,
/// 5.1.1).
pub(crate) fn end(text: &[u8]) -> Time {
    let mut has_day = false;
    for token in text.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b':') {
        let (digits, number) = leading_number(token);
        if token.get(digits) == Some(&b':') {
        } else if !has_day && (1..=2).contains(&digits) {
            has_day = true;
        } else if (2..=4).contains(&digits) {
            let is_to_come = matches!(number, 26..=69 | 2026..);
            return if is_to_come { Time::of(u32::MAX) } else { Time::FIRST };
        }
    }
    Time::UNKNOWN
}

/// The time that another field tells: nobody asks.
pub(crate) fn time(_: &[u8]) -> Time {
    Time::UNKNOWN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_says_whether_a_cookie_is_over() {
        for (text, expected) in [
            ("Thu, 01-Jan-1970 00:00:00 GMT", Some(0)),
            ("Tue, 12 Oct 1999 00:00:00 GMT", Some(0)),
            ("Thursday, 01-Jan-70 00:00:00 GMT", Some(0)),
            ("Wed Dec 31 23:59:59 2025", Some(0)),
            ("Mon, 01-Jan-0001 00:00:00 GMT", Some(0)),
            ("Thu, 01 Jan 2026 00:00:00 +0000", Some(u32::MAX - 1)),
            ("Monday, 22-Nov-27 00:52:54 GMT", Some(u32::MAX - 1)),
            ("Mon Nov 22 00:52:54 2027", Some(u32::MAX - 1)),
            ("2027 00:52:54 November 22th", Some(u32::MAX - 1)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(u32::MAX - 1)),
            ("never", None),
            ("22 Nov", None),
            ("", None),
        ] {
            assert_eq!(end(text.as_bytes()).known(), expected, "{text}");
        }
    }

    #[test]
    fn no_field_tells_the_time() {
        assert_eq!(time(b"Sun, 22 Nov 2026 00:00:00 GMT").known(), None);
    }
}
