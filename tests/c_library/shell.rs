//! Commands as they are run outside of cargo's tests.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::build::{ROOT, Run, run, scratch};

pub const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// Where the programs are, and a home.
pub fn directory() -> PathBuf {
    scratch("installed")
}

/// A command as a user has it who has never heard of cargo.
pub fn plain(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", PATH).env("HOME", directory()).env("LANG", "C.UTF-8");
    command
}

/// As one has it who has, outside of cargo's tests.
pub fn with_cargo(program: &str) -> Command {
    let mut command = plain(program);
    let cargo = PathBuf::from(env::var_os("CARGO").expect("cargo runs this"));
    let mut path = OsString::from(cargo.parent().expect("it is in a folder"));
    path.push(":");
    path.push(PATH);
    command.env("PATH", path);
    for name in ["HOME", "CARGO_HOME", "RUSTUP_HOME"] {
        command.envs(env::var_os(name).map(|value| (name, value)));
    }
    command
}

/// Runs one of the repository's own commands, no two at a time: they build in the same place, with one set of features or another.
pub fn run_alone(command: &mut Command) -> Run {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    run(command)
}

pub fn succeed_alone(command: &mut Command) {
    let result = run_alone(command);
    assert_eq!(result.code, Some(0), "{command:?}\n{}\n{}", result.stdout, result.stderr);
}

pub fn xtask(arguments: &[&str]) -> Command {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is in the target directory");
    let mut command = with_cargo("cargo");
    command.current_dir(ROOT).env("CARGO_TARGET_DIR", target).args(["xtask"]).args(arguments);
    command
}
