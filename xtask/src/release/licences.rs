//! The licences of what is in the library besides its own code: of the crates that it depends on, and of Rust's `core`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use xshell::cmd;

use crate::workspace::{C_PACKAGE, CORE, Workspace};

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    manifest_path: PathBuf,
}

/// Puts a folder there for each, with the texts as they came.
pub fn write(workspace: &Workspace, target: &str, to: &Path) -> Result<()> {
    let sh = &workspace.sh;
    let options = ["--edges", "normal", "--prefix", "none", "--format", "{p}", "--target", target];
    let tree = cmd!(sh, "cargo tree --locked --package {C_PACKAGE} {options...}").quiet().read()?;
    let text = cmd!(sh, "cargo metadata --locked --format-version 1 --filter-platform {target}").quiet().read()?;
    let metadata: Metadata = serde_json::from_str(&text)?;
    for (name, version) in dependencies(&tree) {
        let package = metadata.packages.iter().find(|package| package.name == name && package.version == version);
        let folder = package.and_then(|package| package.manifest_path.parent()).with_context(|| name.to_owned())?;
        copy_licences(folder, &to.join(format!("{name}-{version}")))?;
    }
    let sysroot = cmd!(sh, "rustc --print sysroot").quiet().read()?;
    copy_licences(&Path::new(&sysroot).join("share/doc/rust"), &to.join("rust"))
        .context("rustup's toolchain has them, in its component rustc")
}

/// Names and versions out of what `cargo tree` says, without our own.
fn dependencies(tree: &str) -> Vec<(&str, &str)> {
    let mut all: Vec<_> = tree
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.next()?.strip_prefix('v')?))
        })
        .filter(|(name, _)| *name != C_PACKAGE && *name != CORE)
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn copy_licences(from: &Path, to: &Path) -> Result<()> {
    let mut is_there = false;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).context("a name that is no text")?;
        if path.is_file() && is_licence(name) {
            fs::create_dir_all(to)?;
            fs::copy(&path, to.join(name))?;
            is_there = true;
        }
    }
    ensure!(is_there, "{} has no licence", from.display());
    Ok(())
}

/// Of Rust that of the library: the compiler is in nothing that it makes.
fn is_licence(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    (name.starts_with("licen") || name.starts_with("copying") || name.starts_with("copyright"))
        && name != "copyright.html"
}

#[cfg(test)]
mod tests {
    use super::{dependencies, is_licence};

    #[test]
    fn what_the_library_depends_on_has_a_name_and_a_version() {
        let tree =
            "creatio-auth-ffi v0.1.0 (/here/ffi)\ncreatio-auth v0.1.0 (/here)\nzeroize v1.9.2\nzeroize v1.9.2 (*)\n";
        assert_eq!(dependencies(tree), [("zeroize", "1.9.2")]);
    }

    #[test]
    fn licences_are_known_by_their_names() {
        for name in ["LICENSE-MIT", "LICENCE", "license.txt", "COPYING", "COPYRIGHT-library.html"] {
            assert!(is_licence(name), "{name}");
        }
        assert!(!is_licence("README.md") && !is_licence("COPYRIGHT.html"));
    }
}
