//! How a site is reached: whom to trust, what goes with every request, what to show on the way, and which of the two
//! runtimes is there.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use creatio_auth::{Answer, CallVerdict, EndSign, ProbeStep, Runtime, RuntimeProbe, Session, Site};

use crate::connection::Connection;
use crate::output::say;
use crate::secret;
use crate::trace::Trace;

/// How often a site that does not say which runtime it has is asked in all, and the longest that it is waited for, in seconds.
const ATTEMPTS: u32 = 5;
const LONGEST_WAIT: u32 = 10;

#[derive(clap::Args)]
pub struct ReachArguments {
    /// The runtime of the site; the site is asked if not given
    #[arg(long, value_enum)]
    runtime: Option<RuntimeName>,
    /// Trust the certificates in this PEM file instead of the platform's
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Say this in User-Agent; an empty text sends none
    #[arg(long, value_name = "TEXT")]
    user_agent: Option<String>,
    /// Send a field of this name with every request, as a gateway wants it; its value is CREATIO_GATEWAY_KEY, or asked for
    #[arg(long, value_name = "NAME")]
    gateway_key: Option<String>,
    /// Give up a request and its reply after so many seconds in all
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    timeout: u32,
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

    /// What goes with every request.
    pub fn fields(&self) -> Result<Fields> {
        let mut lines = String::new();
        if let Some(name) = &self.gateway_key {
            lines = format!("{name}: {}\r\n", secret::ask("gateway's key", "CREATIO_GATEWAY_KEY")?);
        }
        Ok(Fields { user_agent: self.user_agent.clone(), lines })
    }

    pub fn open<'s>(&self, site: &Site<'s>) -> Result<Connection<'s>> {
        let trace = Trace::new(self.trace, self.gateway_key.as_deref());
        Connection::open(site, self.ca.as_deref(), trace, Duration::from_secs(self.timeout.into()))
    }

    /// Connects to the site, and finds out its runtime.
    pub fn connect<'u>(&self, url: &'u str, fields: &Fields) -> Result<(Connection<'u>, Site<'u>)> {
        let site = Site::parse(url, Runtime::NetFramework)?; // the connection is the same for both
        let mut connection = self.open(&site)?;
        let (runtime, source) = match self.runtime {
            Some(RuntimeName::NetFramework) => (Runtime::NetFramework, "as told"),
            Some(RuntimeName::Net) => (Runtime::Net, "as told"),
            None => (find_runtime(&mut connection, site, fields)?, "by its health check"),
        };
        say!("site      {site} (runtime {runtime:?}, {source})")?;
        Ok((connection, Site::parse(url, runtime)?))
    }
}

/// What goes with every request, and lives as long as the session does.
pub struct Fields {
    /// `User-Agent`, if not the library's own.
    user_agent: Option<String>,
    /// The gateway's key, which is a secret; or nothing.
    pub lines: String,
}

impl Fields {
    /// A session whose requests have them.
    pub fn session<'s>(&'s self, site: Site<'s>, memory: &'s mut [u8]) -> Result<Session<'s>> {
        let mut session = Session::new(site, memory);
        if let Some(user_agent) = &self.user_agent {
            session.set_user_agent(user_agent).context("--user-agent")?;
        }
        session.set_field_lines(&self.lines).context("--gateway-key")?;
        Ok(session)
    }
}

/// Asks for the site's health checks, which need no login.
fn find_runtime(connection: &mut Connection<'_>, site: Site<'_>, fields: &Fields) -> Result<Runtime> {
    let (mut memory, mut attempts) = ([0; 4096], 1);
    let mut session = fields.session(site, &mut memory)?;
    let mut probe = RuntimeProbe::new();
    loop {
        let mut exchange = session.call(&probe.call());
        connection.run(&mut session, &mut exchange, |_| ())?;
        let answer = exchange.call_result(&session)?;
        match probe.after_answer(&answer) {
            ProbeStep::Found(runtime) => return Ok(runtime),
            ProbeStep::Ask => {}
            ProbeStep::AskLater(seconds) => {
                let (told, seconds) = (told(&answer), seconds.unwrap_or(1));
                if attempts == ATTEMPTS || seconds > LONGEST_WAIT {
                    bail!("the site does not say which runtime it has ({told}); try again later, or {GIVE_IT}");
                }
                say!("waiting   {seconds} s for the site to say which runtime it has: {told}")?;
                thread::sleep(Duration::from_secs(seconds.into()));
                attempts += 1;
            }
            _ => {
                bail!("the site answers neither health check; check the URL; if it is right, {GIVE_IT}")
            }
        }
    }
}

/// What came instead of an answer.
fn told(answer: &Answer<'_>) -> String {
    let is_page = matches!(answer.verdict, CallVerdict::SessionEnded(EndSign::RedirectToLogin | EndSign::LoginPage));
    format!("HTTP status {}{}", answer.http_status, if is_page { ", its login page" } else { "" })
}

const GIVE_IT: &str =
    "give --runtime net-framework if the addresses of its pages have /0/ in them, otherwise --runtime net";
