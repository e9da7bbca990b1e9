//! The main job: signs in to a Creatio site over a real socket, makes an authorised call, and shows both.
//!
//! Without `--url` it starts the bundled emulator and signs in to that. The password of a real site comes from the
//! environment variable `CREATIO_PASSWORD`, or from a prompt.

mod connection;
mod output;
mod reach;
mod records;
mod secret;
mod show;
mod site;
mod trace;

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use clap::Parser;
use connection::Connection;
use creatio_auth::{Call, Credentials, Path, Session};
use output::say;
use site::SiteArguments;

#[derive(Parser)]
#[command(about = "Signs in to a Creatio site and makes an authorised GET")]
struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// What to get after the login; on .NET Framework /0 comes before it
    #[arg(long, value_name = "PATH", default_value = "/odata/Contact?$top=3")]
    get: String,
}

fn main() -> ExitCode {
    output::exit_code(run(&Arguments::parse()))
}

/// Signs in and makes the call; whether both went well.
fn run(arguments: &Arguments) -> Result<bool> {
    let emulator = arguments.site.emulator()?;
    let (url, user, mut password) = arguments.site.login(emulator.as_ref())?;
    let fields = arguments.site.fields()?;
    let (mut connection, site) = arguments.site.connect(&url, &fields)?;
    let mut memory = [0; 4096];
    let mut session = fields.session(site, &mut memory)?;
    session.set_time(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs());
    Ok(sign_in(&mut connection, &mut session, &user, &mut password)?
        && get(&mut connection, &mut session, &arguments.get)?)
}

/// Whether the site lets the user in. The password is wiped when this returns.
fn sign_in(connection: &mut Connection, session: &mut Session, user: &str, password: &mut str) -> Result<bool> {
    say!("sign in   as {user}")?;
    let credentials = Credentials::new(user, password);
    let mut exchange = session.login(&credentials);
    connection.run(session, &mut exchange, |_| ())?;
    let login = exchange.login_result(session)?;
    show::login(&login, session)?;
    Ok(login.verdict.is_authenticated())
}

/// Whether the site gives what is at the path.
fn get(connection: &mut Connection, session: &mut Session, path: &str) -> Result<bool> {
    // A path that has the runtime's prefix already is taken as it is.
    let prefix = if path.starts_with("/0/") { "" } else { session.site().runtime().prefix() };
    let with_prefix = if prefix.is_empty() { Path::root(path) } else { Path::site(path) };
    let call = Call::get(with_prefix.with_context(|| format!("--get {path}"))?);
    say!("call      GET {prefix}{path} with the session")?;
    let mut exchange = session.call(&call);
    let mut body = Vec::new();
    connection.run(session, &mut exchange, |piece| body.extend_from_slice(piece))?;
    let status = exchange.http_status().unwrap_or_default();
    show::answer(status, &body)?;
    Ok(status == 200)
}
