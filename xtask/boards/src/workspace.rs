//! Where the repository and its build output are.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::Shell;

/// A shell that stands in the root of the repository.
pub struct Workspace {
    pub sh: Shell,
    pub root: PathBuf,
    pub target: PathBuf,
}

impl Workspace {
    pub fn find() -> Result<Self> {
        let package = env::var_os("CARGO_MANIFEST_DIR").context("start this as `cargo xtask firmware`")?;
        let root = Path::new(&package).ancestors().nth(2).context("there is no directory above")?.to_owned();
        let target = env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
        let sh = Shell::new()?;
        sh.change_dir(&root);
        Ok(Self { sh, root, target })
    }
}
