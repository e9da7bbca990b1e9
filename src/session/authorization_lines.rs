//! The lines of a request that authorise it: `Authorization`; or `ForceUseSession`, `Cookie`, and for each CSRF cookie the
//! field of its name (protocol notes, section 4).

use super::Session;
use super::authorization::{self, Authorization, CSRF_NAMES};
use crate::cookie::record::Context;
use crate::text::template::Part;

/// `Cookie: name=value; name=value` (RFC 6265bis, 5.8.3), if there is one to send, as a part of a template. The end of the line before
/// it comes with it, and its own with what follows.
//= 6265bis-5.8.1-one-string
macro_rules! cookie_line {
    () => {
        "$(D\r\nCookie: $D$)$(C; $C$)"
    };
}

/// All lines that authorise a call. There is always one of the first two.
macro_rules! authorization_lines {
    () => {
        concat!(
            "$(AAuthorization: $A$)$(FForceUseSession: true$)",
            crate::session::authorization_lines::cookie_line!(),
            "$(B\r\nBPMCSRF: $B$)$(X\r\nCRT_CSRF: $X$)\r\n"
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
        if cfg!(target_pointer_width = "64") && item >= jar.used() {
            return false;
        }
        let (mut at, is_list) = (item, letter == b'C');
        let mut pair = jar.next_to_send(&mut at, self.context);
        if is_list {
            if item == 0 && pair.is_some() {
                pair = jar.next_to_send(&mut at, self.context); // the first is that of `D`
            }
            part.next = if pair.is_some() { at } else { 0 };
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
