//! What is picked out of the answer to a part.

use crate::json::members::{self, Member, Members, Value};
use crate::json::scalar::Scalar;

/// The texts that are kept of the answer to a part: first those that C has, in its order.
#[derive(Clone, Copy)]
pub(crate) enum PartText {
    Id,
    Message,
    InnerMessage,
    ErrorCode,
    /// What is behind the inner message, and what is behind that.
    Cause,
    DeepestCause,
}

const fn kept(text: PartText) -> Value {
    // not covered: run by the compiler
    Value::Text(text as u8, 1)
}

// {"id":"…","status":201,"headers":{…},"body":{…}}, and in the body an error as it is answered outside of a batch.
const MEMBERS: &[(&str, Value)] = &[
    ("body", Value::Holder),
    ("body/error", Value::Holder),
    ("body/error/innererror", Value::Holder),
    ("body/error/innererror/internalexception", Value::Holder),
    ("body/error/innererror/internalexception/internalexception", Value::Holder),
    ("id", kept(PartText::Id)),
    ("status", Value::Scalar),
    ("body/error/code", kept(PartText::ErrorCode)),
    ("body/error/message", kept(PartText::Message)),
    ("body/error/innererror/message", kept(PartText::InnerMessage)),
    ("body/error/innererror/internalexception/message", kept(PartText::Cause)),
    ("body/error/innererror/internalexception/internalexception/message", kept(PartText::DeepestCause)),
];

const TABLE: [Member; MEMBERS.len() + 1] = members::table(MEMBERS);

pub(super) const ERROR: u8 = members::place_of(MEMBERS, "body/error");

// A status in digits counts, and no other.
pub(super) static PART: Members = Members { table: &TABLE, scalar: Scalar::seconds };
