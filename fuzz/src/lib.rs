//! What the fuzz targets do: each has a module with a function `run`, which takes the bytes of an input and panics where
//! something is not as it should be.

mod attempts;
pub mod batch;
pub mod calls;
pub mod client;
mod common;
pub mod cookies;
pub mod foreign;
pub mod login;
mod model;
mod reference;
pub mod session;
pub mod site;
pub mod snapshot;
pub mod tokens;
