//! The path of a request, in the pieces it is made of.

use super::error::PathError;
use super::host::is_hexadecimal;
use crate::text::bytes::Set;
use crate::text::encoding::QUERY;
use crate::text::fault::BufferTooSmall;
use crate::text::template::{Encoded, Slot};

//= 9112-3-line-length, 9110-4.1-uri-length
/// The longest path with its query that is accepted, in bytes. Few servers take more.
pub const MAX_PATH: usize = 16 * 1024;

/// Where a call goes, below the site's base path.
///
/// ```
/// use creatio_auth::Path;
///
/// // On .NET Framework the site's runtime adds `/0` to this one:
/// let contacts = Path::site("/odata/Contact?$top=3")?;
/// // and to this one never:
/// let login_page = Path::root("/Login/NuiLogin.aspx")?;
/// # Ok::<(), creatio_auth::PathError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Path<'a> {
    text: &'a str,
    prefixed: bool,
}

impl<'a> Path<'a> {
    /// A path of the services after login: `/0` comes before it on .NET Framework.
    ///
    /// `text` begins with a slash, may have a query, and is percent-encoded already. It is sent as it is, `.` and `..`
    /// segments too.
    ///
    /// # Errors
    ///
    /// [`PathError`] where it does not begin with a slash, is longer than [`MAX_PATH`], or holds a character that
    /// a request target may not hold (a space, a control character, `#`, anything outside ASCII, a `%` without two hexadecimal
    /// digits).
    pub fn site(text: &'a str) -> Result<Self, PathError> {
        Self::checked(text, true)
    }

    /// A path below the base path as it stands, on both runtimes.
    ///
    /// # Errors
    ///
    /// As [`Path::site`].
    pub fn root(text: &'a str) -> Result<Self, PathError> {
        Self::checked(text, false)
    }

    /// The path as it was given, without what the runtime adds.
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// Whether the site's runtime adds its prefix.
    pub(crate) const fn has_prefix(&self) -> bool {
        self.prefixed
    }

    /// A path of our own.
    pub(crate) const fn of_ours(text: &'static str) -> Self {
        Path { text, prefixed: false }
    }

    /// A path of our own below the runtime's prefix.
    pub(crate) const fn of_the_site(text: &'static str) -> Self {
        // not covered: run by the compiler
        Path { text, prefixed: true }
    }

    /// This path below the runtime's prefix.
    pub(crate) const fn below_prefix(self) -> Self {
        Path { prefixed: true, ..self }
    }

    /// Another path of ours, below the prefix or not as this one.
    pub(crate) const fn to(self, text: &'static str) -> Self {
        Path { text, ..self }
    }

    /// A path that is below the runtime's prefix or not.
    pub(crate) fn checked(text: &'a str, prefixed: bool) -> Result<Self, PathError> {
        if text.len() > MAX_PATH {
            return Err(PathError::TooLong);
        }
        //= 9112-3.2.1-slash, 3986-3.2-path, 3986-3.3-slash
        if text.as_bytes().first() != Some(&b'/') {
            return Err(PathError::NoSlash);
        }
        if !is_origin_form(text.as_bytes()) {
            return Err(PathError::Character);
        }
        Ok(Path { text, prefixed })
    }
}

/// Percent-encodes a name or a value of a query that is put together by hand, and returns how many bytes it is then. (What
/// [`Call::with_query`](crate::Call::with_query) is given is encoded anyway.)
///
/// ```
/// let mut out = [0; 64];
/// let len = creatio_auth::encode_query("Name eq 'Ö & Co'", &mut out)?;
/// assert_eq!(&out[..len], b"Name%20eq%20'%C3%96%20%26%20Co'");
/// # Ok::<(), creatio_auth::BufferTooSmall>(())
/// ```
///
/// # Errors
///
/// [`BufferTooSmall`] says how many bytes it takes; `out` is as it was.
pub fn encode_query(text: &str, out: &mut [u8]) -> Result<usize, BufferTooSmall> {
    encode_query_for_c(text, out)
}

/// As [`encode_query`], for C.
#[doc(hidden)]
pub fn encode_query_for_c<S: Slot>(text: &str, out: &mut [S]) -> Result<usize, BufferTooSmall> {
    Encoded(text, &QUERY).write(out)
}

//= 9112-2.2-no-bare-cr, 9110-2.2-grammar, 6749-3.2-no-fragment, 3986-2.4-percent
/// Whether a text is made of what a path and a query are made of: `origin-form = absolute-path [ "?" query ]` (RFC 9112, 3.2.1)
/// and `pct-encoded = "%" HEXDIG HEXDIG` (RFC 3986, 2.1).
#[inline(never)]
pub(super) fn is_origin_form(mut text: &[u8]) -> bool {
    while let [byte, rest @ ..] = text {
        if !ORIGIN_FORM.has(*byte) || *byte == b'%' && !rest.get(..2).is_some_and(is_hexadecimal) {
            return false;
        }
        text = rest;
    }
    true
}

/// What stands there.
static ORIGIN_FORM: Set = Set::alphanumeric_and(b"-._~%!$&'()*+,;=:@/?");

#[cfg(test)]
mod tests {
    use super::*;

    //= 3986-2.4-percent, 9112-3.2.1-slash, 6749-3.2-no-fragment, 3986-3.2-path, 3986-3.3-slash
    #[test]
    fn a_path_is_taken_up_to_the_longest() {
        for (len, is_taken) in [(MAX_PATH - 1, true), (MAX_PATH, true), (MAX_PATH + 1, false), (MAX_PATH + 2, false)]
        {
            let path = std::format!("/{}", "a".repeat(len - 1));
            assert_eq!(Path::site(&path).err(), (!is_taken).then_some(PathError::TooLong), "{len}");
        }
    }

    #[test]
    fn paths_that_would_break_the_request_line_are_refused() {
        assert_eq!(Path::site("odata"), Err(PathError::NoSlash));
        assert_eq!(Path::site(""), Err(PathError::NoSlash));
        for bad in [
            "/a b",
            "/a\r\nX: y",
            "/a#b",
            "/\0",
            "/ö",
            "/\"",
            "/<",
            "/a\\b",
            "/%",
            "/a%2",
            "/%2g",
            "/%%20",
            "/a?b=5%",
        ] {
            assert_eq!(Path::root(bad), Err(PathError::Character), "{bad:?}");
        }
        assert!(Path::root("/%25%2F%c3%A4?%7e=%00").is_ok());
    }
}
