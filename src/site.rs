//! Where the site is: scheme, host, port, base path and runtime, parsed from a URL.

use core::fmt;

use crate::error::{Fault, SiteError};

/// The longest host name that is accepted, in bytes: that of a domain name (RFC 1035 section 2.3.4).
pub const MAX_HOST: usize = 253;

/// The longest URL that is accepted, in bytes.
pub const MAX_URL: usize = 2048;

/// Which of the two server runtimes a site runs on (protocol notes, section 1).
///
/// The login stands at the root on both. Everything after it stands under `/0` on .NET Framework only; the
/// wrong choice shows as 404 on data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Runtime {
    /// .NET Framework: everything after login lives under `/0`.
    NetFramework,
    /// .NET (formerly .NET Core): no prefix.
    Net,
}

impl Runtime {
    /// What stands before the path of every call after login: `/0` or nothing.
    pub const fn prefix(self) -> &'static str {
        match self {
            Runtime::NetFramework => "/0",
            Runtime::Net => "",
        }
    }
}

/// A Creatio site: scheme, host, port, base path and runtime.
///
/// It borrows the URL it was parsed from and is cheap to copy.
///
/// ```
/// use creatio_auth::{Runtime, Site};
///
/// let site = Site::parse("https://crm.example.com/CreatioWebApp", Runtime::NetFramework)?;
/// assert_eq!(site.host(), "crm.example.com");
/// assert_eq!(site.port(), 443);
/// assert_eq!(site.base_path(), "/CreatioWebApp");
/// # Ok::<(), creatio_auth::SiteError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site<'a> {
    host: &'a str,
    base_path: &'a str,
    port: u16,
    https: bool,
    runtime: Runtime,
}

impl<'a> Site<'a> {
    /// Parses `http(s)://host[:port][/base/path]`.
    ///
    /// The host is a domain name in ASCII (an international one in its `xn--` form), an IPv4 address, or an
    /// IPv6 address in brackets. A slash at the end is allowed and means nothing.
    ///
    /// # Errors
    ///
    /// Anything else is refused, and the error says which part is wrong: user information, a query, a
    /// fragment, a character that a URL may not hold, a port that is no port, `.` and `..` segments, and a
    /// base path that ends in the runtime's prefix `/0`, where the login would fail like a wrong password.
    pub fn parse(url: &'a str, runtime: Runtime) -> Result<Self, SiteError> {
        if url.len() > MAX_URL {
            return Err(SiteError::TooLong);
        }
        // RFC 3986: a URL is made of visible ASCII. This also keeps CR, LF and NUL out of every request.
        if !url.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(SiteError::Character);
        }
        let (scheme, rest) = url.split_once("://").ok_or(SiteError::Scheme)?;
        let https = if scheme.eq_ignore_ascii_case("https") {
            true
        } else if scheme.eq_ignore_ascii_case("http") {
            false
        } else {
            return Err(SiteError::Scheme);
        };
        if rest.contains('#') {
            return Err(SiteError::Fragment);
        }
        if rest.contains('?') {
            return Err(SiteError::Query);
        }
        let (authority, base_path) = match rest.find('/') {
            Some(slash) => rest.split_at_checked(slash).ok_or(SiteError::Path)?,
            None => (rest, ""),
        };
        if authority.contains('@') {
            return Err(SiteError::UserInfo);
        }
        let (host, port) = split_port(authority)?;
        let port = match port {
            Some(digits) => parse_port(digits).ok_or(SiteError::Port)?,
            None => default_port(https),
        };
        if host.len() > MAX_HOST {
            return Err(SiteError::TooLong);
        }
        if !is_host(host) {
            return Err(SiteError::Host);
        }
        let base_path = base_path.strip_suffix('/').unwrap_or(base_path);
        if !is_base_path(base_path) {
            return Err(SiteError::Path);
        }
        if base_path == "/0" || base_path.ends_with("/0") {
            return Err(SiteError::RuntimePrefix);
        }
        Ok(Site { host, base_path, port, https, runtime })
    }

    /// The host as written in the URL; an IPv6 address with its brackets.
    pub const fn host(&self) -> &'a str {
        self.host
    }

    /// The TCP port, 1 to 65535; 80 or 443 where the URL names none.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Whether the connection has to be TLS.
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// The base path: empty, or with a slash at its start and none at its end.
    pub const fn base_path(&self) -> &'a str {
        self.base_path
    }

    /// The runtime that was given to [`Site::parse`].
    pub const fn runtime(&self) -> Runtime {
        self.runtime
    }

    /// The port where the `Host` field must name it: where it is not the scheme's default (RFC 9110, 7.2).
    pub(crate) fn explicit_port(&self) -> Option<u16> {
        (self.port != default_port(self.https)).then_some(self.port)
    }

    /// Whether the host is an address and not a name. An address has no subdomains (RFC 6265bis, 5.1.3).
    pub(crate) fn host_is_address(&self) -> bool {
        self.host.starts_with('[') || last_label_is_number(self.host)
    }
}

