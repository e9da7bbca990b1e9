//! Reads JSON (RFC 8259) byte by byte: [`scanner`] checks it by the rules of [`grammar`] and says what it sees, [`pick`]
//! keeps the members of interest, and the others say which these are. Nothing is buffered but what is kept.

pub(crate) mod answer;
mod grammar;
pub(crate) mod pick;
pub(crate) mod scanner;
pub(crate) mod status;
pub(crate) mod token;
