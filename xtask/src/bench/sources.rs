//! Fetches what the others consist of, where it is not there yet: packages of Debian, and sources of packages for Python
//! that bring a parser in C with them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use xshell::cmd;

use crate::setup::{self, Package};
use crate::workspace::Workspace;

const PACKAGES: &[Package] = &[
    setup::header("libhttp-parser-dev", "http_parser.h"),
    setup::header("libcjson-dev", "cjson/cJSON.h"),
    setup::header("libjsmn-dev", "jsmn.h"),
    setup::header("libcurl4-openssl-dev", "curl/curl.h"),
];

/// Versions and checksums of the sources.
const REQUIREMENTS: &str = "tests/bench/requirements.txt";

/// Where the parsers in C are.
pub struct Sources {
    pub llhttp: PathBuf,
    pub picohttpparser: PathBuf,
}

pub fn fetch(workspace: &Workspace, directory: &Path) -> Result<Sources> {
    setup::packages(&workspace.sh, PACKAGES)?;
    let directory = directory.join("sources");
    let sources = Sources {
        llhttp: directory.join("llhttp-9.3.0.0/lib"),
        picohttpparser: directory.join("gunicorn_h1c-0.6.9/src/gunicorn_h1c/picohttpparser"),
    };
    if !sources.llhttp.is_dir() || !sources.picohttpparser.is_dir() {
        download(workspace, &directory)?;
    }
    for source in [&sources.llhttp, &sources.picohttpparser] {
        ensure!(source.is_dir(), "{} is not in what has been fetched", source.display());
    }
    Ok(sources)
}

/// pip compares the checksums.
fn download(workspace: &Workspace, directory: &Path) -> Result<()> {
    let sh = &workspace.sh;
    sh.create_dir(directory)?;
    // Debian's own Python has no pip outside of an environment.
    let environment = directory.join("python");
    cmd!(sh, "python3 -m venv {environment}").run()?;
    let (python, requirements) = (environment.join("bin/python"), workspace.root.join(REQUIREMENTS));
    cmd!(
        sh,
        "{python} -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: --require-hashes
         --dest {directory} -r {requirements}"
    )
    .run()
    .context("pip could not fetch it; is the network within reach?")?;
    for archive in sh.read_dir(directory)? {
        if archive.extension().is_some_and(|extension| extension == "gz") {
            cmd!(sh, "tar -xzf {archive} -C {directory}").run()?;
        }
    }
    Ok(())
}
