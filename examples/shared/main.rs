//! One login for many: processes that share a session through a file or a Redis server.
//!
//! Without `--url` it starts the bundled emulator, and then itself twice: the first one signs in and stores a snapshot of
//! its session, the second one finds it there. A snapshot is a secret, as the password is.

#[path = "../login/connection.rs"]
mod connection;
#[path = "../login/output.rs"]
mod output;
#[path = "../login/reach.rs"]
mod reach;
#[path = "../login/secret.rs"]
mod secret;
#[path = "../login/site.rs"]
mod site;
mod store;
#[path = "../login/trace.rs"]
mod trace;

use std::process::{Command, ExitCode};

use anyhow::{Result, bail, ensure};
use clap::Parser;
use connection::Connection;
use creatio_auth::{Call, CallVerdict, Credentials, Path, Renewal, Session, Step, Verdict};
use creatio_emulator::Emulator;
use output::say;
use site::SiteArguments;
use store::Store;
use zeroize::Zeroizing;

#[derive(Parser)]
#[command(about = "Shares one login between processes")]
struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Where the snapshot is: redis://HOST:PORT, or a file
    #[arg(long, default_value = "session.snapshot")]
    store: Store,
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

/// Two processes, one after the other, and one login.
fn show(arguments: &Arguments, emulator: &Emulator) -> Result<()> {
    let (url, user, password) = arguments.site.login(Some(emulator))?;
    for process in ["first", "second"] {
        say!("{process} process")?;
        let status = Command::new(std::env::current_exe()?)
            .args(["--url", &url, "--user", &user, "--store", &arguments.store.to_string()])
            .env("CREATIO_PASSWORD", &password)
            .status()?;
        ensure!(status.success(), "the {process} process has failed");
    }
    say!("logins    {}", emulator.counters().logins)?;
    arguments.store.remove()
}

/// Makes a call with the session that is in the store, or with a new one.
fn work(arguments: &Arguments) -> Result<()> {
    let (Some(url), Some(user)) = (&arguments.site.url, &arguments.site.user) else {
        bail!("give --url and --user");
    };
    let store = &arguments.store;
    let fields = arguments.site.fields()?;
    let (mut connection, site) = arguments.site.connect(url, &fields)?;
    let mut memory = [0; 4096];
    let mut session = fields.session(site, &mut memory)?;
    let mut stored = None;
    if let Some(snapshot) = store.load()? {
        match session.restore(&snapshot) {
            Ok(()) => {
                say!("session   found in {store}")?;
                stored = Some(session.revision());
            }
            Err(error) => say!("session   in {store} is of no use: {error}")?,
        }
    }
    let result = count(&mut connection, &mut session, user);

    // Any answer may renew the ticket, and a sign-in that was refused is not to be tried again by another process: so the store has
    // to follow, whatever has come of it.
    if stored != Some(session.revision()) {
        let mut snapshot = Zeroizing::new(vec![0; session.snapshot_len()]);
        session.write_snapshot(&mut snapshot)?;
        store.save(&snapshot)?;
    }
    result
}

/// Signs in where that has to be, and says how many contacts there are.
fn count(connection: &mut Connection<'_>, session: &mut Session<'_>, user: &str) -> Result<()> {
    if !session.has_ticket() {
        ensure!(
            session.sign_in_delay().is_some(),
            "the last sign-in was refused; remove the snapshot when that is mended"
        );
        let verdict = sign_in(connection, session, user)?;
        ensure!(verdict.is_authenticated(), "{verdict}");
    }

    let call = Call::get(Path::site("/odata/Contact/$count")?);
    let mut renewal = Renewal::new(&call);
    loop {
        let mut exchange = session.call(&call);
        let mut count = Vec::new();
        connection.run(session, &mut exchange, |piece| count.extend_from_slice(piece))?;
        let verdict = exchange.call_result(session)?.verdict;
        if renewal.after_answer(&exchange, session) == Step::SignIn {
            say!("renewal   {verdict}")?;
            session.end(&exchange);
            let verdict = sign_in(connection, session, user)?;
            let step = renewal.after_sign_in(verdict.is_authenticated(), session);
            ensure!(step == Step::Repeat, "{verdict}");
            continue;
        }
        ensure!(verdict == CallVerdict::Fine, "{verdict}");
        say!("contacts  {}", String::from_utf8_lossy(&count))?;
        return Ok(());
    }
}

fn sign_in(connection: &mut Connection<'_>, session: &mut Session<'_>, user: &str) -> Result<Verdict> {
    let mut password = site::ask_password()?;
    let credentials = Credentials::new(user, &mut password);
    connection.disconnect();
    let mut exchange = session.login(&credentials);
    connection.run(session, &mut exchange, |_| ())?;
    let login = exchange.login_result(session)?;
    say!("sign in   {}", login.verdict)?;
    if let Some(message) = login.message.filter(|message| !message.as_str().is_empty()) {
        say!("site      {message}")?;
    }
    Ok(login.verdict)
}
