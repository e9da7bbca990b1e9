//! The pages of a site that a reply may send a program to.

use super::Site;
use crate::text::bytes::{after_last, before, cut, next_part, same_ignoring_case, starts_with};

impl Site<'_> {
    /// Whether `Location` sends to the site's login page: `…/Login/NuiLogin.aspx?…`, `…/Login/Login.html?…` (protocol notes,
    /// section 4). On this host that is any page right in a folder `Login`. On another, which may be the one that the site
    /// itself goes by behind an address translation, it has to be one of the product's own names: captive portals have pages
    /// for a login, too.
    #[expect(clippy::arithmetic_side_effects, reason = "no slice is as long as a `usize` counts")]
    pub(crate) fn is_login_page(&self, location: &[u8]) -> bool {
        let location = before(location, b'#');
        let whole = before(location, b'?');
        let (mut path, mut is_here) = (whole, true);
        // `https://host/`, or `//host/`
        if let (_, Some([b'/', rest @ ..])) = cut(whole, b'/') {
            let (authority, host) = (before(rest, b'/'), self.host().as_bytes());
            path = rest.get(authority.len()..).unwrap_or_default();
            //= 9110-4.2.4-error
            // What comes before a `@` is no host.
            let is_host = before(authority, b'@').len() == authority.len() && starts_with(authority, host);
            let behind = authority.get(host.len()..).unwrap_or_default();
            is_here = is_host && matches!(behind.strip_prefix(b".").unwrap_or(behind), [] | [b':', ..]);
        }
        let page = after_last(path, b'/');
        let folders = path.get(..path.len().wrapping_sub(page.len() + 1)).unwrap_or_default();
        let is_named = |name: &[u8]| same_ignoring_case(page, name);
        let (mut query, mut goes_back) = (location.get(whole.len() + 1..), false);
        while let Some(pair) = next_part(&mut query, b'&') {
            goes_back |= starts_with(pair, b"ReturnUrl=");
        }
        same_ignoring_case(after_last(folders, b'/'), b"Login")
            && (!page.is_empty() && is_here
                || is_named(b"NuiLogin.aspx")
                || is_named(b"SSPLogin.aspx")
                || is_named(b"Login.html") && goes_back)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::Runtime;

    fn is_login_page(location: &str) -> bool {
        let site = Site::parse("https://crm.example.com/app", Runtime::Net).unwrap();
        site.is_login_page(location.as_bytes())
    }

    #[test]
    fn login_pages_of_this_host_are_known_by_their_folder() {
        for page in [
            "/Login/NuiLogin.aspx?ReturnUrl=%2f0%2fodata%2fContact",
            "/app/Login/Login.html?ReturnUrl=x",
            "https://crm.example.com/login/LOGIN.HTML",
            "http://CRM.example.com:8080/login/any",
            "//crm.example.com/Login/any",
            "/Login/NuiLogin.aspx#x",
            "/Login/SSPLogin.aspx",
            "Login/Login.html",
            "https:/Login/any",
            "//crm.example.com/app/Login/any",
            "https://crm.example.com./Login/any",
            "https://crm.example.com.:443/Login/any",
        ] {
            assert!(is_login_page(page), "{page}");
        }
        for other in [
            "",
            "/",
            "/0/Shell",
            "/Login",
            "/Login/",
            "/a?b=/Login/Login.html",
            "https://crm.example.com/",
            "https://Login/any",
            "https://crm.example.com/Login",
        ] {
            assert!(!is_login_page(other), "{other}");
        }
    }

    #[cfg(feature = "ipv6")]
    #[test]
    fn so_are_those_of_an_address() {
        let site = Site::parse("http://[2001:db8::1]:8080", Runtime::Net).unwrap();
        for (page, is_one) in [
            ("http://[2001:DB8::1]:8080/Login/any", true),
            ("http://[2001:db8::1]/Login/any", true),
            ("http://[2001:db8::2]/Login/any", false),
            ("http://[2001/Login/any", false),
        ] {
            assert_eq!(site.is_login_page(page.as_bytes()), is_one, "{page}");
        }
    }

    //= 9110-4.2.4-error
    #[test]
    fn a_login_page_of_another_host_is_one_if_its_name_is_the_products() {
        for page in [
            "https://public.example.com/Login/NuiLogin.aspx",
            "http://10.0.0.5/Login/SSPLogin.aspx?x=y",
            "//public.example.com/app/Login/Login.html?returnurl=%2f",
            "//public.example.com/Login/Login.html?lang=en-US&ReturnUrl=%2f",
            "https://crm.example.com@public.example.com/Login/NuiLogin.aspx",
        ] {
            assert!(is_login_page(page), "{page}");
        }
        for other in [
            "http://portal.example.net/login/",
            "http://portal.example.net/login/index.html?ReturnUrl=%2f",
            "https://portal.example.net/Login/Login.html",
            "https://portal.example.net/Login/Login.html?XReturnUrl=%2f",
            "https://portal.example.net/Login/Login.html?x=ReturnUrl=%2f",
            "https://portal.example.net/Login/Login.html#ReturnUrl=%2f",
            "//portal.example.net/Login/any",
            "https://crm.example.com.example.net/Login/any",
            "https://crm.example.com../Login/any",
            "https://crm.example.com.x:443/Login/any",
            "https://xcrm.example.com/Login/any",
            "https://crm.example.com@portal.example.net/Login/any",
            "https://crm.example.com:x@portal.example.net/Login/any",
            "https://crm/Login/any",
            "https:///Login/any",
            "https://portal.example.net/NuiLogin.aspx",
        ] {
            assert!(!is_login_page(other), "{other}");
        }
    }
}
