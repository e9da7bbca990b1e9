//! OAuth 2.0: a program that signs in by an id and a secret of its own, without a user's password.
//!
//! Without `--url` it shows the whole life of a token against the bundled emulator. With it, it gets a token for a real
//! site and makes a call; the secret comes from the environment variable `CREATIO_CLIENT_SECRET`, or from a prompt.

mod client;
#[path = "../login/connection.rs"]
mod connection;
#[path = "../login/output.rs"]
mod output;
#[path = "../login/reach.rs"]
mod reach;
#[path = "../login/records.rs"]
mod records;
#[path = "../login/secret.rs"]
mod secret;
mod token;
mod tour;
#[path = "../login/trace.rs"]
mod trace;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Parser;
use client::Client;
use creatio_auth::{ClientCredentials, Path, Runtime, Site};
use output::say;
use reach::{Fields, ReachArguments};

#[derive(Parser)]
#[command(about = "Gets a token from Creatio's identity service and makes an authorised GET with it")]
struct Arguments {
    /// The site, for example https://example.creatio.com; the bundled emulator if not given
    #[arg(long, requires = "client_id")]
    url: Option<String>,
    /// The identity service, which has a host of its own; a guess for sites in Creatio's cloud if not given
    #[arg(long, value_name = "URL", requires = "url")]
    identity_url: Option<String>,
    /// The id under which the program is registered there
    #[arg(long, value_name = "ID", requires = "url")]
    client_id: Option<String>,
    /// Send id and secret by HTTP Basic instead of in the form
    #[arg(long)]
    basic: bool,
    /// Where tokens are issued, if not at /connect/token
    #[arg(long, value_name = "PATH", requires = "url")]
    token_path: Option<String>,
    /// What to get with the token; on .NET Framework /0 comes before it
    #[arg(long, value_name = "PATH", default_value = "/odata/Contact?$top=3")]
    get: String,
    #[command(flatten)]
    reach: ReachArguments,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    output::exit_code(match (&arguments.url, &arguments.client_id) {
        (Some(url), Some(id)) => run(&arguments, url, id),
        _ => tour::run(&arguments),
    })
}

/// Gets a token and makes the call; whether both went well.
fn run(arguments: &Arguments, url: &str, id: &str) -> Result<bool> {
    Path::root(&arguments.get).with_context(|| format!("--get {}", arguments.get))?; // before anything is sent
    let identity_url = match &arguments.identity_url {
        Some(url) => url.clone(),
        None => guess(url)?,
    };
    let mut secret = secret::ask("client secret", "CREATIO_CLIENT_SECRET")?;
    let fields = arguments.reach.fields()?;
    // Here the identity service stands behind the same gateway.
    let credentials = arguments.credentials(id, &mut secret)?.with_field_lines(&fields.lines)?;
    let mut memory = [0; 8192];
    let mut client = arguments.client(url, &identity_url, id, credentials, &fields, &mut memory)?;
    Ok(client.renew()? && client.get(&arguments.get)?)
}

/// Where the identity service of a site in Creatio's cloud usually is.
fn guess(url: &str) -> Result<String> {
    let site = Site::parse(url, Runtime::NetFramework)?;
    let Some(hint) = site.identity_hint() else {
        bail!(
            "give --identity-url: outside of Creatio's cloud the identity service is wherever it was installed, and the \
             system setting OAuth20IdentityServerUrl has its URL"
        );
    };
    say!("identity  {hint}, a guess; give --identity-url if it is elsewhere")?;
    Ok(hint.to_string())
}

impl Arguments {
    /// Who asks. The secret is wiped when this is dropped.
    fn credentials<'a>(&'a self, id: &'a str, secret: &'a mut str) -> Result<ClientCredentials<'a>> {
        let mut credentials = ClientCredentials::new(id, secret);
        if self.basic {
            credentials = credentials.by_basic();
        }
        if let Some(path) = &self.token_path {
            credentials = credentials.with_path(Path::root(path).context("--token-path")?);
        }
        Ok(credentials)
    }

    /// Two hosts, two connections: one to the site and one to its identity service.
    fn client<'s>(
        &self,
        url: &'s str,
        identity_url: &'s str,
        id: &'s str,
        credentials: ClientCredentials<'s>,
        fields: &'s Fields,
        memory: &'s mut [u8],
    ) -> Result<Client<'s>> {
        let identity = Site::parse(identity_url, Runtime::Net).context("--identity-url")?;
        let (site_connection, site) = self.reach.connect(url, fields)?;
        let identity_connection = self.reach.open(&identity)?;
        let session = fields.session(site, memory)?;
        Ok(Client { session, site_connection, identity, identity_connection, id, credentials, clock_ahead: 0 })
    }
}
