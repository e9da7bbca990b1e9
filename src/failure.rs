//! The error of a reply on its way to the caller.

use crate::error::{DocumentError, Malformed, Misuse};

/// A [`ReplyError`](crate::ReplyError) on its way to the caller, small enough for a register.
#[derive(Clone, Copy)]
pub(crate) enum Failure {
    Misuse(Misuse),
    /// [`Exchange::memory_needed`](crate::Exchange::memory_needed) says how much it takes.
    MemoryTooSmall,
    ClosedEarly,
    HeadTooLarge,
    Malformed(Malformed),
    ContentEncoding,
    Document(DocumentError),
}

impl From<Misuse> for Failure {
    fn from(misuse: Misuse) -> Self {
        Failure::Misuse(misuse)
    }
}

impl From<Malformed> for Failure {
    fn from(what: Malformed) -> Self {
        Failure::Malformed(what)
    }
}

impl From<DocumentError> for Failure {
    fn from(what: DocumentError) -> Self {
        Failure::Document(what)
    }
}
