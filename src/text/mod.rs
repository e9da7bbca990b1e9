//! Bytes, numbers, times and encodings. This room knows no other.

pub(crate) mod again;
pub(crate) mod base64;
pub(crate) mod bytes;
#[cfg(feature = "lifetimes")]
pub(crate) mod date;
#[cfg(not(feature = "lifetimes"))]
#[path = "year.rs"]
pub(crate) mod date;
pub(crate) mod encoding;
pub(crate) mod fault;
pub(crate) mod number;
pub(crate) mod numbered;
pub(crate) mod template;
pub(crate) mod time;
