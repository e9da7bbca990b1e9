//! A gateway on tokio: signs in over TLS, reads contacts one at a time, over as many pages as there are, and is signed in again where
//! the session has ended.
//!
//! Without `--url` it does so against the bundled emulator, whose certificate it trusts, and which ends the session in the middle.

mod tls;

use std::num::NonZeroUsize;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Parser;
use creatio_auth::client::asynch::{Client, Pages};
use creatio_auth::{Call, Credentials, OwnedSession, Path, Runtime, Site};
use creatio_emulator::{Emulator, Options};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::ConfigVerifierExt;
use tls::Tls;
use tokio::time::Duration;

#[derive(Parser)]
#[command(about = "Signs in over TLS on tokio, and reads contacts one at a time")]
struct Arguments {
    /// The site, https; the bundled emulator if not given
    #[arg(long, requires = "user")]
    url: Option<String>,
    /// The user's name; the password is CREATIO_PASSWORD
    #[arg(long, requires = "url")]
    user: Option<String>,
    /// net or net-framework
    #[arg(long, default_value_t = Runtime::NetFramework)]
    runtime: Runtime,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Contact {
    name: heapless::String<250>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let emulator = match arguments.url {
        Some(_) => None,
        None => Some(Emulator::start(Options { tls: true, page_size: NonZeroUsize::new(4), ..Options::default() })?),
    };
    let (url, user, password, config) = match (&emulator, arguments.url, arguments.user) {
        (None, Some(url), Some(user)) => {
            let password = std::env::var("CREATIO_PASSWORD").ok().filter(|password| !password.is_empty());
            let password = password.context("CREATIO_PASSWORD is not set, or is empty")?;
            (url, user, password, ClientConfig::with_platform_verifier()?)
        }
        (Some(emulator), ..) => {
            let pem = emulator.certificate_pem().context("the emulator speaks TLS")?;
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from_pem_slice(pem.as_bytes())?)?;
            let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
            (emulator.url(), "Supervisor".into(), "Supervisor".into(), config)
        }
        _ => anyhow::bail!("give --url and --user"),
    };

    let mut owned = OwnedSession::new(Site::parse(&url, arguments.runtime)?, 4096);
    let (mut session, mut buffer) = (owned.lend(), [0; 1024]);
    let mut client = Client::new(&mut session, Tls::new(Arc::new(config), Duration::from_secs(30)), &mut buffer);
    let who = Credentials::borrowed(&user, &password);

    // The first call signs in, since the session is empty.
    for round in 1..=2 {
        let query = [("$select", "Name"), ("$top", "10")];
        let call = Call::get(Path::site("/odata/Contact")?).with_query(&query);
        let (mut memory, mut scratch) = ([0; 1024], [0; 256]); // for one record, and the link to its page
        let mut pages = Pages::new(call, &mut memory);
        while let Some(mut records) = pages.next(&mut client, &who).await? {
            while let Some(contact) = records.next_as::<Contact>(&mut scratch).await? {
                println!("round {round}   {}", contact.name);
            }
        }
        if let Some(emulator) = &emulator {
            emulator.expire_sessions();
        }
    }
    if let Some(emulator) = &emulator {
        println!("logins    {}", emulator.counters().logins);
    }
    if let Some(verdict) = client.logout().await? {
        println!("log out   {verdict}");
    }
    Ok(())
}
