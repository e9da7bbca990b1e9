//! Transports that are ready to use, each behind a feature of its own.
//!
//! | module | connections of | feature |
//! |---|---|---|
//! | [`from_fn`] | whatever a closure makes | `embedded-io-07`, `embedded-io-async-07` |
//! | `lending` | whatever makes connections that borrow from it, as of embedded-tls; for both clients | `embedded-io-async-07` |
//! | `std_net` | the standard library | `std` |
//! | `tokio_1` | tokio | `tokio-1` |
//! | `embedded_nal_async_09` | any TCP/IP stack with the traits of embedded-nal-async | `embedded-nal-async-09` |
//! | `embassy_net_09` | embassy-net | `embassy-net-09` |
//!
//! [`Kept`] keeps the connection of any of them from one client to the next, and by [`Saving`] the client saves its session before a
//! sign-in goes out and when it has changed.
//!
//! Each connects to the site's host and port, an IPv6 address without its brackets; has the last piece of a request not wait for the
//! one before (`TCP_NODELAY`), where the stack lets that be said; and sees whether a kept connection still stands. All but the
//! closures speak TCP alone, and refuse a site that wants TLS: a password does not go there without. TLS goes over a
//! `lending::Socket` of any of them.

pub mod from_fn;
mod kept;
mod saving;

#[cfg(feature = "embassy-net-09")]
pub mod embassy_net_09;
#[cfg(feature = "embedded-nal-async-09")]
pub mod embedded_nal_async_09;
#[cfg(feature = "embedded-io-async-07")]
pub mod lending;
#[cfg(feature = "std")]
pub mod std_net;
#[cfg(feature = "tokio-1")]
pub mod tokio_1;

pub use kept::Kept;
pub use saving::Saving;

/// A host as a resolver wants it: an IPv6 address without its brackets.
#[cfg(any(feature = "std", feature = "embedded-nal-async-09", feature = "embassy-net-09"))]
fn bare_host<'a>(site: &crate::site::Site<'a>) -> &'a str {
    let host = site.host();
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// The longest that an exchange may take: a year, which every clock can be put forward by.
#[cfg(any(feature = "std", feature = "embassy-net-09"))]
const LONGEST: core::time::Duration = core::time::Duration::from_secs(31_536_000);

/// What is said where a site wants TLS.
#[cfg(feature = "std")]
fn no_tls() -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::Unsupported, "the site wants TLS, which this transport has not")
}
