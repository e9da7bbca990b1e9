//! Why a value could not be written or read.

use core::fmt;

use serde::ser;

use crate::json::error::DocumentError;
use crate::text::fault::Fault;

/// Why a value could not be written or read, and at which member.
///
/// ```
/// use creatio_auth::{Fault, typed};
///
/// #[derive(Debug, serde::Deserialize)]
/// struct Contact {
///     age: u8,
/// }
///
/// let error = typed::read::<Contact>(br#"{"age":256}"#, &mut []).unwrap_err();
/// assert_eq!((error.cause(), error.member()), (typed::TypedCause::WrongType, Some("age")));
/// assert_eq!(error.fault(), Fault::Peer);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TypedError {
    cause: TypedCause,
    member: Option<&'static str>,
}

/// What is wrong with a value, or with what it was to be read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum TypedCause {
    /// The value does not fit into the buffer.
    BufferTooSmall {
        /// How many bytes it takes.
        needed: usize,
    },
    /// A map has keys that are neither texts, nor whole numbers, nor `bool`, nor names of variants.
    Key,
    /// The type's own `Serialize` or `Deserialize` refuses the value.
    Refused,
    /// The text is not JSON, or is cut off.
    NotJson(DocumentError),
    /// The value is of another type, or a number that is too large for its type.
    WrongType,
    /// A text is longer than its place, as a `String<N>`; or there are more elements than it has room for, as a `Vec<N>`.
    TooLong,
    /// The member is missing.
    Missing,
    /// The member is there twice.
    Doubled,
    /// No variant of the enumeration has this name.
    UnknownVariant,
    /// A text with escapes came for a borrowed `&str`, which cannot hold what they stand for: let the type own it.
    Escaped,
    /// A text with escapes is longer than the scratch memory.
    ScratchTooSmall {
        /// How many bytes this text takes; another may take more.
        needed: usize,
    },
    /// The type cannot be read without more: one that takes any value, or bytes.
    Unsupported,
}

impl TypedCause {
    /// Its name, which stays the same where a text changes: a label for metrics.
    pub const fn name(&self) -> &'static str {
        match self {
            TypedCause::BufferTooSmall { .. } => "BufferTooSmall",
            TypedCause::Key => "Key",
            TypedCause::Refused => "Refused",
            TypedCause::NotJson(_) => "NotJson",
            TypedCause::WrongType => "WrongType",
            TypedCause::TooLong => "TooLong",
            TypedCause::Missing => "Missing",
            TypedCause::Doubled => "Doubled",
            TypedCause::UnknownVariant => "UnknownVariant",
            TypedCause::Escaped => "Escaped",
            TypedCause::ScratchTooSmall { .. } => "ScratchTooSmall",
            TypedCause::Unsupported => "Unsupported",
        }
    }

    /// What is wrong, in a sentence, for people; the [catalogue](crate::catalogue) has its cause and its remedy.
    #[cfg(feature = "texts")]
    pub const fn text(&self) -> &'static str {
        match self {
            TypedCause::BufferTooSmall { .. } => crate::text::fault::BUFFER_TOO_SMALL,
            TypedCause::Key => "a map has keys that are no texts",
            TypedCause::Refused => "the type refuses the value",
            TypedCause::NotJson(DocumentError::CutOff) => "the JSON is cut off, or there is none",
            TypedCause::NotJson(DocumentError::TooDeep) => "the JSON is nested too deeply",
            TypedCause::NotJson(_) => "it is not JSON",
            TypedCause::WrongType => "the value is of another type, or too large for it",
            TypedCause::TooLong => "a text, or the number of elements, is larger than its place",
            TypedCause::Missing => "the member is missing",
            TypedCause::Doubled => "the member is there twice",
            TypedCause::UnknownVariant => "no variant has this name",
            TypedCause::Escaped => "a text with escapes came, which the type has to own",
            TypedCause::ScratchTooSmall { .. } => "a text with escapes is longer than the scratch memory; give more",
            TypedCause::Unsupported => "values of this type cannot be read",
        }
    }

    /// Whose fault it is: the peer's where it sends something else than the type has, the caller's where it lends too little, or
    /// the type is none for the purpose.
    pub const fn fault(&self) -> Fault {
        match self {
            TypedCause::NotJson(_)
            | TypedCause::WrongType
            | TypedCause::Missing
            | TypedCause::Doubled
            | TypedCause::UnknownVariant => Fault::Peer,
            _ => Fault::Caller,
        }
    }
}

impl TypedError {
    pub(super) const fn new(cause: TypedCause, member: Option<&'static str>) -> Self {
        TypedError { cause, member }
    }

    /// The same, at this member, unless a member inside of it is to blame.
    pub(super) fn at(self, member: Option<&'static str>) -> Self {
        TypedError { member: self.member.or(member), ..self }
    }

    /// What is wrong.
    pub const fn cause(&self) -> TypedCause {
        self.cause
    }

    /// At which member of a struct, by the name that it has in JSON: the innermost one. None where none is to blame.
    pub const fn member(&self) -> Option<&'static str> {
        self.member
    }

    /// Its name, which stays the same where a text changes: a label for metrics.
    pub const fn name(&self) -> &'static str {
        self.cause.name()
    }

    /// What is wrong, in a sentence, for people.
    #[cfg(feature = "texts")]
    pub const fn text(&self) -> &'static str {
        self.cause.text()
    }

    /// Whose fault it is, see [`TypedCause::fault`].
    pub const fn fault(&self) -> Fault {
        self.cause.fault()
    }
}

/// The member, and what is wrong; where the feature `texts` is off, the name of that.
impl fmt::Display for TypedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(member) = self.member {
            f.write_str(member)?;
            f.write_str(": ")?;
        }
        #[cfg(feature = "texts")]
        f.write_str(self.text())?;
        #[cfg(not(feature = "texts"))]
        f.write_str(self.name())?;
        match self.cause {
            TypedCause::BufferTooSmall { needed } | TypedCause::ScratchTooSmall { needed } => {
                write!(f, " ({needed} bytes)")
            }
            _ => Ok(()),
        }
    }
}

impl core::error::Error for TypedError {}

impl ser::Error for TypedError {
    fn custom<T: fmt::Display>(_: T) -> Self {
        TypedError::new(TypedCause::Refused, None)
    }
}

#[cfg(test)]
mod tests {
    use super::{TypedCause, TypedError};
    use std::string::ToString;

    #[test]
    fn an_error_says_its_member_and_what_is_wrong_and_how_much_is_enough() {
        let is_short = TypedCause::BufferTooSmall { needed: 12 };
        let (short, missing) = match cfg!(feature = "texts") {
            true => ("the buffer is too small; give a larger one", "the member is missing"),
            false => ("BufferTooSmall", "Missing"),
        };
        assert_eq!(TypedError::new(is_short, None).to_string(), std::format!("{short} (12 bytes)"));
        assert_eq!(TypedError::new(TypedCause::Missing, Some("Id")).to_string(), std::format!("Id: {missing}"));
        assert_eq!(TypedError::new(TypedCause::Missing, None).to_string(), missing);
    }
}
