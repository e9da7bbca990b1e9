//! The fields of a reply that are of interest, by their names.

use crate::text::bytes::is_trimmed;

/// The fields of interest: first those that frame.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(crate) enum Field {
    Connection = 1, // so that none is 0
    ContentLength,
    TransferEncoding,
    ContentEncoding,
    ContentType,
    Date,
    Location,
    RetryAfter,
    SetCookie,
    /// The one that the caller wants.
    Wanted,
}

/// The names of the fields of interest in lower case, in the order of [`FIELDS`]; after them comes the wanted one.
const NAMES: [&[u8]; 9] = [
    b"connection",
    b"content-length",
    b"transfer-encoding",
    b"content-encoding",
    b"content-type",
    b"date",
    b"location",
    b"retry-after",
    b"set-cookie",
];

const FIELDS: [Field; 10] = [
    Field::Connection,
    Field::ContentLength,
    Field::TransferEncoding,
    Field::ContentEncoding,
    Field::ContentType,
    Field::Date,
    Field::Location,
    Field::RetryAfter,
    Field::SetCookie,
    Field::Wanted,
];

impl Field {
    //= 9110-5.1-unknown-fields
    /// The field of a name, if it is of interest: one of those above, or the wanted one.
    ///
    /// Names are compared byte for byte, and not by a hash of them: a name with the hash of `Content-Length` would pass every
    /// proxy, as it is none, and frame the body here and not there, which is where smuggling begins.
    pub(crate) fn of(name: &[u8], wanted: &str) -> Option<Field> {
        let is_name = |at| {
            let known = NAMES.get(at).copied().unwrap_or(wanted.as_bytes());
            known.len() == name.len() && is_trimmed(name, known)
        };
        let at = (0..FIELDS.len()).find(|at| is_name(*at))?;
        FIELDS.get(at).copied()
    }

    /// Whether the end of the body, or of the connection, hangs on it: nothing in it is read leniently.
    pub(crate) fn frames(self) -> bool {
        self <= Field::TransferEncoding
    }

    /// Whether it says where the body ends, how it is coded, or what becomes of the connection.
    pub(crate) fn is_of_the_connection(self) -> bool {
        self.frames() || self == Field::ContentEncoding
    }

    /// Whether it is the field of this name.
    #[expect(clippy::arithmetic_side_effects, reason = "the first field is 1")]
    pub(crate) fn is_named(self, name: &str) -> bool {
        NAMES.get(self as usize - 1).is_some_and(|known| known.eq_ignore_ascii_case(name.as_bytes()))
    }
}
