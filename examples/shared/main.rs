//! One login for many: processes that share a session through a file or a Redis server.
//!
//! Without `--url` it starts the bundled emulator, and then itself six times at once, and again when the session has ended: one of
//! them signs in, and the others take what it has stored. A snapshot is a secret, as the password is; with the variable
//! CREATIO_STORE_KEY, 64 hexadecimal digits, it is sealed.

#[path = "../login/connection.rs"]
mod connection;
mod line;
#[path = "../login/output.rs"]
mod output;
#[path = "../login/reach.rs"]
mod reach;
#[path = "../login/secret.rs"]
mod secret;
#[path = "../login/site.rs"]
mod site;
#[path = "../login/trace.rs"]
mod trace;

use std::env;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use clap::Parser;
use creatio_auth::client::blocking::{Client, Link, SignIn, Transport};
use creatio_auth::client::{Error, Refusal, Renewed};
use creatio_auth::{Call, CallVerdict, Credentials, Path};
use creatio_emulator::Emulator;
use creatio_fleet::blocking::{Place, Sealed, SingleFlight};
use creatio_fleet::{BoxError, Key};
use line::Line;
use output::say;
use site::SiteArguments;
use zeroize::Zeroizing;

/// How many share a session.
const PROCESSES: usize = 6;

#[derive(Parser)]
#[command(about = "Shares one login between processes")]
struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Where the snapshot is: redis://HOST:PORT, or a file
    #[arg(long, default_value = "session.snapshot")]
    store: String,
    /// How long the others wait for a process that signs in, in seconds: longer than --timeout
    #[arg(long, value_name = "SECONDS", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..))]
    lease: u32,
    /// A sign-in that was refused may come to something else now
    #[arg(long)]
    allow_sign_in: bool,
}

fn main() -> ExitCode {
    output::exit_code(run(&Arguments::parse()).map(|()| true))
}

fn run(arguments: &Arguments) -> Result<()> {
    match arguments.site.emulator()? {
        Some(emulator) => show(arguments, &emulator),
        None => work(arguments),
    }
}

/// So many processes at once, twice, and one login each time.
fn show(arguments: &Arguments, emulator: &Emulator) -> Result<()> {
    let (url, user, password) = arguments.site.login(Some(emulator))?;
    for time in ["first", "after the session has ended"] {
        say!("processes {PROCESSES} at once, {time}")?;
        let start = |_| {
            Command::new(env::current_exe()?)
                .args(["--url", &url, "--user", &user, "--store", &arguments.store])
                .env("CREATIO_PASSWORD", &password)
                .stdout(Stdio::piped())
                .spawn()
        };
        let children = (1..=PROCESSES).map(start).collect::<Result<Vec<_>, _>>()?;
        for (number, child) in (1..).zip(children) {
            let output = child.wait_with_output()?;
            for line in String::from_utf8_lossy(&output.stdout).lines() {
                say!("{number}         {line}")?;
            }
            ensure!(output.status.success(), "process {number} has failed");
        }
        say!("logins    {}", emulator.counters().logins)?;
        emulator.expire_sessions();
    }
    told(Place::open(&arguments.store, &name(&url, &user)))?.remove().map_err(|error| anyhow!(error))
}

/// Whose session it is.
fn name(url: &str, user: &str) -> String {
    format!("creatio-session:{user}@{url}")
}

fn told<R>(result: Result<R, BoxError>) -> Result<R> {
    result.map_err(|error| anyhow!(error)).context("the store of the session")
}

/// Makes a call with the session that is in the store, or with a new one.
fn work(arguments: &Arguments) -> Result<()> {
    let (Some(url), Some(user)) = (&arguments.site.url, &arguments.site.user) else {
        bail!("give --url and --user");
    };
    let fields = arguments.site.fields()?;
    let (mut connection, site) = arguments.site.connect(url, &fields)?;
    connection.disconnect(); // the client makes its own
    let mut password = site::ask_password()?;
    let credentials = Credentials::new(user, &mut password);

    let name = name(url, user);
    let place = told(Place::open(&arguments.store, &name))?;
    let lease = Duration::from_secs(arguments.lease.into());
    let mut flight = SingleFlight::new(Sealed::new(place, key()?, &name), &credentials).with_lease(lease);

    let mut memory = [0; 4096];
    let mut session = fields.session(site, &mut memory)?;
    if arguments.allow_sign_in {
        flight.allow_sign_in(&mut session)?;
    }
    if flight.refresh(&mut session)? && session.has_ticket() {
        say!("session   found in {}", arguments.store)?;
    }
    let mut buffer = Zeroizing::new([0; 512]);
    let mut client = Client::new(&mut session, Line::new(&connection), &mut *buffer);
    let counted = count(&mut client, &mut Telling { flight: &mut flight, store: &arguments.store });
    if let Some(error) = flight.take_error() {
        return Err(error.into());
    }
    // Any answer may renew the ticket: so the store has to follow, whatever has come of it.
    flight.save(client.session())?;
    say!("contacts  {}", counted?)
}

/// The key to seal with, if there is one.
fn key() -> Result<Option<Key>> {
    let Ok(digits) = env::var("CREATIO_STORE_KEY").map(Zeroizing::new) else { return Ok(None) };
    Ok(Some(Key::of_hex(&digits).context("CREATIO_STORE_KEY has to be 64 hexadecimal digits")?))
}

/// How many contacts there are.
fn count(client: &mut Client<'_, '_, Line<'_, '_>>, sign_in: impl SignIn) -> Result<String> {
    let call = Call::get(Path::site("/odata/Contact/$count")?);
    let mut memory = [0; 64];
    let error = match client.call_renewed(&call, sign_in) {
        Ok(mut reply) => {
            let count = String::from_utf8_lossy(reply.read_to_end(&mut memory)?).into_owned();
            let verdict = reply.answer()?.verdict;
            ensure!(verdict == CallVerdict::Fine, "{verdict}");
            return Ok(count);
        }
        Err(Error::SignIn(Refusal::Earlier(earlier))) => {
            bail!("an earlier sign-in came to nothing: {earlier}; when that is mended, say --allow-sign-in")
        }
        Err(error) => error,
    };
    if let Some(message) = client.refusal_message().filter(|message| !message.as_str().is_empty()) {
        say!("site      {message}")?;
    }
    Err(error.into())
}

/// Tells what comes of a sign-in.
struct Telling<'a, F> {
    flight: F,
    store: &'a str,
}

impl<F: SignIn> SignIn for Telling<'_, F> {
    fn sign_in<T: Transport>(&mut self, link: &mut Link<'_, '_, T>) -> Result<Renewed, Error<T::Error>> {
        let renewed = self.flight.sign_in(link);
        // Nothing can be passed on from here; whatever is said next finds the same.
        let _ = match renewed {
            Ok(Renewed::SignedIn) => say!("sign in   signed in"),
            Ok(Renewed::Restored) => say!("session   taken from {}", self.store),
            Err(_) => Ok(()),
        };
        renewed
    }
}
