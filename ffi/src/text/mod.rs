//! Names, statuses, memory and contexts: what every function of C's is made of. This room knows no other.

// In this order, which is that of what they import.
pub(crate) mod messages;

pub(crate) mod again;

pub(crate) mod status;

pub(crate) mod numbered;

pub(crate) mod interface;

pub(crate) mod memory;

pub(crate) mod context;
