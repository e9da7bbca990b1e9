//! The tests of the core in a copy of the repository, compiled.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::coverage::CLIENTS;
use crate::workspace::CORE;

/// Programs of tests, by the names of their targets.
pub type Programs = BTreeMap<String, PathBuf>;

/// What has come of compiling tests.
pub enum Compiled {
    Programs(Programs),
    /// The compiler's messages, and what cargo says.
    Errors(Vec<Value>, String),
}

/// Compiles tests of the core in the folder of the shell.
pub fn compile(sh: &Shell, target: &Path, tests: &[&str], env: &[(&str, &str)]) -> Result<Compiled> {
    let output = cmd!(
        sh,
        "cargo test -p {CORE} --features {CLIENTS} {tests...} --no-run --message-format json --target-dir {target}"
    )
    .env("CARGO_PROFILE_DEV_DEBUG", "0")
    // It takes minutes more to build, and less by hours to run: a mutant that is missed has all of its tests run.
    .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
    .envs(env.iter().copied())
    .quiet()
    .ignore_status()
    .output()?;
    let messages = String::from_utf8(output.stdout)?;
    let messages = messages.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(messages.iter().any(|message| message["message"]["level"] == "error"), errors);
        return Ok(Compiled::Errors(messages, errors));
    }
    let program = |message: &Value| {
        let (name, path) = (message["target"]["name"].as_str()?, message["executable"].as_str()?);
        Some((name.to_owned(), path.into()))
    };
    Ok(Compiled::Programs(messages.iter().filter_map(program).collect()))
}
