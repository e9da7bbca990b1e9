//! What goes to crates.io: each package built from its own archive, also with the oldest versions of what it depends on, and whether
//! its version says what has changed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use xshell::cmd;

use crate::public_api::FEATURES;
use crate::setup;
use crate::workspace::{CORE, OLD_FEATURES, Workspace};

const VERSION: &str = env!("CARGO_PKG_VERSION");

const PUBLISHED: &[&str] = &[CORE, "creatio-emulator"];

/// What each of them has, and where the rest of it is.
const FILES: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT", "README.md", "src/lib.rs"];
const FOLDERS: &[&str] = &["src/", "docs/"];

/// The most that one takes unpacked, in bytes: sources and the pages that they show, and no tests.
const LIMIT: u64 = 5 << 18;

/// The step of `cargo xtask test`.
pub fn check(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    let all = cmd!(sh, "cargo metadata --format-version 1 --no-deps").quiet().read()?;
    ensure!(
        published(&all)? == PUBLISHED,
        "other packages than {PUBLISHED:?} are to be published: {:?}",
        published(&all)?
    );
    for package in PUBLISHED {
        // What is not committed yet may be published in trial.
        cmd!(sh, "cargo publish --dry-run --allow-dirty -p {package}").run()?;
        contents(workspace, package).context(*package)?;
    }
    oldest_versions(workspace)
}

/// The names of the packages that may be published, out of what `cargo metadata` says.
fn published(metadata: &str) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        publish: Option<Vec<String>>,
    }
    let metadata: Metadata = serde_json::from_str(metadata)?;
    let open = metadata.packages.into_iter().filter(|package| package.publish.is_none());
    let mut names: Vec<_> = open.map(|package| package.name).collect();
    names.sort();
    Ok(names)
}

fn contents(workspace: &Workspace, package: &str) -> Result<()> {
    let sh = &workspace.sh;
    let list = cmd!(sh, "cargo package --list --allow-dirty -p {package}").read()?;
    for file in FILES {
        ensure!(list.lines().any(|line| line == *file), "{file} is missing");
    }
    let astray =
        list.lines().find(|line| line.contains('/') && !FOLDERS.iter().any(|folder| line.starts_with(folder)));
    ensure!(astray.is_none(), "{astray:?} is none of what is to be published");
    let size = size(&unpacked(workspace, package))?;
    println!("{package}: {} files, {size} bytes", list.lines().count());
    ensure!(size <= LIMIT, "{size} bytes are more than {LIMIT}");
    Ok(())
}

/// Where cargo has unpacked the archive to build it.
fn unpacked(workspace: &Workspace, package: &str) -> std::path::PathBuf {
    workspace.target.join(format!("package/{package}-{VERSION}"))
}

/// Of all files below it, but for what has been built there.
fn size(folder: &Path) -> Result<u64> {
    let mut size = 0;
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let (path, kind) = entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))?;
        size += match kind.is_dir() {
            true if path.ends_with("target") => 0,
            true => self::size(&path)?,
            false => fs::metadata(&path)?.len(),
        };
    }
    Ok(size)
}

/// The crate as it is published, with the oldest version of each package that its manifest lets in, and of what those let in. What
/// embassy-net names is too old for itself, so that with it only the crate's own are the oldest.
fn oldest_versions(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    let folder = unpacked(workspace, CORE);
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)?;
    fs::write(&manifest, without_tests(&text))?;
    let _there = sh.push_dir(&folder);
    let target = workspace.target.join("oldest-versions");
    for (oldest, features) in [("minimal-versions", OLD_FEATURES), ("direct-minimal-versions", "default")] {
        let all = (oldest != "minimal-versions").then_some("--all-features");
        cmd!(sh, "cargo +nightly generate-lockfile -Z {oldest}").ignore_stderr().run()?;
        cmd!(sh, "cargo check --features {features} {all...} --target-dir {target}").run()?;
    }
    Ok(())
}

/// A manifest as cargo publishes it, without what the tests take, and as a workspace of its own.
fn without_tests(manifest: &str) -> String {
    let sections = manifest.split("\n[").filter(|section| !section.starts_with("dev-dependencies"));
    sections.collect::<Vec<_>>().join("\n[") + "\n[workspace]\n"
}

/// The step of `cargo xtask test` that compares with the newest version that has a tag.
pub fn version(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    let tags = cmd!(sh, "git tag --list v* --sort=-version:refname").quiet().read()?;
    match baseline(&tags, &fs::read_to_string(workspace.root.join("CHANGELOG.md"))?)? {
        Some(tag) => compare(workspace, tag),
        None => {
            println!("{VERSION} is the first version, so that there is none to compare with");
            Ok(())
        }
    }
}

/// The newest tag; none where no version is out yet.
fn baseline<'t>(tags: &'t str, changelog: &str) -> Result<Option<&'t str>> {
    let newest = tags.lines().next();
    let versions = changelog.lines().filter_map(|line| line.strip_prefix("## [")?.split_once(']'));
    let earlier = versions.map(|(version, _)| version).find(|version| !["Unreleased", VERSION].contains(version));
    if let (None, Some(earlier)) = (newest, earlier) {
        bail!("{earlier} is out, and its tag is not here to compare with: git fetch --tags");
    }
    Ok(newest)
}

/// Fails where the crate's public interface has changed since a revision in a way that its version does not say.
pub fn compare(workspace: &Workspace, baseline: &str) -> Result<()> {
    let sh = &workspace.sh;
    // Takes minutes to build, and is therefore installed here, when there is something to compare with, and not by the set-up.
    setup::cargo_command(sh, "cargo-semver-checks")?;
    let features = FEATURES.split(',').flat_map(|feature| ["--features", feature]);
    let target = workspace.target.join("semver");
    cmd!(sh, "cargo semver-checks -p {CORE} --baseline-rev {baseline} --only-explicit-features {features...}")
        .env("CARGO_TARGET_DIR", target)
        .run()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{VERSION, baseline, without_tests};

    #[test]
    fn a_version_is_compared_with_the_newest_that_is_out() {
        let first = format!("# C\n\n## [Unreleased]\n\n## [{VERSION}] - 2026-11-29\n");
        let later = format!("{first}\n## [0.0.9] - 2026-11-28\n");
        assert_eq!(baseline("", &first).unwrap(), None);
        assert_eq!(baseline("v9.1.0\nv0.1.0", &first).unwrap(), Some("v9.1.0"));
        assert_eq!(baseline("v0.0.9", &later).unwrap(), Some("v0.0.9"));
        assert!(baseline("", &later).unwrap_err().to_string().contains("0.0.9 is out"));
    }

    #[test]
    fn packages_without_a_word_about_it_are_published() {
        let metadata =
            r#"{"packages":[{"name":"b","publish":null},{"name":"x","publish":[]},{"name":"a","publish":null}]}"#;
        assert_eq!(super::published(metadata).unwrap(), ["a", "b"]);
    }

    #[test]
    fn what_tests_take_is_left_out() {
        let manifest = "# x\n[package]\nname = \"a\"\n\n[dependencies.b]\nversion = \"1\"\n\n[dev-dependencies.c]\n\
            version = \"2\"\n\n[lints.rust]\nx = \"deny\"\n";
        let expected = "# x\n[package]\nname = \"a\"\n\n[dependencies.b]\nversion = \"1\"\n\n[lints.rust]\n\
            x = \"deny\"\n\n[workspace]\n";
        assert_eq!(without_tests(manifest), expected);
    }
}
