//! Signs a constrained machine in to Creatio and keeps it signed in, over whatever sockets it has.
//!
//! # The states of an exchange
//!
//! ```text
//! Ready     ── Fill     ──▶ Sending
//! Ready     ── FillLast ──▶ Receiving
//! Ready     ── Fail     ──▶ Failed
//! Sending   ── Fill     ──▶ Sending
//! Sending   ── FillLast ──▶ Receiving
//! Sending   ── Feed     ──▶ Receiving
//! Sending   ── Complete ──▶ Done
//! Sending   ── Fail     ──▶ Failed
//! Receiving ── Fill     ──▶ Receiving
//! Receiving ── Feed     ──▶ Receiving
//! Receiving ── Complete ──▶ Done
//! Receiving ── Fail     ──▶ Failed
//! Done      ── Fill     ──▶ Done
//! Done      ── Close    ──▶ Done
//! Failed    ── Close    ──▶ Failed
//! ```
#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

mod cookie;
mod credentials;
mod error;
mod exchange;
mod http;
mod json;
mod login;
mod request;
mod session;
mod site;
mod state;
mod target;
mod verdict;
mod window;

pub use credentials::Credentials;
pub use error::{BufferTooSmall, DocumentError, Fault, Malformed, Misuse, PathError, ReplyError, SiteError};
pub use exchange::{Exchange, Fed};
pub use json::scanner::MAX_DEPTH;
pub use login::{Login, Text};
pub use request::{Call, Method};
pub use session::{Cookie, DEFAULT_HEAD_LIMIT, Session};
pub use site::{MAX_HOST, MAX_URL, Runtime, Site};
pub use state::State;
pub use target::{MAX_PATH, Path};
pub use verdict::{LoginPageSign, Verdict};
