//! Reads the value of a `Set-Cookie` field (RFC 6265bis, section 5.6).

use super::record::{HTTP_ONLY, NEVER, SECURE};
use crate::text::bytes::{cut, next_part, same_ignoring_case};
use crate::text::date;
use crate::text::number::leading_number;
use crate::text::time::LONGEST;

/// The longest name and value together, in bytes; a longer cookie is ignored, as RFC 6265bis asks.
const MAX_PAIR: usize = 4096;

/// The longest attribute value, in bytes; a longer one is ignored, as RFC 6265bis asks.
const MAX_ATTRIBUTE: usize = 1024;

/// From here on, the end of a staged cookie is no date, but how many seconds it lives more than this. It is in 2105.
pub(super) const SPANS: u32 = NEVER - 1 - LONGEST;

/// A cookie as a server sent it.
pub(crate) struct SetCookie<'a> {
    pub name: &'a [u8],
    pub value: &'a [u8],
    /// `Domain` without its leading dot; empty where there is none.
    pub domain: &'a [u8],
    /// `Path`, where it begins with a slash.
    pub path: Option<&'a [u8]>,
    /// When it ends, as far as that is known before the reply is complete.
    pub end: u32,
    /// It is by `Max-Age`, which goes before `Expires` (RFC 6265bis, 5.7).
    has_max_age: bool,
    /// [`SECURE`], [`HTTP_ONLY`]
    pub flags: u8,
}

impl<'a> SetCookie<'a> {
    //= 6265bis-5.6-parsed, 6265bis-5.6-percent, 6265bis-5.6-pair
    /// Reads a field value as far as its attributes, which it returns for [`take`](SetCookie::take); none where RFC 6265bis
    /// says to ignore it. In two steps so that the cookie is made where it is to be, and is on the stack but once.
    #[expect(clippy::arithmetic_side_effects, reason = "two parts of one text")]
    pub(crate) fn begin(text: &'a [u8]) -> Option<(Self, Option<&'a [u8]>)> {
        // "If the set-cookie-string contains a %x00-08 / %x0A-1F / %x7F character: abort": such a field does not come here.
        let (pair, attributes) = cut(text, b';');
        // "If the name-value-pair string lacks a %x3D (=) character, then the name string is empty"
        let (name, value) = match split_at_equals(pair) {
            (value, _, false) => (&b""[..], value),
            (name, value, true) => (name, value),
        };
        if name.is_empty() && value.is_empty() || name.len() + value.len() > MAX_PAIR {
            return None;
        }
        let cookie = SetCookie { name, value, domain: b"", path: None, end: NEVER, has_max_age: false, flags: 0 };
        Some((cookie, attributes))
    }

    //= 6265bis-5.6-attributes
    /// Takes the attributes.
    pub(crate) fn take(&mut self, attributes: Option<&'a [u8]>) {
        let mut rest = attributes;
        while let Some(attribute) = next_part(&mut rest, b';') {
            if let Some(date) = self.attribute(attribute)
                && let Some(end) = date::end(date).known()
            {
                self.end = end_of_date(end);
            }
        }
    }

