//! Why a name and a value are no field of a request, and why there is no message of NTLM.

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

// Likewise. It is there without the feature, too, for the C interface.
numbered! {
    /// Why there is no message of NTLM (feature `ntlm`); the buffer is as it was.
    pub enum NtlmError {
        /// The buffer is too small.
        BufferTooSmall {
            /// How many bytes it takes.
            needed: usize
        } = 6, crate::text::fault::BUFFER_TOO_SMALL;
        /// A text is longer than a message can hold: 65535 bytes in UTF-16.
        TooLong = 63, "a name is too long for a message of NTLM";
        /// What came is no `CHALLENGE_MESSAGE` (MS-NLMP 2.2.1.2).
        Malformed = 104, "the challenge is no message of NTLM; is it one of Negotiate?";
        /// The site knows no Unicode, or sends no target information, without which there is no NTLMv2.
        NotVersion2 = 105, "the site does not know NTLM version 2";
    }
}

impl NtlmError {
    /// Whose fault it is.
    pub const fn fault(&self) -> Fault {
        match self {
            NtlmError::BufferTooSmall { .. } | NtlmError::TooLong => Fault::Caller,
            NtlmError::Malformed | NtlmError::NotVersion2 => Fault::Peer,
        }
    }
}

impl core::error::Error for NtlmError {}
