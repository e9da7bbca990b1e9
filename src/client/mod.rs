//! Clients that do the sending and receiving, over connections of [`embedded_io_07`].

mod error;
#[macro_use]
mod note;
mod transfer;

pub mod blocking;

pub use embedded_io_07;

pub use error::Error;

use crate::credentials::Credentials;

/// A way to sign in.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum SignIn<'a> {
    /// By user name and password.
    Login(&'a Credentials<'a>),
}
