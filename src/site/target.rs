//! The request target: where a call goes on the wire, and which cookies go there.

use super::Site;
use super::path::Path;
use crate::text::bytes::before;

/// A request target, in pieces: base path, runtime prefix, and path with its query. Each is empty or begins with a slash.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub pieces: [&'a str; 3],
}

impl<'a> Target<'a> {
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn new(site: &Site<'a>, path: Path<'a>) -> Self {
        let prefix = if path.has_prefix() { site.runtime().prefix() } else { "" };
        Target { pieces: [site.base_path(), prefix, path.as_str()] }
    }

    /// RFC 6265bis, 5.1.4: whether a cookie of this path goes to this target.
    pub(crate) fn path_matches(&self, cookie_path: &[u8]) -> bool {
        cookie_path == b"/" || self.begins_with(cookie_path) // as most are, and every target begins so
    }

    #[cfg_attr(target_pointer_width = "64", inline(never))] // it is seldom asked where cookies are gone through
    fn begins_with(&self, cookie_path: &[u8]) -> bool {
        let mut left = cookie_path;
        for piece in &self.pieces {
            for byte in piece.bytes() {
                if byte == b'?' {
                    return left.is_empty();
                }
                match left {
                    [] => return byte == b'/' || cookie_path.ends_with(b"/"),
                    [first, rest @ ..] if *first == byte => left = rest,
                    _ => return false,
                }
            }
        }
        left.is_empty()
    }

    //= 6265bis-5.1.4-default-path
    /// RFC 6265bis, 5.1.4: the path of a cookie that names none, in pieces: the target up to, not including,
    /// its last slash, and at least one slash.
    pub(crate) fn default_path(&self) -> [&'a [u8]; 3] {
        let [base, prefix, path] = self.pieces;
        let path = before(path.as_bytes(), b'?');
        let len = path.iter().rposition(|byte| *byte == b'/').unwrap_or_default();
        let is_root = base.is_empty() && prefix.is_empty() && len == 0;
        let directory = if is_root { b"/" } else { path.get(..len).unwrap_or_default() };
        [base.as_bytes(), prefix.as_bytes(), directory]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target<'a>(base: &'a str, path: &'a str) -> Target<'a> {
        Target { pieces: [base, "", path] }
    }

    #[test]
    fn cookies_match_by_path_segment() {
        let t = target("/app", "/odata/Contact?$top=/x");
        for path in ["/", "/app", "/app/", "/app/odata", "/app/odata/", "/app/odata/Contact"] {
            assert!(t.path_matches(path.as_bytes()), "{path}");
        }
        for path in ["/ap", "/App", "/app/odata/Contact/", "/app/odata/Contact?", "/app/od", "/other"] {
            assert!(!t.path_matches(path.as_bytes()), "{path}");
        }
    }

    //= 6265bis-5.1.4-default-path
    #[test]
    fn default_path_ends_before_the_last_slash() {
        for (base, path, expected) in [
            ("", "/", "/"),
            ("", "/a", "/"),
            ("", "/a/b?c=/d", "/a"),
            ("/app", "/x", "/app"),
            ("/app", "/x/", "/app/x"),
        ] {
            assert_eq!(target(base, path).default_path().concat(), expected.as_bytes(), "{base} {path}");
        }
    }
}
