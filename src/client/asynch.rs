//! The client over asynchronous connections.
//!
//! Here with a [transport](super::transports) of tokio; there are others for embassy-net, for whatever has the traits of
//! embedded-nal-async, and for what a [closure](super::transports::from_fn) connects, TLS included. In `Cargo.toml`:
//!
//! ```toml
//! creatio-auth = { version = "0.1", features = ["tokio-1"] }
//! ```
//!
//! ```rust
//! # use creatio_defmt as _;
//! use std::time::Duration;
//!
//! use creatio_auth::client::asynch::Client;
//! use creatio_auth::client::transports::tokio_1::Tcp;
//! use creatio_auth::{Call, CallVerdict, Credentials, Runtime, Session, Site};
//!
//! async fn work(url: &str, user: &str, password: &str) -> Result<(), Box<dyn std::error::Error>> {
//!     let mut memory = [0; 4096];
//!     let mut session = Session::new(Site::parse(url, Runtime::NetFramework)?, &mut memory);
//!     let mut buffer = [0; 512];
//!     let mut client = Client::new(&mut session, Tcp::new(Duration::from_secs(30)), &mut buffer);
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
//! - A sign-in may have been sent, whose answer nobody sees, and the next [`Client::call_renewed`] says
//!   [`Refusal::Wait`](super::Refusal::Wait). Give it more time than a sign-in takes: after three such no other goes out by itself.
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

/// Whether a connection stands, where the transport does not say it otherwise.
macro_rules! stands {
    ($transport:ident) => {
        crate::client::idle::is_idle($transport).await
    };
}

/// What is said of that.
macro_rules! is_open_by_default {
    () => {
        "Unless it is said otherwise, a byte is read: as long as that waits, the connection stands. A transport of which a read \
         that was given up takes something away has to say it otherwise."
    };
}

/// Examples for what is written once.
macro_rules! example {
    (transport) => {
        r#"```
# use creatio_defmt as _;
use creatio_auth::Site;
use creatio_auth::client::asynch::Transport;
use creatio_auth::client::embedded_io_async_07::{ErrorKind, ErrorType, Read, Write};

/// What dials and what is on the line are the board's.
struct Modem {
    is_online: bool,
}

impl ErrorType for Modem {
    type Error = ErrorKind;
}

impl Read for Modem {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        // As many bytes as there are, at least one; 0 where the peer has closed the connection.
#       Ok(buffer.len())
    }
}

impl Write for Modem {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        // As many as go at once.
#       Ok(bytes.len())
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

impl Transport for Modem {
    async fn connect(&mut self, site: &Site<'_>) -> Result<(), ErrorKind> {
        if site.is_https() {
            return Err(ErrorKind::Unsupported); // a password does not go there without TLS
        }
        // Dials `site.host()` and `site.port()`.
        self.is_online = true;
        Ok(())
    }

    fn disconnect(&mut self) {
        self.is_online = false;
    }

    async fn is_open(&mut self) -> bool {
        self.is_online // as far as the modem knows
    }
}
```"#
    };
    (client) => {
        r#"```
# use creatio_defmt as _;
use creatio_auth::client::{Error, asynch};
use creatio_auth::{Call, CallVerdict, Credentials, Session};

async fn ping<T: asynch::Transport>(
    session: &mut Session<'_>,
    transport: T,
    who: &Credentials<'_>,
) -> Result<bool, Error<T::Error>> {
    let mut buffer = [0; 512];
    let mut client = asynch::Client::new(session, transport, &mut buffer);
    let verdict = client.call_renewed(&Call::ping(), who).await?.answer().await?.verdict;
    client.logout().await?;
    Ok(verdict == CallVerdict::Fine)
}
```"#
    };
    (reply) => {
        r#"```
# use creatio_defmt as _;
use creatio_auth::client::{Error, asynch};
use creatio_auth::{Call, Credentials};

/// The whole of a body, in memory of one's own.
async fn read<'b, T: asynch::Transport>(
    client: &mut asynch::Client<'_, '_, T>,
    call: &Call<'_>,
    who: &Credentials<'_>,
    memory: &'b mut [u8],
) -> Result<&'b mut [u8], Error<T::Error>> {
    let mut reply = client.call_renewed(call, who).await?;
    let body = reply.read_to_end(memory).await?;
    reply.answer().await?; // what it means
    Ok(body)
}
```"#
    };
    (upload) => {
        r#"```
