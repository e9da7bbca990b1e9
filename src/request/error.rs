//! Why a name and a value are no field of a request.

use crate::text::fault::Fault;
use crate::text::numbered::numbered;

// The numbers are those of the C interface, where they are negative.
numbered! {
    /// Why a name and a value are no field of a request. See [`Field::new`](crate::Field::new).
    pub enum FieldError {
        /// The name is no token, or that of a [wanted field](crate::Call::with_wanted_field) longer than
        /// [`MAX_WANTED_FIELD`](crate::MAX_WANTED_FIELD).
        Name = 40, "the name of a field is no token, or too long";
        /// The value holds a control character other than a tab, or begins or ends with white space; that of a
        /// [`User-Agent`](crate::Session::set_user_agent) holds a tab or something outside ASCII; or a line does not end with
        /// CR LF.
        Value = 41,
            "a field's value holds a control character or white space at its ends, or its line no CR LF; or a User-Agent \
             is not in ASCII";
        /// The library writes this field itself, or relies on its absence; or the wanted field is `Set-Cookie`, which is the
        /// session's.
        Reserved = 42, "the library writes this field itself, or relies on its absence";
    }
}

impl FieldError {
    /// Whose fault it is: always the caller's.
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl core::error::Error for FieldError {}
