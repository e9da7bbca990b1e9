//! What can be wrong with a document.

use crate::text::numbered::numbered;

// The numbers are those of the C interface, where they are negative.
numbered! {
    /// Why a document cannot be read: the answer to a login or to a request for a token, or a body that the module `typed`
    /// reads.
    pub enum DocumentError {
        /// It is not JSON in UTF-8 (RFC 8259). A byte order mark before it is allowed.
        NotJson = 130, "the answer to the sign-in is not JSON; is there a Creatio site at this URL?";
        /// It ends before its end.
        CutOff = 131, "the answer to the sign-in is cut off; is there a Creatio site at this URL?";
        /// Objects and arrays are nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
        TooDeep = 132, "the answer to the sign-in is nested too deeply; is there a Creatio site at this URL?";
        /// It is JSON, but no object.
        NotAnObject = 133, "the answer to the sign-in is no JSON object; is there a Creatio site at this URL?";
        /// A member that matters stands in it twice.
        Doubled = 134, "the answer to the sign-in has a member twice; is there a Creatio site at this URL?";
        /// The answer to a login has no `Code`.
        NoCode = 135, "the answer to the login has no Code; is there a Creatio site at this URL?";
        /// Its `Code` is no whole number of 32 bits in plain digits; `0.0`, `0e0` and `-0` are none.
        Code = 136,
            "the answer to the login has a Code that is no whole number; is there a Creatio site at this URL?";
    }
}

impl core::error::Error for DocumentError {}
