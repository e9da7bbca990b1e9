//! What the library is compared with: readers that take a whole text at once, written from the RFCs for this alone.

pub mod cookie;
pub mod date;
pub mod http;
pub mod json;
