//! A text out of a document.

use core::fmt;

/// A text out of an answer.
///
/// A text takes at most half of the memory that is left when it comes, and 65,535 bytes; a longer one is cut after a whole
/// character. Half a surrogate pair, which JSON can escape and UTF-8 cannot hold, stands in it as U+FFFD.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Text<'s> {
    bytes: &'s [u8],
    truncated: bool,
}

impl<'s> Text<'s> {
    pub(crate) const fn new(bytes: &'s [u8], truncated: bool) -> Self {
        Text { bytes, truncated }
    }

    /// The text.
    pub fn as_str(&self) -> &'s str {
        core::str::from_utf8(self.bytes).unwrap_or_default() // always UTF-8: the reader lets nothing else in
    }

    /// The text's bytes, which are UTF-8.
    pub const fn as_bytes(&self) -> &'s [u8] {
        self.bytes
    }

    /// Whether the text was longer than its room.
    pub const fn is_truncated(&self) -> bool {
        self.truncated
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())?;
        f.write_str(if self.truncated { "…" } else { "" })
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)?;
        f.write_str(if self.truncated { "…" } else { "" })
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Text<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str}{=str}", self.as_str(), if self.truncated { "…" } else { "" });
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Text<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
