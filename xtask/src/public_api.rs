//! The crate's public interface as a listing, `docs/public-api.txt`, in which a change of it is seen.

use std::fs;

use anyhow::{Context, Result, ensure};
use xshell::cmd;

use crate::setup;
use crate::workspace::{CORE, Workspace};

const PATH: &str = "docs/public-api.txt";

/// All but the loggers, which show nothing of their own, and embassy-net's transport, for the time that it takes to build.
pub const FEATURES: &str = "alloc,embedded-nal-async-09,http-1,ntlm,serde,sha2,tokio-1";

/// Writes it anew.
pub fn write(workspace: &Workspace) -> Result<()> {
    fs::write(workspace.root.join(PATH), listing(workspace)?).context(PATH)?;
    println!("wrote {PATH}");
    Ok(())
}

/// Fails where the committed one is another.
pub fn check(workspace: &Workspace) -> Result<()> {
    let committed = fs::read_to_string(workspace.root.join(PATH)).context(PATH)?;
    ensure!(
        committed == listing(workspace)?,
        "the public interface is not what {PATH} says; where that is meant, `cargo xtask public-api`, and commit"
    );
    Ok(())
}

fn listing(workspace: &Workspace) -> Result<String> {
    let sh = &workspace.sh;
    setup::public_api(sh)?;
    // Apart from the rest, which two compilers in turn would have to build anew.
    let target = workspace.target.join("public-api");
    let command = cmd!(sh, "cargo +nightly public-api -p {CORE} --features {FEATURES} -sss --target-dir {target}");
    Ok(command.read()? + "\n")
}