/// The URL, as [`Site::parse`] takes it.
impl fmt::Display for Site<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.host)?;
        if let Some(port) = self.explicit_port() {
            write!(f, ":{port}")?;
        }
        f.write_str(self.base_path)
    }
}

const fn default_port(https: bool) -> u16 {
    if https { 443 } else { 80 }
}

/// Splits `host[:port]`; colons inside the brackets of an IPv6 address belong to the host.
fn split_port(authority: &str) -> Result<(&str, Option<&str>), SiteError> {
    let host_end = if authority.starts_with('[') {
        authority.find(']').ok_or(SiteError::Host)? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, port) = authority.split_at_checked(host_end).ok_or(SiteError::Host)?;
    match port.strip_prefix(':') {
        Some(digits) => Ok((host, Some(digits))),
        None if port.is_empty() => Ok((host, None)),
        None => Err(SiteError::Host),
    }
}

/// Decimal digits, 1 to 65535.
fn parse_port(digits: &str) -> Option<u16> {
    if digits.is_empty() || digits.len() > 5 {
        return None;
    }
    let port = decimal(digits)?;
    u16::try_from(port).ok().filter(|port| *port != 0)
}

/// The value of at most nine decimal digits and nothing else.
fn decimal(digits: &str) -> Option<u32> {
    digits.bytes().try_fold(0u32, |value, b| b.is_ascii_digit().then(|| value * 10 + u32::from(b - b'0')))
}

fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        return is_ipv6(inner);
    }
    if last_label_is_number(host) {
        return is_ipv4(host);
    }
    host.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    })
}

/// A host whose last label is a number is an IPv4 address or nothing (WHATWG URL, "ends in a number").
fn last_label_is_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or(host);
    !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit())
}

/// `IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet` (RFC 3986, 3.2.2)
fn is_ipv4(host: &str) -> bool {
    let octet = |text: &str| {
        (1..=3).contains(&text.len())
            && (text.len() == 1 || !text.starts_with('0'))
            && decimal(text).is_some_and(|value| value <= 255)
    };
    host.split('.').count() == 4 && host.split('.').all(octet)
}

/// Eight groups of one to four hexadecimal digits; one run of zero groups may be `::`, and the last two groups
/// may be an IPv4 address (RFC 3986, 3.2.2).
fn is_ipv6(address: &str) -> bool {
    /// The number of groups in one side of a `::`, or none if a group is malformed.
    fn groups(side: &str, last: bool) -> Option<usize> {
        if side.is_empty() {
            return Some(0);
        }
        let mut count = 0;
        let mut groups = side.split(':').peekable();
        while let Some(group) = groups.next() {
            let hex = (1..=4).contains(&group.len()) && group.bytes().all(|b| b.is_ascii_hexdigit());
            count += if hex {
                1
            } else if last && groups.peek().is_none() && is_ipv4(group) {
                2
            } else {
                return None;
            };
        }
        Some(count)
    }
    match address.split_once("::") {
        Some((left, right)) => {
            groups(left, false).zip(groups(right, true)).is_some_and(|(left, right)| left + right <= 7)
        }
        None => groups(address, true) == Some(8),
    }
}

/// `*( "/" segment )` with `segment = *pchar` (RFC 3986, 3.3), without empty segments and dot segments, which
/// servers and proxies resolve and cookie paths do not.
fn is_base_path(path: &str) -> bool {
    if path.is_empty() {
        return true;
    }
    let Some(segments) = path.strip_prefix('/') else {
        return false;
    };
    segments.split('/').all(|segment| {
        !segment.is_empty() && segment != "." && segment != ".." && segment.bytes().all(crate::target::is_pchar)
    })
}

impl SiteError {
    /// Whose fault it is: always the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::format;
    use std::string::{String, ToString};

