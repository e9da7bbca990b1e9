//! What in a body shows that a session has ended. It is looked for as it comes, for that must not hang on the room there
//! is.

/// What a 401 says when the session has ended, and nothing else does (protocol notes, section 4).
const AUTHENTICATION_FAILED: &[u8] = b"Authentication failed.";

/// What stands in a login page and in hardly another: its own address, or where it goes after the login (protocol notes,
/// sections 4 and 5).
const MARKS: [&[u8]; 3] = [b"nuilogin.aspx", b"login.html", b"returnurl="];

/// A byte that has come.
pub(crate) enum Seen {
    /// Of an HTML page.
    Page(u8),
    /// Of the message in a document.
    Message(u8),
}

pub(crate) struct Signs {
    /// How much of each mark the last bytes are; all of it stays.
    marks: [u8; MARKS.len()],
    /// How much of [`AUTHENTICATION_FAILED`] the message is so far; more than all where it is something else.
    matched: u8,
}

impl Signs {
    pub(crate) const fn new() -> Self {
        Signs { marks: [0; MARKS.len()], matched: 0 }
    }

    /// Looks for nothing: in the answer to a login no session ends.
    pub(crate) fn ignore(&mut self, _: Seen) {}

    pub(crate) fn look(&mut self, seen: Seen) {
        match seen {
            Seen::Page(byte) => self.page(byte),
            Seen::Message(byte) => {
                let expected = AUTHENTICATION_FAILED.get(usize::from(self.matched));
                self.matched = if expected == Some(&byte) { self.matched + 1 } else { u8::MAX };
            }
        }
    }

    fn page(&mut self, byte: u8) {
        let byte = byte.to_ascii_lowercase();
        for (mark, matched) in MARKS.iter().zip(&mut self.marks) {
            if usize::from(*matched) < mark.len() {
                *matched = advance(mark, usize::from(*matched), byte) as u8;
            }
        }
    }

    /// Whether the page speaks of the login page.
    pub(crate) fn has_mark(&self) -> bool {
        MARKS.iter().zip(&self.marks).any(|(mark, matched)| mark.len() == usize::from(*matched))
    }

    /// Whether the message is `Authentication failed.`
    pub(crate) fn says_authentication_failed(&self) -> bool {
        usize::from(self.matched) == AUTHENTICATION_FAILED.len()
    }
}

/// How much of the mark the text ends with when this byte has come. No beginning of a mark ends with more than the first
/// letter of it, so that no more than that is left of what has matched.
fn advance(mark: &[u8], matched: usize, byte: u8) -> usize {
    let mut matched = matched;
    while mark.get(matched) != Some(&byte) {
        if matched == 0 {
            return 0;
        }
        matched = usize::from(matched > 1 && mark.get(matched - 1) == mark.first());
    }
    matched + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_beginning_of_a_mark_ends_with_more_than_its_first_letter() {
        for mark in MARKS {
            for (end, start) in (0..mark.len()).flat_map(|end| (1..end).map(move |start| (end, start))) {
                assert!(end - start < 2 || !mark.starts_with(&mark[start..end]), "{start}..{end} of {mark:?}");
            }
        }
    }

    #[test]
    fn marks_are_found_wherever_they_begin() {
        let found = |text: &str| {
            let mut marks = Signs::new();
            text.bytes().for_each(|byte| marks.look(Seen::Page(byte)));
            marks.has_mark()
        };
        for text in [
            "x/Login/NuiLogin.aspx?",
            "NuiLoginNuiLogin.aspx",
            "<a href=LOGIN.HTML>",
            "?rReturnUrl=%2f",
            "retureturnurl=",
            "NuiLoginuiLoginnuilogin.aspx",
            "retureturnNuiLonuilogin.aspx",
        ] {
            assert!(found(text), "{text}");
        }
        for text in ["", "login", "NuiLogin", "NuiLogin.asp x", "return url="] {
            assert!(!found(text), "{text}");
        }
    }
}
