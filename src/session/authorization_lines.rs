//! The lines of a request that authorise it: `Authorization`; or `ForceUseSession`, `Cookie`, and for each CSRF cookie the
//! field of its name (protocol notes, section 4).

use super::Session;
use super::authorization::{self, Authorization, CSRF_NAMES};
use crate::cookie::record::Context;
use crate::text::template::Part;

/// `Cookie: name=value; name=value` (RFC 6265bis, 5.8.3), if there is one to send, as a part of a template.
//= 6265bis-5.8.1-one-string
macro_rules! cookie_line {
    () => {
        "$(DCookie: $D$)$(C; $C$)$(D\r\n$)"
    };
}

/// All lines that authorise a call, likewise.
macro_rules! authorization_lines {
    () => {
        concat!(
            "$(AAuthorization: $A\r\n$)$(FForceUseSession: true\r\n$)",
            crate::session::authorization_lines::cookie_line!(),
            "$(BBPMCSRF: $B\r\n$)$(XCRT_CSRF: $X\r\n$)"
        )
    };
}

pub(crate) use {authorization_lines, cookie_line};

/// What stands behind the letters of these lines.
pub(crate) struct Lines<'a> {
    pub session: &'a Session<'a>,
    pub context: &'a Context<'a>,
}

impl Lines<'_> {
    /// The letters of [`cookie_line!`].
    pub(crate) fn cookie<'a>(&'a self, letter: u8, item: usize, part: &mut Part<'a>) -> bool {
        let jar = &self.session.jar;
        part.next = item;
        let mut pair = None;
        for _ in 0..=usize::from(letter == b'C' && item == 0) {
            pair = jar.next_to_send(&mut part.next, self.context); // of `C` the first is that of `D`
        }
        if letter != b'C' || pair.is_none() {
            part.next = 0;
        }
        part.text = pair.unwrap_or_default();
        pair.is_some()
    }

    /// The letters of [`authorization_lines!`], for a call that this authorises.
    pub(crate) fn part<'a>(
        &'a self,
        authorization: Authorization,
        letter: u8,
        item: usize,
        part: &mut Part<'a>,
    ) -> bool {
        let by_cookies = authorization.is_by_cookies();
        let has_csrf = authorization == Authorization::CookiesAndCsrfToken;
        let jar = &self.session.jar;
        let [bpm_csrf, crt_csrf] = CSRF_NAMES;
        let value = match letter {
            //= 7617-2.2-scope
            b'A' if !by_cookies => authorization::value(jar),
            b'B' if has_csrf => jar.newest(bpm_csrf, self.context),
            b'X' if has_csrf => jar.newest(crt_csrf, self.context),
            b'A' | b'B' | b'X' => None,
            b'F' => return by_cookies,
            _ => return by_cookies && self.cookie(letter, item, part),
        };
        part.text = value.unwrap_or_default();
        value.is_some()
    }
}