    /// The last attribute of a name wins. Returns the date of one by which the cookie ends: what that takes of the stack is not
    /// to be below this.
    #[inline(never)]
    fn attribute(&mut self, attribute: &'a [u8]) -> Option<&'a [u8]> {
        const NAMES: [&str; 6] = ["Expires", "Max-Age", "Domain", "Path", "Secure", "HttpOnly"];
        let (name, value, _) = split_at_equals(attribute);
        let known = NAMES.iter().position(|known| same_ignoring_case(name, known.as_bytes()));
        match known.filter(|_| value.len() <= MAX_ATTRIBUTE) {
            //= 6265bis-5.6.1-expires
            Some(0) if !self.has_max_age => return Some(value),
            Some(1) => {
                if let Some(age) = parse_max_age(value) {
                    self.end = end_of_age(age);
                    self.has_max_age = true;
                }
            }
            //= 6265bis-5.6.3-domain
            Some(2) => {
                // A dot alone stays, and is the domain of no host: browsers refuse such a cookie.
                self.domain = match value {
                    [b'.', domain @ ..] if !domain.is_empty() => domain,
                    domain => domain,
                }
            }
            //= 6265bis-5.6.4-path
            Some(3) => self.path = Some(value).filter(|path| path.first() == Some(&b'/')),
            //= 6265bis-5.6.5-secure
            Some(4) => self.flags |= SECURE,
            //= 6265bis-5.6.6-http-only
            Some(5) => self.flags |= HTTP_ONLY,
            //= 6265bis-5.7-none-is-secure
            _ => {}
        }
        None
    }
}

/// Splits at the first `=`, and trims both sides; whether there was one.
#[inline(never)]
fn split_at_equals(text: &[u8]) -> (&[u8], &[u8], bool) {
    let (name, value) = cut(text, b'=');
    (name.trim_ascii(), value.unwrap_or_default().trim_ascii(), value.is_some())
}

//= 6265bis-5.6.2-max-age
/// `[ "-" ] 1*DIGIT`; anything else is ignored.
fn parse_max_age(value: &[u8]) -> Option<u32> {
    let (digits, most) = match value {
        [b'-', digits @ ..] => (digits, 0),
        digits => (digits, u32::MAX),
    };
    let (len, seconds) = leading_number(digits);
    (len > 0 && len == digits.len()).then_some(most.min(seconds.try_into().unwrap_or(u32::MAX)))
}

/// The end of a cookie until its reply is complete: by the site's clock, in seconds since 1970.
fn end_of_date(date: u32) -> u32 {
    date.min(SPANS - 1)
}

/// The same of one that ends [so many](SPANS) seconds from then.
#[expect(clippy::arithmetic_side_effects, reason = "`SPANS` and the longest are less than `NEVER`")]
fn end_of_age(age: u32) -> u32 {
    //= 6265bis-5.5-limit, 6265bis-5.5-reduced
    if age == 0 { 0 } else { SPANS + age.min(LONGEST) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::format;
    use std::string::String;

    fn parse(text: &str) -> Option<SetCookie<'_>> {
        parse_bytes(text.as_bytes())
    }

    fn parse_bytes(text: &[u8]) -> Option<SetCookie<'_>> {
        let (mut cookie, attributes) = SetCookie::begin(text)?;
        cookie.take(attributes);
        Some(cookie)
    }

    #[test]
    #[cfg_attr(not(feature = "lifetimes"), ignore)]
    fn reads_the_documented_cookies() {
        let ticket = parse(" .ASPXAUTH=0A1B; path=/CreatioWebApp; HttpOnly").unwrap();
        assert_eq!((ticket.name, ticket.value), (&b".ASPXAUTH"[..], &b"0A1B"[..]));
        assert_eq!(ticket.path, Some(&b"/CreatioWebApp"[..]));
        assert_eq!((ticket.flags, ticket.end), (HTTP_ONLY, NEVER));

        let user = parse("UserName=83, 117, 112|10; expires=Sat, 07-May-2022 08:46:12 GMT; Path=/").unwrap();
        assert_eq!(user.value, b"83, 117, 112|10");
        assert_eq!(user.end, 1_651_913_172);

        let base64 = parse("visid=a+b/c==; SECURE;SameSite=Lax").unwrap();
        assert_eq!((base64.value, base64.flags), (&b"a+b/c=="[..], SECURE));
    }

    //= 6265bis-5.6-attributes, 6265bis-5.6.1-expires, 6265bis-5.6.2-max-age, 6265bis-5.6.4-path
    #[test]
    fn the_last_attribute_wins_and_malformed_ones_count_for_nothing() {
        let cookie = parse("a=b; path=/x; Path=/y; max-age=5; Max-Age=x; Domain=.a.b; Expires=never").unwrap();
        assert_eq!(cookie.path, Some(&b"/y"[..]));
        assert_eq!(cookie.end, end_of_age(5));
        assert_eq!(cookie.domain, b"a.b");
        assert_eq!(parse("a=b; Expires=never").unwrap().end, NEVER);
        assert_eq!(parse("a=b; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:00 GMT").unwrap().end, end_of_age(5));
        let date = "Expires=Thu, 01 Jan 1970 00:00:00 GMT";
        for malformed in ["Expires=never", "Max-Age=x"] {
            assert_eq!(parse(&format!("a=b; {date}; {malformed}")).unwrap().end, 0, "{malformed}");
        }
        assert_eq!(parse("a=b; Domain=a.b; Domain=").unwrap().domain, b"");
        assert_eq!(parse("a=b; Path=/x; Path=").unwrap().path, None);
        assert_eq!(parse("a=b; Path=/x; Path=y").unwrap().path, None);
        assert_eq!(parse("a=b; Max-Age=-1").unwrap().end, 0);
        for ignored in ["", "-", "5x", "x5", "5 5", "+5", "--5"] {
            assert_eq!(parse(&format!("a=b; Max-Age=7; Max-Age={ignored}")).unwrap().end, end_of_age(7), "{ignored}");
        }
        assert_eq!(parse("a=b; Max-Age=99999999999999999999999").unwrap().end, end_of_age(u32::MAX));
        let long = format!("a=b; Path=/{}", "x".repeat(MAX_ATTRIBUTE));
        assert_eq!(parse(&long).unwrap().path, None);
    }

