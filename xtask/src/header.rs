//! The C header, generated from the C package and committed: cbindgen says what there is, `ffi/header.h` where it stands.

mod items;
mod layout;
mod write;

use std::fs;

use anyhow::{Context, Result};
use cbindgen::{Builder, Config};

use crate::generated::Generated;
use crate::workspace::{C_PACKAGE, Workspace};
pub use items::{Item, Kind, Member};

pub const HEADER: Generated =
    Generated { path: "include/creatio_auth.h", command: "header", source: "cbindgen and the C package" };

/// Writes the header.
pub fn write(workspace: &Workspace) -> Result<()> {
    HEADER.write(workspace, &generate(workspace)?)
}

/// Fails if the committed header is not what the C package says.
pub fn check(workspace: &Workspace) -> Result<()> {
    HEADER.check(workspace, &generate(workspace)?)
}

/// The enumerations of C, as the header has them.
pub fn enumerations(workspace: &Workspace) -> Result<Vec<Item>> {
    let items = items(workspace)?;
    Ok(items.into_iter().filter(|item| matches!(item.kind, Kind::Enumeration { .. })).collect())
}

/// What cbindgen finds in the C package.
fn items(workspace: &Workspace) -> Result<Vec<Item>> {
    let package = workspace.root.join("ffi");
    let config = Config::from_file(package.join("cbindgen.toml"))
        .map_err(|reason| anyhow::anyhow!("ffi/cbindgen.toml: {reason}"))?;
    let bindings = Builder::new()
        .with_config(config)
        .with_crate_and_name(&package, C_PACKAGE)
        .generate()
        .context("cbindgen does not understand the C package")?;
    let mut text = Vec::new();
    bindings.write(&mut text);
    items::read(&String::from_utf8(text)?)
}

fn generate(workspace: &Workspace) -> Result<String> {
    // The version is stated once, in the root's Cargo.toml.
    let template = fs::read_to_string(workspace.root.join("ffi/header.h"))?
        .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
        .replace("@MAJOR@", env!("CARGO_PKG_VERSION_MAJOR"))
        .replace("@MINOR@", env!("CARGO_PKG_VERSION_MINOR"))
        .replace("@PATCH@", env!("CARGO_PKG_VERSION_PATCH"));
    write::header(&template, &items(workspace)?)
}
