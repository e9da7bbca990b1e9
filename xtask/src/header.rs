//! The C header, generated from the C package and committed.

use anyhow::{Context, Result};
use cbindgen::{Builder, Config};

use crate::generated::Generated;
use crate::workspace::{C_PACKAGE, Workspace};

const HEADER: Generated =
    Generated { path: "include/creatio_auth.h", command: "header", source: "cbindgen and the C package" };

/// Writes the header.
pub fn write(workspace: &Workspace) -> Result<()> {
    HEADER.write(workspace, &generate(workspace)?)
}

/// Fails if the committed header is not what the C package says.
pub fn check(workspace: &Workspace) -> Result<()> {
    HEADER.check(workspace, &generate(workspace)?)
}

fn generate(workspace: &Workspace) -> Result<String> {
    let package = workspace.root.join("ffi");
    let mut config = Config::from_file(package.join("cbindgen.toml"))
        .map_err(|reason| anyhow::anyhow!("ffi/cbindgen.toml: {reason}"))?;
    // The version is stated once, in the root's Cargo.toml.
    config.after_includes = config.after_includes.map(|text| {
        text.replace("@VERSION@", env!("CARGO_PKG_VERSION"))
            .replace("@MAJOR@", env!("CARGO_PKG_VERSION_MAJOR"))
            .replace("@MINOR@", env!("CARGO_PKG_VERSION_MINOR"))
            .replace("@PATCH@", env!("CARGO_PKG_VERSION_PATCH"))
    });
    let bindings = Builder::new()
        .with_config(config)
        .with_crate_and_name(&package, C_PACKAGE)
        .generate()
        .context("cbindgen does not understand the C package")?;
    let mut text = Vec::new();
    bindings.write(&mut text);
    Ok(String::from_utf8(text)?)
}
