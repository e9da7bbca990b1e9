//! Cookies as RFC 6265bis has them: reading `Set-Cookie`, keeping what it says, choosing what to send.

pub(crate) mod jar;
pub(crate) mod record;
mod rules;
pub(crate) mod set_cookie;
