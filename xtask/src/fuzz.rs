//! Fuzzing: builds the targets of `fuzz/` and runs them from their committed corpora. See `fuzz/README.md`.

mod faults;
mod process;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use xshell::{Cmd, Shell, cmd};

use crate::setup;
use crate::workspace::Workspace;
use process::{Process, Runs};

/// The targets, each a program of `fuzz/` and a folder of its corpus.
const TARGETS: &[&str] =
    &["login", "session", "cookies", "site", "calls", "client", "snapshot", "foreign", "tokens", "batch"];

/// What cargo-fuzz compiles with: counters for each edge, comparisons told, and the address sanitizer. Assertions stay in.
const FLAGS: &[&str] = &[
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Zsanitizer=address",
    "-Cdebug-assertions",
];

/// How long each target runs in the tests.
const SHORT: Duration = Duration::from_secs(10);

#[derive(Args)]
pub struct Options {
    /// How many minutes each target runs
    #[arg(long, default_value_t = 1, value_name = "N")]
    minutes: u64,
    /// Run this target alone: login, session, cookies, site, calls, client, snapshot, foreign, tokens or
    /// batch
    #[arg(long, value_name = "TARGET")]
    target: Option<String>,
    /// Plant the faults of fuzz/faults.txt in a copy, one at a time, and tell which targets find each
    #[arg(long, conflicts_with = "minutes")]
    faults: bool,
    /// With --faults, only those whose names hold this
    #[arg(long, value_name = "TEXT", requires = "faults")]
    only: Option<String>,
}

/// Where the programs, their corpora and what they find are.
struct Place<'w> {
    sh: &'w Shell,
    /// The tree that is compiled.
    root: PathBuf,
    target: PathBuf,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.faults {
        return faults::run(workspace, options.only.as_deref().unwrap_or_default());
    }
    let targets = match &options.target {
        Some(name) => vec![*TARGETS.iter().find(|target| *target == name).context("no such target")?],
        None => TARGETS.to_vec(),
    };
    let place = Place::new(workspace);
    place.build()?;
    let found = place.target.join("corpus");
    run_targets(&place, &targets, &found, Duration::from_secs(60 * options.minutes), None)
}

/// For the tests: each for some seconds, from what is committed alone.
pub fn check(workspace: &Workspace) -> Result<()> {
    let place = Place::new(workspace);
    place.build()?;
    let found = place.fresh("short")?;
    run_targets(&place, TARGETS, &found, SHORT, Some(1))
}

impl<'w> Place<'w> {
    fn new(workspace: &'w Workspace) -> Self {
        let (root, target) = (workspace.root.clone(), workspace.target.join("fuzz"));
        Place { sh: &workspace.sh, root, target }
    }

    fn build(&self) -> Result<()> {
        setup::fuzzing(self.sh)?;
        self.command()?.run().context("the fuzz targets are not built")
    }

    /// The same as quickly as can be, where the next build differs by a line.
    fn build_again(&self) -> Result<()> {
        setup::fuzzing(self.sh)?;
        let quickly = [("INCREMENTAL", "true"), ("OPT_LEVEL", "1"), ("CODEGEN_UNITS", "16"), ("DEBUG", "0")];
        let settings = quickly.map(|(name, value)| (format!("CARGO_PROFILE_RELEASE_{name}"), value));
        // What keeps compiled crates for others, as sccache does, refuses to compile incrementally.
        let settings = settings.into_iter().chain([("CARGO_INCREMENTAL".into(), "1"), ("RUSTC_WRAPPER".into(), "")]);
        self.command()?.envs(settings).quiet().arg("--quiet").run()?;
        Ok(())
    }

    fn command(&self) -> Result<Cmd<'_>> {
        let (sh, host, target) = (self.sh, host(self.sh)?, &self.target);
        let manifest = self.root.join("fuzz/Cargo.toml");
        Ok(cmd!(sh, "cargo +nightly build --locked --manifest-path {manifest} --release --bins")
            .args(["--target", &host, "--target-dir"])
            .arg(target)
            .env("RUSTFLAGS", FLAGS.join(" ")))
    }

    fn program(&self, name: &str) -> Result<PathBuf> {
        Ok(self.target.join(host(self.sh)?).join("release").join(name))
    }

    /// An empty folder for what runs find.
    fn fresh(&self, name: &str) -> Result<PathBuf> {
        let folder = self.target.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        Ok(folder)
    }

    /// Begins a target, whose finds go there.
    fn start(&self, name: &str, found: &Path, time: Duration, seed: Option<u32>) -> Result<Process> {
        let program = self.program(name)?;
        Process::start(&program, &self.root.join("fuzz"), name, found, time, seed)
    }
}

fn host(sh: &Shell) -> Result<String> {
    let version = cmd!(sh, "rustc --version --verbose").quiet().read()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not tell its host")?.to_owned())
}

/// As many at a time as there are processors.
fn run_targets(place: &Place<'_>, targets: &[&str], found: &Path, time: Duration, seed: Option<u32>) -> Result<()> {
    let mut processes = Vec::new();
    for name in targets {
        processes.push((*name, place.program(name)?));
    }
    let fuzz = place.root.join("fuzz");
    let (queue, failed) = (Mutex::new(processes.into_iter()), Mutex::new(Vec::new()));
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((name, program)) = next(&queue) {
                    if let Err(error) = run_one(&program, &fuzz, name, found, time, seed) {
                        failed.lock().unwrap_or_else(|lock| lock.into_inner()).push(format!("{error:#}"));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap_or_default();
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    Ok(())
}

fn next<T>(queue: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    queue.lock().ok()?.next()
}

fn run_one(program: &Path, fuzz: &Path, name: &str, found: &Path, time: Duration, seed: Option<u32>) -> Result<()> {
    let start = Instant::now();
    let mut process = Process::start(program, fuzz, name, found, time, seed)?;
    match process.wait()? {
        Runs::Well(runs) => {
            println!("{name:<10} {runs:>10} runs in {:>5.1} s", start.elapsed().as_secs_f64());
            Ok(())
        }
        Runs::Found(what) => bail!("{name} has found something:\n{what}"),
    }
}
