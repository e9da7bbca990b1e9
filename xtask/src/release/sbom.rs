//! What is in the library, and what can be in the crate, as CycloneDX has it, by cargo-cyclonedx.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use xshell::cmd;

use crate::package;
use crate::workspace::Workspace;

/// What writes them.
pub const COMMAND: &str = "cargo-cyclonedx";

/// The folder of each package, what its list is called, and with which features: of the library what it has by itself, of the crate
/// all that may be turned on.
const LISTS: &[(&str, &str, Option<&str>)] =
    &[("ffi", "libcreatio_auth", None), ("", "creatio-auth", Some("--all-features"))];

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where the paths in a list begin, whatever machine has made it.
const ROOT: &str = "/creatio-auth";

/// Writes a list for each. In the workspace itself it would have what tests and examples depend on, and stand in all of its folders: so
/// there is one of the two packages alone, and without what is for tests.
pub fn write(workspace: &Workspace, dir: &Path) -> Result<()> {
    let sh = &workspace.sh;
    let here = workspace.target.join("release-lists");
    if here.exists() {
        fs::remove_dir_all(&here)?;
    }
    for folder in ["src", "ffi"] {
        package::copy(&workspace.root.join(folder), &here.join(folder))?;
    }
    let manifest = fs::read_to_string(workspace.root.join("Cargo.toml"))?;
    fs::write(here.join("Cargo.toml"), of_both_alone(&manifest))?;
    fs::copy(workspace.root.join("Cargo.lock"), here.join("Cargo.lock"))?;
    let time = cmd!(sh, "git log -1 --format=%ct").quiet().read()?;
    for (folder, name, features) in LISTS {
        let (manifest, name) = (here.join(folder).join("Cargo.toml"), format!("{name}-{VERSION}.cdx"));
        let options = ["--format", "json", "--spec-version", "1.5", "--no-build-deps", "--override-filename", &name];
        cmd!(sh, "cargo cyclonedx --manifest-path {manifest} {options...} {features...}")
            .env("SOURCE_DATE_EPOCH", time.trim())
            .run()?;
        let written = here.join(folder).join(format!("{name}.json"));
        let list = fs::read_to_string(&written).with_context(|| written.display().to_string())?;
        let root = here.to_str().context("a path that is no text")?;
        fs::write(dir.join(format!("{name}.json")), list.replace(root, ROOT))?;
    }
    Ok(())
}

/// The root's manifest, of a workspace that has no more than the C package besides.
fn of_both_alone(manifest: &str) -> String {
    const FOR_TESTS: [&str; 4] = ["dev-dependencies]", "[test]", "[example]", "[bench]"];
    let sections = manifest.split("\n[").skip(1);
    let kept = sections
        .filter(|section| !section.lines().next().is_some_and(|name| FOR_TESTS.iter().any(|of| name.contains(of))));
    let all = std::iter::once("[workspace]\nmembers = [\"ffi\"]\nresolver = \"3\"\n").chain(kept);
    all.collect::<Vec<_>>().join("\n[")
}

#[cfg(test)]
mod tests {
    use super::of_both_alone;

    #[test]
    fn a_list_has_nothing_of_what_tests_take() {
        let manifest = "[workspace]\nmembers = [\n    \"a\",\n]\n\n[package]\nname = \"x\"\n\n[[test]]\nname = \"y\"\n\n\
            [dependencies]\nz = \"1\"\n\n[dev-dependencies]\nw = \"1\"\n";
        let expected = "[workspace]\nmembers = [\"ffi\"]\nresolver = \"3\"\n\n[package]\nname = \"x\"\n\n[dependencies]\nz = \"1\"\n";
        assert_eq!(of_both_alone(manifest), expected);
    }
}
