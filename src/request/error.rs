//! Why a name and a value are no field of a request.

use core::fmt;

use crate::text::fault::Fault;

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
