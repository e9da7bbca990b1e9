//! What each kind of exchange does in its own way.

use core::ops::Range;

use crate::cookie::jar::Jar;
use crate::cookie::record::Context;
use crate::error::Misuse;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::http::head::{Field, Head};
use crate::json::pick::Members;
use crate::request::Request;
use crate::session::{ExchangeId, Session};
use crate::window::Window;

/// What one kind of exchange does in its own way. As functions in a table, so that a program links those of the kinds
/// that it begins, and no others.
// The tables are statics, so that they have names: `cargo xtask size` knows a call through one by the function's place in it.
// In this order no function that takes much of the stack has the same place as one in `Members`.
pub(crate) struct Kind {
    /// Writes head and body of the request. Nothing that goes in there can end a line: see [`Path`](crate::Path),
    /// [`Field`](crate::Field), [`Site`](crate::Site), [`SetCookie`](crate::cookie::set_cookie::SetCookie) and
    /// [`Jar::with_records`] for what they let through.
    pub write: fn(&Request<'_>, &Jar<'_>, &Context<'_>, &mut Window<'_>),
    /// Takes a cookie of the reply, whose field has its value there in the memory.
    pub cookie: fn(&mut Exchange<'_>, &mut Session<'_>, Range<usize>),
    /// What is picked out of the body.
    pub members: &'static Members,
    /// Whether it is looked into.
    pub reads_body: fn(&Request<'_>, &Head) -> bool,
    /// Takes another field of the reply.
    pub field: fn(&mut Exchange<'_>, &mut Session<'_>, Field, Range<usize>) -> Result<(), Failure>,
    /// Whether status 200 says nothing without a document, so that the body is the exchange's alone.
    pub answers_by_document: bool,
    /// Checks the complete reply, and lets the session change.
    pub complete: fn(&mut Exchange<'_>, &mut Session<'_>) -> Result<(), Failure>,
    /// Whether the complete exchange has signed the session in.
    pub is_signed_in: fn(&Exchange<'_>, &Session<'_>) -> Result<bool, Misuse>,
}

/// What the session says of an exchange that begins.
pub(crate) struct Start {
    // Handed over in here: beside it the compiler would hand over the function out of the table, whose place is not seen then.
    pub kind: &'static Kind,
    pub id: ExchangeId,
    pub request_len: usize,
}
