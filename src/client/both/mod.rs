//! The client, written once and compiled twice, since the blocking one as the asynchronous one with futures that are
//! always ready would take more flash and more stack, and have code that panics in it.
//!
//! A function inside `waiting!` is asynchronous in the module `asynch`, and called through `wait!`.
#![allow(clippy::duplicate_mod)] // that is the point

mod client;
mod connection;
mod grants;
mod link;
mod pages;
mod records;
mod reply;
mod sign_in;
mod told;
mod transport;
mod windows;

pub use client::Client;
pub use link::Link;
pub use pages::Pages;
pub use records::Records;
pub use reply::{Reply, Upload};
pub use sign_in::SignIn;
pub use transport::Transport;
