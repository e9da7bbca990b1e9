//! Bodies of calls as values of Rust types: written and read by serde-json-core, in buffers of the caller's.
//!
//! ```
//! use creatio_auth::{Call, Path, typed};
//! use heapless::String;
//!
//! #[derive(serde::Serialize)]
//! #[serde(rename_all = "PascalCase")]
//! struct NewContact<'a> {
//!     name: &'a str,
//! }
//!
//! #[derive(serde::Deserialize)]
//! #[serde(rename_all = "PascalCase")]
//! struct Contact<'a> {
//!     id: &'a str,
//!     name: String<64>, // owned, for it may come with escapes
//! }
//!
//! let mut buffer = [0; 128];
//! let json = typed::write(&NewContact { name: "Zoë \"Z\"" }, &mut buffer)?;
//! let call = Call::post(Path::site("/odata/Contact")?).with_json(json);
//!
//! let body = br#"{"@odata.context":"x","Id":"410006e1","Name":"Zo\u00eb","Email":null}"#;
//! let contact: Contact = typed::read(body, &mut [0; 64])?;
//! assert_eq!((contact.id, &*contact.name), ("410006e1", "Zoë"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::json::error::DocumentError;
use crate::json::members::{Hash, Members};
use crate::json::picker::{Lent, Picker};
use crate::text::fault::Fault;

/// Why a value could not be written or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum TypedError {
    /// The value does not fit into the buffer. How many bytes it takes is not known before it is written.
    BufferTooSmall,
    /// The text is not JSON, or is cut off.
    NotJson(DocumentError),
    /// The text is JSON, but not of this type: a member is missing, doubled, or of another type, a text with escapes came
    /// for a borrowed `&str`, or one does not fit into its place or into the scratch buffer.
    OtherType,
}

impl TypedError {
    /// Whose fault it is. A text of another type is the peer's, unless the type is wrong.
    pub const fn fault(&self) -> Fault {
        match self {
            TypedError::BufferTooSmall => Fault::Caller,
            _ => Fault::Peer,
        }
    }
}

impl fmt::Display for TypedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TypedError::BufferTooSmall => "the value does not fit into the buffer; give a larger one",
            TypedError::NotJson(_) => "the text is not JSON, or is cut off",
            TypedError::OtherType => "the text is JSON, but not of this type",
        })
    }
}

impl core::error::Error for TypedError {}

/// Writes a value as JSON, for [`Call::with_json`](crate::Call::with_json).
///
/// # Errors
///
/// [`TypedError::BufferTooSmall`].
pub fn write<'b, T: Serialize>(value: &T, buffer: &'b mut [u8]) -> Result<&'b [u8], TypedError> {
    let len = serde_json_core::to_slice(value, buffer).map_err(|_| TypedError::BufferTooSmall)?;
    buffer.get(..len).ok_or(TypedError::BufferTooSmall)
}

/// Reads a value from the whole of a body. Members that the type does not have are skipped; texts with escapes are
/// decoded in `scratch`, which has to be as large as the longest of them.
///
/// # Errors
///
/// [`TypedError::NotJson`], [`TypedError::OtherType`].
pub fn read<'b, T: Deserialize<'b>>(body: &'b [u8], scratch: &mut [u8]) -> Result<T, TypedError> {
    // serde-json-core does not check what it skips, and takes no byte order mark.
    let mut checker = Picker::of_nothing();
    checker
        .push(body, &mut Lent { members: Members::NONE, sought: Hash::NONE, memory: &mut [] })
        .map_err(TypedError::NotJson)?;
    if !checker.is_complete() {
        return Err(TypedError::NotJson(DocumentError::CutOff));
    }
    let text = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    match serde_json_core::from_slice_escaped(text, scratch) {
        Ok((value, _)) => Ok(value),
        Err(_) => Err(TypedError::OtherType),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use heapless::{String, Vec};
    use std::string::ToString;

    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    #[serde(rename_all = "PascalCase")]
    struct Contact {
        id: u32,
        name: String<16>,
        #[serde(default)]
        email: Option<String<32>>,
    }

    #[derive(Deserialize, Debug, PartialEq)]
    struct Collection {
        value: Vec<Contact, 4>,
    }

    fn contact(name: &str) -> Contact {
        Contact { id: 1, name: String::try_from(name).unwrap(), email: None }
    }

    #[test]
    fn what_is_written_reads_back() {
        for name in ["", "Zoë", "\"\\\u{1}\n", "😀"] {
            let mut buffer = [0; 80];
            let json = write(&contact(name), &mut buffer).unwrap();
            assert_eq!(serde_json::from_slice::<Contact>(json).unwrap(), contact(name));
            assert_eq!(read::<Contact>(json, &mut [0; 32]).unwrap(), contact(name));
        }
    }

    #[test]
    fn a_collection_reads_as_the_services_send_it() {
        let body =
            "\u{FEFF}{ \"@odata.context\" : \"x\" , \"value\":[ {\"Id\":1,\"Name\":\"Zo\\u00eb\",\"X\":[{}]} ] }\r\n";
        let collection = read::<Collection>(body.as_bytes(), &mut [0; 32]).unwrap();
        assert_eq!(collection.value.as_slice(), [contact("Zoë")]);
    }

    #[test]
    fn each_error_says_what_is_wrong() {
        assert_eq!(write(&contact("Ann"), &mut [0; 8]), Err(TypedError::BufferTooSmall));
        let read = |json: &str| read::<Contact>(json.as_bytes(), &mut [0; 32]).unwrap_err();
        assert_eq!(read(r#"{"Id":1,"Name":"Ann","X":tru}"#), TypedError::NotJson(DocumentError::NotJson));
        assert_eq!(read(r#"{"Id":1,"Name":"Ann"#), TypedError::NotJson(DocumentError::CutOff));
        assert_eq!(read(r#"{"Id":"1","Name":"Ann"}"#), TypedError::OtherType);
        assert_eq!(read(r#"{"Id":1,"Id":2,"Name":"Ann"}"#), TypedError::OtherType);
        assert_eq!(read(r#"{"Id":1}"#), TypedError::OtherType);
        assert_eq!(read(r#"{"Id":1,"Name":"seventeen letters"}"#), TypedError::OtherType);
        for (error, fault, text) in [
            (TypedError::BufferTooSmall, Fault::Caller, "the value does not fit into the buffer; give a larger one"),
            (TypedError::NotJson(DocumentError::CutOff), Fault::Peer, "the text is not JSON, or is cut off"),
            (TypedError::OtherType, Fault::Peer, "the text is JSON, but not of this type"),
        ] {
            assert_eq!((error.fault(), &*error.to_string()), (fault, text));
        }
    }
}
