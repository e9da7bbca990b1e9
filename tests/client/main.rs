//! The clients over embedded-io.
#![cfg(feature = "embedded-io-07")]

mod tcp;
mod wire;
