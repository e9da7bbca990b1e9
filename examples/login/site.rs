//! Which site to sign in to, and which of the two runtimes it has.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use creatio_auth::{Call, CallVerdict, Runtime, Session, Site};
use creatio_emulator::{Emulator, Options};

use crate::connection::Connection;
use crate::output::say;

#[derive(clap::Args)]
pub struct SiteArguments {
    /// The site, for example https://example.creatio.com; the bundled emulator if not given
    #[arg(long, requires = "user")]
    pub url: Option<String>,
    /// The user's name
    #[arg(long, requires = "url")]
    pub user: Option<String>,
    /// The runtime of the site; the site is asked if not given
    #[arg(long, value_enum)]
    runtime: Option<RuntimeName>,
    /// Trust the certificates in this PEM file instead of the platform's
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Show the bytes both ways, secrets masked
    #[arg(long)]
    trace: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum RuntimeName {
    NetFramework,
    Net,
}

impl SiteArguments {
    /// The bundled emulator, unless a site was given.
    pub fn emulator(&self) -> Result<Option<Emulator>> {
        if self.url.is_some() {
            return Ok(None);
        }
        let runtime = match self.runtime {
            Some(RuntimeName::Net) => creatio_emulator::Runtime::Net,
            _ => creatio_emulator::Runtime::NetFramework,
        };
        let emulator =
            Emulator::start(Options { runtime, ..Options::default() }).context("cannot start the emulator")?;
        say!("emulator  started at {}", emulator.url())?;
        Ok(Some(emulator))
    }

    /// The URL to sign in to, the user's name and the password.
    pub fn login(&self, emulator: Option<&Emulator>) -> Result<(String, String, String)> {
        match (emulator, &self.url, &self.user) {
            (None, Some(url), Some(user)) => Ok((url.clone(), user.clone(), ask_password()?)),
            (Some(emulator), ..) => Ok((emulator.url(), "Supervisor".into(), "Supervisor".into())),
            _ => bail!("give --url and --user"),
        }
    }

    /// Connects to the site, and finds out its runtime.
    pub fn connect<'u>(&self, url: &'u str) -> Result<(Connection<'u>, Site<'u>)> {
        let site = Site::parse(url, Runtime::NetFramework)?; // the connection is the same for both
        let mut connection = Connection::open(&site, self.ca.as_deref(), self.trace)?;
        let (runtime, source) = match self.runtime {
            Some(RuntimeName::NetFramework) => (Runtime::NetFramework, "as told"),
            Some(RuntimeName::Net) => (Runtime::Net, "as told"),
            None => (find_runtime(&mut connection, site)?, "by its health check"),
        };
        say!("site      {site} (runtime {runtime:?}, {source})")?;
        Ok((connection, Site::parse(url, runtime)?))
    }
}

/// Asks both health checks, of which a site answers that of its own runtime. They need no login.
fn find_runtime(connection: &mut Connection<'_>, site: Site<'_>) -> Result<Runtime> {
    for runtime in [Runtime::NetFramework, Runtime::Net] {
        let mut memory = [0; 4096];
        let mut session = Session::new(site, &mut memory);
        let call = Call::health_check(runtime);
        let mut exchange = session.call(&call);
        connection.run(&mut session, &mut exchange, |_| ())?;
        // A 200 is not enough: it may be the login page's.
        if exchange.call_result(&session)?.verdict == CallVerdict::Fine {
            return Ok(runtime);
        }
    }
    bail!(
        "the site answers neither health check; give --runtime net-framework if the addresses of its pages \
         have /0/ in them, otherwise --runtime net"
    )
}

pub fn ask_password() -> Result<String> {
    match std::env::var("CREATIO_PASSWORD") {
        Ok(password) => Ok(password),
        Err(std::env::VarError::NotPresent) => rpassword::prompt_password("password: ")
            .context("cannot ask for the password; set CREATIO_PASSWORD where there is no terminal"),
        Err(error) => Err(error).context("CREATIO_PASSWORD"),
    }
}
