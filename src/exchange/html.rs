//! What in an HTML page shows that it is the login page. What in a `Location` does is in `site/login_page.rs`.

/// What stands in a login page and in hardly another: its own address, where it goes after the login, or the script that
/// shows it (protocol notes, sections 4 and 5).
const MARKS: [&[u8]; 5] = [b"nuilogin.aspx", b"ssplogin.aspx", b"login.html", b"returnurl=", b"bootstrap.login"];

/// Within so many bytes at the front of a body the marks are looked for (protocol notes, section 4).
pub(crate) const LOOKED_INTO: u16 = 4096;

/// A page as it comes: how much of each mark its last bytes are; all of it stays.
pub(crate) struct Page([u8; MARKS.len()]);

impl Page {
    pub(crate) const fn new() -> Self {
        Page([0; MARKS.len()])
    }

    /// Looks for the marks in the next piece.
    #[expect(clippy::cast_possible_truncation, reason = "no more than a mark has")]
    pub(crate) fn look(&mut self, piece: &[u8]) {
        for (mark, matched) in MARKS.iter().zip(&mut self.0) {
            for byte in piece {
                if usize::from(*matched) < mark.len() {
                    *matched = advance(mark, usize::from(*matched), byte.to_ascii_lowercase()) as u8;
                }
            }
        }
    }

    /// Looks for nothing: in the answer to a login no session ends.
    pub(crate) fn ignore(&mut self, _: &[u8]) {}

    /// Whether it speaks of the login page.
    pub(crate) fn has_mark(&self) -> bool {
        MARKS.iter().zip(&self.0).any(|(mark, matched)| mark.len() == usize::from(*matched))
    }
}

/// How much of the mark the text ends with when this byte has come. No beginning of a mark ends with more than the first
/// letter of it, so that no more than that is left of what has matched.
#[expect(clippy::arithmetic_side_effects, reason = "a place in the mark")]
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
    use std::vec;

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
            let mut found = vec![];
            for cut in 0..=text.len() {
                let mut page = Page::new();
                page.look(&text.as_bytes()[..cut]);
                page.look(&text.as_bytes()[cut..]);
                found.push(page.has_mark());
            }
            assert!(found.iter().all(|each| *each == found[0]), "{text}");
            found[0]
        };
        for text in [
            "x/Login/NuiLogin.aspx?",
            "NuiLoginNuiLogin.aspx",
            "<a href=LOGIN.HTML>",
            "?rReturnUrl=%2f",
            "retureturnurl=",
            "NuiLoginuiLoginnuilogin.aspx",
            "retureturnNuiLonuilogin.aspx",
            "/Login/SSSPLogin.aspx",
            "bootboobootstrap.login",
        ] {
            assert!(found(text), "{text}");
        }
        for text in ["", "login", "NuiLogin", "NuiLogin.asp x", "return url="] {
            assert!(!found(text), "{text}");
        }
    }
}
