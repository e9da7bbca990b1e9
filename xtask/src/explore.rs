//! The renewal of a session, explored by `tests/explored`.

use anyhow::Result;
use xshell::cmd;

use crate::workspace::Workspace;

#[derive(clap::Args)]
pub struct Options {
    /// No more than `cargo test` explores
    #[arg(long)]
    short: bool,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let short = options.short.then_some("--short");
    cmd!(workspace.sh, "cargo run --quiet --release -p creatio-explored -- {short...}").run()?;
    Ok(())
}
