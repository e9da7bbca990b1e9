//! Where a link leads that stands in an answer.

use super::path::Path;
use super::{Site, has_dot_segment, split, split_before};
use crate::text::bytes::before;

impl Site<'_> {
    /// Where a link leads that has come in the answer to a request of this path (RFC 3986, 5.2): the two parts of a path, and
    /// whether the runtime's prefix comes before it. None where it leads elsewhere.
    pub(crate) fn resolve<'u>(&self, link: &'u str, from: Path<'u>) -> Option<(&'u str, &'u str, bool)> {
        let bytes = link.as_bytes();
        let path = match bytes {
            [] | [b'/', b'/', ..] => return None,
            [b'/', ..] => Some(self.path_at_host(link)?),
            _ => self.path_of(link),
        };
        if let Some(path) = path {
            return Some(("", path.as_str(), false));
        }
        let relative = before(bytes, b'?');
        // A colon in the first segment is that of a scheme (RFC 3986, 4.2).
        if before(relative, b'/').contains(&b':') || has_dot_segment(relative) {
            return None;
        }
        let from_path = split_before(from.as_str(), b'?').0;
        let last_slash = from_path.bytes().rposition(|byte| byte == b'/');
        let kept = if relative.is_empty() { from_path.len() } else { last_slash?.saturating_add(1) };
        Some((split(from_path, kept).0, link, from.has_prefix()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::Runtime;

    #[test]
    fn a_link_is_resolved_against_the_path_it_came_for_and_leads_nowhere_else() {
        let site = Site::parse("https://crm.example.com/app", Runtime::NetFramework).unwrap();
        let (below, root) = (Path::site("/odata/Contact?$top=a/b").unwrap(), Path::root("/0/odata/A(1)/B").unwrap());
        for (link, from_below, from_root) in [
            ("https://crm.example.com/app/0/odata/C?$skip=1", ("", "/0/odata/C?$skip=1", false), None),
            ("HTTPS://CRM.example.com:443/app/0/odata/C", ("", "/0/odata/C", false), None),
            ("/app/0/odata/C?$skip=1", ("", "/0/odata/C?$skip=1", false), None),
            (
                "C?$filter=a:b/..",
                ("/odata/", "C?$filter=a:b/..", true),
                Some(("/0/odata/A(1)/", "C?$filter=a:b/..", false)),
            ),
            ("?$skip=1", ("/odata/Contact", "?$skip=1", true), Some(("/0/odata/A(1)/B", "?$skip=1", false))),
            ("a/b:c", ("/odata/", "a/b:c", true), Some(("/0/odata/A(1)/", "a/b:c", false))),
        ] {
            assert_eq!(site.resolve(link, below), Some(from_below), "{link}");
            assert_eq!(site.resolve(link, root), Some(from_root.unwrap_or(from_below)), "{link}");
        }
        for link in [
            "",
            "//crm.example.com/app/0/odata/C",
            "http://crm.example.com/app/0/odata/C",
            "https://crm.example.com:8443/app/0/odata/C",
            "https://elsewhere.example.com/app/0/odata/C",
            "https://crm.example.com/0/odata/C",
            "https://crm.example.com/apple/odata/C",
            "https://crm.example.com/app/../C",
            "/0/odata/C",
            "/app/../C",
            "/",
            "../C",
            "a/%2e%2E/C",
            "..",
            "javascript:x",
            "x:/y",
        ] {
            assert_eq!(site.resolve(link, below), None, "{link}");
        }
    }
}
