//! What is asked, a file for each door.

// In this order in the header.
pub(crate) mod field;

pub(crate) mod login;

pub(crate) mod basic;

pub(crate) mod call;

pub(crate) mod body;

pub(crate) mod token;

pub(crate) mod code;

pub(crate) mod windows;

pub(crate) mod ntlm;
