//! The pages of a site that a reply may send a program to.

use crate::text::bytes::{before, next_part, same_ignoring_case};

/// `…/Login/NuiLogin.aspx?…`, `…/Login/Login.html?…` (protocol notes, section 4): a page right in a folder `Login`.
pub(crate) fn is_login_page(location: &[u8]) -> bool {
    let path = before(before(location, b'?'), b'#');
    let (mut segments, mut in_login, mut is_page) = (Some(path), false, false);
    while let Some(segment) = next_part(&mut segments, b'/') {
        is_page = in_login && !segment.is_empty();
        in_login = same_ignoring_case(segment, b"Login");
    }
    is_page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_pages_are_known_by_their_folder() {
        for page in [
            "/Login/NuiLogin.aspx?ReturnUrl=%2f0%2fodata%2fContact",
            "/app/Login/Login.html?ReturnUrl=x",
            "https://host/login/LOGIN.HTML",
            "/Login/NuiLogin.aspx#x",
            "Login/Login.html",
        ] {
            assert!(is_login_page(page.as_bytes()), "{page}");
        }
        for other in ["", "/", "/0/Shell", "/Login", "/Login/", "/a?b=/Login/Login.html", "https://host/"] {
            assert!(!is_login_page(other.as_bytes()), "{other}");
        }
    }
}
