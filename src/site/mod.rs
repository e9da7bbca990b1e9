//! Where the site is: scheme, host, port, base path and runtime, parsed from a URL.

pub(crate) mod error;
pub(crate) mod host;
pub(crate) mod identity;
pub(crate) mod login_page;
pub(crate) mod path;
#[cfg(feature = "embedded-io-07")]
mod reference;
pub(crate) mod target;

use core::fmt;
use core::str::FromStr;

use crate::text::bytes::{self, before, has, next_part};
use crate::text::number::leading_number;
use error::{SiteError, UnknownRuntime};
use host::{MAX_HOST, is_host, last_label_is_number};
use path::{Path, is_origin_form};

/// The longest URL that is accepted, in bytes.
pub const MAX_URL: usize = 2048;

/// Which of the two server runtimes a site runs on (protocol notes, section 1).
///
/// The login stands at the root on both. Everything after it stands under `/0` on .NET Framework only; the
/// wrong choice shows as 404 on data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
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

/// `net-framework` or `net`, as in settings and on command lines; serde has the same names.
impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Runtime::NetFramework => "net-framework",
            Runtime::Net => "net",
        })
    }
}

/// ```
/// use creatio_auth::Runtime;
///
/// assert_eq!("net-framework".parse(), Ok(Runtime::NetFramework));
/// assert_eq!(Runtime::Net.to_string().parse(), Ok(Runtime::Net));
/// assert!("java".parse::<Runtime>().is_err());
/// ```
impl FromStr for Runtime {
    type Err = UnknownRuntime;

