//! A gateway: many tenants in one process, each with a session of its own, which other processes share.
//!
//! Without `--url` it starts the bundled emulator, and then itself twice at once: each tenant is signed in once between the two, and
//! once more when all sessions have ended. The tenants are users of one site, `tenant-1` and so on, with one password; a gateway of
//! yours has a table of them. It speaks http:// alone: for https:// put the transport of the example `tokio` in its place.

#[path = "../login/output.rs"]
mod output;
mod tenant;

use std::env;
use std::io::{BufRead, BufReader, Write, stdin};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use clap::Parser;
use creatio_auth::Runtime;
use creatio_emulator::{Emulator, Options, User};
use creatio_fleet::Key;
use output::say;
use tenant::{Stores, Tenant};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const PASSWORD: &str = "Supervisor";

/// How many processes there are, and how often all tenants make a call.
const PROCESSES: usize = 2;
const ROUNDS: usize = 2;

/// How many tenants of a process are at the site at once.
const AT_ONCE: usize = 32;

#[derive(Clone, Parser)]
#[command(about = "Many tenants in each of two processes, and one login for each tenant")]
struct Arguments {
    /// The site, http; the bundled emulator if not given. The password of all tenants is CREATIO_PASSWORD
    #[arg(long)]
    url: Option<String>,
    /// net or net-framework
    #[arg(long, default_value_t = Runtime::NetFramework)]
    runtime: Runtime,
    /// How many tenants there are
    #[arg(long, default_value_t = 200)]
    tenants: usize,
    /// Where the snapshots are: redis://HOST:PORT, or a directory
    #[arg(long, default_value = ".")]
    store: String,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    output::exit_code(match &arguments.url {
        None => show(&arguments),
        Some(url) => work(&arguments, url),
    })
}

/// Two processes at once, whose logins are counted.
fn show(arguments: &Arguments) -> Result<bool> {
    let user = |number| User::new(tenant::name(number), PASSWORD);
    let users = (1..=arguments.tenants).map(user).collect();
    let emulator = Emulator::start(Options { users, ..Options::default() })?;
    say!("emulator  started at {}", emulator.url())?;
    let start = |_| -> Result<Child> {
        let mut command = Command::new(env::current_exe()?);
        command.args(["--url", &emulator.url(), "--store", &arguments.store]);
        command.args(["--tenants", &arguments.tenants.to_string()]).env("CREATIO_PASSWORD", PASSWORD);
        Ok(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?)
    };
    let mut children = (0..PROCESSES).map(start).collect::<Result<Vec<_>>>()?;
    let mut answers: Vec<_> = children.iter_mut().map(|child| child.stdout.take().map(BufReader::new)).collect();
    for round in 1..=ROUNDS {
        for child in &mut children {
            child.stdin.as_mut().context("it is piped")?.write_all(b"\n")?;
        }
        for (number, answer) in (1..).zip(&mut answers) {
            let mut line = String::new();
            answer.as_mut().context("it is piped")?.read_line(&mut line)?;
            say!("process {number} {}", line.trim_end())?;
        }
        say!("round {round}   logins {}", emulator.counters().logins)?;
        emulator.expire_sessions();
    }
    for child in &mut children {
        drop(child.stdin.take());
        ensure!(child.wait()?.success(), "a process has failed");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(remove(arguments)).map_err(|error| anyhow!(error))?;
    Ok(true)
}

/// Removes what the tenants have left.
async fn remove(arguments: &Arguments) -> Result<(), creatio_fleet::BoxError> {
    let stores = Stores::open(&arguments.store).await?;
    for number in 1..=arguments.tenants {
        stores.place(&tenant::name(number)).remove().await?;
    }
    Ok(())
}

/// Has each tenant make a call, all at once, each time that a line comes.
#[tokio::main]
async fn work(arguments: &Arguments, url: &str) -> Result<bool> {
    let password = env::var("CREATIO_PASSWORD").context("CREATIO_PASSWORD is not set")?;
    ensure!(!password.is_empty(), "CREATIO_PASSWORD is empty");
    let key = match env::var("CREATIO_STORE_KEY") {
        Ok(digits) => Some(Key::of_hex(&digits).context("CREATIO_STORE_KEY has to be 64 hexadecimal digits")?),
        Err(_) => None,
    };
    let stores = Stores::open(&arguments.store).await.map_err(|error| anyhow!(error))?;
    let tenant = |number| Tenant::new(number, url, arguments.runtime, &password, &stores, key.clone());
    let mut tenants = (1..=arguments.tenants).map(tenant).collect::<Result<Vec<_>>>()?;
    let (mut line, mut is_good, places) = (String::new(), true, Arc::new(Semaphore::new(AT_ONCE)));
    while tokio::task::block_in_place(|| stdin().read_line(&mut line))? > 0 {
        let mut calls = JoinSet::new();
        for mut tenant in tenants.drain(..) {
            let places = places.clone();
            calls.spawn(async move {
                let _place = places.acquire().await;
                let result = tenant.call().await;
                (tenant, result)
            });
        }
        let mut answered = 0;
        while let Some(done) = calls.join_next().await {
            let (tenant, result) = done?;
            match result {
                Ok(()) => answered += 1,
                Err(error) => eprintln!("{}: {error:#}", tenant.name()),
            }
            tenants.push(tenant);
        }
        say!("{answered} tenants answered")?;
        is_good &= answered == tenants.len();
    }
    Ok(is_good)
}

/// A directory's file for a tenant.
fn file(directory: &str, name: &str) -> PathBuf {
    PathBuf::from(directory).join(format!("{name}.snapshot"))
}
