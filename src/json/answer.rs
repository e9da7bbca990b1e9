//! What the services after login answer (protocol notes, section 4): OData's next page and its errors, and the errors of
//! the DataService, the configuration services and ASP.NET.

use super::pick::{Member, Members, Picked, ROOT, Value};
use crate::signs::Signs;

/// The places of the texts that are kept of an answer.
pub(crate) const MESSAGE: u8 = 0;
pub(crate) const INNER_MESSAGE: u8 = 1;
pub(crate) const NEXT_LINK: u8 = 2;

/// Members as what holds others: 1 and their place in the table.
const ERROR: u8 = 1;
const ERROR_MESSAGE: u8 = 2;
const INNER_ERROR: u8 = 4;
const ERROR_INFO: u8 = 6;
const RESPONSE_STATUS: u8 = 8;

/// The places of `error`, `errorInfo` and `responseStatus` in the table.
pub(crate) const ERROR_MEMBER: u8 = ERROR - 1;
pub(crate) const ERROR_INFO_MEMBER: u8 = ERROR_INFO - 1;
pub(crate) const RESPONSE_STATUS_MEMBER: u8 = RESPONSE_STATUS - 1;

pub(crate) static ANSWER: Members = Members { table: TABLE, scalar: Picked::flag, signs: Signs::look };

const TABLE: &[Member] = &[
    // OData: {"error":{"message":"…" or {"lang":"…","value":"…"},"innererror":{"message":"…"}}}
    Member::new("error", ROOT, Value::Holder),
    Member::new("message", ERROR, Value::Text(MESSAGE)),
    Member::new("value", ERROR_MESSAGE, Value::Text(MESSAGE)),
    Member::new("innererror", ERROR, Value::Holder),
    Member::new("message", INNER_ERROR, Value::Text(INNER_MESSAGE)),
    // DataService, file API: {"success":false,"errorInfo":{"message":"…"}}
    Member::new("errorInfo", ROOT, Value::Holder),
    Member::new("message", ERROR_INFO, Value::Text(MESSAGE)),
    // DataService, where an exception was thrown: {"responseStatus":{"ErrorCode":"…","Message":"…"},"success":false}
    Member::new("responseStatus", ROOT, Value::Holder),
    Member::new("Message", RESPONSE_STATUS, Value::Text(MESSAGE)),
    Member::new("success", ROOT, Value::Scalar),
    // ASP.NET: {"Message":"…","ExceptionMessage":"…"}
    Member::new("Message", ROOT, Value::Text(MESSAGE)),
    Member::new("ExceptionMessage", ROOT, Value::Text(INNER_MESSAGE)),
    Member::new("@odata.nextLink", ROOT, Value::Text(NEXT_LINK)),
];
