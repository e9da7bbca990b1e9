//! A stand-in for a [Creatio](https://www.creatio.com) site on loopback, for examples and tests.
//!
//! It signs users in the way `AuthService.svc` does, hands out the same cookies with the same
//! attributes, and asks for them and for the CSRF header. Its identity service, on a port of its own,
//! issues bearer tokens to [`OauthClient`]s, and the site takes them in place of cookies. It holds
//! some data in memory, which can be read and written by OData 4 and 3, by DataService and by the file
//! API. It knows both runtimes of Creatio, speaks HTTP/1.1 with or without TLS, and can be told to
//! misbehave in the ways real sites and the proxies in front of them do: all the time by [`Options`],
//! or for once by the methods of [`Emulator`].
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
mod authorization;
mod cookie;
mod counters;
mod cut;
mod data_service;
mod echo;
mod expiring;
mod files;
mod firewall;
mod gate;
mod guard;
mod guid;
mod health;
mod identity;
mod interference;
mod lockout;
mod log;
mod odata;
mod options;
mod overload;
mod percent;
mod process;
mod random;
mod reply;
mod second_factor;
mod server;
mod session;
mod site;
mod status;
mod store;
mod tls;
mod users;
mod windows;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::sync::watch;

pub use crate::auth::LoginRecord;
pub use crate::counters::Counters;
pub use crate::files::{FileParameters, UploadedFile};
pub use crate::identity::{AuthMethod, Identity, InvalidClient, Member, OauthClient, TokenError, TokenRecord};
pub use crate::interference::Interference;
pub use crate::options::{
    EndedSession, EndedToken, ExpiredPassword, LoginAnswer, LoginPage, OdataFailure, Options, Outcome, Runtime,
    SecondFactor, ServiceFailure, TokenEndpoint, User, WindowsDoor, WrongPassword,
};
pub use crate::overload::{Overload, RetryAfter};
use crate::site::{SharedSite, Site};
use crate::store::IMAGES;
use crate::tls::Tls;

