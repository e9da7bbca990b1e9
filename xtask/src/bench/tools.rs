//! The versions of what is measured with, and against.

use anyhow::{Context, Result};
use xshell::cmd;

use crate::workspace::Workspace;

/// Where Rust's others are pinned.
const LOCK: &str = "tests/bench/Cargo.lock";
/// Where those in C are pinned whose sources are fetched.
const REQUIREMENTS: &str = "tests/bench/requirements.txt";

const CRATES: &[&str] = &["httparse", "cookie_store", "serde_json"];
const PACKAGES: &[&str] = &["libhttp-parser-dev", "libcjson-dev", "libjsmn-dev", "libcurl4-openssl-dev"];

pub fn versions(workspace: &Workspace) -> Result<String> {
    let sh = &workspace.sh;
    let first = |text: String| text.lines().next().unwrap_or_default().to_owned();
    let mut names = vec![
        first(cmd!(sh, "rustc --version").quiet().read()?),
        first(cmd!(sh, "gcc --version").quiet().read()?),
        first(cmd!(sh, "valgrind --version").quiet().read()?),
    ];
    let lock = sh.read_file(workspace.root.join(LOCK))?;
    for name in CRATES {
        names.push(format!("{name} {}", locked(&lock, name).with_context(|| format!("{LOCK}: no {name}"))?));
    }
    let format = "${Package} ${Version}\\n";
    // Elsewhere than on Debian they are of somebody else, and nobody says which.
    if let Ok(packages) = cmd!(sh, "dpkg-query -W -f {format} {PACKAGES...}").quiet().read() {
        names.extend(packages.lines().map(|line| line.trim_end_matches("-dev").replace("-dev ", " ")));
    }
    let requirements = sh.read_file(workspace.root.join(REQUIREMENTS))?;
    names.extend(sources(&requirements));
    Ok(names.join(", "))
}

/// The revision's short name, and what it says of itself.
pub fn revision(workspace: &Workspace, revision: &str) -> Result<String> {
    let sh = &workspace.sh;
    let format = "%h: %s";
    Ok(cmd!(sh, "git log -1 --format={format} {revision}").quiet().read()?)
}

/// The version of a package in a lock file of cargo's.
fn locked<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    rest.split('"').next()
}

/// The names and versions of a file of pip's requirements, with the line before each, which tells what is in it.
fn sources(requirements: &str) -> impl Iterator<Item = String> {
    requirements.lines().zip(requirements.lines().skip(1)).filter_map(|(before, line)| {
        let (name, version) = line.split(' ').next()?.split_once("==")?;
        Some(format!("{} out of {name} {version}", before.strip_prefix("# ")?))
    })
}

#[cfg(test)]
mod tests {
    use super::{locked, sources};

    #[test]
    fn a_version_is_found_in_a_lock_file() {
        let lock = "[[package]]\nname = \"http\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"httparse\"\nversion = \"1.10.1\"\n";
        assert_eq!(locked(lock, "httparse"), Some("1.10.1"));
        assert_eq!(locked(lock, "serde"), None);
    }

    #[test]
    fn requirements_are_names_and_versions() {
        let found: Vec<_> = sources("# All\n# llhttp 9\nllhttp==9.3.0.0 --hash=sha256:00\n").collect();
        assert_eq!(found, ["llhttp 9 out of llhttp 9.3.0.0"]);
    }
}
