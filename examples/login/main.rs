//! The main job: signs in to a Creatio site over a real socket, makes an authorised call, and shows both.
//!
//! Without `--url` it starts the bundled emulator and signs in to that. The password of a real site comes from the
//! environment variable `CREATIO_PASSWORD`, or from a prompt; where the site wants a second factor, the one-time code from
//! `CREATIO_CODE`, or from a prompt.

mod connection;
mod output;
mod reach;
mod records;
mod secret;
mod show;
mod sign_in;
mod site;
mod trace;

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use clap::Parser;
use connection::Connection;
use creatio_auth::{Call, CallVerdict, Path, Session};
use output::say;
use sign_in::SignInArguments;
use site::SiteArguments;
use zeroize::Zeroizing;

#[derive(Parser)]
#[command(about = "Signs in to a Creatio site and makes an authorised GET")]
struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    #[command(flatten)]
    sign_in: SignInArguments,
    /// What to get after the login; on .NET Framework /0 comes before it
    #[arg(long, value_name = "PATH", default_value = "/odata/Contact?$top=3")]
    get: String,
}

fn main() -> ExitCode {
    output::exit_code(run(&Arguments::parse()))
}

/// Signs in and makes the call; whether both went well.
fn run(arguments: &Arguments) -> Result<bool> {
    Path::root(&arguments.get).with_context(|| format!("--get {}", arguments.get))?; // before anything is sent
    let emulator = arguments.site.emulator()?;
    let (url, user, password) = arguments.site.login(emulator.as_ref())?;
    let password = Zeroizing::new(password);
    let fields = arguments.site.fields()?;
    let (mut connection, site) = arguments.site.connect(&url, &fields)?;
    let mut memory = [0; 4096];
    let mut session = fields.session(site, &mut memory)?;
    session.set_time(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs());
    Ok(arguments.sign_in.sign_in(&mut connection, &mut session, &user, &password)?
        && get(&mut connection, &mut session, &arguments.get)?)
}

/// Whether the site gives what is at the path.
fn get(connection: &mut Connection, session: &mut Session, path: &str) -> Result<bool> {
    // A path that has the runtime's prefix already is taken as it is.
    let (target, prefix) = match path {
        path if path.starts_with("/0/") => (Path::root(path)?, ""),
        path => (Path::site(path)?, session.site().runtime().prefix()),
    };
    let call = Call::get(target);
    say!("call      GET {prefix}{path} with the session")?;
    let (exchange, body) = connection.call(session, &call)?;
    let answer = exchange.call_result(session)?;
    let is_fine = answer.verdict == CallVerdict::Fine && answer.http_status == 200;
    show::answer(&answer, &body)?;
    Ok(is_fine)
}
