//! The URL: one of a site, and not of a page.

use creatio_auth::{Runtime, Site, SiteError};

use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::visit::Visit;

/// Folders and pages of the product: what is before the first of them is the site.
const FOLDERS: [&str; 12] = [
    "0",
    "api",
    "clientapp",
    "connect",
    "dataservice",
    "login",
    "navigation",
    "nui",
    "odata",
    "rest",
    "servicemodel",
    "shell",
];

pub fn check(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let url = &visit.arguments.url;
    // The runtime is found out later.
    let site = match Site::parse(url, Runtime::NetFramework) {
        Ok(site) => site,
        Err(error) => return Some(judge(url, error)),
    };
    if let Some(folder) = folder_of_the_product(site.base_path()) {
        let words = format!("/{folder} in the path belongs to a page or a call of the site, and not to its address");
        return Some(Diagnosis::wrong(Cause::UrlOfAPage, words, instead(url, "leave it and what follows out")));
    }
    visit.site = Some(site);
    Some(Diagnosis::good(site.to_string()))
}

fn judge(url: &str, error: SiteError) -> Diagnosis {
    match error {
        SiteError::RuntimePrefix => {
            let words = "/0 at the end: it stands before what comes after the login, and only on .NET Framework";
            Diagnosis::wrong(Cause::UrlOfAPage, words, instead(url, "leave /0 out"))
        }
        SiteError::Query | SiteError::Fragment => {
            let words = "this is the address of a page or of a call, and not that of the site";
            Diagnosis::wrong(Cause::UrlOfAPage, words, instead(url, "end it before the '?' or '#'"))
        }
        SiteError::UserInfo => {
            let remedy = "give the name by --user, and the password when it is asked for";
            Diagnosis::wrong(Cause::UrlMalformed, error.to_string(), remedy)
        }
        error if !url.is_ascii() => {
            let remedy =
                "write the host as DNS has it, in ASCII (xn--…), as browsers copy it; other letters in a path by %XX";
            Diagnosis::wrong(Cause::UrlMalformed, error.to_string(), remedy)
        }
        error => Diagnosis::wrong(Cause::UrlMalformed, error.to_string(), instead(url, "write it anew")),
    }
}

/// What to write instead, where that can be told.
fn instead(url: &str, otherwise: &str) -> String {
    repaired(url).map_or(otherwise.to_owned(), |site| format!("give --url {site}"))
}

fn folder_of_the_product(path: &str) -> Option<&str> {
    path.split('/').find(|segment| FOLDERS.contains(&segment.to_ascii_lowercase().as_str()))
}

/// The site that a URL is probably meant to be of.
fn repaired(url: &str) -> Option<String> {
    let url = url.trim().split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let mut segments = rest.split('/');
    let mut site = format!("{}://{}", scheme.to_ascii_lowercase(), segments.next()?);
    for segment in segments.take_while(|segment| folder_of_the_product(segment).is_none() && !segment.is_empty()) {
        site = format!("{site}/{segment}");
    }
    Site::parse(&site, Runtime::NetFramework).is_ok().then_some(site)
}

/// The URL without what may be a password in it, and without a query.
pub fn shown(url: &str) -> String {
    let url = crate::reply::without_query(url);
    let (scheme, rest) =
        url.split_once("://").map_or((String::new(), url), |(scheme, rest)| (format!("{scheme}://"), rest));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_is_found_in_what_people_copy() {
        for (url, site) in [
            ("crm.example.com", "https://crm.example.com"),
            ("https://crm.example.com/0", "https://crm.example.com"),
            ("HTTPS://crm.example.com/0/Shell/?x=y#z", "https://crm.example.com"),
            ("https://crm.example.com/App/Login/NuiLogin.aspx?ReturnUrl=%2f", "https://crm.example.com/App"),
            ("https://crm.example.com/App//0/odata/Contact", "https://crm.example.com/App"),
        ] {
            assert_eq!(repaired(url).as_deref(), Some(site), "{url}");
        }
        assert_eq!(repaired("ftp://crm.example.com"), None);
    }

    #[test]
    fn no_password_is_shown_with_a_url() {
        assert_eq!(shown("https://user:pa@ss@crm.example.com/App?t=1"), "https://crm.example.com/App");
        assert_eq!(shown("user:pass@crm.example.com"), "crm.example.com");
    }
}
