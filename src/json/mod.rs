//! Reads JSON (RFC 8259) as it comes: [`scanner`] checks it by the rules of [`grammar`] and says what it sees, [`picker`]
//! keeps the members of interest. Nothing is buffered but what is kept.

pub(crate) mod error;
mod grammar;
pub(crate) mod picker;
pub(crate) mod scanner;
pub(crate) mod signs;
pub(crate) mod text;
