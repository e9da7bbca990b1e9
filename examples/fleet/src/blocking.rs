//! For the blocking client.

use std::thread;
use std::time::Duration;

use creatio_auth::client::blocking::{Link, SignIn, Transport};
use redis::Client as Server;

use crate::stored::BoxError;

/// Makes a function that may wait.
macro_rules! waiting {
    ($($function:tt)*) => { $($function)* };
}

/// Waits for such a function.
macro_rules! wait {
    ($result:expr) => {
        $result
    };
}

/// A connection to a Redis server.
macro_rules! connection {
    ($server:expr) => {
        $server.get_connection()?
    };
}

/// Has the server do that.
macro_rules! query {
    ($command:expr, $connection:expr) => {
        $command.query(&mut $connection)
    };
}

#[path = "both/mod.rs"]
mod both;

pub use both::{Place, Redis, Sealed, SingleFlight, Store};

fn server(url: &str) -> Result<Server, redis::RedisError> {
    Server::open(url)
}

fn sleep(pause: Duration) {
    thread::sleep(pause);
}

/// Where it may take its time.
fn apart<R>(work: impl FnOnce() -> std::io::Result<R>) -> Result<R, BoxError> {
    Ok(work()?)
}
