//! The tests of a build that has all mutants: each by itself first, which tells what it runs and how long it takes, and then, for
//! a mutant, those that run its function, or all if it has a build of its own, the quickest first.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fmt, fs};

use anyhow::{Context, Result, ensure};

use super::compile::Programs;

/// What tests take together that one program runs for a mutant, before others are asked: most mutants are found by the first.
const SHARES: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(5), Duration::MAX];

/// How the tests of a mutant ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    Caught,
    /// It turns in circles, or waits for ever.
    TimedOut,
    Missed,
    /// No test runs the function.
    Unreached,
    /// It does not compile.
    Unviable,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            End::Caught => "caught",
            End::TimedOut => "timed out",
            End::Missed => "missed",
            End::Unreached => "not reached",
            End::Unviable => "not compiled",
        })
    }
}

struct Test {
    program: String,
    name: String,
    takes: Duration,
    /// The numbers of functions.
    runs: BTreeSet<usize>,
}

pub struct Suite<'p> {
    tree: &'p Path,
    programs: &'p Programs,
    /// The quickest first.
    tests: Vec<Test>,
}

impl<'p> Suite<'p> {
    /// Runs each by itself.
    pub fn of(tree: &'p Path, programs: &'p Programs, output: &Path) -> Result<Self> {
        let mut all = Suite { tree, programs, tests: Vec::new() };
        let reached = output.join("reached");
        let mut failed = Vec::new();
        for (of, program) in programs {
            let list = Command::new(program).args(["--list", "--format", "terse"]).current_dir(tree).output()?;
            let list = String::from_utf8(list.stdout)?;
            for name in list.lines().filter_map(|line| line.strip_suffix(": test")) {
                fs::write(&reached, "")?;
                let start = Instant::now();
                let env = ("MUTANTS_REACHED", &*reached.display().to_string());
                let end = run(tree, program, &[name], Some(env), Duration::from_secs(60))?;
                let takes = start.elapsed();
                let runs = fs::read_to_string(&reached)?.lines().map(str::parse).collect::<Result<_, _>>()?;
                if end == End::Missed {
                    all.tests.push(Test { program: of.clone(), name: name.to_owned(), takes, runs });
                } else {
                    failed.push(name.to_owned());
                }
            }
        }
        all.tests.sort_by_key(|test| test.takes);
        ensure!(!all.tests.is_empty(), "no tests");
        println!("{} tests, and without these, which fail by themselves: {failed:?}", all.tests.len());
        Ok(all)
    }

    /// Runs the tests of a function with one of its mutants.
    pub fn of_mutant(&self, mutant: usize, function: usize) -> Result<End> {
        let mutant = mutant.to_string();
        first_end(self.tests.iter().filter(|test| test.runs.contains(&function)), |program, tests, takes| {
            run(self.tree, &self.programs[program], tests, Some(("MUTANT", &mutant)), takes)
        })
    }

    /// Runs the tests of a program that was built once more, of a copy that has one mutant alone.
    pub fn of_program(&self, name: &str, program: &Path, tree: &Path) -> Result<End> {
        let tests = self.tests.iter().filter(|test| test.program == name);
        first_end(tests, |_, tests, takes| run(tree, program, tests, None, takes))
    }
}

/// Runs tests, the quickest first, until one finds the mutant.
fn first_end<'t>(
    tests: impl Iterator<Item = &'t Test>,
    run: impl Fn(&str, &[&str], Duration) -> Result<End>,
) -> Result<End> {
    let mut tests = tests.peekable();
    let mut end = if tests.peek().is_some() { End::Missed } else { End::Unreached };
    let mut left = SHARES.into_iter();
    while let Some(share) = left.next().filter(|_| tests.peek().is_some()) {
        let mut together = Duration::ZERO;
        let mut names = BTreeMap::<&str, (Vec<&str>, Duration)>::new();
        while let Some(test) = tests.next_if(|test| together + test.takes <= share) {
            together += test.takes;
            let (names, takes) = names.entry(&test.program).or_default();
            names.push(&test.name);
            *takes += test.takes;
        }
        for (program, (names, takes)) in names {
            end = run(program, &names, takes)?;
            if end != End::Missed {
                return Ok(end);
            }
        }
    }
    Ok(end)
}

/// Tests of one program that take this long. What turns in circles is ended by the time that the processor has spent on it,
/// and what waits by the clock.
fn run(tree: &Path, program: &Path, tests: &[&str], env: Option<(&str, &str)>, takes: Duration) -> Result<End> {
    let seconds = takes.as_secs();
    let status = Command::new("timeout")
        .args(["--signal=KILL", &(60 + 10 * seconds).to_string(), "prlimit", "--core=0", "--as=16000000000"])
        .arg(format!("--cpu={}", 4 + 3 * seconds))
        .arg(program)
        .args(["--exact", "--quiet", "--test-threads=1"])
        .args(tests)
        .current_dir(tree)
        .env("CARGO_MANIFEST_DIR", tree)
        .env("PROPTEST_CASES", "64")
        .env("PROPTEST_FAILURE_PERSISTENCE", "off")
        .env("PROPTEST_MAX_SHRINK_ITERS", "0")
        .env("PROPTEST_RNG_SEED", "1")
        .envs(env)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .context("timeout and prlimit, of coreutils and util-linux")?;
    const KILLED: i32 = 9;
    const NO_TIME_LEFT: i32 = 24;
    Ok(match (status.code(), status.signal()) {
        (Some(0), _) => End::Missed,
        // `timeout` may also tell of a signal by a status.
        (_, Some(KILLED | NO_TIME_LEFT)) | (Some(137 | 152), _) => End::TimedOut,
        _ => End::Caught,
    })
}
