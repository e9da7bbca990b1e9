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

/// An example of a way to sign in.
macro_rules! sign_in_example {
    () => {
        "```
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
```"
    };
}

#[path = "both/mod.rs"]
mod both;

pub use both::{Client, Link, Records, Reply, SignIn, Transport, Upload};