    fn from_str(name: &str) -> Result<Self, UnknownRuntime> {
        match name {
            "net-framework" => Ok(Runtime::NetFramework),
            "net" => Ok(Runtime::Net),
            _ => Err(UnknownRuntime),
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Site<'a> {
    host: &'a str,
    base_path: &'a str,
    port: u16,
    https: bool,
    runtime: Runtime,
}

impl<'a> Site<'a> {
    //= 3986-3-restrictions, 3986-3.2.2-idna
    /// Parses `http(s)://host[:port][/base/path]`.
    ///
    /// The host is a domain name in ASCII (an international one in its `xn--` form, which is taken as it is), an IPv4
    /// address of four decimal numbers, or an IPv6 address in brackets. A slash at the end is allowed and means nothing.
    ///
    /// With `http` everything goes in the clear, the password too. It is taken for sites on a network of one's own; where
    /// the URL comes from elsewhere, ask [`Site::is_https`].
    ///
    /// # Errors
    ///
    /// Anything else is refused, and the error says which part is wrong: user information, a query, a
    /// fragment, a character that a URL may not hold, a port that is no port, `.` and `..` segments (`%2e` is a dot, too),
    /// and a base path that ends in the runtime's prefix `/0`, where the login would fail like a wrong password.
    #[inline(never)]
    #[expect(clippy::arithmetic_side_effects, reason = "it ends with a slash")]
    pub fn parse(url: &'a str, runtime: Runtime) -> Result<Self, SiteError> {
        if url.len() > MAX_URL {
            return Err(SiteError::TooLong);
        }
        // RFC 3986: a URL is made of visible ASCII. This also keeps CR, LF and NUL out of every request.
        if !url.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(SiteError::Character);
        }
        let https = strip_scheme(url, true).is_some();
        let rest = strip_scheme(url, https).ok_or(SiteError::Scheme)?;
        //= 6749-3.2-no-fragment
        if has(rest, b'#') {
            return Err(SiteError::Fragment);
        }
        if has(rest, b'?') {
            return Err(SiteError::Query);
        }
        let (authority, base_path) = split_before(rest, b'/');
        //= 9110-4.2.4-none-made, 3986-3.2.1-not-shown, 3986-3.2.1-not-stored, 3986-7.5-no-secrets
        if has(authority, b'@') {
            return Err(SiteError::UserInfo);
        }
        let (host, port) = split_port(authority, https);
        if port == 0 {
            return Err(SiteError::Port);
        }
        if host.len() > MAX_HOST {
            return Err(SiteError::TooLong);
        }
        //= 9110-4.2.1-no-empty-host, 9110-4.2.1-reject-empty-host, 9110-4.2.2-no-empty-host
        //= 9110-4.2.2-reject-empty-host
        if !is_host(host.as_bytes()) {
            return Err(SiteError::Host);
        }
        let base_path = match base_path.as_bytes() {
            [.., b'/'] => base_path.get(..base_path.len() - 1).unwrap_or_default(),
            _ => base_path,
        };
        if !is_base_path(base_path.as_bytes()) {
            return Err(SiteError::Path);
        }
        if let [.., b'/', b'0'] = base_path.as_bytes() {
            return Err(SiteError::RuntimePrefix);
        }
        Ok(Site { host, base_path, port, https, runtime })
    }

    /// A site at the root of a host that was checked.
    #[cfg(feature = "embedded-io-async-07")]
    pub(crate) const fn of_parts(host: &'a str, port: u16, https: bool) -> Self {
        Site { host, base_path: "", port, https, runtime: Runtime::Net }
    }

    /// The same host and port, for a connection that TLS goes over.
    #[cfg(feature = "embedded-io-async-07")]
    pub(crate) const fn without_tls(&self) -> Self {
        Site { https: false, ..*self }
    }

    /// The same site, with these texts for its own.
    #[cfg(feature = "alloc")]
    pub(crate) fn with_texts<'b>(&self, host: &'b str, base_path: &'b str) -> Site<'b> {
        Site { host, base_path, port: self.port, https: self.https, runtime: self.runtime }
    }

    /// The host as written in the URL, without a dot at its end; an IPv6 address with its brackets.
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

    /// The path of a URL of this site, such as `@odata.nextLink` has it; none for a URL of another site or outside the
    /// base path, or one with `.` or `..` segments, encoded or not, which could lead there. It already has the runtime's prefix.
    ///
    /// ```
    /// use creatio_auth::{Path, Runtime, Site};
    ///
    /// let site = Site::parse("https://crm.example.com/app", Runtime::NetFramework)?;
    /// let next = site.path_of("https://crm.example.com/app/0/odata/Contact?$skip=20");
    /// assert_eq!(next, Path::root("/0/odata/Contact?$skip=20").ok());
    /// assert_eq!(site.path_of("https://elsewhere.example.com/app/0/odata/Contact"), None);
    /// # Ok::<(), creatio_auth::SiteError>(())
    /// ```
    pub fn path_of<'u>(&self, url: &'u str) -> Option<Path<'u>> {
        let (authority, path) = split_before(strip_scheme(url, self.https)?, b'/');
        let (host, port) = split_port(authority, self.https);
        //= 9110-4.2.4-error
        if port != self.port || !host.eq_ignore_ascii_case(self.host) {
            return None;
        }
        self.path_at_host(path)
    }

    /// The same of what comes after the host.
    fn path_at_host<'u>(&self, path: &'u str) -> Option<Path<'u>> {
        let path = path.strip_prefix(self.base_path)?;
        if has_dot_segment(before(path.as_bytes(), b'?')) {
            return None;
        }
        Path::root(path).ok()
    }

    //= 3986-3.2.3-default-port
    /// The port where the `Host` field must name it: where it is not the scheme's default (RFC 9110, 7.2).
    pub(crate) fn explicit_port(&self) -> Option<u16> {
        (self.port != default_port(self.https)).then_some(self.port)
    }

    /// Whether the host is an address and not a name. An address has no subdomains (RFC 6265bis, 5.1.3).
    pub(crate) fn host_is_address(&self) -> bool {
        self.host.as_bytes().first() == Some(&b'[') || last_label_is_number(self.host.as_bytes())
    }
}

/// The URL, as [`Site::parse`] takes it.
impl fmt::Display for Site<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        //= 3986-3-scheme-in-lower-case
        let scheme = if self.https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.host)?;
        //= 3986-3.2-empty-port
        if let Some(port) = self.explicit_port() {
            write!(f, ":{port}")?;
        }
        f.write_str(self.base_path)
    }
}

const fn default_port(https: bool) -> u16 {
    if https { 443 } else { 80 }
}

// On bytes, since the standard library's searches in strings bring code that can panic.

//= 6749-10.3-tls, 6749-10.5-codes, 7009-2-tls, 8414-3-tls, 6749-10.8-not-in-the-clear, 3986-3-scheme-in-any-case
/// What comes after the scheme, if it is this one.
fn strip_scheme(url: &str, https: bool) -> Option<&str> {
    let scheme = if https { "https://" } else { "http://" };
    if bytes::starts_with(url.as_bytes(), scheme.as_bytes()) { url.get(scheme.len()..) } else { None }
}

