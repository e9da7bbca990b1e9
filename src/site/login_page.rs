//! The pages of a site that a reply may send a program to.

use super::Site;
use crate::text::bytes::{before, cut, next_part, same_ignoring_case};

impl Site<'_> {
    /// Whether `Location` sends to the site's login page: `…/Login/NuiLogin.aspx?…`, `…/Login/Login.html?…` (protocol notes,
    /// section 4). On this host that is any page right in a folder `Login`. On another, which may be the one that the site
    /// itself goes by behind an address translation, it has to be one of the product's own names: captive portals have pages
    /// for a login, too.
    pub(crate) fn is_login_page(&self, location: &[u8]) -> bool {
        let (path, query) = cut(before(location, b'#'), b'?');
        let (mut segments, mut at, mut has_authority, mut is_here) = (Some(path), 0, true, true);
        let (mut in_login, mut page): (_, Option<&[u8]>) = (false, None);
        while let Some(segment) = next_part(&mut segments, b'/') {
            match at {
                0 => has_authority = segment.last().is_none_or(|last| *last == b':'), // "https:", or nothing
                1 => has_authority &= segment.is_empty(),
                2 if has_authority => is_here = self.is_host_of(segment),
                _ => {}
            }
            page = in_login.then_some(segment);
            in_login = same_ignoring_case(segment, b"Login") && !(at == 2 && has_authority);
            at += 1;
        }
        page.is_some_and(|page| !page.is_empty() && (is_here || is_of_the_product(page, query)))
    }

    /// Whether an authority, `host[:port]`, names this site's host.
    fn is_host_of(&self, authority: &[u8]) -> bool {
        let host = before(authority, b'@'); // what comes before a `@` is none
        let port = host.get(self.host().len()..).unwrap_or(b"@");
        let host = host.get(..self.host().len()).unwrap_or_default();
        same_ignoring_case(host, self.host().as_bytes())
            && host.len() + port.len() == authority.len()
            && port.first().is_none_or(|first| *first == b':')
    }
}

/// Whether a page is the product's by its name. `Login.html` is a name that others have, too, unless it is to go back.
fn is_of_the_product(page: &[u8], query: Option<&[u8]>) -> bool {
    const RETURN_URL: &[u8] = b"ReturnUrl=";
    let mut parameters = query;
    let mut goes_back = false;
    while let Some(parameter) = next_part(&mut parameters, b'&') {
        goes_back |= parameter.get(..RETURN_URL.len()).is_some_and(|name| same_ignoring_case(name, RETURN_URL));
    }
    same_ignoring_case(page, b"NuiLogin.aspx")
        || same_ignoring_case(page, b"SSPLogin.aspx")
        || goes_back && same_ignoring_case(page, b"Login.html")
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

    #[test]
    fn a_login_page_of_another_host_is_one_if_its_name_is_the_products() {
        for page in [
            "https://public.example.com/Login/NuiLogin.aspx",
            "http://10.0.0.5/Login/SSPLogin.aspx?x=y",
            "//public.example.com/app/Login/Login.html?a=b&returnurl=%2f",
            "https://crm.example.com@public.example.com/Login/NuiLogin.aspx",
        ] {
            assert!(is_login_page(page), "{page}");
        }
        for other in [
            "http://portal.example.net/login/",
            "http://portal.example.net/login/index.html?ReturnUrl=%2f",
            "https://portal.example.net/Login/Login.html",
            "https://portal.example.net/Login/Login.html?XReturnUrl=%2f",
            "//portal.example.net/Login/any",
            "https://crm.example.com.example.net/Login/any",
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
