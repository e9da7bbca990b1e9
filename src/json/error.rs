//! What can be wrong with a document.

use core::fmt;

/// Why a document cannot be read: the answer to a login or to a request for a token, or a body that the module `typed`
/// reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum DocumentError {
    /// It is not JSON in UTF-8 (RFC 8259). A byte order mark before it is allowed.
    NotJson,
    /// It ends before its end.
    CutOff,
    /// Objects and arrays are nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
    TooDeep,
    /// It is JSON, but no object.
    NotAnObject,
    /// A member that matters stands in it twice.
    Doubled,
    /// The answer to a login has no `Code`.
    NoCode,
    /// Its `Code` is no whole number of 32 bits in plain digits; `0.0`, `0e0` and `-0` are none.
    Code,
}

impl DocumentError {
    /// What is wrong, in a sentence, for people.
    pub const fn text(&self) -> &'static str {
        match self {
            DocumentError::NotJson => "the answer to the sign-in is not JSON; is there a Creatio site at this URL?",
            DocumentError::CutOff => "the answer to the sign-in is cut off; is there a Creatio site at this URL?",
            DocumentError::TooDeep => {
                "the answer to the sign-in is nested too deeply; is there a Creatio site at this URL?"
            }
            DocumentError::NotAnObject => {
                "the answer to the sign-in is no JSON object; is there a Creatio site at this URL?"
            }
            DocumentError::Doubled => {
                "the answer to the sign-in has a member twice; is there a Creatio site at this URL?"
            }
            DocumentError::NoCode => "the answer to the login has no Code; is there a Creatio site at this URL?",
            DocumentError::Code => {
                "the answer to the login has a Code that is no whole number; is there a Creatio site at this URL?"
            }
        }
    }
}

/// The [text](DocumentError::text).
impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl core::error::Error for DocumentError {}
