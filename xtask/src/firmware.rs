//! The firmware on the boards of QEMU, run by a program of its own, `boards`: it has a site in it, with TLS and all, and no other
//! command is to wait until that is compiled.

use anyhow::Result;
use xshell::cmd;

use crate::size;
use crate::workspace::Workspace;

/// The programs in Rust sign in.
pub fn in_rust(workspace: &Workspace) -> Result<()> {
    run(workspace, "rust")
}

/// The programs in C do, and the library asks no more of a C library than four functions.
pub fn in_c(workspace: &Workspace) -> Result<()> {
    run(workspace, "c")?;
    size::link_with_four_functions(workspace)
}

fn run(workspace: &Workspace, language: &str) -> Result<()> {
    let sh = &workspace.sh;
    Ok(cmd!(sh, "cargo run -p creatio-boards -- {language}").run()?)
}
