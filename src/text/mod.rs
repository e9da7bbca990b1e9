//! Bytes, numbers, times and encodings. This room knows no other.

pub(crate) mod bytes;
pub(crate) mod date;
pub(crate) mod fault;
pub(crate) mod number;
pub(crate) mod numbered;
pub(crate) mod time;
pub(crate) mod window;
