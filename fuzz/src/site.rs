//! URLs, against the crate `url`: what is taken means the same there, and what is refused has a reason.
//!
//! Input: a byte for the runtime, a URL, and after a line break another one, for `path_of`.

use creatio_auth::{MAX_URL, Path, Runtime, Site, SiteError};
use url::Url;

use crate::common::choices;

pub fn run(data: &[u8]) {
    let Some(([choice], rest)) = choices::<1>(data) else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let (text, link) = text.split_once('\n').unwrap_or((text, ""));
    let runtime = if choice & 1 == 0 { Runtime::Net } else { Runtime::NetFramework };
    match Site::parse(text, runtime) {
        Ok(site) => {
            taken(text, &site);
            if let Some(path) = site.path_of(link) {
                path_of(&site, link, path);
            } else {
                no_path(&site, link);
            }
        }
        Err(error) => refused(text, error),
    }
}

fn taken(text: &str, site: &Site<'_>) {
    let printed = site.to_string();
    assert_eq!(Site::parse(&printed, site.runtime()).as_ref(), Ok(site), "what it prints is itself");
    assert!(text.len() <= MAX_URL && text.is_ascii() && site.host().len() <= 253);
    if is_international(site.host()) {
        return; // which we take as they are, and others look into
    }
    let theirs = Url::parse(text).expect("what we take, they take");
    assert_eq!(theirs.scheme() == "https", site.is_https());
    assert_eq!(theirs.port_or_known_default(), Some(site.port()));
    let host = theirs.host_str().unwrap_or_default();
    if site.host().starts_with('[') {
        let address = site.host().trim_matches(['[', ']']).parse::<std::net::Ipv6Addr>().expect("an address");
        assert_eq!(theirs.host(), Some(url::Host::Ipv6(address)));
    } else {
        assert_eq!(site.host().to_ascii_lowercase(), name(host));
    }
    assert_eq!(theirs.path().strip_suffix('/').unwrap_or(theirs.path()), site.base_path());
    assert_eq!((theirs.username(), theirs.password(), theirs.query(), theirs.fragment()), ("", None, None, None));
    assert!(!site.base_path().ends_with("/0"), "the runtime's prefix");
    if let Some(hint) = site.identity_hint() {
        let hint = hint.to_string();
        assert!(Url::parse(&hint).is_ok() && hint.to_ascii_lowercase().ends_with("-is.creatio.com"), "{hint}");
    }
}

/// Where others take what we refuse, it is for one of these reasons.
fn refused(text: &str, error: SiteError) {
    if text.contains('\\') {
        return; // which is a slash to them, and may stand in no URL
    }
    let after_scheme = text.split_once("://").map_or("", |(_, rest)| rest);
    let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    // They pass over what is in it of white space, and take any number of slashes.
    let plain: String = text.chars().filter(|char| !char.is_ascii_control() && *char != ' ').collect();
    let host = plain.split_once(':').map_or("", |(_, rest)| rest.trim_start_matches('/'));
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    if !text.is_ascii() || host.contains('%') || is_international(host.rsplit('@').next().unwrap_or_default()) {
        return; // without the tables of Unicode they make nothing of what is in it
    }
    let Ok(theirs) = Url::parse(text) else { return };
    let is_reason = match error {
        SiteError::TooLong => text.len() > MAX_URL || authority.len() > 253,
        SiteError::Character => !text.bytes().all(|byte| byte.is_ascii_graphic()),
        SiteError::Scheme => {
            let is_ours = |scheme: &str| text.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme));
            !is_ours("http://") && !is_ours("https://")
        }
        SiteError::UserInfo => authority.contains('@'),
        SiteError::Query => text.contains('?'),
        SiteError::Fragment => text.contains('#'),
        SiteError::Port => {
            let start = if authority.starts_with('[') { authority.find(']').unwrap_or(0) } else { 0 };
            let port = authority[start..].split_once(':').map_or("", |(_, port)| port);
            port.parse::<u16>().map_or(true, |port| port == 0) || port.len() > 5 || port.starts_with('+')
        }
        SiteError::Host => {
            let host = name(theirs.host_str().unwrap_or_default());
            let as_written = match authority.find(']') {
                Some(end) => &authority[..=end],
                None => name(authority.split(':').next().unwrap_or_default()),
            };
            // They make another host of it, or it has characters or labels that no host name has.
            !as_written.eq_ignore_ascii_case(host) && !authority.eq_ignore_ascii_case(host)
                || host.split('.').any(|label| {
                    !(1..=63).contains(&label.len())
                        || !label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
                })
        }
        SiteError::Path => {
            let path = after_scheme.find('/').map_or("", |at| &after_scheme[at..]);
            let mut segments = path.strip_suffix('/').unwrap_or(path).split('/').skip(1);
            segments.any(str::is_empty)
                || has_dots(path)
                || !has_whole_escapes(path)
                || !path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:@/".contains(&byte))
        }
        SiteError::RuntimePrefix => text.ends_with("/0") || text.ends_with("/0/"),
        _ => false,
    };
    assert!(is_reason, "{text} is refused by {error:?}");
}

/// A host's name without the dot that says that it is complete (RFC 3986, 3.2.2), which all are here.
fn name(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// Whether a path has a segment of dots for anyone: who decodes it first may part it at a `%2f`, and at a backslash.
fn has_dots(path: &str) -> bool {
    let decoded = ["%2e", "%2f", "%5c", "\\"].into_iter().zip([".", "/", "/", "/"]);
    let plain = decoded.fold(path.to_ascii_lowercase(), |path, (from, to)| path.replace(from, to));
    plain.split('/').any(|segment| segment == "." || segment == "..")
}

/// Whether each `%` has two hexadecimal digits behind it (RFC 3986, 2.1).
fn has_whole_escapes(path: &str) -> bool {
    let is_hex = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    path.split('%').skip(1).all(is_hex)
}

fn is_international(host: &str) -> bool {
    host.to_ascii_lowercase().split('.').any(|label| label.starts_with("xn--"))
}

/// Whoever follows a link that is taken comes to this site, below its base path.
fn path_of(site: &Site<'_>, link: &str, path: Path<'_>) {
    assert!(link.ends_with(path.as_str()));
    if is_international(site.host()) {
        return;
    }
    let (home, there) = (Url::parse(&site.to_string()).unwrap(), Url::parse(link).expect("a URL"));
    let place = |url: &Url| (url.scheme().to_owned(), url.host_str().map(|host| name(host).to_owned()), url.port());
    assert_eq!(place(&home), place(&there));
    assert_eq!((there.username(), there.password()), ("", None));
    let below = there.path().strip_prefix(site.base_path()).expect("below the base path");
    assert!(below.starts_with('/'), "{link}");
    assert_eq!(path.as_str().split('?').next(), Some(below), "they resolve nothing of it");
    assert!(!has_dots(below), "and who decodes it neither");
}

/// A link to a plain path of this very site is taken.
fn no_path(site: &Site<'_>, link: &str) {
    let home = site.to_string();
    let Some(rest) = link.strip_prefix(&home) else { return };
    let path = rest.split('?').next().unwrap_or_default();
    let is_plain = path.starts_with('/')
        && path.len() < 1000
        && rest.len() < 1000
        && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'/')
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/?=&$".contains(&byte));
    assert!(!is_plain, "{link} is none of {home}");
}
