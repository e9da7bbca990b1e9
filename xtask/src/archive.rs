//! The archive that is passed on: the library's object alone, with its checksum and the list of what it needs.
//!
//! The one that cargo makes has all of Rust's `compiler_builtins` beside it: on chips a `memcpy` and the like, which then win
//! over those of the C library, and everywhere several megabytes that a program has no use for.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use ar_archive_writer::{ArchiveKind, DEFAULT_OBJECT_READER, NewArchiveMember, write_archive_to_stream};
use clap::Args;
use object::read::archive::ArchiveFile;
use object::{Object, ObjectSymbol, SymbolKind};
use sha2::{Digest, Sha256};
use xshell::{Cmd, cmd};

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

    /// With this profile, into this folder.
    pub fn into(self, profile: &str, out: PathBuf) -> Self {
        Self { profile: Some(profile.to_owned()), out: Some(out), ..self }
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
    let object = object(workspace, options)?;
    let archive = archive(&object)?;
    fs::create_dir_all(&directory)?;
    let path = directory.join(C_ARCHIVE);
    fs::write(&path, &archive)?;
    fs::write(path.with_extension("a.sha256"), format!("{}  {C_ARCHIVE}\n", checksum(&archive)))?;
    fs::write(path.with_extension("a.needs"), needs(&object)?)?;
    Ok(path)
}

/// The library's object. It takes no linker for the target.
fn object(workspace: &Workspace, options: &Options) -> Result<Vec<u8>> {
    let (target, command) = (&options.target, command(workspace, options));
    command.run().with_context(|| format!("does `rustup target list --installed` have {target}?"))?;
    let object = library_object(&built(&workspace.target, options)?)?;
    if target.starts_with("thumb") { without_frame_pointers(workspace, options, &object) } else { Ok(object) }
}

fn command<'a>(workspace: &'a Workspace, options: &Options) -> Cmd<'a> {
    let (sh, profile, Options { target, cargo, .. }) = (&workspace.sh, options.profile(), options);
    cmd!(
        sh,
        "cargo rustc -p {C_PACKAGE} --lib --crate-type staticlib --profile {profile} --target {target} {cargo...}"
    )
}

/// The bytes of cargo's archive.
fn built(directory: &Path, options: &Options) -> Result<Vec<u8>> {
    let profile = if options.profile() == "dev" { "debug" } else { options.profile() };
    let path = directory.join(&options.target).join(profile).join(C_ARCHIVE);
    fs::read(&path).context(path.display().to_string())
}

/// The same once more, without the frame pointers that rustc keeps in every function for Thumb, whatever it is told: a twentieth
/// of the code. LLVM takes a list of functions and of what is to be another way with each.
///
/// Where the LLVM of another rustc has no such option, and where `RUSTFLAGS` puts these flags out, they stay.
fn without_frame_pointers(workspace: &Workspace, options: &Options, object: &[u8]) -> Result<Vec<u8>> {
    let list: String = functions(object)?.iter().map(|name| format!("{name},frame-pointer=none\n")).collect();
    let directory = workspace.target.join("without-frame-pointers");
    fs::create_dir_all(&directory)?;
    // The list is part of its name, so that another one makes another build.
    let path = directory.join(format!("{}.csv", checksum(list.as_bytes())));
    fs::write(&path, list)?;
    let flags = format!(
        "target.{}.rustflags=['-Cllvm-args=-forceattrs-csv-path={}']",
        options.target,
        path.to_str().context("a path that is no text")?
    );
    let command = command(workspace, options).args(["--config", &flags]).arg("--target-dir").arg(&directory);
    eprintln!("$ {command}");
    // A line for each function that has gone into another before.
    let output = command.quiet().ignore_status().output()?;
    if !output.status.success() {
        eprintln!("with frame pointers: {}", String::from_utf8_lossy(&output.stderr));
        return Ok(object.to_vec());
    }
    library_object(&built(&directory, options)?)
}

/// The names of the functions that are in the object.
fn functions(object: &[u8]) -> Result<BTreeSet<String>> {
    let file = object::File::parse(object)?;
    let functions = file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.is_definition());
    functions.map(|symbol| Ok(symbol.name()?.to_owned())).collect()
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

/// The SHA-256, in hexadecimal digits.
pub fn checksum(bytes: &[u8]) -> String {
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
