//! The clients over embedded-io.
#![cfg(feature = "embedded-io-07")]

#[path = "../support/mod.rs"]
mod support;

mod aspnet;
mod bodies;
mod connections;
mod cuts;
#[cfg(feature = "embedded-io-async-07")]
mod delays;
mod dropped;
mod errors;
#[cfg(feature = "embedded-io-async-07")]
mod faults;
#[cfg(feature = "embedded-io-async-07")]
#[path = "../support/faulty.rs"]
mod faulty;
mod grants;
#[cfg(feature = "embedded-io-async-07")]
mod kept;
mod lending;
mod lists;
mod logs;
mod own_sign_in;
mod pages;
mod renewal;
mod repeatable;
mod replies;
mod saving;
mod script;
mod second_factor;
mod secrets;
#[path = "../support/server.rs"]
mod server;
#[cfg(feature = "embedded-io-async-07")]
mod slow;
mod sockets;
mod tcp;
#[cfg(feature = "embedded-io-async-07")]
mod tls;
#[cfg(all(feature = "tokio-1", feature = "embedded-nal-async-09"))]
mod transports;
mod uploads;
mod windows;
mod wire;

#[cfg(feature = "defmt")]
use creatio_defmt as _;
