//! Why a URL is no site, and a text no path.

use crate::text::fault::Fault;
use crate::text::numbered::{display, numbered};

// The numbers are those of the C interface, where they are negative.

numbered! {
    /// Why a URL is no site. See [`Site::parse`](crate::Site::parse).
    pub enum SiteError {
        /// The URL does not begin with `http://` or `https://`.
        Scheme = 20, "the URL must begin with http:// or https://";
        /// It names a user; user name and password belong in [`Credentials`](crate::Credentials).
        UserInfo = 21, "the URL must not hold a user name or password";
        /// The host is no domain name, IPv4 address or IPv6 address in brackets.
        Host = 22, "the URL's host is no domain name, IPv4 address or [IPv6 address]";
        /// The port is not a number from 1 to 65535.
        Port = 23, "the URL's port must be a number from 1 to 65535";
        /// The base path has an empty segment, a dot segment or a character that must be percent-encoded.
        Path = 24, "the URL's path has an empty, '.' or '..' segment or an unencoded character";
        /// It has a query.
        Query = 25, "the URL must end before the '?'";
        /// It has a fragment.
        Fragment = 26, "the URL must end before the '#'";
        /// It ends in `/0`. Leave that out: the runtime adds it where it belongs.
        RuntimePrefix = 27, "leave /0 out of the URL: the runtime adds it where it belongs";
        /// It holds a space, a control character or something outside ASCII.
        Character = 28, "the URL holds a space, a control character or something outside ASCII";
        /// It is longer than [`MAX_URL`](crate::MAX_URL), or its host is longer than [`MAX_HOST`](crate::MAX_HOST).
        TooLong = 29, "the URL is longer than 2048 bytes, or its host longer than 253";
    }
}

impl SiteError {
    /// Whose fault it is: always the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl core::error::Error for SiteError {}

/// The name is that of no [`Runtime`](crate::Runtime).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct UnknownRuntime;

impl UnknownRuntime {
    /// Whose fault it is: the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }

    /// What is wrong, in a sentence, for people.
    #[cfg(feature = "texts")]
    pub const fn text(&self) -> &'static str {
        "a runtime is net-framework or net"
    }
}

display!(UnknownRuntime);

impl core::error::Error for UnknownRuntime {}

numbered! {
    /// Why a text is no request path. See [`Path::site`](crate::Path::site).
    pub enum PathError {
        /// It does not begin with a slash.
        NoSlash = 30, "the path must begin with '/'";
        /// It holds a character that must be percent-encoded.
        Character = 31, "the path holds a character that must be percent-encoded";
        /// It is longer than [`MAX_PATH`](crate::MAX_PATH).
        TooLong = 32, "the path is longer than 16 KiB";
    }
}

impl PathError {
    /// Whose fault it is: always the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl core::error::Error for PathError {}
