//! Reads an HTTP/1.x reply that arrives in pieces of any size (RFC 9110, RFC 9112): lines, then what the field
//! lines say, then the framing of the body. [`reader`] puts the three together.

pub(crate) mod body;
pub(crate) mod challenge;
pub(crate) mod error;
pub(crate) mod head;
pub(crate) mod known_fields;
pub(crate) mod line;
pub(crate) mod reader;
