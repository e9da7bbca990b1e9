//! What a reply means, a file for each door: the members that are picked out of it, the verdict, and the text of each.

pub(crate) mod call;
pub(crate) mod code;
pub(crate) mod discovery;
pub(crate) mod earlier_sign_in;
pub(crate) mod login;
pub(crate) mod oauth_health;
mod revocation;
pub(crate) mod token;
pub(crate) mod windows;
