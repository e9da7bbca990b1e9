//! Reads JSON (RFC 8259) as it comes: [`picker`] checks it by the rules of [`grammar`] and keeps what the [`members`] of
//! interest say, a [`scalar`] among them. Nothing is buffered but what is kept.

pub(crate) mod elements;
pub(crate) mod error;
mod grammar;
pub(crate) mod members;
pub(crate) mod picker;
pub(crate) mod plain;
pub(crate) mod scalar;
pub(crate) mod text;
