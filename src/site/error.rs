//! Why a URL is no site, and a text no path.

use core::fmt;

use crate::text::fault::Fault;

/// Why a URL is no site. See [`Site::parse`](crate::Site::parse).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SiteError {
    /// The URL does not begin with `http://` or `https://`.
    Scheme,
    /// It names a user; user name and password belong in [`Credentials`](crate::Credentials).
    UserInfo,
    /// The host is no domain name, IPv4 address or IPv6 address in brackets.
    Host,
    /// The port is not a number from 1 to 65535.
    Port,
    /// The base path has an empty segment, a dot segment or a character that must be percent-encoded.
    Path,
    /// It has a query.
    Query,
    /// It has a fragment.
    Fragment,
    /// It ends in `/0`. Leave that out: the runtime adds it where it belongs.
    RuntimePrefix,
    /// It holds a space, a control character or something outside ASCII.
    Character,
    /// It is longer than [`MAX_URL`](crate::MAX_URL), or its host is longer than [`MAX_HOST`](crate::MAX_HOST).
    TooLong,
}

impl SiteError {
    /// Whose fault it is: always the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }

    /// What is wrong, in a sentence, for people.
    pub const fn text(&self) -> &'static str {
        match self {
            SiteError::Scheme => "the URL must begin with http:// or https://",
            SiteError::UserInfo => "the URL must not hold a user name or password",
            SiteError::Host => "the URL's host is no domain name, IPv4 address or [IPv6 address]",
            SiteError::Port => "the URL's port must be a number from 1 to 65535",
            SiteError::Path => "the URL's path has an empty, '.' or '..' segment or an unencoded character",
            SiteError::Query => "the URL must end before the '?'",
            SiteError::Fragment => "the URL must end before the '#'",
            SiteError::RuntimePrefix => "leave /0 out of the URL: the runtime adds it where it belongs",
            SiteError::Character => "the URL holds a space, a control character or something outside ASCII",
            SiteError::TooLong => "the URL is longer than 2048 bytes, or its host longer than 253",
        }
    }
}

/// The [text](SiteError::text).
impl fmt::Display for SiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl core::error::Error for SiteError {}

/// Why a text is no request path. See [`Path::site`](crate::Path::site).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PathError {
    /// It does not begin with a slash.
    NoSlash,
    /// It holds a character that must be percent-encoded.
    Character,
    /// It is longer than [`MAX_PATH`](crate::MAX_PATH).
    TooLong,
}

impl PathError {
    /// Whose fault it is: always the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }

    /// What is wrong, in a sentence, for people.
    pub const fn text(&self) -> &'static str {
        match self {
            PathError::NoSlash => "the path must begin with '/'",
            PathError::Character => "the path holds a character that must be percent-encoded",
            PathError::TooLong => "the path is longer than 16 KiB",
        }
    }
}

/// The [text](PathError::text).
impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl core::error::Error for PathError {}
