//! The files of a release: what those get who do not build it themselves.

mod licences;
mod sbom;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use xshell::cmd;

use crate::workspace::Workspace;
use crate::{archive, install, machines, package, setup};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The names of all checksums, as `sha256sum --check` takes them.
const CHECKSUMS: &str = "SHA256SUMS";

/// What cargo is told for the library without what can be left out.
const LEAN: &[&str] = &["--no-default-features", "--features", "panic-handler"];

#[derive(Args)]
pub struct Options {
    /// The folder to write to, which is not there yet, or empty
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// A target, in place of all, and without the packages that take the archives of all chips; may be said more than once
    #[arg(long = "target", value_name = "TARGET")]
    targets: Vec<String>,
}

/// Writes an archive for each target, the packages of `packaging`, the lists of what is in them, and the checksums of all.
pub fn write(workspace: &Workspace, options: &Options) -> Result<()> {
    let dir = std::path::absolute(&options.dir)?;
    dated(&fs::read_to_string(workspace.root.join("CHANGELOG.md"))?)?;
    setup::cargo_command(&workspace.sh, sbom::COMMAND)?;
    let targets: Vec<_> = targets_of(&options.targets);
    setup::rust_targets(&workspace.sh, &targets.iter().map(String::as_str).collect::<Vec<_>>())?;
    files(workspace, &dir, &options.targets)?;
    sbom::write(workspace, &dir)?;
    checksums(&dir)
}

/// The step of `cargo xtask test`: this machine and a chip, without the lists, whose program takes minutes to build.
pub fn check(workspace: &Workspace) -> Result<()> {
    let dir = workspace.target.join("release-check");
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    let host = install::host(workspace)?;
    files(workspace, &dir, &[host.clone(), "thumbv7em-none-eabihf".to_owned()])?;
    checksums(&dir)?;
    let sh = &workspace.sh;
    let _there = sh.push_dir(&dir);
    cmd!(sh, "sha256sum --check --quiet {CHECKSUMS}").run()?;
    for tree in
        [format!("creatio-auth-{VERSION}-{host}"), format!("creatio-auth-{VERSION}-thumbv7em-none-eabihf-lean")]
    {
        let list = cmd!(sh, "tar -tzf {tree}.tar.gz").read()?;
        for file in IN_A_TREE {
            let path = format!("{tree}/{file}");
            ensure!(list.lines().any(|line| line == path), "{path} is missing in\n{list}");
        }
    }
    Ok(())
}

const IN_A_TREE: &[&str] = &[
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "SECURITY.md",
    "include/creatio_auth.h",
    "include/creatio_auth.hpp",
    "lib/cmake/creatio_auth/creatio_auth-config.cmake",
    "lib/libcreatio_auth.a",
    "lib/pkgconfig/creatio-auth.pc",
    "licenses/rust/COPYRIGHT-library.html",
];

/// Fails where the changelog has not this version with its date.
fn dated(changelog: &str) -> Result<()> {
    let title = format!("## [{VERSION}] - ");
    let line = changelog.lines().find(|line| line.starts_with("## [") && !line.starts_with("## [Unreleased]"));
    let date =
        line.and_then(|line| line.strip_prefix(&title)).with_context(|| format!("CHANGELOG.md: no `{title}…`"))?;
    let is_date = date.len() == 10 && date.split('-').map(str::len).eq([4, 2, 2]);
    ensure!(is_date, "CHANGELOG.md: {date} is no date");
    Ok(())
}

/// These, or all.
fn targets_of(targets: &[String]) -> Vec<String> {
    match targets {
        [] => machines::targets().chain(package::targets()).map(str::to_owned).collect(),
        some => some.to_vec(),
    }
}

fn files(workspace: &Workspace, dir: &Path, targets: &[String]) -> Result<()> {
    fs::create_dir_all(dir)?;
    ensure!(fs::read_dir(dir)?.next().is_none(), "{} has something in it", dir.display());
    let trees = workspace.target.join("release-trees");
    for target in &targets_of(targets) {
        tree(workspace, dir, &trees, target, "", &[])?;
        if target.contains("-none") {
            tree(workspace, dir, &trees, target, "-lean", LEAN)?;
        }
    }
    if targets.is_empty() {
        for (name, folder) in package::write_below(workspace, &trees.join("packages"))? {
            pack(workspace, &folder, &dir.join(format!("creatio-auth-{VERSION}-{name}.tar.gz")))?;
        }
    }
    Ok(())
}

/// What is installed, as a tree that may stand anywhere, in an archive.
fn tree(workspace: &Workspace, dir: &Path, trees: &Path, target: &str, kind: &str, cargo: &[&str]) -> Result<()> {
    let name = format!("creatio-auth-{VERSION}-{target}{kind}");
    let tree = trees.join(&name);
    if tree.exists() {
        fs::remove_dir_all(&tree)?;
    }
    let cargo: Vec<String> = cargo.iter().map(|option| (*option).to_owned()).collect();
    install::install(workspace, &install::Options::tree(tree.clone(), target, &cargo))?;
    for file in ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "SECURITY.md"] {
        fs::copy(workspace.root.join(file), tree.join(file)).context(file)?;
    }
    licences::write(workspace, target, &tree.join("licenses"))?;
    pack(workspace, &tree, &dir.join(format!("{name}.tar.gz")))
}

/// The same bytes from the same files, by GNU tar.
fn pack(workspace: &Workspace, folder: &Path, archive: &Path) -> Result<()> {
    let sh = &workspace.sh;
    let (parent, name) =
        (folder.parent().context("a tree is in a folder")?, folder.file_name().context("it has a name")?);
    // When the commit was made that it is of.
    let time = format!("@{}", cmd!(sh, "git log -1 --format=%ct").quiet().read()?.trim());
    cmd!(sh, "tar --sort=name --owner=0 --group=0 --numeric-owner --mtime={time} -C {parent} -czf {archive} {name}")
        .run()?;
    Ok(())
}

fn checksums(dir: &Path) -> Result<()> {
    let mut names: Vec<_> = fs::read_dir(dir)?.map(|entry| Ok(entry?.file_name())).collect::<Result<_>>()?;
    names.sort();
    let mut lines = String::new();
    for name in names {
        let name = name.to_str().context("a name that is no text")?;
        lines.push_str(&format!("{}  {name}\n", archive::checksum(&fs::read(dir.join(name))?)));
    }
    print!("{lines}");
    fs::write(dir.join(CHECKSUMS), lines)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{VERSION, dated};

    #[test]
    fn a_release_is_dated() {
        assert!(dated(&format!("# C\n\n## [Unreleased]\n\n## [{VERSION}] - 2026-11-29\n")).is_ok());
        for heading in ["## [Unreleased]\n", "## [9.9.9] - 2026-11-29\n", &format!("## [{VERSION}] - soon\n"), ""] {
            assert!(dated(heading).is_err(), "{heading}");
        }
    }

    #[test]
    fn this_one_is() {
        dated(include_str!("../../CHANGELOG.md")).unwrap();
    }
}
