//! How a site is reached: whom to trust, what to show on the way, and which of the two runtimes is there.

use std::path::PathBuf;

use anyhow::{Result, bail};
use creatio_auth::{Call, CallVerdict, Runtime, Session, Site};

use crate::connection::Connection;
use crate::output::say;

#[derive(clap::Args)]
pub struct ReachArguments {
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

impl ReachArguments {
    /// The runtime for an emulator.
    pub fn emulated(&self) -> creatio_emulator::Runtime {
        match self.runtime {
            Some(RuntimeName::Net) => creatio_emulator::Runtime::Net,
            _ => creatio_emulator::Runtime::NetFramework,
        }
    }

    pub fn open<'s>(&self, site: &Site<'s>) -> Result<Connection<'s>> {
        Connection::open(site, self.ca.as_deref(), self.trace)
    }

    /// Connects to the site, and finds out its runtime.
    pub fn connect<'u>(&self, url: &'u str) -> Result<(Connection<'u>, Site<'u>)> {
        let site = Site::parse(url, Runtime::NetFramework)?; // the connection is the same for both
        let mut connection = self.open(&site)?;
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
