//! For the asynchronous client, on tokio.
#![allow(async_fn_in_trait)] // whether its futures are `Send` is the store's business

use creatio_auth::client::asynch::{Link, SignIn, Transport};
use redis::aio::ConnectionManager as Server;
use tokio::time::sleep;

use crate::stored::BoxError;

/// Makes a function that may wait.
macro_rules! waiting {
    ($(#[$attribute:meta])* $visibility:vis fn $($rest:tt)*) => { $(#[$attribute])* $visibility async fn $($rest)* };
}

/// Waits for such a function.
macro_rules! wait {
    ($result:expr) => {
        $result.await
    };
}

/// A connection to a Redis server: the one that all share, which is made anew where it is lost.
macro_rules! connection {
    ($server:expr) => {
        $server.clone()
    };
}

/// Has the server do that.
macro_rules! query {
    ($command:expr, $connection:expr) => {
        $command.query_async(&mut $connection).await
    };
}

#[path = "both/mod.rs"]
mod both;

pub use both::{Place, Redis, Sealed, SingleFlight, Store};

async fn server(url: &str) -> Result<Server, redis::RedisError> {
    redis::Client::open(url)?.get_connection_manager().await
}

/// Where it may take its time.
async fn apart<R: Send + 'static>(work: impl FnOnce() -> std::io::Result<R> + Send + 'static) -> Result<R, BoxError> {
    Ok(tokio::task::spawn_blocking(work).await??)
}
