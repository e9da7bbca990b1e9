//! Secrets that are lent.

use core::fmt;

use zeroize::Zeroize;

/// A secret that is wiped on drop, or one that is not ours to wipe.
pub(crate) enum Secret<'a> {
    Wiped(&'a mut str),
    Kept(&'a str),
}

impl Secret<'_> {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Secret::Wiped(text) => text,
            Secret::Kept(text) => text,
        }
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl Drop for Secret<'_> {
    fn drop(&mut self) {
        if let Secret::Wiped(text) = self {
            text.zeroize();
        }
    }
}