    //= 6265bis-5.6-pair
    #[test]
    fn a_pair_without_equals_is_a_value_without_a_name() {
        let cookie = parse("token; Secure").unwrap();
        assert_eq!((cookie.name, cookie.value), (&b""[..], &b"token"[..]));
        assert_eq!(parse("=token").unwrap().value, b"token");
    }

    //= 6265bis-5.6-pair
    #[test]
    fn ignores_what_the_rfc_says_to_ignore() {
        for ignored in ["", ";", "=", " = ; Path=/"] {
            assert!(parse(ignored).is_none(), "{ignored:?}");
        }
        let pair = |len: usize| format!("a={}", "x".repeat(len - 1));
        assert!(parse(&pair(MAX_PAIR)).is_some());
        assert!(parse(&pair(MAX_PAIR + 1)).is_none());
    }

    proptest! {
        //= 6265bis-5.6-parsed
        #[test]
        #[cfg_attr(not(feature = "lifetimes"), ignore)]
        fn agrees_with_the_cookie_crate(
            name in "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}",
            value in "[ -:<-~]{0,24}",
            path in proptest::option::of("/[a-zA-Z0-9/._-]{0,12}"),
            domain in proptest::option::of("\\.?[a-z]{1,8}\\.[a-z]{2,3}"),
            max_age in proptest::option::of(0i64..1_000_000),
            expires in proptest::option::of(0u64..4_000_000_000),
            secure in any::<bool>(),
            http_only in any::<bool>(),
        ) {
            let mut text = format!("{name}={value}");
            let mut add = |attribute: String| { text.push_str("; "); text.push_str(&attribute); };
            if let Some(path) = &path { add(format!("Path={path}")); }
            if let Some(domain) = &domain { add(format!("domain={domain}")); }
            if let Some(age) = max_age { add(format!("Max-Age={age}")); }
            if let Some(expires) = expires {
                let date = std::time::UNIX_EPOCH + std::time::Duration::from_secs(expires);
                add(format!("EXPIRES={}", httpdate::fmt_http_date(date)));
            }
            if secure { add("Secure".into()); }
            if http_only { add("httponly".into()); }

            let ours = parse(&text).unwrap();
            let theirs = cookie::Cookie::parse(text.as_str()).unwrap();
            prop_assert_eq!(ours.name, theirs.name().as_bytes());
            prop_assert_eq!(ours.value, theirs.value().as_bytes());
            prop_assert_eq!(ours.path, theirs.path().map(str::as_bytes));
            prop_assert_eq!(ours.domain, theirs.domain().unwrap_or("").as_bytes());
            let age = theirs.max_age().map(|age| age.whole_seconds().try_into().unwrap());
            let date = theirs.expires_datetime().map(|t| t.unix_timestamp().try_into().unwrap());
            prop_assert_eq!(ours.end, age.map(end_of_age).or(date.map(end_of_date)).unwrap_or(NEVER));
            prop_assert_eq!(ours.flags & SECURE != 0, theirs.secure().unwrap_or(false));
            prop_assert_eq!(ours.flags & HTTP_ONLY != 0, theirs.http_only().unwrap_or(false));
        }

        #[test]
        fn never_panics(text in prop::collection::vec(any::<u8>(), 0..80)) {
            parse_bytes(&text);
        }
    }
}
