//! The main job: signs in to a Creatio site over a real socket, makes an authorised call, and shows both.
//!
//! Without `--url` it starts the bundled emulator and signs in to that. The password of a real site comes from the
//! environment variable `CREATIO_PASSWORD`, or from a prompt.

mod connection;
mod show;
mod trace;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use clap::Parser;
use connection::Connection;
use creatio_auth::{Call, Credentials, Path, Runtime, Session, Site};
use creatio_emulator::{Emulator, Options};

#[derive(Parser)]
#[command(about = "Signs in to a Creatio site and makes an authorised GET")]
struct Arguments {
    /// The site, for example https://example.creatio.com; the bundled emulator if not given
    #[arg(long, requires = "user")]
    url: Option<String>,
    /// The user's name
    #[arg(long, requires = "url")]
    user: Option<String>,
    /// What to get after the login; on .NET Framework /0 comes before it
    #[arg(long, value_name = "PATH", default_value = "/odata/Contact?$top=3")]
    get: String,
    /// The runtime of the site
    #[arg(long, value_enum, default_value = "net-framework")]
    runtime: RuntimeName,
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

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error     {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Signs in and makes the call; whether both went well.
fn run(arguments: &Arguments) -> Result<bool> {
    let (runtime, emulated) = match arguments.runtime {
        RuntimeName::NetFramework => (Runtime::NetFramework, creatio_emulator::Runtime::NetFramework),
        RuntimeName::Net => (Runtime::Net, creatio_emulator::Runtime::Net),
    };
    let mut emulator = None;
    let (url, user, mut password) = match (&arguments.url, &arguments.user) {
        (Some(url), Some(user)) => (url.clone(), user.clone(), ask_password()?),
        _ => {
            let options = Options { runtime: emulated, ..Options::default() };
            let started = emulator.insert(Emulator::start(options).context("cannot start the emulator")?);
            println!("emulator  started at {}", started.url());
            (started.url(), "Supervisor".into(), "Supervisor".into())
        }
    };

    let site = Site::parse(&url, runtime)?;
    let mut memory = [0; 4096];
    let mut session = Session::new(site, &mut memory);
    session.set_time(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs());
    let mut connection = Connection::open(&site, arguments.ca.as_deref(), arguments.trace)?;

    println!("site      {site} ({runtime:?})");
    Ok(sign_in(&mut connection, &mut session, &user, &mut password)?
        && get(&mut connection, &mut session, &arguments.get)?)
}

/// Whether the site lets the user in. The password is wiped when this returns.
fn sign_in(connection: &mut Connection, session: &mut Session, user: &str, password: &mut str) -> Result<bool> {
    println!("sign in   as {user}");
    let credentials = Credentials::new(user, password);
    let mut exchange = session.login(&credentials);
    connection.run(session, &mut exchange, |_| ())?;
    let login = exchange.login_result(session)?;
    show::login(&login, session);
    Ok(login.verdict.is_authenticated())
}

/// Whether the site gives what is at the path.
fn get(connection: &mut Connection, session: &mut Session, path: &str) -> Result<bool> {
    // A path that has the runtime's prefix already is taken as it is.
    let prefix = if path.starts_with("/0/") { "" } else { session.site().runtime().prefix() };
    let with_prefix = if prefix.is_empty() { Path::root(path) } else { Path::site(path) };
    let call = Call::get(with_prefix.with_context(|| format!("--get {path}"))?);
    println!("call      GET {prefix}{path} with the session");
    let mut exchange = session.call(&call);
    let mut body = Vec::new();
    connection.run(session, &mut exchange, |piece| body.extend_from_slice(piece))?;
    let status = exchange.http_status().unwrap_or_default();
    show::answer(status, &body);
    Ok(status == 200)
}

fn ask_password() -> Result<String> {
    match std::env::var("CREATIO_PASSWORD") {
        Ok(password) => Ok(password),
        Err(std::env::VarError::NotPresent) => rpassword::prompt_password("password: ")
            .context("cannot ask for the password; set CREATIO_PASSWORD where there is no terminal"),
        Err(error) => Err(error).context("CREATIO_PASSWORD"),
    }
}
