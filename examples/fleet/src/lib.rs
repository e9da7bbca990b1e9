//! One login for a fleet: processes, or tasks, that share a user of Creatio sign in once between them.
//!
//! A site makes parallel logins of one user fail, and a wrong password that each of many processes tries once locks the user. So they
//! share a snapshot of one session, in a [`Store`](blocking::Store): [`Memory`], a [`File`], or [`Redis`](blocking::Redis). A
//! [`SingleFlight`](blocking::SingleFlight) wraps what signs in, and the client asks it where the session has ended, or is empty:
//!
//! 1. It takes the newest snapshot, if that is another than it knows, instead of signing in.
//! 2. Otherwise it takes a lease of the store, so that the others wait.
//! 3. It stores, by compare-and-set, that a sign-in goes out. Where the store is not as it was known, it begins anew.
//! 4. It signs in, stores what has come of it, good or bad, and gives the lease back.
//!
//! The third step hangs on no clock: of all that know one revision a single one passes it, so that nobody signs in who has not seen that
//! another has begun, and waited for it as long as its lease. A process that dies in the middle leaves its lease to run out, and in the
//! snapshot a sign-in whose outcome nobody knows; one that was merely slow finds the store gone on, and changes nothing there. A
//! password that was rejected is known to all by the snapshot, and tried by none of them, until somebody
//! [allows](blocking::SingleFlight::allow_sign_in) it. Where a sign-in is lost on its way, the lease is kept for as long as
//! [`Session::sign_in_delay`](creatio_auth::Session::sign_in_delay) says.
//!
//! ```
//! # use creatio_defmt as _;
//! use std::time::Duration;
//!
//! use creatio_auth::client::blocking::Client;
//! use creatio_auth::client::transports::std_net::Tcp;
//! use creatio_auth::{Call, CallVerdict, Credentials, Runtime, Session, Site};
//! use creatio_fleet::Memory;
//! use creatio_fleet::blocking::SingleFlight;
//!
//! # let emulator = creatio_emulator::Emulator::start(Default::default())?;
//! # let url = emulator.url();
//! let store = Memory::new();
//! let who = Credentials::borrowed("Supervisor", "Supervisor");
//! for _ in 0..2 {
//!     let (mut memory, mut buffer) = ([0; 4096], [0; 512]);
//!     let mut session = Session::new(Site::parse(&url, Runtime::NetFramework)?, &mut memory);
//!     let mut client = Client::new(&mut session, Tcp::new(Duration::from_secs(30)), &mut buffer);
//!     let mut flight = SingleFlight::new(&store, &who);
//!     let answer = client.call_renewed(&Call::ping(), &mut flight)?.answer()?;
//!     assert_eq!(answer.verdict, CallVerdict::Fine);
//!     flight.save(client.session())?; // any answer may have renewed the ticket
//! }
//! # assert_eq!(emulator.counters().logins, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Whoever can write the store chooses the cookies that are sent: [`Sealed`](blocking::Sealed) has the snapshots encrypted and
//! authenticated by a key of the caller's. Taking a snapshot away, or an old one back, is nothing that it can find.

#![forbid(unsafe_code)]

mod file;
mod lease;
mod memory;
mod seal;
mod stored;

pub mod asynch;
pub mod blocking;

#[cfg(test)]
mod tests;

pub use file::File;
pub use lease::Clock;
pub use memory::Memory;
pub use seal::Key;
pub use stored::{BoxError, Error, Stored};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
