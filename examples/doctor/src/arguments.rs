//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use creatio_auth::Runtime;

/// Goes through what can be wrong at a Creatio site, and says in words what to do about it.
///
/// Without --user it looks at what needs no login. With it, it signs in once (a wrong password is tried once only), makes calls that
/// change nothing, says how much memory a session takes, and logs out. With --client-id it asks the identity service for a token.
///
/// Secrets come from the environment (CREATIO_PASSWORD, CREATIO_CODE, CREATIO_CLIENT_SECRET, CREATIO_GATEWAY_KEY), from a prompt,
/// or from the standard input, and are never shown.
#[derive(Debug, clap::Parser)]
#[command(name = "creatio-doctor", version, after_help = EXIT_CODES, verbatim_doc_comment)]
pub struct Arguments {
    /// The site, for example https://example.creatio.com
    #[arg(long)]
    pub url: String,

    /// The user who is to sign in
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub user: Option<String>,

    /// Send a one-time code where the site asks for one in a second step; with --code=at-once with the first login, as older sites
    /// want it
    #[arg(long, requires = "user", value_name = "WHEN", num_args = 0..=1, require_equals = true, default_missing_value = "asked")]
    pub code: Option<When>,

    /// The client that is to get a token
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    pub client_id: Option<String>,

    /// The identity service; without it, where that of a site in Creatio's cloud usually is
    #[arg(long, value_name = "URL")]
    pub identity_url: Option<String>,

    /// Take the secrets from the standard input, one a line: gateway's key, password, one-time code, client's secret, as far as
    /// they are called for
    #[arg(long)]
    pub secrets_stdin: bool,

    /// The runtime of the site; the site is asked if not given
    #[arg(long, value_enum)]
    pub runtime: Option<RuntimeName>,

    /// Trust the certificates in this PEM file instead of the platform's
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,

    /// Connect to this address whatever the URL's host, which is still who is asked for
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub connect: Option<SocketAddr>,

    /// Say this in User-Agent; an empty text sends none
    #[arg(long, value_name = "TEXT")]
    pub user_agent: Option<String>,

    /// Send a field of this name with every request, those to the identity service too, as a gateway wants it; its value is the gateway's
    /// key
    #[arg(long, value_name = "NAME")]
    pub gateway_key: Option<String>,

    /// Give up a request and its reply after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    pub timeout: u64,

    /// Wait so many seconds in all for a site that starts or is busy
    #[arg(long, value_name = "SECONDS", default_value_t = 15)]
    pub wait: u64,

    /// Print one JSON document instead of lines
    #[arg(long)]
    pub json: bool,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  the site serves; there may be advice
  1  something is wrong, and somebody has to do something
  2  the arguments are wrong, or a secret cannot be had
  3  not now: the site starts or is busy, and nothing else is wrong";

/// When a one-time code goes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum When {
    /// In the second step, where the site asks for it
    Asked,
    /// With the first login
    AtOnce,
}

/// The name of a runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum RuntimeName {
    /// .NET Framework: what comes after the login is below /0
    NetFramework,
    /// .NET, formerly .NET Core
    Net,
}

impl From<RuntimeName> for Runtime {
    fn from(name: RuntimeName) -> Self {
        match name {
            RuntimeName::NetFramework => Runtime::NetFramework,
            RuntimeName::Net => Runtime::Net,
        }
    }
}

impl Arguments {
    /// How long an exchange may take.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout)
    }
}
