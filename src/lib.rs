//! Signs a constrained machine in to Creatio and keeps it signed in, over whatever sockets it has.
//!
//! The crate does no input or output and allocates nothing: it turns arguments into the bytes of a request, and the bytes
//! of a reply, as they arrive and in pieces of any size, into an answer. What has to be kept stands in memory that the
//! caller lends.
//!
//! What Creatio does on the wire is in the repository's `docs/protocol.md`, the *protocol notes*.
//!
//! ```text
//!  Site, Credentials ──▶ Exchange ──fill()──▶ bytes ──▶ your socket, your TLS
//!                                                            │
//!  Session ◀── cookies ◀──── reply ◀──────feed()── bytes ◀───┘
//!     │                        └──▶ status document ──▶ Verdict
//!     └──▶ every later request carries its cookies, its CSRF token and ForceUseSession
//! ```
//!
//! # A login
//!
//! ```
//! use creatio_auth::{Credentials, Runtime, Session, Site, Verdict};
//!
//! # fn send(_: &[u8]) {}
//! # let mut arriving = [
//! #     &b"HTTP/1.1 200 OK\r\nContent-Length: 24\r\nSet-Cookie: .ASPXAUTH=0A1B; path=/; HttpOnly\r\nSet-C"[..],
//! #     b"ookie: BPMCSRF=abc; path=/\r\n\r\n{\"Code\":0,\"Message\":\"\"}\n",
//! #     b"",
//! # ].into_iter();
//! # let mut receive = |buffer: &mut [u8]| {
//! #     let bytes = arriving.next().unwrap_or_default();
//! #     buffer[..bytes.len()].copy_from_slice(bytes);
//! #     bytes.len()
//! # };
//! let site = Site::parse("http://crm.example.com", Runtime::NetFramework)?;
//! let mut memory = [0; 4096]; // holds the cookies; its size is your choice
//! let mut session = Session::new(site, &mut memory);
//!
//! let mut password = String::from("secret"); // wiped when the credentials are dropped
//! let credentials = Credentials::new("Supervisor", &mut password);
//! let mut exchange = session.login(&credentials);
//!
//! let mut buffer = [0; 256]; // of any size
//! loop {
//!     let filled = exchange.fill(&mut session, &mut buffer)?;
//!     if filled == 0 {
//!         break;
//!     }
//!     send(&buffer[..filled]);
//! }
//! loop {
//!     let received = receive(&mut buffer);
//!     if received == 0 {
//!         exchange.close(&mut session)?; // the peer has closed the connection
//!         break;
//!     }
//!     // A login's body is read by the exchange itself, so that one call takes all there is.
//!     if exchange.feed(&mut session, &buffer[..received])?.done {
//!         break;
//!     }
//! }
//!
//! let login = exchange.login_result(&session)?;
//! assert_eq!(login.verdict, Verdict::Authenticated);
//! assert!(session.has_ticket() && session.has_csrf_token());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A [`Call`] after the login goes the same way, begun with [`Session::call`]; [`Fed::body`] is where its body comes, and
//! [`Exchange::call_result`] says what the answer means. A [`Renewal`] says what to do about it, and a
//! [snapshot](Session::write_snapshot) carries a session over a restart. Whoever does not know a site's [`Runtime`] has a
//! [`RuntimeProbe`] find it out first.
//!
//! # Other doors
//!
//! A session is signed in by [`Session::login`]; by [`Session::token`], [`Session::token_by_code`] or
//! [`Session::token_by_refresh`], with OAuth 2.0 and [`ClientCredentials`]; by [`Session::change_password`]; by [`Session::windows_login`], with Windows authentication; or, for sites that allow HTTP Basic, by [`Session::use_basic`]. All but the last are
//! exchanges of the same shape. What comes after does not know which one was used: the session authorises each call.
//!
//! # Someone else's HTTP client
//!
//! Where another client does the sending and receiving, an exchange is not filled. [`Exchange::request_part`] has what that
//! client is to send, and the reply is handed over as the client gives it: each field by [`Exchange::feed_field`], the
//! status by [`Exchange::end_head`], the body by [`Exchange::feed`], and its end by [`Exchange::close`]. With the feature `http-1`,
//! `Exchange::http_request` has the request in the types of the crate `http`, which reqwest, hyper and ureq send, and
//! `Exchange::feed_response` takes the reply in them.
//!
//! # The states of an exchange
//!
//! What may happen in each [`State`], and the state that follows; anything else is out of turn and changes nothing.
//!
//! ```text
//! Ready     ── Fill     ──▶ Sending
//! Ready     ── FillLast ──▶ Receiving
//! Ready     ── Feed     ──▶ Receiving      someone else's client sends the request
//! Ready     ── Complete ──▶ Done
//! Ready     ── Fail     ──▶ Failed
//! Sending   ── Fill     ──▶ Sending
//! Sending   ── FillLast ──▶ Receiving
//! Sending   ── Feed     ──▶ Sending        an interim reply, perhaps
//! Sending   ── Status   ──▶ Receiving      an early reply: the rest of the request is not wanted
//! Sending   ── Complete ──▶ Done
//! Sending   ── Fail     ──▶ Failed
//! Receiving ── Fill     ──▶ Receiving      gives nothing more
//! Receiving ── Feed     ──▶ Receiving
//! Receiving ── Status   ──▶ Receiving
//! Receiving ── Complete ──▶ Done
//! Receiving ── Fail     ──▶ Failed
//! Done      ── Fill     ──▶ Done           likewise
//! Done      ── Close    ──▶ Done
//! ```
//!
//! `Fill` and `FillLast` are [`Exchange::fill`], `Feed` is [`Exchange::feed`] or one of its kind; `Status`, `Complete`, `Fail` and
//! `Close` are what these and [`Exchange::close`] find. An interim reply (1xx) does not end the sending.
//!
//! # Features
//!
//! - `texts`: the sentences for people of errors and verdicts. Without it `Display` prints
//!   names, and there is no `text`.
//! - `lifetimes`: cookies end at their time, and dates are read. Without it, cookies live as long as the session; `Max-Age=0`
//!   and an `Expires` before 2026 still delete; a `Retry-After` that is a date says nothing.
//! - `ipv6`: IPv6 addresses in URLs. Without it they are [`SiteError::Host`].
//!
//! These three are on by default, and the others are not:
//!
//! - `alloc`: `OwnedSession`, a session that owns its memory, for gateways.
//! - `sha2`: [`AuthorizationRequest`] makes the challenge of PKCE itself.
//! - `ntlm`: `NtlmCredentials`, the messages of NTLMv2 for [`Session::windows_login`].
//! - `serde`: bodies of calls as values of Rust types, in the module `typed`; `Serialize` for [`Login`], [`Answer`] and
//!   their verdicts.
//! - `http-1`: requests and replies in the types of the crate `http`, for reqwest, hyper and the like. Wants the standard library.
//! - `embedded-io-07` and `embedded-io-async-07`: clients that do the sending and receiving, over connections of
//!   `embedded-io` and `embedded-io-async` 0.7, in the module `client`.
//! - `std`, `tokio-1`, `embedded-nal-async-09` and `embassy-net-09`: transports that are ready to use, in the module
//!   `client::transports`.
//! - `defmt`: `Format` for errors, verdicts and states; the clients tell what they do.
//! - `log`: the clients tell it to the crate `log`.
#![no_std]
#![forbid(unsafe_code)]
// What can panic, and what can lose bits, says at its place why it does not. `cargo xtask size` looks into the images besides.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::todo,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

