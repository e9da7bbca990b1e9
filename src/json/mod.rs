//! Reads JSON (RFC 8259) byte by byte: [`scanner`] checks it and says what it sees, [`status`] picks the members of
//! an authentication status out of it. Nothing is buffered but what is picked.

pub(crate) mod scanner;
pub(crate) mod status;
