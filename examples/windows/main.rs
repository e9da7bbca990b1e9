//! Windows authentication: a program that signs in by NTLM with a domain, a user name and a password.
//!
//! Without `--url` it signs in to an acceptor that others have written, pyspnego's, run by `tests/windows_acceptor/server.py`, and says
//! what it needs where that is not there. With it, it signs in to a real site and makes a call; the password comes from the
//! environment variable `CREATIO_PASSWORD`, or from a prompt. Tokens of SSPI or of GSS-API go the same way: see
//! `Session::windows_login`.

#[allow(dead_code)] // another example uses the rest
#[path = "../login/connection.rs"]
mod connection;
#[path = "../login/output.rs"]
mod output;
#[allow(dead_code)] // likewise
#[path = "../login/reach.rs"]
mod reach;
#[path = "../login/records.rs"]
mod records;
#[path = "../login/secret.rs"]
mod secret;
#[path = "../login/trace.rs"]
mod trace;

use std::env;
use std::io::{BufRead, BufReader};
use std::path::{Path as FilePath, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use clap::Parser;
use creatio_auth::{Call, CallVerdict, NtlmCredentials, Path, Runtime, Session, Site, WindowsScheme, WindowsVerdict};
use output::say;
use rand_core::{OsRng, RngCore};
use reach::{Fields, ReachArguments};
use zeroize::Zeroizing;

use crate::connection::Connection;

#[derive(Parser)]
#[command(about = "Signs in to Creatio by Windows authentication (NTLM) and makes an authorised GET")]
struct Arguments {
    /// The site, for example http://crm.corp.example; an acceptor of pyspnego's if not given
    #[arg(long, requires = "user")]
    url: Option<String>,
    /// The user's domain
    #[arg(long, default_value = "", requires = "url")]
    domain: String,
    /// The user's name in the domain
    #[arg(long, requires = "url")]
    user: Option<String>,
    /// What to get when signed in; on .NET Framework /0 comes before it
    #[arg(long, value_name = "PATH", default_value = "/odata/Contact?$top=3")]
    get: String,
    #[command(flatten)]
    reach: ReachArguments,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    output::exit_code(match (&arguments.url, &arguments.user) {
        (Some(url), Some(user)) => run(&arguments, url, user),
        _ => tour(&arguments),
    })
}

fn run(arguments: &Arguments, url: &str, user: &str) -> Result<bool> {
    Path::site(&arguments.get).with_context(|| format!("--get {}", arguments.get))?; // before anything is sent
    let mut password = secret::ask("password", "CREATIO_PASSWORD")?;
    let fields = arguments.reach.fields()?;
    let (mut connection, site) = arguments.reach.connect(url, &fields)?;
    let user = NtlmCredentials::new(&arguments.domain, user, &mut password);
    visit(arguments, &mut connection, site, &fields, &user)
}

/// Both doors of an acceptor that is not ours.
fn tour(arguments: &Arguments) -> Result<bool> {
    const USER: [&str; 3] = ["CORP", "Änn", "pä\"ss\\wörd"];
    let acceptor = Acceptor::start(&USER)?;
    let [domain, user_name, password] = USER;
    let (user, fields) = (NtlmCredentials::borrowed(domain, user_name, password), arguments.reach.fields()?);
    for runtime in [Runtime::NetFramework, Runtime::Net] {
        let site = Site::parse(&acceptor.url, runtime)?;
        say!("site      {site}, an acceptor of pyspnego's (runtime {runtime:?})")?;
        let mut connection = arguments.reach.open(&site)?;
        if !visit(arguments, &mut connection, site, &fields, &user)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Signs in and makes the call; whether both went well.
fn visit<'s>(
    arguments: &Arguments,
    connection: &mut Connection<'s>,
    site: Site<'s>,
    fields: &'s Fields,
    user: &NtlmCredentials<'_>,
) -> Result<bool> {
    let mut memory = [0; 8192];
    let mut session = fields.session(site, &mut memory)?;
    if !sign_in(connection, &mut session, user)? {
        return Ok(false);
    }
    let call = Call::get(Path::site(&arguments.get)?);
    let mut exchange = session.call(&call);
    let mut body = Vec::new();
    connection.run(&mut session, &mut exchange, |piece| body.extend_from_slice(piece))?;
    let answer = exchange.call_result(&session)?;
    say!("answer    HTTP status {}: {}", answer.http_status, answer.verdict)?;
    let is_fine = answer.verdict == CallVerdict::Fine;
    records::show(&body)?;
    Ok(is_fine)
}

/// Goes through the handshake, which takes two tokens of NTLM, over one connection.
fn sign_in(connection: &mut Connection<'_>, session: &mut Session<'_>, user: &NtlmCredentials<'_>) -> Result<bool> {
    let mut token = Zeroizing::new([0; 4096]);
    let next = |challenge: &[u8], token: &mut [u8]| {
        let mut random = [0; 8];
        OsRng.fill_bytes(&mut random);
        user.token(challenge, &random, token)
    };
    let mut len = next(&[], &mut *token)?;
    for is_first in [true, false] {
        let mut exchange = session.windows_login(WindowsScheme::Ntlm, token.get(..len).unwrap_or_default());
        connection.run(session, &mut exchange, |_| {})?;
        let keeps_alive = exchange.keeps_alive();
        let answer = exchange.windows_result(session)?;
        say!("windows   HTTP status {}: {}", answer.http_status, answer.verdict)?;
        match answer.verdict {
            WindowsVerdict::ChallengeReceived if !keeps_alive => {
                bail!("the site closes the connection amid the handshake")
            }
            // A second challenge would take the password once more.
            WindowsVerdict::ChallengeReceived if is_first => len = next(answer.challenge, &mut *token)?,
            verdict => {
                if let Some(message) = answer.message.filter(|message| !message.as_bytes().is_empty()) {
                    say!("          {message}")?;
                }
                return Ok(verdict.is_authenticated());
            }
        }
    }
    Ok(false)
}

/// A process that is ended with the value.
struct Acceptor {
    process: Child,
    url: String,
}

impl Acceptor {
    fn start(arguments: &[&str]) -> Result<Self> {
        let server = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("tests/windows_acceptor/server.py");
        let mut python = Command::new(python()?);
        let mut process = python.arg(server).args(arguments).stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().context("the acceptor has an output")?;
        let mut acceptor = Acceptor { process, url: String::new() };
        BufReader::new(output).read_line(&mut acceptor.url)?;
        acceptor.url.truncate(acceptor.url.trim_end().len());
        if acceptor.url.is_empty() {
            bail!("the acceptor does not start");
        }
        Ok(acceptor)
    }
}

impl Drop for Acceptor {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A Python that has pyspnego.
fn python() -> Result<PathBuf> {
    let program = env::current_exe()?;
    let target = program.ancestors().nth(3).unwrap_or(FilePath::new("target"));
    let own = target.join("windows-acceptor/bin/python");
    for python in [own, PathBuf::from("python3")] {
        let has_it = Command::new(&python).args(["-c", "import spnego"]).stderr(Stdio::null()).status();
        if has_it.is_ok_and(|status| status.success()) {
            return Ok(python);
        }
    }
    bail!(
        "there is no site given (--url), and no Python that has pyspnego; for one:\n  \
         python3 -m venv target/windows-acceptor && \
         target/windows-acceptor/bin/python -m pip install -r tests/windows_acceptor/requirements.txt"
    );
}
