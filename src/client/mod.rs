//! Clients that do the sending and receiving, over the connections that firmware has.
//!
//! - [`blocking::Client`], over [`embedded_io_07::Read`] and [`embedded_io_07::Write`], with the feature
//!   `embedded-io-07`;
//! - [`asynch::Client`], over [`embedded_io_async_07::Read`] and [`embedded_io_async_07::Write`], with the feature
//!   `embedded-io-async-07`.
//!
//! They are the same but for the waiting. A client has a [`Session`](crate::Session), a buffer, which it wipes after each
//! exchange, and a transport: a socket that it can have connected and disconnected. Ready ones are in [`transports`]. It allocates
//! nothing.
//!
//! # Bodies
//!
//! A reply gives its body in pieces ([`Reply::piece`](blocking::Reply::piece)), by [`embedded_io_07::Read`], in memory of the caller's
//! ([`read_to_end`](blocking::Reply::read_to_end)), as the records of OData one at a time ([`records`](blocking::Reply::records); over
//! all pages of a list, [`Pages`](blocking::Pages)), or, with the feature `serde`, as a value of a Rust type (`json`, `next_as`).
//!
//! # What is done more than once
//!
//! A connection is kept for the next exchange as long as the site keeps it open; for that of another client, by [`transports::Kept`]. A kept one may have been closed meanwhile,
//! which shows when a request gets no reply at all. What is sent again then, by a new connection, is what does no more
//! twice than once: `GET` and `HEAD`, pings and log-outs. Any other `POST`, `PUT`, `PATCH` or `DELETE` is never sent twice, but
//! reported: the site may have done it ([`Exchange::may_be_sent_again`](crate::Exchange::may_be_sent_again)). Nothing is sent
//! again after a time-out, or when a connection is new.
//!
//! A sign-in always has a new connection, and is never sent twice: a wrong password would count twice.
//!
//! A session that has ended is renewed by `call_renewed` alone, with one sign-in, and never after one that was refused, for
//! that can lock the account: the [session](crate::Session::sign_in_delay) remembers it, and its snapshot. After one that was lost on
//! its way a call says how long to wait ([`Refusal::Wait`]), and counts nothing. A call is not made
//! again where the sign that the session has ended may be the call's own answer, a web page with status 200, unless it
//! does no more twice than once.
//!
//! # Restarts
//!
//! By [`transports::Saving`] a client saves its session before a sign-in goes out, and after each exchange that has changed it: so a
//! device that is reset at any moment, again and again, does not try its password at each start.
//!
//! # What they tell
//!
//! With the feature `defmt` or `log` a client tells each step at the level `debug`: that it connects and to which host, how
//! long a request was, the status of a reply, and verdicts. It tells no path and no query, no field and no body, and so no
//! secret.

mod error;
#[macro_use]
mod note;
mod scanner;
mod sign_in;
mod transfer;
mod windows;

#[cfg(feature = "embedded-io-async-07")]
mod idle;

#[cfg(feature = "embedded-io-async-07")]
pub mod asynch;
pub mod blocking;
pub mod transports;

#[cfg(feature = "embassy-net-09")]
pub use embassy_net_09;
pub use embedded_io_07;
#[cfg(feature = "embedded-io-async-07")]
pub use embedded_io_async_07;
#[cfg(feature = "embedded-nal-async-09")]
pub use embedded_nal_async_09;

pub use error::{Error, Needed};
pub use sign_in::{Identity, Refresh, Refusal, Renewed};
pub use windows::WindowsLogin;
