//! What an answer means, a file for each door, which begins its exchanges, too.

pub(crate) mod text;

pub(crate) use text::creatio_text;

pub(crate) mod login;

pub(crate) mod call;

pub(crate) mod token;

pub(crate) mod code;

pub(crate) mod discovery;

pub(crate) mod oauth_health;

pub(crate) mod windows;

pub(crate) mod earlier_sign_in;

mod revocation;
