//! What a Windows login is challenged with.

use core::ops::Range;

use crate::http::challenge::OfferedSchemes;

/// What the reply to a Windows login offers, and its challenge, which stands behind the rest at the end of the session's memory: in
/// base64, until the reply is complete.
#[derive(Clone, Default)]
pub(crate) struct Challenged {
    pub offered: OfferedSchemes,
    /// The scheme that was used is among them.
    pub is_offered: bool,
    /// It has a challenge, which is no base64.
    pub is_malformed: bool,
    /// How many cookies the reply has set.
    pub set: u32,
    /// `0..0` for none.
    pub at: Range<usize>,
}