    fn parse(url: &str) -> Result<Site<'_>, SiteError> {
        Site::parse(url, Runtime::Net)
    }

    #[test]
    fn reads_each_part() {
        let site = parse("HTTP://127.0.0.1:8080/a/b/").unwrap();
        assert_eq!((site.host(), site.port(), site.base_path(), site.is_https()), ("127.0.0.1", 8080, "/a/b", false));
        let site = parse("https://[2001:db8::1]/").unwrap();
        assert_eq!((site.host(), site.port(), site.base_path(), site.is_https()), ("[2001:db8::1]", 443, "", true));
    }

    #[test]
    fn refuses_what_is_no_site_and_names_the_part() {
        for (url, error) in [
            ("", SiteError::Scheme),
            ("crm.example.com", SiteError::Scheme),
            ("ftp://crm.example.com", SiteError::Scheme),
            ("https://", SiteError::Host),
            ("https:///path", SiteError::Host),
            ("https://a..b", SiteError::Host),
            ("https://a.b.", SiteError::Host),
            ("https://ex%61mple.com", SiteError::Host),
            ("https://1.2.3", SiteError::Host),
            ("https://1.2.3.256", SiteError::Host),
            ("https://1.2.3.04", SiteError::Host),
            ("https://[::1", SiteError::Host),
            ("https://[::1]x", SiteError::Host),
            ("https://[1:2]", SiteError::Host),
            ("https://[fe80::1%25eth0]", SiteError::Host),
            ("https://user@host", SiteError::UserInfo),
            ("https://user:secret@host", SiteError::UserInfo),
            ("https://host:", SiteError::Port),
            ("https://host:0", SiteError::Port),
            ("https://host:65536", SiteError::Port),
            ("https://host:+80", SiteError::Port),
            ("https://host?a=b", SiteError::Query),
            ("https://host/a#b", SiteError::Fragment),
            ("https://host/a//b", SiteError::Path),
            ("https://host/../b", SiteError::Path),
            ("https://host/a\\b", SiteError::Path),
            ("https://host/%zz\"", SiteError::Path),
            ("https://host/0", SiteError::RuntimePrefix),
            ("https://host/app/0/", SiteError::RuntimePrefix),
            ("https://ho st", SiteError::Character),
            ("https://host\r\nX: y", SiteError::Character),
            ("https://host\0", SiteError::Character),
            ("https://hôst", SiteError::Character),
        ] {
            assert_eq!(parse(url), Err(error), "{url:?}");
        }
        assert_eq!(parse(&format!("https://{}", "a".repeat(MAX_URL))), Err(SiteError::TooLong));
        assert_eq!(parse(&format!("https://{}b", "a.".repeat(127))), Err(SiteError::TooLong));
    }

    #[test]
    fn addresses_agree_with_the_standard_library() {
        for address in [
            "::",
            "::1",
            "1::",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "1::8",
            "::ffff:1.2.3.4",
            "1:2:3:4:5:6:1.2.3.4",
            "1:2:3:4:5:6:7:1.2.3.4",
            "1.2.3.4::",
            ":::",
            ":1",
            "1:",
            "12345::",
            "g::",
            "1::2::3",
            "1:2:3:4:5:6:7:8:9",
            "::1:2:3:4:5:6:7:8",
            "::1.2.3",
            "",
        ] {
            assert_eq!(is_ipv6(address), address.parse::<std::net::Ipv6Addr>().is_ok(), "{address}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_and_prints_what_it_parsed(url in ".{0,80}") {
            if let Ok(site) = parse(&url) {
                let printed = site.to_string();
                prop_assert_eq!(parse(&printed), Ok(site));
            }
        }

        #[test]
        fn agrees_with_the_url_crate(
            https in any::<bool>(),
            host in "[a-zA-Z0-9._-]{1,12}|[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:]{2,12}\\]",
            port in proptest::option::of(0u32..70000),
            path in "(/[a-zA-Z0-9._~%@:-]{0,6}){0,3}",
        ) {
            let mut url = String::from(if https { "https://" } else { "http://" });
            url.push_str(&host);
            if let Some(port) = port {
                url.push_str(&format!(":{port}"));
            }
            url.push_str(&path);
            if let Ok(site) = parse(&url) {
                let theirs = url::Url::parse(&url).expect("what we accept, they accept");
                let host = theirs.host_str().unwrap_or_default();
                if !site.host().starts_with('[') {
                    prop_assert_eq!(site.host().to_lowercase(), host);
                }
                prop_assert_eq!(Some(site.port()), theirs.port_or_known_default());
                prop_assert_eq!(site.is_https(), theirs.scheme() == "https");
                prop_assert_eq!(site.base_path(), theirs.path().strip_suffix('/').unwrap_or(theirs.path()));
            }
        }
    }
}
