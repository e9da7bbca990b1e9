//! The client over asynchronous connections.
#![allow(async_fn_in_trait)] // whether its futures are `Send` is the transport's business, as in embedded-io-async

use embedded_io_async_07::{Read, Write};

/// Makes a function that may wait for the transport.
macro_rules! waiting {
    ($(#[$attribute:meta])* $visibility:vis fn $($rest:tt)*) => { $(#[$attribute])* $visibility async fn $($rest)* };
}

/// Waits for such a function.
macro_rules! wait {
    ($result:expr) => {
        $result.await
    };
}

#[path = "both/mod.rs"]
mod both;

pub use both::{Client, Reply, Transport, Upload};
