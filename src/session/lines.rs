//! The lines of a request that authorise it: `Authorization`; or `ForceUseSession`, `Cookie`, and for each CSRF cookie the
//! field of its name (protocol notes, section 4).

use super::authorization::{self, Authorization, CSRF_NAMES};
use crate::cookie::jar::Jar;
use crate::cookie::record::Context;
use crate::text::template::Part;

/// `Cookie: name=value; name=value` (RFC 6265bis, 5.8.3), if there is one to send, as a part of a template.
macro_rules! cookie_line {
    () => {
        "$(C$C$N$E$V$)$(D\r\n$)"
    };
}

/// All lines that authorise a call, likewise.
macro_rules! authorization_lines {
    () => {
        concat!(
            "$(AAuthorization: $A\r\n$)$(FForceUseSession: true\r\n$)",
            crate::session::lines::cookie_line!(),
            "$(BBPMCSRF: $B\r\n$)$(XCRT_CSRF: $X\r\n$)"
        )
    };
}

pub(crate) use {authorization_lines, cookie_line};

/// What stands behind the letters of these lines.
pub(crate) struct Lines<'a> {
    pub jar: &'a Jar<'a>,
    pub context: &'a Context<'a>,
    pub authorization: Authorization,
}

impl Lines<'_> {
    pub(crate) fn part(&self, letter: u8, item: usize) -> Option<Part<'_>> {
        let [bpm_csrf, crt_csrf] = CSRF_NAMES;
        match letter {
            _ if !self.authorization.is_by_cookies() => {
                authorization::value(self.jar).filter(|_| letter == b'A').map(Part::bytes)
            }
            b'A' => None,
            b'F' => Some(Part::text("")),
            b'B' => self.csrf_token(bpm_csrf),
            b'X' => self.csrf_token(crt_csrf),
            _ => {
                let (name, value, next) = self.jar.to_send(item, self.context)?;
                Some(match letter {
                    b'C' => Part::text(if item == 0 { "Cookie: " } else { "; " }).before(next),
                    b'N' => Part::bytes(name),
                    b'E' => Part::text(if name.is_empty() { "" } else { "=" }),
                    b'V' => Part::bytes(value),
                    _ => Part::text(""),
                })
            }
        }
    }

    fn csrf_token(&self, name: &str) -> Option<Part<'_>> {
        self.jar.newest(name, self.context).map(Part::bytes)
    }
}
