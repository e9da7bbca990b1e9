//! Clients that do the sending and receiving, over connections of [`embedded_io_07`].

mod error;
#[macro_use]
mod note;
mod sign_in;
mod transfer;

#[cfg(feature = "embedded-io-async-07")]
pub mod asynch;
pub mod blocking;

pub use embedded_io_07;
#[cfg(feature = "embedded-io-async-07")]
pub use embedded_io_async_07;

pub use error::Error;
pub use sign_in::{Identity, Refusal, SignIn};
