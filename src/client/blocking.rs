//! The client over blocking connections.
//!
//! Here with a [transport](super::transports) of the standard library; on a chip, a socket of its TCP/IP stack or modem is one as
//! soon as it implements [`Transport`], or by a [closure](super::transports::from_fn). In `Cargo.toml`:
//!
//! ```toml
//! creatio-auth = { version = "0.1", features = ["std"] }
//! ```
//!
//! ```rust
//! # use creatio_defmt as _;
//! use std::time::Duration;
//!
//! use creatio_auth::client::blocking::Client;
//! use creatio_auth::client::transports::std_net::Tcp;
//! use creatio_auth::{Call, CallVerdict, Credentials, Path, Runtime, Session, Site};
//!
//! fn work(url: &str, user: &str, password: &str) -> Result<(), Box<dyn std::error::Error>> {
//!     let mut memory = [0; 4096];
//!     let mut session = Session::new(Site::parse(url, Runtime::NetFramework)?, &mut memory);
//!     let mut buffer = [0; 512];
//!     let mut client = Client::new(&mut session, Tcp::new(Duration::from_secs(30)), &mut buffer);
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

/// Whether a connection stands, where the transport does not say it.
macro_rules! stands {
    ($transport:ident) => {
        true
    };
}

/// What is said of that.
macro_rules! is_open_by_default {
    () => {
        "Unless it is said otherwise, it does: nothing here can look without waiting."
    };
}

/// Examples for what is written once.
macro_rules! example {
    (transport) => {
        r#"```
# use creatio_defmt as _;
use creatio_auth::Site;
use creatio_auth::client::blocking::Transport;
use creatio_auth::client::embedded_io_07::{ErrorKind, ErrorType, Read, Write};

/// What dials and what is on the line are the board's.
struct Modem {
    is_online: bool,
}

impl ErrorType for Modem {
    type Error = ErrorKind;
}

impl Read for Modem {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        // As many bytes as there are, at least one; 0 where the peer has closed the connection.
#       Ok(buffer.len())
    }
}

impl Write for Modem {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        // As many as go at once.
#       Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

impl Transport for Modem {
    fn connect(&mut self, site: &Site<'_>) -> Result<(), ErrorKind> {
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

    fn is_open(&mut self) -> bool {
        self.is_online // as far as the modem knows
    }
}
```"#
    };
    (client) => {
        r#"```
# use creatio_defmt as _;
use creatio_auth::client::{Error, blocking};
use creatio_auth::{Call, CallVerdict, Credentials, Session};

fn ping<T: blocking::Transport>(
    session: &mut Session<'_>,
    transport: T,
    who: &Credentials<'_>,
) -> Result<bool, Error<T::Error>> {
    let mut buffer = [0; 512];
    let mut client = blocking::Client::new(session, transport, &mut buffer);
    let verdict = client.call_renewed(&Call::ping(), who)?.answer()?.verdict;
    client.logout()?;
    Ok(verdict == CallVerdict::Fine)
}
```"#
    };
    (reply) => {
        r#"```
# use creatio_defmt as _;
use creatio_auth::client::{Error, blocking};
use creatio_auth::{Call, Credentials};

/// The whole of a body, in memory of one's own.
fn read<'b, T: blocking::Transport>(
    client: &mut blocking::Client<'_, '_, T>,
    call: &Call<'_>,
    who: &Credentials<'_>,
    memory: &'b mut [u8],
) -> Result<&'b mut [u8], Error<T::Error>> {
    let mut reply = client.call_renewed(call, who)?;
    let body = reply.read_to_end(memory)?;
    reply.answer()?; // what it means
    Ok(body)
}
```"#
    };
    (upload) => {
        r#"```
# use creatio_defmt as _;
use creatio_auth::client::{Error, blocking};
use creatio_auth::Call;

/// A picture in pieces, which is never in memory as a whole.
fn send<T: blocking::Transport>(
    client: &mut blocking::Client<'_, '_, T>,
    call: &Call<'_>, // with its length
    pieces: &[&[u8]],
) -> Result<u16, Error<T::Error>> {
    let mut upload = client.upload(call)?;
    for piece in pieces {
        upload.write(piece)?;
    }
    Ok(upload.reply()?.answer()?.http_status)
}
```"#
    };
    (records) => {
        r#"```
# use creatio_defmt as _;
use creatio_auth::client::{Error, blocking};
use creatio_auth::{Call, Credentials};

/// However many there are, with memory for one.
fn count<T: blocking::Transport>(
    client: &mut blocking::Client<'_, '_, T>,
    call: &Call<'_>,
    who: &Credentials<'_>,
) -> Result<usize, Error<T::Error>> {
    let (mut memory, mut count) = ([0; 1024], 0);
    let mut records = client.call_renewed(call, who)?.records(&mut memory);
    while let Some(record) = records.next()? {
        println!("{}", record.escape_ascii()); // JSON; `next_as` has it as a value
        count += 1;
    }
    records.answer()?;
    Ok(count)
}
```"#
    };
    (pages) => {
        r#"```
# use creatio_defmt as _;
use creatio_auth::client::{Error, blocking};
use creatio_auth::{Call, Credentials, Path};

/// However many pages there are.
fn count<T: blocking::Transport>(
    client: &mut blocking::Client<'_, '_, T>,
    who: &Credentials<'_>,
) -> Result<usize, Error<T::Error>> {
    let query = [("$select", "Id,Name"), ("$orderby", "Name")];
    let contacts = Path::site("/odata/Contact").expect("it is a path");
    let (mut memory, mut count) = ([0; 1024], 0);
    let mut pages = blocking::Pages::new(Call::get(contacts).with_query(&query), &mut memory);
    while let Some(mut records) = pages.next(client, who)? {
        while let Some(record) = records.next()? {
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
use creatio_auth::client::blocking::{Link, SignIn, Transport};
use creatio_auth::client::{Error, Refusal, Renewed};

/// What has the lease and the snapshot: a file, a Redis server.
trait Store {
    /// Waits for the lease, and gives the newest snapshot, if it is another than this process knows.
    fn lease(&mut self) -> Result<Option<Vec<u8>>, ()>;
    /// Stores the session, and gives the lease back.
    fn store(&mut self, session: &creatio_auth::Session<'_>);
}

struct OneForAll<'a, S>(S, &'a Credentials<'a>);

impl<S: Store> SignIn for OneForAll<'_, S> {
    fn sign_in<T: Transport>(&mut self, link: &mut Link<'_, '_, T>) -> Result<Renewed, Error<T::Error>> {
        let newest = self.0.lease().map_err(|()| Error::SignIn(Refusal::Withheld))?;
        let renewed = match newest {
            Some(snapshot) if link.session_mut().restore(&snapshot).is_ok() => Ok(Renewed::Restored),
            _ => self.1.sign_in(link),
        };
        self.0.store(link.session());
        renewed
    }
}
```"#
    };
}

#[path = "both/mod.rs"]
mod both;

pub use both::{Client, Link, Pages, Records, Reply, SignIn, Transport, Upload};