// In the order in which the data passes: each imports from those above it alone.
mod text;

mod site;

mod http;

mod json;

mod cookie;

mod session;

mod request;

mod exchange;

mod answer;

mod probe;

mod renewal;

mod batch;

#[cfg(feature = "serde")]
pub mod typed;

#[cfg(feature = "embedded-io-07")]
pub mod client;

/// All errors and verdicts, in Rust and in C: what each says, whose fault it is, whether the same may be sent again, its cause,
/// and what to do.
#[cfg(doc)]
#[doc = include_str!("../docs/catalogue.md")]
pub mod catalogue {}

pub use answer::call::{Answer, CallVerdict, EndSign};
pub use answer::code::{AuthorizationResponse, AuthorizationVerdict};
pub use answer::discovery::Discovery;
pub use answer::earlier_sign_in::EarlierSignIn;
pub use answer::login::{Login, LoginPageSign, Verdict};
pub use answer::oauth_health::{OauthHealth, OauthHealthVerdict};
pub use answer::token::{Token, TokenVerdict};
pub use answer::windows::{Windows, WindowsVerdict};
pub use batch::reader::{BatchAnswer, BatchFed, BatchOutcome, BatchReader};
pub use batch::writer::{BatchError, BatchPart, BatchWriter, MAX_BATCH_PARTS};
pub use cookie::jar::MAX_COOKIES;
pub use exchange::Exchange;
#[doc(hidden)]
pub use exchange::error::Failure;
pub use exchange::error::{Misuse, ReplyError};
pub use exchange::foreign::RequestPart;
pub use exchange::reply::Fed;
#[doc(hidden)] // for the C package, which tells the result in its own way
pub use exchange::reply::Short;
pub use exchange::state::State;
pub use http::challenge::OfferedSchemes;
pub use http::error::Malformed;
#[cfg(feature = "http-1")]
pub use http_1;
pub use json::error::DocumentError;
pub use json::picker::MAX_DEPTH;
#[doc(hidden)] // for the C package, which takes texts as bytes
pub use json::plain::is_utf8;
pub use json::text::Text;
pub use probe::{ProbeStep, RuntimeProbe};
pub use renewal::{DEFAULT_REPEATS, Renewal, Step};
pub use request::body::encode_json;
#[doc(hidden)]
pub use request::body::encode_json_for_c;
pub use request::call::{Call, MAX_WANTED_FIELD, Method};
pub use request::code::{AuthorizationRequest, VERIFIER_LEN};
pub use request::error::{FieldError, NtlmError};
pub use request::field::Field;
pub use request::login::Credentials;
#[doc(hidden)]
pub use request::login::LoginTexts;
#[cfg(feature = "ntlm")]
pub use request::ntlm::NtlmCredentials;
pub use request::password_change::PasswordChange;
pub use request::token::{ClientCredentials, RANDOM_LEN};
pub use request::windows::WindowsScheme;
pub use session::authorization::RefreshToken;
pub use session::defaults::{DEFAULT_BODY_LIMIT, DEFAULT_HEAD_LIMIT, DEFAULT_USER_AGENT};
pub use session::error::{BasicError, SnapshotError};
#[cfg(feature = "alloc")]
pub use session::owned::{LentSession, OwnedSession};
pub use session::snapshot::SNAPSHOT_OVERHEAD;
pub use session::{Cookie, Session};
pub use site::error::{PathError, SiteError, UnknownRuntime};
pub use site::host::MAX_HOST;
pub use site::identity::IdentityHint;
#[doc(hidden)]
pub use site::path::encode_query_for_c;
pub use site::path::{MAX_PATH, Path, encode_query};
pub use site::{MAX_URL, Runtime, Site};
pub use text::again::{Again, retry_delay};
pub use text::fault::{BufferTooSmall, Fault};
#[doc(hidden)] // for the C package, whose buffers may have no value yet
pub use text::template::Slot;
pub use text::time::MAX_WAIT;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
