//! `creatio_again`

use creatio_auth::Again;

/// Whether the same request may be sent again (RFC 9110, 9.2.2). Twice at once it never helps: `creatio_retry_delay`
/// says how long to wait.
#[repr(i32)]
#[derive(Clone, Copy)]
pub enum creatio_again {
    /// No: it was done, or something has to change before it is answered otherwise.
    CREATIO_AGAIN_NO = 0,
    /// Nobody knows whether it was done: where twice does no more than once, as of a GET, or of a call with
    /// `creatio_call.repeatable`.
    CREATIO_AGAIN_IF_REPEATABLE = 1,
    /// Yes: it was not done. Where the session has ended, after a sign-in.
    CREATIO_AGAIN_YES = 2,
}

use creatio_again::*;

const _: () = assert!(CREATIO_AGAIN_NO as u8 == Again::No as u8);
const _: () = assert!(CREATIO_AGAIN_IF_REPEATABLE as u8 == Again::IfRepeatable as u8);
const _: () = assert!(CREATIO_AGAIN_YES as u8 == Again::Yes as u8);

/// What a table says of this number, from 1 on; no for a number that is not in it.
pub(crate) fn again_at(number: i32, table: &[u8]) -> creatio_again {
    let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    match place.and_then(|place| table.get(place)) {
        Some(1) => CREATIO_AGAIN_IF_REPEATABLE,
        Some(2) => CREATIO_AGAIN_YES,
        _ => CREATIO_AGAIN_NO,
    }
}
