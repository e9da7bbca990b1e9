//! The archive that is passed on: the library's object alone, with its checksum and the list of what it needs.
//!
//! The one that cargo makes has all of Rust's `compiler_builtins` beside it: on chips a `memcpy` and the like, which then win
//! over those of the C library, and everywhere several megabytes that a program has no use for.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use ar_archive_writer::{ArchiveKind, DEFAULT_OBJECT_READER, NewArchiveMember, write_archive_to_stream};
use clap::Args;
use object::read::archive::ArchiveFile;
use object::{Object, ObjectSymbol};
use sha2::{Digest, Sha256};
use xshell::cmd;

use crate::workspace::{C_ARCHIVE, C_PACKAGE, FIRMWARE_PROFILE, Workspace};

/// What the library's object is called in its archive.
const MEMBER: &str = "creatio_auth.o";

#[derive(Args)]
pub struct Options {
    /// The target, as `rustc --print target-list` has it
    #[arg(long)]
    target: String,
    /// Cargo's profile [default: firmware for chips, release for all else]
    #[arg(long)]
    profile: Option<String>,
    /// The folder to write to [default: archive/TARGET in cargo's target directory]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What cargo is told besides, for example `--no-default-features --features panic-handler`
    #[arg(last = true)]
    cargo: Vec<String>,
}

impl Options {
    /// Those of `--target TARGET`, and what cargo is told besides.
    pub fn of(target: &str, cargo: &[String]) -> Self {
        Self { target: target.to_owned(), profile: None, out: None, cargo: cargo.to_vec() }
    }

    fn profile(&self) -> &str {
        let is_chip = self.target.contains("-none");
        self.profile.as_deref().unwrap_or(if is_chip { FIRMWARE_PROFILE } else { "release" })
    }
}

/// Writes the archive, and beside it `….sha256`, as sha256sum has it, and `….needs`, a symbol a line. Returns the archive.
pub fn write(workspace: &Workspace, options: &Options) -> Result<PathBuf> {
    let target = &options.target;
    let directory = match &options.out {
        Some(out) => std::path::absolute(out)?,
        None => workspace.target.join("archive").join(target),
    };
    let object = library_object(&build(workspace, options)?)?;
    let archive = archive(&object)?;
    fs::create_dir_all(&directory)?;
    let path = directory.join(C_ARCHIVE);
    fs::write(&path, &archive)?;
    fs::write(path.with_extension("a.sha256"), format!("{}  {C_ARCHIVE}\n", checksum(&archive)))?;
    fs::write(path.with_extension("a.needs"), needs(&object)?)?;
    Ok(path)
}

/// The bytes of cargo's archive. It takes no linker for the target.
fn build(workspace: &Workspace, options: &Options) -> Result<Vec<u8>> {
    let (sh, profile) = (&workspace.sh, options.profile());
    let Options { target, cargo, .. } = options;
    cmd!(
        sh,
        "cargo rustc -p {C_PACKAGE} --lib --crate-type staticlib --profile {profile} --target {target} {cargo...}"
    )
    .run()
    .with_context(|| format!("does `rustup target list --installed` have {target}?"))?;
    let directory = if profile == "dev" { "debug" } else { profile };
    let path = workspace.target.join(target).join(directory).join(C_ARCHIVE);
    fs::read(&path).context(path.display().to_string())
}

/// Link-time optimisation makes one of all that is ours, and of what that uses of `core`.
fn library_object(archive: &[u8]) -> Result<Vec<u8>> {
    let archive_file = ArchiveFile::parse(archive)?;
    let mut objects = Vec::new();
    for member in archive_file.members() {
        let member = member?;
        let name = String::from_utf8_lossy(member.name());
        if name.starts_with("creatio_auth-") && name.ends_with(".o") {
            objects.push(member.data(archive)?.to_vec());
        }
    }
    ensure!(objects.len() == 1, "the library is in {} objects: does the profile have lto?", objects.len());
    objects.pop().context("no object")
}

fn archive(object: &[u8]) -> Result<Vec<u8>> {
    let member = NewArchiveMember::new(object, &DEFAULT_OBJECT_READER, MEMBER.to_owned());
    let mut bytes = Cursor::new(Vec::new());
    write_archive_to_stream(&mut bytes, &[member], ArchiveKind::Gnu, false, None)?;
    Ok(bytes.into_inner())
}

fn checksum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The symbols that the object leaves to others, a line each, in alphabetical order.
fn needs(object: &[u8]) -> Result<String> {
    let file = object::File::parse(object)?;
    let mut names = BTreeSet::new();
    for symbol in file.symbols().filter(|symbol| symbol.is_undefined()) {
        names.insert(symbol.name()?.to_owned());
    }
    // The first symbol of ELF is none.
    names.remove("");
    Ok(names.iter().map(|name| format!("{name}\n")).collect())
}
