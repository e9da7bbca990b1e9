//! The guide: its pictures, which are drawn from the code, and the book that `docs` makes, whose links all lead somewhere.

mod layout;
mod links;
mod sequence;
mod states;
mod svg;

use std::fs;

use anyhow::{Context, Result, bail};
use clap::Args;
use xshell::cmd;

use crate::generated::Generated;
use crate::setup;
use crate::workspace::Workspace;

/// With no option the book is for this machine: links to what is no page of it lead into the checkout.
#[derive(Args, Default)]
pub struct Options {
    /// Where the repository is shown, for a book that is published: https://host/owner/name/blob/main
    #[arg(long)]
    source: Option<String>,
}

type Picture = (Generated, fn(&Workspace) -> Result<String>);

const PICTURES: &[Picture] = &[
    (picture("docs/guide/states.svg", states::TABLE), states::svg),
    (picture("docs/guide/login.svg", "xtask/src/guide/sequence.rs"), sequence::svg),
    (picture("docs/guide/memory.svg", layout::PAGE), layout::svg),
];

const fn picture(path: &'static str, source: &'static str) -> Generated {
    Generated { path, command: "guide", source }
}

/// Writes the pictures, and builds the book.
pub fn write(workspace: &Workspace, options: &Options) -> Result<()> {
    for (picture, draw) in PICTURES {
        picture.write(workspace, &draw(workspace)?)?;
    }
    book(workspace, options)?;
    println!("{}", workspace.target.join("guide/index.html").display());
    Ok(())
}

/// The step of `cargo xtask test`.
pub fn check(workspace: &Workspace) -> Result<()> {
    for (picture, draw) in PICTURES {
        picture.check(workspace, &draw(workspace)?)?;
    }
    book(workspace, &Options::default())
}

/// Builds it, in `target/guide`.
fn book(workspace: &Workspace, options: &Options) -> Result<()> {
    let sh = &workspace.sh;
    let mdbook = setup::mdbook(workspace)?;
    let book = workspace.target.join("guide");
    // A page that is no more is not to stay.
    sh.remove_path(&book)?;
    let said = cmd!(sh, "{mdbook} build docs --dest-dir {book}").ignore_status().read_stderr()?;
    if said.contains("WARN") || said.contains("ERROR") || !book.join("index.html").exists() {
        bail!("{said}");
    }
    let faults = links::lead(&book, workspace, options.source.as_deref())?;
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(())
}

/// A file of the repository.
fn read(workspace: &Workspace, path: &str) -> Result<String> {
    fs::read_to_string(workspace.root.join(path)).context(path.to_owned())
}
