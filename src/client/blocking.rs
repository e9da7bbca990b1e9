//! The client over blocking connections.

use embedded_io_07::{Read, Write};

/// Makes a function that may wait for the transport.
macro_rules! waiting {
    ($($function:tt)*) => { $($function)* };
}

/// Waits for such a function.
macro_rules! wait {
    ($result:expr) => {
        $result
    };
}

#[path = "both/mod.rs"]
mod both;

pub use both::{Client, Reply, Transport, Upload};
