//! musl for other architectures: Debian's packages of it, unpacked in the target directory, so that the system needs no second
//! architecture.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::cmd;

use crate::workspace::Workspace;

/// The option by which a compiler of GNU takes musl instead of its own C library.
pub fn option(workspace: &Workspace, directory: &Path, architecture: &str) -> Result<String> {
    let place = directory.join(format!("musl-{architecture}"));
    let specs = place.join("musl.specs");
    if !specs.is_file() {
        unpack(workspace, &place, architecture)
            .with_context(|| format!("apt could not fetch musl-dev:{architecture}"))?;
        let text = fs::read_to_string(installed_specs(&place)?)?;
        fs::write(&specs, text.replace("/usr/", &format!("{}/usr/", place.display())))?;
    }
    Ok(format!("-specs={}", specs.display()))
}

/// By lists of packages of its own: those of the system are for this machine's architecture.
fn unpack(workspace: &Workspace, place: &Path, architecture: &str) -> Result<()> {
    let sh = &workspace.sh;
    let lists = place.join("lists");
    sh.create_dir(lists.join("partial"))?;
    let _inside = sh.push_dir(place);
    let options = [
        format!("Dir::State::Lists={}", lists.display()),
        format!("Dir::Cache={}", place.display()),
        "Dir::State::status=/dev/null".to_owned(),
        format!("APT::Architecture={architecture}"),
        format!("APT::Architectures={architecture}"),
        "Acquire::Languages=none".to_owned(),
        "Acquire::Retries=3".to_owned(),
    ];
    let options = options.iter().flat_map(|option| ["-o", option]);
    let again = options.clone();
    // A mirror of updates that is being renewed is no reason to fail: the package is in the main one.
    cmd!(sh, "apt-get update -q {options...}").ignore_status().run()?;
    cmd!(sh, "apt-get download -q {again...} musl-dev").run()?;
    let packages = sh.read_dir(".")?.into_iter().filter(|path| path.extension().is_some_and(|e| e == "deb"));
    for package in packages {
        cmd!(sh, "dpkg -x {package} .").run()?;
    }
    sh.remove_path(lists)?;
    Ok(())
}

/// The only one in `usr/lib/<architecture>-linux-musl`.
fn installed_specs(place: &Path) -> Result<PathBuf> {
    let directory = fs::read_dir(place.join("usr/lib"))?.next().context("the package is empty")??;
    Ok(directory.path().join("musl-gcc.specs"))
}
