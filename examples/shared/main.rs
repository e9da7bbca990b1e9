//! One login for many: processes that share a session through a file or a Redis server.
//!
//! Without `--url` it starts the bundled emulator, and then itself twice: the first one signs in and stores a snapshot of
//! its session, the second one finds it there. A snapshot is a secret, as the password is.

#[path = "../login/connection.rs"]
mod connection;
mod store;
#[path = "../login/trace.rs"]
mod trace;

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use connection::Connection;
use creatio_auth::{Call, CallVerdict, Credentials, Path, Renewal, Runtime, Session, Site, Step, Verdict};
use creatio_emulator::{Emulator, Options};
use store::Store;

#[derive(Parser)]
#[command(about = "Shares one login between processes")]
struct Arguments {
    /// The site; the bundled emulator and two processes if not given. The password is in CREATIO_PASSWORD
    #[arg(long, requires = "user")]
    url: Option<String>,
    /// The user's name
    #[arg(long)]
    user: Option<String>,
    /// Where the snapshot is: redis://HOST:PORT, or a file
    #[arg(long, default_value = "session.snapshot")]
    store: Store,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match (&arguments.url, &arguments.user) {
        (Some(url), Some(user)) => work(url, user, &arguments.store),
        _ => show(&arguments.store),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error     {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Two processes, one after the other, and one login.
fn show(store: &Store) -> Result<()> {
    let emulator = Emulator::start(Options::default()).context("cannot start the emulator")?;
    for process in ["first", "second"] {
        println!("{process} process");
        let status = Command::new(std::env::current_exe()?)
            .args(["--url", &emulator.url(), "--user", "Supervisor", "--store", &store.to_string()])
            .env("CREATIO_PASSWORD", "Supervisor")
            .status()?;
        ensure!(status.success(), "the {process} process has failed");
    }
    println!("logins    {}", emulator.counters().logins);
    store.remove()
}

/// Makes a call with the session that is in the store, or with a new one.
fn work(url: &str, user: &str, store: &Store) -> Result<()> {
    let site = Site::parse(url, Runtime::NetFramework)?;
    let (mut memory, mut spare) = ([0; 4096], [0; 4096]);
    let mut connection = Connection::open(&site, None, false)?;
    let snapshot = store.load()?;
    let restored = snapshot.map(|snapshot| Session::from_snapshot(site, &mut memory, &snapshot));
    let mut session = match restored {
        Some(Ok(session)) => {
            println!("session   found in {store}");
            session
        }
        Some(Err(error)) => {
            println!("session   in {store} is of no use: {error}");
            Session::new(site, &mut spare)
        }
        None => Session::new(site, &mut spare),
    };
    if !session.has_ticket() {
        let verdict = sign_in(&mut connection, &mut session, user)?;
        ensure!(verdict.is_authenticated(), "{verdict}");
    }

    let call = Call::get(Path::site("/odata/Contact/$count")?);
    let mut renewal = Renewal::new(&call);
    loop {
        let mut exchange = session.call(&call);
        let mut count = Vec::new();
        connection.run(&mut session, &mut exchange, |piece| count.extend_from_slice(piece))?;
        let answer = exchange.call_result(&session)?;
        let verdict = answer.verdict;
        if renewal.after_answer(&answer) == Step::SignIn {
            println!("renewal   {verdict}");
            let verdict = sign_in(&mut connection, &mut session, user)?;
            ensure!(renewal.after_sign_in(verdict.is_authenticated()) == Step::Repeat, "{verdict}");
            continue;
        }
        ensure!(verdict == CallVerdict::Fine, "{verdict}");
        println!("contacts  {}", String::from_utf8_lossy(&count));
        break;
    }

    // Any answer may renew the ticket, so the store has to follow.
    let mut snapshot = vec![0; session.snapshot_len()];
    session.write_snapshot(&mut snapshot)?;
    store.save(&snapshot)
}

fn sign_in(connection: &mut Connection<'_>, session: &mut Session<'_>, user: &str) -> Result<Verdict> {
    let mut password = std::env::var("CREATIO_PASSWORD").context("set CREATIO_PASSWORD")?;
    let credentials = Credentials::new(user, &mut password);
    let mut exchange = session.login(&credentials);
    connection.run(session, &mut exchange, |_| ())?;
    let verdict = exchange.login_result(session)?.verdict;
    println!("sign in   {verdict}");
    Ok(verdict)
}
