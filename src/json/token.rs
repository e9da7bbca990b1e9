//! What an identity service answers (RFC 6749, sections 5.1 and 5.2).

use super::pick::{Member, Members, Picked, ROOT, Value};
use crate::signs::Signs;

/// The places of the texts that are kept of an answer.
pub(crate) const ACCESS_TOKEN: u8 = 0;
pub(crate) const TOKEN_TYPE: u8 = 1;
pub(crate) const ERROR: u8 = 2;
pub(crate) const DESCRIPTION: u8 = 3;

pub(crate) static MEMBERS: Members = Members { table: TABLE, scalar: Picked::seconds, signs: Signs::look };

const TABLE: &[Member] = &[
    Member::new("access_token", ROOT, Value::WholeText(ACCESS_TOKEN)),
    Member::new("token_type", ROOT, Value::Text(TOKEN_TYPE)),
    Member::new("expires_in", ROOT, Value::Scalar),
    Member::new("error", ROOT, Value::Text(ERROR)),
    Member::new("error_description", ROOT, Value::Text(DESCRIPTION)),
];
