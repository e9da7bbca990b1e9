//! What is to be seen of a reply, beside what the library makes of it: fields, cookies without their values, and a page.

use std::time::Duration;

use zeroize::Zeroizing;

/// So much of a body is looked at.
const PAGE: usize = 4096;

/// Cookies without which there is no session.
const NAMES: [&str; 3] = [".ASPXAUTH", "BPMCSRF", "CRT_CSRF"];

/// A reply.
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Names in lower case, and values; without `Set-Cookie`.
    pub fields: Vec<(String, String)>,
    /// What `Set-Cookie` says, the values apart.
    pub cookies: Vec<SetCookie>,
    /// The beginning of the body as text.
    pub page: String,
    /// From the connection to the end.
    pub took: Duration,
    /// All bytes, secrets included.
    pub raw: Zeroizing<Vec<u8>>,
}

/// A cookie that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetCookie {
    /// Its name.
    pub name: String,
    /// How long its value is; zero where it is deleted.
    pub len: usize,
    /// `Path`, where it says so.
    pub path: Option<String>,
    /// `Domain`, where it says so.
    pub domain: Option<String>,
    /// `Secure`.
    pub secure: bool,
    /// Whether another cookie of the product stands in its line, behind a comma.
    pub is_joined: bool,
}

impl Reply {
    /// Takes a complete reply.
    pub fn new(status: u16, raw: Zeroizing<Vec<u8>>, took: Duration) -> Self {
        let (head, body) = split_head(&raw);
        let (mut fields, mut cookies) = (vec![], vec![]);
        for line in unfolded(&Zeroizing::new(String::from_utf8_lossy(head).into_owned())).iter().skip(1) {
            let Some((name, value)) = line.split_once(':') else { continue };
            if name.eq_ignore_ascii_case("set-cookie") {
                cookies.push(SetCookie::read(value));
            } else {
                fields.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        let page = String::from_utf8_lossy(&body[..body.len().min(PAGE)]).into_owned();
        Reply { status, fields, cookies, page, took, raw }
    }

    /// The value of a field, by its name in lower case.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Whether the body is a web page.
    pub fn is_page(&self) -> bool {
        let begins = self.page.trim_start().to_ascii_lowercase();
        self.field("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("html"))
            && !begins.is_empty()
            || begins.starts_with("<!doctype html")
            || begins.starts_with("<html")
    }

    /// Whether it sends somewhere else.
    pub fn redirects_to(&self) -> Option<&str> {
        matches!(self.status, 301..=303 | 307 | 308).then(|| self.field("location")).flatten()
    }

    /// The last cookie of this name that is set, and not deleted.
    pub fn cookie(&self, name: &str) -> Option<&SetCookie> {
        self.cookies.iter().rev().find(|cookie| cookie.name == name && cookie.len > 0)
    }
}

impl SetCookie {
    /// Reads the value of a `Set-Cookie` field, of which only the length of the cookie's own value is kept.
    fn read(value: &str) -> Self {
        let mut parts = value.split(';');
        let (name, content) = parts.next().and_then(|pair| pair.split_once('=')).unwrap_or_default();
        let attributes: Vec<_> = parts.map(|part| part.split_once('=').unwrap_or((part, ""))).collect();
        let find = |wanted: &str| attributes.iter().rfind(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
        SetCookie {
            name: name.trim().to_owned(),
            len: content.trim().len(),
            path: find("path").map(|(_, path)| path.trim().to_owned()),
            domain: find("domain").map(|(_, domain)| domain.trim().to_owned()),
            secure: find("secure").is_some(),
            is_joined: NAMES.iter().any(|name| value.contains(&format!(", {name}="))),
        }
    }
}

/// The head of the final reply and what is behind it; interim replies (1xx) are left out.
fn split_head(raw: &[u8]) -> (&[u8], &[u8]) {
    let end = raw.windows(4).position(|bytes| bytes == b"\r\n\r\n").map_or(raw.len(), |at| at + 4);
    let (head, body) = raw.split_at(end);
    let is_interim = head.starts_with(b"HTTP/1.1 1") && !body.is_empty();
    if is_interim { split_head(body) } else { (head, body) }
}

/// The lines of a head; one that begins with white space goes on the one before.
fn unfolded(head: &str) -> Zeroizing<Vec<String>> {
    let mut lines: Vec<String> = vec![];
    for line in head.split('\n').map(|line| line.trim_end_matches('\r')) {
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => {
                last.push(' ');
                last.push_str(line.trim_start());
            }
            _ => lines.push(line.to_owned()),
        }
    }
    Zeroizing::new(lines)
}

/// A URL without what may be secret in it: no query and no fragment.
pub fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(text: &str) -> Reply {
        Reply::new(200, Zeroizing::new(text.as_bytes().to_vec()), Duration::ZERO)
    }

    #[test]
    fn a_reply_is_seen_without_the_values_of_its_cookies() {
        let seen = reply(
            "HTTP/1.1 200 OK\r\nServer: x\r\nSet-Cookie: .ASPXAUTH=0A1B; path=/App; Secure; HttpOnly\r\n\
             set-cookie:a=b\n c\r\nSet-Cookie: gone=; expires=x\r\nX-Long: one\r\n two\r\n\r\n<html>",
        );
        assert_eq!(seen.field("x-long"), Some("one two"));
        let (name, path) = (".ASPXAUTH".into(), Some("/App".into()));
        let cookie = SetCookie { name, len: 4, path, domain: None, secure: true, is_joined: false };
        assert_eq!(seen.cookie(".ASPXAUTH"), Some(&cookie));
        assert_eq!(seen.cookies.len(), 3);
        assert_eq!(seen.cookie("gone"), None);
        assert!(seen.is_page());
        assert!(!format!("{:?}{:?}", seen.fields, seen.cookies).contains("0A1B"));
    }

    #[test]
    fn an_interim_reply_is_none() {
        let seen = reply("HTTP/1.1 103 Early Hints\r\nX: 1\r\n\r\nHTTP/1.1 200 OK\r\nX: 2\r\n\r\n{}");
        assert_eq!((seen.field("x"), seen.page.as_str(), seen.is_page()), (Some("2"), "{}", false));
    }
}
