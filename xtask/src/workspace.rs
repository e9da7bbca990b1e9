//! Where the repository and its build output are, and what its parts are called.

use std::path::{Path, PathBuf};
use std::{env, fs, path};

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

/// The `no_std` core.
pub const CORE: &str = "creatio-auth";
/// The C package.
pub const C_PACKAGE: &str = "creatio-auth-ffi";
/// The archive that the C package builds, on every target this repository builds for.
pub const C_ARCHIVE: &str = "libcreatio_auth.a";
/// The profile of the root `Cargo.toml` that makes the smallest library.
pub const FIRMWARE_PROFILE: &str = "firmware";
/// The chips without an operating system that everything has to build for.
pub const BARE_TARGETS: &[&str] =
    &["thumbv6m-none-eabi", "thumbv7m-none-eabi", "thumbv7em-none-eabihf", "riscv32imc-unknown-none-elf"];
/// Features that the oldest compiler builds: embassy-net wants a newer one.
pub const OLD_FEATURES: &str = "defmt,embedded-nal-async-09,http-1,log,ntlm,serde,sha2,tokio-1";
/// The oldest compiler that the packages promise to build with, from the root `Cargo.toml`.
const RUST_VERSION: &str = env!("CARGO_PKG_RUST_VERSION");

/// A shell that stands in the root of the repository.
pub struct Workspace {
    pub sh: Shell,
    pub root: PathBuf,
    /// Cargo's target directory, which the commands run from here share.
    pub target: PathBuf,
}

impl Workspace {
    pub fn find() -> Result<Self> {
        // Asked at run time: a built xtask stays right when the checkout moves.
        let package = env::var_os("CARGO_MANIFEST_DIR").context("start this as `cargo xtask`")?;
        let root = Path::new(&package).parent().context("xtask has no parent directory")?.to_owned();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(directory) => path::absolute(directory)?,
            None => root.join("target"),
        };
        let sh = Shell::new()?;
        sh.change_dir(&root);
        sh.set_var("CARGO_TARGET_DIR", &target);
        // Debian keeps nginx where an ordinary user's PATH does not lead.
        sh.set_var("PATH", format!("{}:/usr/sbin", sh.var("PATH")?));
        Ok(Self { sh, root, target })
    }

    /// A copy of all that git knows or would add, in this folder of the target directory.
    pub fn copy(&self, folder: &str) -> Result<PathBuf> {
        let (sh, root) = (&self.sh, self.target.join(folder));
        if root.exists() {
            fs::remove_dir_all(&root)?;
        }
        let files = cmd!(sh, "git ls-files --cached --others --exclude-standard").quiet().read()?;
        for file in files.lines() {
            let (from, to) = (self.root.join(file), root.join(file));
            fs::create_dir_all(to.parent().context("a file has a folder")?)?;
            if from.is_file() {
                fs::copy(from, to)?;
            }
        }
        Ok(root)
    }
}

/// The toolchain of the oldest compiler, as rustup names it.
pub fn oldest_toolchain() -> String {
    full_version(RUST_VERSION)
}

/// `1.88` names a channel that moves with patch releases, `1.88.0` one compiler.
fn full_version(version: &str) -> String {
    match version.split('.').count() {
        2 => format!("{version}.0"),
        _ => version.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::full_version;

    #[test]
    fn a_version_of_two_parts_gets_a_third() {
        assert_eq!(full_version("1.88"), "1.88.0");
        assert_eq!(full_version("1.88.1"), "1.88.1");
    }
}
