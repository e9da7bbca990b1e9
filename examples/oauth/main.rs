//! OAuth 2.0: a program that signs in by an id and a secret of its own, or because a person approves it, without a user's
//! password.
//!
//! Without `--url` it shows the whole life of a token against the bundled emulator. With it, it gets a token for a real
//! site and makes a call; the secret comes from the environment variable `CREATIO_CLIENT_SECRET`, or from a prompt. Where a
//! person is to approve (`--grant code`), it prints a URL for a browser, waits on loopback for it to come back, signs in, makes
//! the call, and refreshes the token.

mod approval;
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
use creatio_auth::{ClientCredentials, Path, RefreshToken, Runtime, Site};
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
    /// How it signs in
    #[arg(long, value_enum, default_value_t)]
    grant: Grant,
    /// What it asks a person for; `offline_access` is for a refresh token
    #[arg(long, value_name = "SCOPES", default_value = "offline_access")]
    scope: String,
    /// The port on loopback that a browser comes back to, if the registered URI has one; any free one if not given
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// The program is registered without a secret
    #[arg(long)]
    public: bool,
    /// The site is its own identity service, as the newest are: /0 comes before /connect on .NET Framework
    #[arg(long, conflicts_with = "identity_url", requires = "url")]
    site_identity: bool,
    /// First ask the site how its identity service is, and that one for its endpoints
    #[arg(long, requires = "url")]
    look: bool,
    /// Revoke the tokens at the end
    #[arg(long)]
    revoke: bool,
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

/// The grants of RFC 6749 that there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Grant {
    /// By id and secret of the program, which acts for itself (section 4.4)
    #[default]
    ClientCredentials,
    /// By a code that a person's approval in a browser brings, with PKCE (section 4.1); then by refresh tokens (section 6)
    Code,
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
        None if arguments.site_identity => url.to_owned(),
        None => guess(url)?,
    };
    let mut secret = match arguments.public {
        true => String::new(),
        false => secret::ask("client secret", "CREATIO_CLIENT_SECRET")?,
    };
    let fields = arguments.reach.fields()?;
    // Here the identity service stands behind the same gateway.
    let credentials = arguments.credentials(id, &mut secret)?.with_field_lines(&fields.lines)?;
    let mut memory = [0; 8192];
    let mut client = arguments.client(url, &identity_url, id, credentials, &fields, &mut memory)?;
    if arguments.look {
        client.look()?;
    }
    let is_good = match arguments.grant {
        Grant::ClientCredentials => client.renew()? && client.get(&arguments.get)?,
        Grant::Code => {
            approval::sign_in(&mut client, arguments, |_| Ok(()))?
                && client.get(&arguments.get)?
                && (client.session.refresh_token() == RefreshToken::None || client.renew()?)
        }
    };
    Ok(if arguments.revoke { client.ask(&token::By::Revocation)? && is_good } else { is_good })
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
        let mut credentials = match self.public {
            true => ClientCredentials::public(id),
            false => ClientCredentials::new(id, secret),
        };
        if self.site_identity {
            credentials = credentials.below_prefix();
        }
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
        let (site_connection, site) = self.reach.connect(url, fields)?;
        let runtime = if self.site_identity { site.runtime() } else { Runtime::Net };
        let identity = Site::parse(identity_url, runtime).context("--identity-url")?;
        let identity_connection = self.reach.open(&identity)?;
        let session = fields.session(site, memory)?;
        Ok(Client {
            session,
            site_connection,
            identity,
            identity_connection,
            id,
            credentials,
            is_approved: false,
            clock_ahead: 0,
        })
    }
}
