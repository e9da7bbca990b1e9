//! Thousands of sessions against the emulator, by `tests/load`.

use anyhow::Result;
use xshell::cmd;

use crate::workspace::Workspace;

#[derive(clap::Args)]
pub struct Options {
    /// How many sessions
    #[arg(long, default_value_t = 10_000)]
    sessions: usize,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let sessions = options.sessions.to_string();
    cmd!(workspace.sh, "cargo run --quiet --release -p creatio-load -- --sessions {sessions}").run()?;
    Ok(())
}
