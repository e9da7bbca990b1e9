//! A stand-in for a [Creatio](https://www.creatio.com) site on loopback, for examples and tests.
//!
//! It signs users in the way `AuthService.svc` does, hands out the same cookies with the same
//! attributes, asks for them and for the CSRF header, and serves a few contacts by OData. It knows
//! both runtimes of Creatio, speaks HTTP/1.1 with or without TLS, and can be told to misbehave in
//! the ways real sites and the proxies in front of them do: see [`Options`].
//!
//! It shares no code with `creatio-auth`, so that a misunderstanding there is not repeated here.
//! It keeps no secret safe, and must not be reached from other machines: it binds 127.0.0.1 only.
//!
//! ```
//! use creatio_emulator::{Emulator, Options, Runtime, User};
//!
//! let emulator = Emulator::start(Options {
//!     runtime: Runtime::Net,
//!     tls: true,
//!     users: vec![User::new("Ann", "s\"cr\\et")],
//!     ..Options::default()
//! })?;
//! assert!(emulator.url().starts_with("https://127.0.0.1:"));
//! assert!(emulator.certificate_pem().is_some());
//! assert_eq!(emulator.counters().logins, 0);
//! # std::io::Result::Ok(())
//! ```

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod auth;
mod cookie;
mod data;
mod options;
mod reply;
mod server;
mod session;
mod site;
mod status;
mod tls;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};

use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use crate::auth::LoginRecord;
pub use crate::options::{EndedSession, LoginAnswer, Options, Outcome, Runtime, User, WrongPassword};
use crate::site::{SharedSite, Site};
use crate::tls::Tls;

/// A running emulator. Dropping it closes the port and all connections.
pub struct Emulator {
    site: SharedSite,
    address: SocketAddr,
    ca_pem: Option<String>,
    /// Dropped to make the thread end.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// How often things have happened since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Requests to the login service, whatever their outcome.
    pub logins: u64,
    /// Logins that began a session.
    pub logins_accepted: u64,
    /// Calls that had a session and its CSRF header, and so were answered. Logout is one of them.
    pub calls: u64,
    /// TCP connections accepted, including those that failed to agree on TLS.
    pub connections: u64,
}

impl Emulator {
    /// Starts an emulator on a thread of its own. It takes requests when this returns.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::InvalidInput`] if an option is out of its range, otherwise whatever keeps
    /// the port from being bound or the thread from being started.
    pub fn start(options: Options) -> io::Result<Self> {
        let tls = options.tls.then(Tls::generate).transpose()?;
        let (acceptor, ca_pem) = tls.map(|tls| (tls.acceptor, tls.ca_pem)).unzip();
        let listener = server::bind(options.port)?;
        let address = listener.local_addr()?;
        let site = Arc::new(Site::new(options, address)?);

        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _context = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel();
        let server = server::run(listener, acceptor, site.clone(), stopped);
        let thread =
            thread::Builder::new().name("creatio-emulator".to_owned()).spawn(move || runtime.block_on(server))?;
        Ok(Self { site, address, ca_pem, stop: Some(stop), thread: Some(thread) })
    }

    /// The root of the site without a trailing slash, such as `http://127.0.0.1:49152/base`.
    pub fn url(&self) -> String {
        self.site.url.clone()
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate to trust, in PEM; `None` without TLS. It belongs to an authority that signs
    /// the server's own, and is another one at every start.
    pub fn certificate_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// How often things have happened since the start.
    pub fn counters(&self) -> Counters {
        Counters {
            logins: self.site.logins.load(Ordering::Relaxed),
            logins_accepted: self.site.logins_accepted.load(Ordering::Relaxed),
            calls: self.site.calls.load(Ordering::Relaxed),
            connections: self.site.connections.load(Ordering::Relaxed),
        }
    }

    /// What the last readable login asked for, the password apart.
    pub fn last_login(&self) -> Option<LoginRecord> {
        let record = self.site.last_login.lock().expect("no holder panics");
        record.clone()
    }

    /// Ends all sessions, as if their time had passed.
    pub fn expire_sessions(&self) {
        self.site.sessions.clear();
    }
}

/// Without the sessions, whose cookies are secrets.
impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("url", &self.site.url)
            .field("counters", &self.counters())
            .finish_non_exhaustive()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic over there has printed its message; a second one here would abort.
            let _ = thread.join();
        }
    }
}
