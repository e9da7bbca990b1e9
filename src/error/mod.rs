//! What can go wrong, one type per operation, and whose fault it is.
//!
//! An answer of the site that is not the wished-for one is no error: see [`Verdict`](crate::Verdict).

mod reply;

use core::fmt;

pub use reply::{DocumentError, Malformed, ReplyError};

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Fault {
    /// Ours: a wrong argument, a call out of turn, too little memory. The program has to change.
    Caller,
    /// Theirs: the peer broke the protocol or the connection. The program may try again.
    Peer,
}

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

/// Why a name and a value are no field of a request. See [`Field::new`](crate::Field::new).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum FieldError {
    /// The name is no token, or that of a [wanted field](crate::Call::with_wanted_field) longer than
    /// [`MAX_WANTED_FIELD`](crate::MAX_WANTED_FIELD).
    Name,
    /// The value holds a control character other than a tab, or begins or ends with white space.
    Value,
    /// The library writes this field itself, or relies on its absence; or the wanted field is `Set-Cookie`, which is the
    /// session's.
    Reserved,
}

impl FieldError {
    /// Whose fault it is: always the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }

    /// What is wrong, in a sentence, for people.
    pub const fn text(&self) -> &'static str {
        match self {
            FieldError::Name => "the name of a field is no token, or too long",
            FieldError::Value => {
                "a field's value holds a control character or white space at its ends, or its line no CR LF"
            }
            FieldError::Reserved => "the library writes this field itself, or relies on its absence",
        }
    }
}

/// The [text](FieldError::text).
impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl core::error::Error for FieldError {}

/// The output does not fit into the buffer, which was left as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BufferTooSmall {
    /// How many bytes it takes.
    pub needed: usize,
}

impl BufferTooSmall {
    /// Whose fault it is: the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl fmt::Display for BufferTooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the buffer is too small: {} bytes are needed", self.needed)
    }
}

impl core::error::Error for BufferTooSmall {}

/// Why bytes are no snapshot of a session. See [`Session::from_snapshot`](crate::Session::from_snapshot).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SnapshotError {
    /// It is none, or has been altered or cut.
    Altered,
    /// Its format is of a version that this one does not know.
    Version,
    /// It belongs to another site.
    OtherSite,
    /// The memory is too small for its cookies.
    MemoryTooSmall {
        /// How many bytes they take.
        needed: usize,
    },
}

impl SnapshotError {
    /// Whose fault it is: the caller's, who keeps the snapshot.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SnapshotError::Altered => f.write_str("the snapshot has been altered or cut; sign in anew"),
            SnapshotError::Version => f.write_str("the snapshot's version is unknown; sign in anew"),
            SnapshotError::OtherSite => f.write_str("the snapshot belongs to another site; sign in anew"),
            SnapshotError::MemoryTooSmall { needed } => {
                write!(f, "the session's memory is too small: the snapshot takes {needed} bytes")
            }
        }
    }
}

impl core::error::Error for SnapshotError {}

/// Why user name and password cannot go by HTTP Basic. See [`Session::use_basic`](crate::Session::use_basic).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum BasicError {
    /// The user name holds a colon.
    Colon,
    /// The user name or the password holds a control character.
    ControlCharacter,
    /// Both together take more than 64 KiB in base64.
    TooLong,
    /// The session's memory is too small.
    MemoryTooSmall {
        /// How many bytes it takes.
        needed: usize,
    },
}

impl BasicError {
    /// Whose fault it is: always the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl fmt::Display for BasicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BasicError::Colon => f.write_str("the user name holds a colon, which HTTP Basic does not allow"),
            BasicError::ControlCharacter => f.write_str("the user name or the password holds a control character"),
            BasicError::TooLong => f.write_str("user name and password are longer than 64 KiB in base64"),
            BasicError::MemoryTooSmall { needed } => {
                write!(f, "the session's memory is too small: user name and password take {needed} bytes")
            }
        }
    }
}

impl core::error::Error for BasicError {}

/// A call that does not fit the exchange it was made on. The exchange and the session are as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Misuse {
    /// The exchange's [state](crate::State) does not allow it.
    OutOfTurn,
    /// The session is not the one the exchange began with, or has begun another exchange or been cleared since.
    OtherSession,
    /// `fill` was given a buffer of no bytes.
    EmptyBuffer,
    /// A login's result was asked of an exchange that is no login.
    NotALogin,
    /// A call's result was asked of an exchange that is none.
    NotACall,
    /// A token's result was asked of an exchange that asks for none.
    NotATokenRequest,
}

impl Misuse {
    /// Whose fault it is: always the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Misuse::OutOfTurn => "the exchange is not in a state that allows this call",
            Misuse::OtherSession => "the exchange does not belong to this session, or to its present",
            Misuse::EmptyBuffer => "the buffer to fill has no room for a single byte",
            Misuse::NotALogin => "the exchange is not a login",
            Misuse::NotACall => "the exchange is not a call",
            Misuse::NotATokenRequest => "the exchange does not ask for a token",
        })
    }
}

impl core::error::Error for Misuse {}
