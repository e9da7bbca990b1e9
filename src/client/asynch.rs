//! The client over asynchronous connections.
//!
//! Here those of tokio; embassy's sockets have embedded-io's traits themselves. In `Cargo.toml`:
//!
//! ```toml
//! creatio-auth = { version = "0.1", features = ["embedded-io-async-07"] }
//! embedded-io-adapters = { version = "0.7", features = ["tokio-1"] }
//! tokio = { version = "1", features = ["net"] }
//! ```
//!
//! ```rust
//! # use creatio_defmt as _;
//! use std::io;
//!
//! use creatio_auth::client::asynch::{Client, Transport};
//! use creatio_auth::client::embedded_io_async_07::{ErrorType, Read, Write};
//! use creatio_auth::{Call, CallVerdict, Credentials, Runtime, Session, Site};
//! use embedded_io_adapters::tokio_1::FromTokio;
//! use tokio::net::TcpStream;
//!
//! /// A socket, here one of tokio.
//! struct Socket(Option<FromTokio<TcpStream>>);
//!
//! impl Socket {
//!     fn stream(&mut self) -> io::Result<&mut FromTokio<TcpStream>> {
//!         self.0.as_mut().ok_or(io::ErrorKind::NotConnected.into())
//!     }
//! }
//!
//! impl ErrorType for Socket {
//!     type Error = io::Error;
//! }
//!
//! impl Read for Socket {
//!     async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
//!         self.stream()?.read(buffer).await
//!     }
//! }
//!
//! impl Write for Socket {
//!     async fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
//!         self.stream()?.write(bytes).await
//!     }
//!
//!     async fn flush(&mut self) -> io::Result<()> {
//!         self.stream()?.flush().await
//!     }
//! }
//!
//! impl Transport for Socket {
//!     async fn connect(&mut self, site: &Site<'_>) -> io::Result<()> {
//!         let stream = TcpStream::connect((site.host(), site.port())).await?;
//!         stream.set_nodelay(true)?; // a request may go in several writes
//!         self.0 = Some(FromTokio::new(stream));
//!         Ok(())
//!     }
//!
//!     fn disconnect(&mut self) {
//!         self.0 = None;
//!     }
//! }
//!
//! async fn work(url: &str, user: &str, password: &str) -> Result<(), Box<dyn std::error::Error>> {
//!     let mut memory = [0; 4096];
//!     let mut session = Session::new(Site::parse(url, Runtime::NetFramework)?, &mut memory);
//!     let mut buffer = [0; 512];
//!     let mut client = Client::new(&mut session, Socket(None), &mut buffer);
//!
//!     let credentials = Credentials::borrowed(user, password);
//!     assert!(client.login(&credentials).await?.verdict.is_authenticated());
//!
//!     let ping = client.call_renewed(&Call::ping(), &credentials).await?;
//!     assert_eq!(ping.answer().await?.verdict, CallVerdict::Fine);
//!     client.logout().await?;
//!     Ok(())
//! }
//! # let emulator = creatio_emulator::Emulator::start(Default::default())?;
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(work(&emulator.url(), "Supervisor", "Supervisor"))?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Futures that are dropped
//!
//! Any future of a client may be dropped before it is ready, for example by a time-out around it:
//!
//! - The session is as it was, for it takes what a reply brings when the reply is complete, and not before. Of
//!   [`Client::call_renewed`] that holds for each exchange by itself: a sign-in that is complete stays. A
//!   [log-out](Client::logout) that has begun forgets the session also when its future is dropped.
//! - The connection is closed, and what is left of the reply on it never reaches another call.
//! - A request may have been sent. Whether the site has done what it asks is not known then, as after an error of the
//!   connection; nothing sends it again.
//! - A sign-in may have been sent, whose answer nobody sees, and the next call sends another. Give
//!   [`Client::call_renewed`] more time than a sign-in takes, or refused ones may add up until the account is locked.
//! - A [`Reply`] or an [`Upload`] of which a future was dropped does not go on. Its next method says
//!   [`Misuse::OutOfTurn`](crate::Misuse::OutOfTurn).
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
