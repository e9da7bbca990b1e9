//! The client over blocking connections.
//!
//! `std::io::Error` is the error of a transport where embedded-io has its feature `std`; on a chip, the HAL brings one of
//! its own. In `Cargo.toml`:
//!
//! ```toml
//! creatio-auth = { version = "0.1", features = ["embedded-io-07"] }
//! embedded-io = { version = "0.7", features = ["std"] }
//! ```
//!
//! ```rust
//! # use creatio_defmt as _;
//! use std::io;
//! use std::net::TcpStream;
//! use std::time::Duration;
//!
//! use creatio_auth::client::blocking::{Client, Transport};
//! use creatio_auth::client::embedded_io_07::{ErrorType, Read, Write};
//! use creatio_auth::{Call, CallVerdict, Credentials, Path, Runtime, Session, Site};
//!
//! /// A socket, here that of an operating system.
//! struct Socket(Option<TcpStream>);
//!
//! impl Socket {
//!     fn stream(&mut self) -> io::Result<&mut TcpStream> {
//!         self.0.as_mut().ok_or(io::ErrorKind::NotConnected.into())
//!     }
//! }
//!
//! impl ErrorType for Socket {
//!     type Error = io::Error;
//! }
//!
//! impl Read for Socket {
//!     fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
//!         io::Read::read(self.stream()?, buffer)
//!     }
//! }
//!
//! impl Write for Socket {
//!     fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
//!         io::Write::write(self.stream()?, bytes)
//!     }
//!
//!     fn flush(&mut self) -> io::Result<()> {
//!         io::Write::flush(self.stream()?)
//!     }
//! }
//!
//! impl Transport for Socket {
//!     fn connect(&mut self, site: &Site<'_>) -> io::Result<()> {
//!         let stream = TcpStream::connect((site.host(), site.port()))?; // and TLS over it, if site.is_https()
//!         stream.set_nodelay(true)?; // a request may go in several writes
//!         // Of each read alone; bound the exchange as a whole, too: see `Transport`.
//!         stream.set_read_timeout(Some(Duration::from_secs(10)))?;
//!         self.0 = Some(stream);
//!         Ok(())
//!     }
//!
//!     fn disconnect(&mut self) {
//!         self.0 = None;
//!     }
//! }
//!
//! fn work(url: &str, user: &str, password: &str) -> Result<(), Box<dyn std::error::Error>> {
//!     let mut memory = [0; 4096];
//!     let mut session = Session::new(Site::parse(url, Runtime::NetFramework)?, &mut memory);
//!     let mut buffer = [0; 512];
//!     let mut client = Client::new(&mut session, Socket(None), &mut buffer);
//!
//!     let credentials = Credentials::borrowed(user, password);
//!     let login = client.login(&credentials)?;
//!     assert!(login.verdict.is_authenticated(), "{}", login.verdict);
//!
//!     // A body in memory, and an answer of which only the meaning matters.
//!     let contacts = Path::site("/odata/Contact")?;
//!     let create = Call::post(contacts).with_json(br#"{"Name":"Ann"}"#);
//!     let answer = client.call_renewed(&create, &credentials)?.answer()?;
//!     assert_eq!(answer.verdict, CallVerdict::Fine);
//!
//!     // A body that comes in pieces, each in the client's buffer.
//!     let mut reply = client.call_renewed(&Call::get(contacts), &credentials)?;
//!     let mut received = Vec::new(); // a JSON reader would take the pieces as they come
//!     while let Some(piece) = reply.piece()? {
//!         received.extend_from_slice(piece);
//!     }
//!     assert_eq!(reply.answer()?.verdict, CallVerdict::Fine);
//!     assert!(String::from_utf8(received)?.contains("Ann"));
//!
//!     // A body that goes in pieces, as they are measured.
//!     let create = Call::post(contacts).with_body_of_length("application/json", 14)?;
//!     let mut upload = client.upload(&create)?;
//!     upload.write(br#"{"Name":"#)?;
//!     upload.write(br#""Bob"}"#)?;
//!     assert_eq!(upload.reply()?.answer()?.http_status, 201);
//!
//!     client.logout()?;
//!     Ok(())
//! }
//! # let emulator = creatio_emulator::Emulator::start(Default::default())?;
//! # work(&emulator.url(), "Supervisor", "Supervisor")?;
//! # assert_eq!(emulator.counters().writes, 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
