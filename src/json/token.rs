//! What an identity service answers (RFC 6749, sections 5.1 and 5.2).

use super::pick::{Member, Picked, ROOT, Value};

/// The places of the texts that are kept of an answer.
pub(crate) const ACCESS_TOKEN: u8 = 0;
pub(crate) const TOKEN_TYPE: u8 = 1;
pub(crate) const ERROR: u8 = 2;
pub(crate) const DESCRIPTION: u8 = 3;

pub(crate) const MEMBERS: &[Member] = &[
    Member { name: "access_token", parent: ROOT, value: Value::WholeText(ACCESS_TOKEN) },
    Member { name: "token_type", parent: ROOT, value: Value::Text(TOKEN_TYPE) },
    Member { name: "expires_in", parent: ROOT, value: Value::Number(Picked::seconds) },
    Member { name: "error", parent: ROOT, value: Value::Text(ERROR) },
    Member { name: "error_description", parent: ROOT, value: Value::Text(DESCRIPTION) },
];
