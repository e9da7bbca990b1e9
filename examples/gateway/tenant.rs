//! A tenant: a user with a session, and what it shares with the other processes.

use anyhow::{Result, ensure};
use creatio_auth::client::asynch::{Client, Link, SignIn, Transport};
use creatio_auth::client::transports::Kept;
use creatio_auth::client::transports::tokio_1::Tcp;
use creatio_auth::client::{Error, Renewed};
use creatio_auth::{Call, CallVerdict, Credentials, OwnedSession, Path, Runtime, Site};
use creatio_fleet::asynch::{Place, Redis, Sealed, SingleFlight};
use creatio_fleet::{BoxError, File, Key};
use tokio::time::Duration;
use zeroize::Zeroizing;

use crate::file;

/// How long an exchange may take in all; a lease is longer.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn name(number: usize) -> String {
    format!("tenant-{number}")
}

/// Where the snapshots of all tenants are.
pub enum Stores {
    Directory(String),
    Redis(Redis),
}

impl Stores {
    pub async fn open(text: &str) -> Result<Self, BoxError> {
        let is_redis = text.starts_with("redis://");
        Ok(if is_redis { Stores::Redis(Redis::open(text, "").await?) } else { Stores::Directory(text.into()) })
    }

    pub fn place(&self, name: &str) -> Place {
        match self {
            Stores::Directory(directory) => Place::File(File::new(file(directory, name))),
            Stores::Redis(redis) => Place::Redis(redis.with_key(&format!("creatio-session:{name}"))),
        }
    }
}

/// User name and password, owned: a way to sign in that lives as long as its tenant.
struct Who {
    user: String,
    password: Zeroizing<String>,
}

impl SignIn for Who {
    async fn sign_in<T: Transport>(&mut self, link: &mut Link<'_, '_, T>) -> Result<Renewed, Error<T::Error>> {
        (&Credentials::borrowed(&self.user, &self.password)).sign_in(link).await
    }
}

pub struct Tenant {
    name: String,
    session: OwnedSession,
    /// Goes from one call to the next, as each has a client of its own.
    connection: Kept<Tcp>,
    flight: SingleFlight<Sealed<Place>, Who>,
}

impl Tenant {
    pub fn new(
        number: usize,
        url: &str,
        runtime: Runtime,
        password: &str,
        stores: &Stores,
        key: Option<Key>,
    ) -> Result<Self> {
        let name = name(number);
        let who = Who { user: name.clone(), password: Zeroizing::new(password.into()) };
        let store = Sealed::new(stores.place(&name), key, format!("{name}@{url}"));
        let session = OwnedSession::new(Site::parse(url, runtime)?, 4096);
        let connection = Kept::new(Tcp::new(PATIENCE));
        Ok(Tenant { connection, flight: SingleFlight::new(store, who).with_lease(2 * PATIENCE), name, session })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Makes a call, signed in by whichever process it is.
    pub async fn call(&mut self) -> Result<()> {
        let (mut session, mut buffer) = (self.session.lend(), Zeroizing::new([0; 512]));
        let mut client = Client::new(&mut session, &mut self.connection, &mut *buffer);
        let call = Call::get(Path::site("/odata/Contact/$count")?);
        let verdict = match client.call_renewed(&call, &mut self.flight).await {
            Ok(reply) => reply.answer().await.map(|answer| answer.verdict),
            Err(error) => Err(error),
        };
        // Any answer may renew the ticket: so the store has to follow, whatever has come of it.
        self.flight.save(client.session()).await?;
        if let Some(error) = self.flight.take_error() {
            return Err(error.into());
        }
        let verdict = verdict?;
        ensure!(verdict == CallVerdict::Fine, "{verdict}");
        Ok(())
    }
}
