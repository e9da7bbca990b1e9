//! What an answer means, a file for each door, which begins its exchanges, too.

// In this order in the header.
mod text;

pub(crate) mod login;

pub(crate) mod call;

pub(crate) mod token;