# use creatio_defmt as _;
use creatio_auth::client::{Error, asynch};
use creatio_auth::Call;

/// A picture in pieces, which is never in memory as a whole.
async fn send<T: asynch::Transport>(
    client: &mut asynch::Client<'_, '_, T>,
    call: &Call<'_>, // with its length
    pieces: &[&[u8]],
) -> Result<u16, Error<T::Error>> {
    let mut upload = client.upload(call).await?;
    for piece in pieces {
        upload.write(piece).await?;
    }
    Ok(upload.reply().await?.answer().await?.http_status)
}
```"#
    };
    (records) => {
        r#"```
# use creatio_defmt as _;
use creatio_auth::client::{Error, asynch};
use creatio_auth::{Call, Credentials};

/// However many there are, with memory for one.
async fn count<T: asynch::Transport>(
    client: &mut asynch::Client<'_, '_, T>,
    call: &Call<'_>,
    who: &Credentials<'_>,
) -> Result<usize, Error<T::Error>> {
    let (mut memory, mut count) = ([0; 1024], 0);
    let mut records = client.call_renewed(call, who).await?.records(&mut memory);
    while let Some(record) = records.next().await? {
        println!("{}", record.escape_ascii()); // JSON; `next_as` has it as a value
        count += 1;
    }
    records.answer().await?;
    Ok(count)
}
```"#
    };
    (pages) => {
        r#"```
# use creatio_defmt as _;
use creatio_auth::client::{Error, asynch};
use creatio_auth::{Call, Credentials, Path};

/// However many pages there are.
async fn count<T: asynch::Transport>(
    client: &mut asynch::Client<'_, '_, T>,
    who: &Credentials<'_>,
) -> Result<usize, Error<T::Error>> {
    let query = [("$select", "Id,Name"), ("$orderby", "Name")];
    let contacts = Path::site("/odata/Contact").expect("it is a path");
    let (mut memory, mut count) = ([0; 1024], 0);
    let mut pages = asynch::Pages::new(Call::get(contacts).with_query(&query), &mut memory);
    while let Some(mut records) = pages.next(client, who).await? {
        while let Some(record) = records.next().await? {
            println!("{}", record.escape_ascii()); // JSON; `next_as` has it as a value
            count += 1;
        }
    }
    Ok(count)
}
```"#
    };
    (sign_in) => {
        r#"```
# use creatio_defmt as _;
use creatio_auth::Credentials;
use creatio_auth::client::asynch::{Link, SignIn, Transport};
use creatio_auth::client::{Error, Refusal, Renewed};

/// What has the lease and the snapshot: a file, a Redis server.
trait Store {
    /// Waits for the lease, and gives the newest snapshot, if it is another than this process knows.
    async fn lease(&mut self) -> Result<Option<Vec<u8>>, ()>;
    /// Stores the session, and gives the lease back.
    async fn store(&mut self, session: &creatio_auth::Session<'_>);
}

struct OneForAll<'a, S>(S, &'a Credentials<'a>);

impl<S: Store> SignIn for OneForAll<'_, S> {
    async fn sign_in<T: Transport>(&mut self, link: &mut Link<'_, '_, T>) -> Result<Renewed, Error<T::Error>> {
        let newest = self.0.lease().await.map_err(|()| Error::SignIn(Refusal::Withheld))?;
        let renewed = match newest {
            Some(snapshot) if link.session_mut().restore(&snapshot).is_ok() => Ok(Renewed::Restored),
            _ => self.1.sign_in(link).await,
        };
        self.0.store(link.session()).await;
        renewed
    }
}
```"#
    };
}

#[path = "both/mod.rs"]
mod both;

pub use both::{Client, Link, Pages, Records, Reply, SignIn, Transport, Upload};
