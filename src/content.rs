//! The body of a reply as far as it is looked into: a JSON document, an HTML page, or neither.

use crate::error::DocumentError;
use crate::http::head::Head;
use crate::json::pick::{Members, Picker, Place};
use crate::login::Text;

/// Takes a body and picks members out of it.
pub(crate) struct Content {
    kind: Kind,
    pub document: Picker,
    marks: Marks,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing but white space yet.
    Undecided,
    /// The head says that a page is to come.
    Announced,
    Document,
    Html,
    /// Nothing in it matters.
    Skipped,
}

impl Content {
    pub(crate) const fn new() -> Self {
        Content { kind: Kind::Undecided, document: Picker::new(), marks: Marks([0; MARKS.len()]) }
    }

    /// The head is complete; texts go into memory from `at` on.
    pub(crate) fn head(&mut self, head: &Head, at: usize) {
        self.document.start_at(at);
        if head.html {
            self.kind = Kind::Announced;
        }
    }

    pub(crate) fn skip(&mut self) {
        self.kind = Kind::Skipped;
    }

    /// Whether an HTML page has come.
    pub(crate) fn is_html(&self) -> bool {
        self.kind == Kind::Html
    }

    /// Whether it is a whole document.
    pub(crate) fn is_document(&self) -> bool {
        self.kind == Kind::Document && self.document.is_complete()
    }

    /// Whether it is an HTML page that speaks of the login page.
    pub(crate) fn is_login_page(&self) -> bool {
        self.is_html() && self.marks.found()
    }

    /// Takes the next piece. An error means that it is no document, or not one to pick from.
    pub(crate) fn push(
        &mut self,
        members: &'static Members,
        piece: &[u8],
        memory: &mut [u8],
    ) -> Result<(), DocumentError> {
        let mut piece = piece;
        if self.kind == Kind::Announced {
            self.kind = Kind::Html;
        }
        while self.kind == Kind::Undecided
            && let Some((first, rest)) = piece.split_first()
        {
            match first {
                b'<' => self.kind = Kind::Html,
                b' ' | b'\t' | b'\r' | b'\n' | 0xEF | 0xBB | 0xBF => {
                    self.document.push(members, &[*first], memory)?;
                    piece = rest;
                }
                _ => self.kind = Kind::Document,
            }
        }
        match self.kind {
            Kind::Document => self.document.push(members, piece, memory),
            Kind::Html => {
                piece.iter().for_each(|byte| self.marks.push(*byte));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A text of the document, if it is one.
    pub(crate) fn text<'s>(&self, text: u8, memory: &'s [u8]) -> Option<Text<'s>> {
        let Place { start, len, truncated } = self.document.text(text).filter(|_| self.is_document())?;
        Some(Text::new(memory.get(start..)?.get(..len)?, truncated))
    }
}

/// What stands in a login page and in hardly another: its own address, or where it goes after the login (protocol
/// notes, sections 4 and 5).
const MARKS: [&[u8]; 3] = [b"nuilogin.aspx", b"login.html", b"returnurl="];

/// How much of each mark the last bytes are; all of it stays.
struct Marks([u8; MARKS.len()]);

impl Marks {
    fn push(&mut self, byte: u8) {
        let byte = byte.to_ascii_lowercase();
        for (mark, matched) in MARKS.iter().zip(&mut self.0) {
            if usize::from(*matched) < mark.len() {
                *matched = advance(mark, usize::from(*matched), byte) as u8;
            }
        }
    }

    fn found(&self) -> bool {
        MARKS.iter().zip(&self.0).any(|(mark, matched)| mark.len() == usize::from(*matched))
    }
}

/// How much of the mark the text ends with when this byte has come (Knuth, Morris and Pratt).
fn advance(mark: &[u8], matched: usize, byte: u8) -> usize {
    let mut matched = matched;
    while mark.get(matched) != Some(&byte) {
        if matched == 0 {
            return 0;
        }
        // The longest shorter beginning of the mark that what has matched ends with.
        let is_end = |len: &usize| mark.get(..*len) == mark.get(matched - *len..matched);
        matched = (0..matched).rev().find(is_end).unwrap_or(0);
    }
    matched + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_wherever_they_begin() {
        let found = |text: &str| {
            let mut marks = Marks([0; MARKS.len()]);
            text.bytes().for_each(|byte| marks.push(byte));
            marks.found()
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