/// A running emulator. Dropping it closes its ports and all connections.
pub struct Emulator {
    site: SharedSite,
    address: SocketAddr,
    ca_pem: Option<String>,
    /// Dropped to make the thread end.
    stop: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
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
        let identity = options.identity.as_ref().map(|identity| server::bind(identity.port)).transpose()?;
        let identity_address = identity.as_ref().map(|listener| listener.local_addr()).transpose()?;
        let site = Arc::new(Site::new(options, address, identity_address)?);

        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (listener, identity) = {
            let _context = runtime.enter();
            (TcpListener::from_std(listener)?, identity.map(TcpListener::from_std).transpose()?)
        };
        let (stop, stopped) = watch::channel(());
        let serve = |listener, router| server::run(listener, router, acceptor.clone(), site.clone(), stopped.clone());
        let application = serve(listener, site::router(site.clone()));
        let identity = identity.map(|listener| serve(listener, identity::router(site.clone())));
        let server = async {
            match identity {
                None => application.await,
                Some(identity) => {
                    tokio::join!(application, identity);
                }
            }
        };
        let thread =
            thread::Builder::new().name("creatio-emulator".to_owned()).spawn(move || runtime.block_on(server))?;
        Ok(Self { site, address, ca_pem, stop: Some(stop), thread: Some(thread) })
    }

    /// The root of the site without a trailing slash, such as `http://127.0.0.1:49152/base`.
    pub fn url(&self) -> String {
        self.site.url.clone()
    }

    /// The root of the identity service without a trailing slash, if there is one. Tokens are to be
    /// had at `/connect/token` below it.
    pub fn identity_url(&self) -> Option<String> {
        self.site.identity_url.clone()
    }

    /// The address it listens on, the identity service apart.
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
        self.site.tally.counters()
    }

    /// What the last readable login or change of password asked for, the passwords apart.
    pub fn last_login(&self) -> Option<LoginRecord> {
        let record = self.site.last_login.lock().expect("no holder panics");
        record.clone()
    }

    /// What the last token request asked for that was a form and named nothing twice, the secret
    /// apart.
    pub fn last_token_request(&self) -> Option<TokenRecord> {
        let record = self.site.last_token_request.lock().expect("no holder panics");
        record.clone()
    }

    /// Changes what the identity service does from now on; its port stays. Does nothing without one.
    pub fn change_identity(&self, change: impl FnOnce(&mut Identity)) {
        let identity = || self.site.identity.lock().expect("no holder panics");
        // What is not ours to keep from panicking must not hold the lock.
        let mut changed = identity().clone();
        change(&mut changed);
        *identity() = changed;
    }

    /// Ends all tokens, as if their time had passed.
    pub fn expire_tokens(&self) {
        self.site.tokens.clear();
    }

    /// Ends all refresh tokens, as if their time had passed.
    pub fn expire_refresh_tokens(&self) {
        self.site.approvals.expire();
    }

    /// Ends all tokens once `calls` more calls that carry one have been answered. Zero ends them now.
    pub fn expire_tokens_after_calls(&self, calls: u32) {
        self.site.tokens.clear_after(calls);
    }

    /// Ends all sessions, as if their time had passed.
    pub fn expire_sessions(&self) {
        self.site.sessions.clear();
    }

    /// Ends all sessions once `calls` more calls in one have been answered. Zero ends them now.
    pub fn expire_after_calls(&self, calls: u32) {
        self.site.sessions.clear_after(calls);
    }

    /// How many logins of that user have failed since the last that succeeded, those of a locked
    /// user included. Zero for a user who does not exist.
    pub fn failed_logins(&self, user_name: &str) -> u32 {
        self.site.failed_logins.count(user_name)
    }

    /// Gives a user the one-time code of the next logins, or lets the password be enough. Whether
    /// there is such a user.
    pub fn set_one_time_code(&self, user_name: &str, code: Option<&str>) -> bool {
        self.site.users.set_one_time_code(user_name, code.map(str::to_owned))
    }

    /// Answers the next calls, but no logins, with this status, without executing them. Takes the
    /// place of what an earlier use has left.
    pub fn overload(&self, calls: u32, status: Overload, retry_after: RetryAfter) {
        self.site.refusals.set(calls, status, retry_after);
    }

    /// Answers the next requests to the login service with this status, so that nobody judges the
    /// password. Takes the place of what an earlier use has left.
    pub fn overload_logins(&self, logins: u32, status: Overload, retry_after: RetryAfter) {
        self.site.login_refusals.set(logins, status, retry_after);
    }

    /// Something comes between the next requests and what they ask for: all of them, or the calls where the site warms up.
    /// Takes the place of what an earlier use has left; zero requests end that.
    pub fn interfere(&self, requests: u32, interference: Interference) {
        self.site.interfering.set(requests, interference);
    }

    /// Cuts the reply to the next call that is executed, and closes the connection. Zero bytes
    /// mean no answer at all. The head counts too; a reply that is not longer comes whole, and
    /// leaves the connection open.
    pub fn cut_after(&self, bytes_of_reply: usize) {
        *self.site.cuts.reply.lock().expect("no holder panics") = Some(bytes_of_reply);
    }

    /// Closes the connection that the next request comes by, be it a login or a call, once so many
    /// bytes of it have been received. Nothing is executed then. The head counts too; a request
    /// that is shorter is executed.
    pub fn cut_request_after(&self, bytes: usize) {
        *self.site.cuts.request.lock().expect("no holder panics") = Some(bytes);
    }

    /// The records of a collection such as `Contact`, in the order they were made. `None` if there
    /// is no such collection.
    pub fn records(&self, collection: &str) -> Option<Vec<Map<String, Value>>> {
        let store = self.site.store.lock().expect("no holder panics");
        Some(store.collection(collection)?.records().to_vec())
    }

    /// The bytes in the column `Data` of the `SysImage` with that `Id`, once it was written.
    pub fn image(&self, id: &str) -> Option<Vec<u8>> {
        let store = self.site.store.lock().expect("no holder panics");
        let content = store.collection(IMAGES)?.content(&guid::parse(id)?)?;
        Some(content.to_vec())
    }

    /// What the file API has received of the file with that `fileId`.
    pub fn file(&self, id: &str) -> Option<UploadedFile> {
        let files = self.site.files.lock().expect("no holder panics");
        files.get(&guid::parse(id)?).cloned()
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

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
