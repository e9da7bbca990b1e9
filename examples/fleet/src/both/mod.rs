//! Written once, and compiled for both clients. A function inside `waiting!` is asynchronous in the module `asynch`, and called
//! through `wait!`.
#![allow(clippy::duplicate_mod)] // that is the point

mod place;
mod redis;
mod sealed;
mod single_flight;
mod store;

pub use place::Place;
pub use redis::Redis;
pub use sealed::Sealed;
pub use single_flight::SingleFlight;
pub use store::Store;

use super::{Link, Server, SignIn, Transport, apart, server, sleep};
