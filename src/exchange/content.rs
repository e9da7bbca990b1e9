//! The body of a reply as far as it is looked into: a JSON document, an HTML page, or neither.

use crate::http::head::Head;
use crate::json::error::DocumentError;
use crate::json::picker::{Members, Picker, Place};
use crate::json::signs::Seen;
use crate::json::text::Text;

/// Takes a body and picks members out of it.
pub(crate) struct Content {
    kind: Kind,
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
    pub(crate) const NEW: Self = Content { kind: Kind::Document, document: Picker::new() };

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
        self.is_html() && self.document.picked.signs.has_mark()
    }

    /// Takes the next piece. An error means that it is no document, or not one to pick from.
    pub(crate) fn push(
        &mut self,
        members: &'static Members,
        piece: &[u8],
        memory: &mut [u8],
    ) -> Result<(), DocumentError> {
        if self.kind == Kind::Announced {
            self.kind = Kind::Html;
        }
        for byte in piece {
            if *byte == b'<' && self.kind == Kind::Document && self.document.is_at_start() {
                self.kind = Kind::Html;
            }
            match self.kind {
                Kind::Document => self.document.push(members, &[*byte], memory)?,
                Kind::Html => (members.signs)(&mut self.document.picked.signs, Seen::Page(*byte)),
                _ => {}
            }
        }
        Ok(())
    }

    /// A text of the document, if it is one.
    pub(crate) fn text<'s>(&self, text: u8, memory: &'s [u8]) -> Option<Text<'s>> {
        let Place { start, len, truncated } = self.document.text(text).filter(|_| self.is_document())?;
        Some(Text::new(memory.get(start..)?.get(..len)?, truncated))
    }
}
