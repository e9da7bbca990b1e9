//! The body of a reply as far as it is looked into: a JSON document, an HTML page, or neither.

use crate::exchange::html::{LOOKED_INTO, Page};
use crate::http::head::Head;
use crate::json::error::DocumentError;
use crate::json::members::{Hash, Members};
use crate::json::picker::{Lent, Picker};
use crate::json::text::Text;

/// What is looked for in a body.
pub(crate) struct Sought {
    pub members: Members,
    /// [`Page::look`], or [`Page::ignore`]: a program links what it takes.
    pub page: fn(&mut Page, &[u8]),
    /// Whether the text 0 is this one matters.
    pub text: Hash,
}

/// Takes a body and picks members out of it.
pub(crate) struct Content {
    kind: Kind,
    page: Page,
    /// How many bytes at the front have come of those that are looked into where it is a page.
    looked_into: u16,
    pub document: Picker,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing but white space yet, or a document.
    Document,
    /// The head says that a page is to come.
    Announced,
    Html,
    /// Nothing in it matters.
    Skipped,
}

impl Content {
    /// Nothing has come yet. It is all zeros, which take no place in the flash.
    pub(crate) const NEW: Self =
        Content { kind: Kind::Document, page: Page::new(), looked_into: 0, document: Picker::new() };

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
        self.is_html() && self.page.has_mark()
    }

    /// Whether nothing is to be done with the piece: with none of a body in which nothing matters, nor with most that are a
    /// single byte.
    pub(crate) fn passes_over(&self, piece: &[u8]) -> bool {
        // A chip has more use for the bytes that the second takes.
        self.kind == Kind::Skipped
            || cfg!(target_pointer_width = "64")
                && matches!(piece, [byte] if self.kind == Kind::Document && self.document.passes_over(*byte))
    }

    /// Takes a byte in which nothing matters, or of a document, as [`Picker::take`] does; false for what is
    /// [`push`](Content::push)'s.
    #[inline(always)] // into the one place where it is asked
    pub(crate) fn take(&mut self, sought: &'static Sought, byte: u8, memory: &mut [u8]) -> bool {
        let mut lent = Lent { members: &sought.members, sought: sought.text, memory };
        match self.kind {
            Kind::Document => self.document.take(byte, &mut lent),
            kind => kind == Kind::Skipped,
        }
    }

    /// Takes the next piece. An error means that it is no document, or not one to pick from.
    #[expect(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        reason = "no more than `LOOKED_INTO`"
    )]
    pub(crate) fn push(
        &mut self,
        sought: &'static Sought,
        piece: &[u8],
        memory: &mut [u8],
    ) -> Result<(), DocumentError> {
        let to_look_into = piece.get(..usize::from(LOOKED_INTO - self.looked_into)).unwrap_or(piece);
        self.looked_into += to_look_into.len() as u16;
        if self.kind == Kind::Document {
            let mut lent = Lent { members: &sought.members, sought: sought.text, memory };
            let result = self.document.push(piece, &mut lent);
            if !self.document.is_page() {
                return result;
            }
        }
        self.kind = Kind::Html;
        (sought.page)(&mut self.page, to_look_into);
        Ok(())
    }

    /// A text of the document, if it is one.
    pub(crate) fn text<'s>(&self, text: u8, memory: &'s [u8]) -> Option<Text<'s>> {
        let span = self.document.text(text).filter(|_| self.is_document())?;
        Some(Text::new(memory.get(span)?, self.document.is_cut(text)))
    }
}
