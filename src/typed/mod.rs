//! Bodies of calls as values of Rust types: written and read in buffers of the caller's.
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

mod error;
mod key;
mod out;
mod read;
mod read_key;
mod source;
mod write;

use serde::{Deserialize, Serialize};

use crate::json::error::DocumentError;
use crate::json::members::{Hash, Members};
use crate::json::picker::{Lent, Picker};
pub use error::{TypedCause, TypedError};
use out::Writer;
use source::{Source, WRONG_TYPE};

/// Writes a value as JSON, for [`Call::with_json`](crate::Call::with_json).
///
/// Keys of maps that are numbers stand in quotation marks, bytes are arrays of numbers, and numbers that are none are `null`.
///
/// # Errors
///
/// [`TypedCause::BufferTooSmall`], with how many bytes it takes; [`TypedCause::Key`]; [`TypedCause::Refused`] where the type's own
/// `Serialize` says so.
pub fn write<'b, T: Serialize + ?Sized>(value: &T, buffer: &'b mut [u8]) -> Result<&'b [u8], TypedError> {
    let mut writer = Writer::new(buffer);
    value.serialize(&mut writer)?;
    writer.finish()
}

/// Reads a value from the whole of a body. Members that the type does not have are skipped; texts with escapes are
/// decoded in `scratch`, which has to be as large as the longest of them. Keys of maps that are numbers, `bool` or variants stand
/// in quotation marks.
///
/// # Errors
///
/// [`TypedError`] says what is wrong, at which member, and whose fault it is.
pub fn read<'b, T: Deserialize<'b>>(body: &'b [u8], scratch: &mut [u8]) -> Result<T, TypedError> {
    let not_json = |error| TypedError::new(TypedCause::NotJson(error), None);
    let mut checker = Picker::of_nothing();
    checker
        .push(body, &mut Lent { members: Members::NONE, sought: Hash::NONE, memory: &mut [] })
        .map_err(not_json)?;
    if !checker.is_complete() {
        return Err(not_json(DocumentError::CutOff));
    }
    let text = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let mut source = Source::new(text, scratch);
    let value = T::deserialize(&mut source)?;
    if source.peek() == 0 { Ok(value) } else { Err(WRONG_TYPE) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use heapless::{String, Vec};

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
}