/// Splits before the first such byte, an ASCII character, or at the end.
pub(crate) fn split_before(text: &str, byte: u8) -> (&str, &str) {
    split(text, before(text.as_bytes(), byte).len())
}

/// Splits where a character begins.
#[inline(never)]
fn split(text: &str, at: usize) -> (&str, &str) {
    match text.split_at_checked(at) {
        Some(parts) => parts,
        None => (text, ""),
    }
}

/// Splits `host[:port]`; colons inside the brackets of an IPv6 address belong to the host. The port is 0 if it is none, and
/// the host empty if something else comes after it.
#[expect(clippy::arithmetic_side_effects, reason = "no slice is as long as a `usize` counts")]
fn split_port(authority: &str, https: bool) -> (&str, u16) {
    let is_ipv6 = authority.as_bytes().first() == Some(&b'[');
    let host = before(authority.as_bytes(), if is_ipv6 { b']' } else { b':' });
    let (mut host, port) = split(authority, host.len() + usize::from(is_ipv6));
    if let [name @ .., b'.'] = host.as_bytes() {
        host = split(host, name.len()).0; // a name that is complete (RFC 3986, 3.2.2), which all of them are here
    }
    match port.as_bytes() {
        [] => (host, default_port(https)),
        [b':', digits @ ..] => match leading_number(digits) {
            (len @ 1..=5, port) if len == digits.len() => (host, port.try_into().unwrap_or_default()),
            _ => (host, 0),
        },
        _ => ("", 1),
    }
}

//= 3986-2.4-parsed-first
/// Whether a segment of a path is `.` or `..`, which servers and proxies resolve and cookie paths do not. To those who
/// resolve them, a dot may be percent-encoded (WHATWG URL, "single-dot URL path segment"); and IIS, which decodes a path before
/// it does so, parts segments at an encoded slash, too, and at a backslash.
#[expect(clippy::arithmetic_side_effects, reason = "at most `OTHER` and one")]
fn has_dot_segment(path: &[u8]) -> bool {
    const OTHER: u8 = 3;
    let (mut rest, mut dots) = (path, 0);
    loop {
        rest = match rest {
            [b'.', after @ ..] | [b'%', b'2', b'e' | b'E', after @ ..] => {
                dots = OTHER.min(dots + 1);
                after
            }
            [b'/' | b'\\', ..] | [b'%', b'2', b'f' | b'F', ..] | [b'%', b'5', b'c' | b'C', ..] | [] => {
                if (1..OTHER).contains(&dots) {
                    return true;
                }
                let Some((separator, after)) = rest.split_first() else { return false };
                dots = 0;
                if *separator == b'%' { after.get(2..).unwrap_or_default() } else { after }
            }
            [_, after @ ..] => {
                dots = OTHER;
                after
            }
        };
    }
}

