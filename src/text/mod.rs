//! Bytes, numbers, times and encodings. This room knows no other.

pub(crate) mod bytes;
pub(crate) mod date;
pub(crate) mod encoding;
pub(crate) mod fault;
pub(crate) mod number;
pub(crate) mod numbered;
pub(crate) mod template;
pub(crate) mod time;