/// `*( "/" segment )` with `segment = *pchar` (RFC 3986, 3.3), without empty segments and dot segments. It begins with its
/// first slash and holds no `?`, for there the URL has been split or refused.
fn is_base_path(path: &[u8]) -> bool {
    let mut segments = Some(path);
    next_part(&mut segments, b'/');
    while let Some(segment) = next_part(&mut segments, b'/') {
        if segment.is_empty() {
            return false;
        }
    }
    !has_dot_segment(path) && is_origin_form(path)
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

    //= 3986-3-scheme-in-any-case
    #[test]
    #[cfg_attr(not(feature = "ipv6"), ignore)]
    fn reads_each_part() {
        let site = parse("HTTP://127.0.0.1:8080/a/b/").unwrap();
        assert_eq!((site.host(), site.port(), site.base_path(), site.is_https()), ("127.0.0.1", 8080, "/a/b", false));
        let site = parse("https://[2001:db8::1]/").unwrap();
        assert_eq!((site.host(), site.port(), site.base_path(), site.is_https()), ("[2001:db8::1]", 443, "", true));
        for url in ["https://crm.example.com./a", "https://crm.example.com.:443/a"] {
            let site = parse(url).unwrap();
            assert_eq!((site.host(), site.port(), site.base_path()), ("crm.example.com", 443, "/a"));
            assert_eq!(site.path_of("https://crm.example.com/a/b"), site.path_of("https://crm.example.com./a/b"));
        }
    }

    //= 9110-4.2.1-no-empty-host, 9110-4.2.1-reject-empty-host, 9110-4.2.2-no-empty-host
    //= 9110-4.2.2-reject-empty-host, 9110-4.2.4-none-made, 6749-3.2-no-fragment, 3986-3-restrictions
    //= 3986-3.2.2-address-first, 3986-3.2.2-dns, 3986-3.2.2-no-percent, 3986-3.2.2-idna, 3986-7.4-rare-addresses
    #[test]
    fn a_url_and_a_host_are_taken_up_to_their_longest() {
        for (len, is_taken) in [(MAX_URL - 1, true), (MAX_URL, true), (MAX_URL + 1, false), (MAX_URL + 2, false)] {
            let url = format!("https://crm.example.com/{}", "a".repeat(len - 24));
            assert_eq!(parse(&url).err(), (!is_taken).then_some(SiteError::TooLong), "{len}");
        }
        for (len, is_taken) in [(MAX_HOST - 1, true), (MAX_HOST, true), (MAX_HOST + 1, false), (MAX_HOST + 2, false)]
        {
            let url = format!("https://{}{}", "a.".repeat(len / 2 - 1), "b".repeat(2 + len % 2));
            assert_eq!(parse(&url).err(), (!is_taken).then_some(SiteError::TooLong), "{len}");
        }
        for port in ["1x", "65535x", "443 ", "+1", "x"] {
            assert!(parse(&format!("https://crm.example.com:{port}")).is_err(), "{port}");
        }
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
            ("https://a.b..", SiteError::Host),
            ("https://.", SiteError::Host),
            ("https://ex%61mple.com", SiteError::Host),
            ("https://1.2.3", SiteError::Host),
            ("https://1.2.3.256", SiteError::Host),
            ("https://1.2.3.04", SiteError::Host),
            ("https://0x7f000001", SiteError::Host),
            ("https://127.0.0.0X1", SiteError::Host),
            ("https://a.0x", SiteError::Host),
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
            ("https://host/a/%2e", SiteError::Path),
            ("https://host/%2E./b", SiteError::Path),
            ("https://host/.%2e/b", SiteError::Path),
            ("https://host/%2e%2E/", SiteError::Path),
            ("https://host/a%2f..", SiteError::Path),
            ("https://host/a/..%5Cb", SiteError::Path),
            ("https://host/a\\b", SiteError::Path),
            ("https://host/%zz", SiteError::Path),
            ("https://host/a%2", SiteError::Path),
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

    //= 3986-2.4-parsed-first
    #[test]
    fn no_url_leads_out_of_the_base_path_however_its_dots_and_slashes_are_written() {
        let site = parse("https://crm.example.com/app").unwrap();
        let path_of = |path: &str| site.path_of(&format!("https://crm.example.com/app{path}")).is_some();
        let dots = [".", "%2e", "%2E"];
        let twice = dots.iter().flat_map(|one| dots.iter().map(move |two| format!("{one}{two}")));
        for segment in twice.chain(dots.map(String::from)) {
            for before in ["/", "%2f", "%2F", "%5c", "%5C", "\\"] {
                for after in ["", "/", "%2f", "%2F", "%5c", "%5C", "\\", "?", "?a=/../"] {
                    for start in ["", "/0", "/0/odata", "/%"] {
                        let path = format!("{start}{before}{segment}{after}");
                        assert!(!path_of(&path), "{path}");
                        assert!(!path_of(&format!("/x%2fy{path}")), "{path}");
                    }
                }
            }
        }
        for path in [
            "/",
            "/0/odata/Contact(Name='a%2Fb')?$skip=/../",
            "/0/a%5cb/...",
            "/.a",
            "/a.",
            "/..a/b..",
            "/%2e%2e%2e",
            "/%2ea%2f.b",
            "/a%252e",
            "/%20%2f%5a%5c",
        ] {
            assert!(path_of(path), "{path}");
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

        /// But for `xn--` names, which are taken as they are (see [`Site::parse`]): theirs looks into them.
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
            if let Ok(site) = parse(&url) && !host.to_lowercase().contains("xn--") {
                let theirs = url::Url::parse(&url).expect("what we accept, they accept");
                let host = theirs.host_str().unwrap_or_default();
                if !site.host().starts_with('[') {
                    prop_assert_eq!(site.host().to_lowercase(), host.strip_suffix('.').unwrap_or(host));
                }
                prop_assert_eq!(Some(site.port()), theirs.port_or_known_default());
                prop_assert_eq!(site.is_https(), theirs.scheme() == "https");
                prop_assert_eq!(site.base_path(), theirs.path().strip_suffix('/').unwrap_or(theirs.path()));
            }
        }
    }
}
