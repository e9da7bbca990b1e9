//! Builds the programs of `examples/firmware`, and measures them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use object::{Object, ObjectSection, ObjectSymbol, SectionFlags, SectionKind, elf};
use rustc_demangle::demangle;
use xshell::cmd;

use crate::workspace::Workspace;

/// Both boards have a Cortex-M3.
pub const TARGET: &str = "thumbv7m-none-eabi";

/// What the programs are called, in `examples/firmware/src/bin`.
const NAMES: &[&str] = &["login", "asynch", "tls", "tls_asynch", PANICLESS];

/// The program that has nothing in it that can panic.
const PANICLESS: &str = "panicless";

/// A linked program.
pub struct Program {
    pub name: &'static str,
    pub path: PathBuf,
    pub size: Size,
}

/// As `size` counts: code and constants, first values of variables, variables that begin as zero.
pub struct Size {
    pub text: u64,
    pub data: u64,
    pub bss: u64,
}

/// Where all of this goes.
pub fn directory(workspace: &Workspace) -> Result<PathBuf> {
    let directory = workspace.target.join("firmware");
    workspace.sh.create_dir(&directory)?;
    Ok(directory)
}

/// Checks and builds all of them.
pub fn programs(workspace: &Workspace) -> Result<Vec<Program>> {
    let sh = &workspace.sh;
    let manifest = workspace.root.join("examples/firmware/Cargo.toml");
    let target_dir = directory(workspace)?;
    cmd!(sh, "cargo fmt --manifest-path {manifest} --check").run()?;
    let build = ["--locked", "--release", "--target", TARGET];
    for (command, more) in [("clippy", &["--", "-D", "warnings"][..]), ("build", &[])] {
        cmd!(sh, "cargo {command} --manifest-path {manifest} --target-dir {target_dir} {build...} {more...}")
            .run()?;
    }
    let directory = target_dir.join(TARGET).join("release");
    let programs: Vec<_> =
        NAMES.iter().map(|name| Program::read(name, directory.join(name))).collect::<Result<_>>()?;
    for program in programs.iter().filter(|program| program.name == PANICLESS) {
        let panics = panics(&program.path)?;
        if !panics.is_empty() {
            bail!("{PANICLESS} can panic:\n  {}", panics.join("\n  "));
        }
    }
    Ok(programs)
}

impl Program {
    fn read(name: &'static str, path: PathBuf) -> Result<Self> {
        let size = Size::of(&path).with_context(|| path.display().to_string())?;
        Ok(Program { name, path, size })
    }
}

/// The functions that are there for panics, and the formatting of text, which is there for their messages.
fn panics(program: &Path) -> Result<Vec<String>> {
    let bytes = fs::read(program)?;
    let file = object::File::parse(&*bytes)?;
    let names = file.symbols().filter_map(|symbol| symbol.name().ok().map(|name| format!("{:#}", demangle(name))));
    Ok(names
        .filter(|name| ["core::panicking", "rust_begin_unwind", "core::fmt"].iter().any(|part| name.contains(part)))
        .collect())
}

impl Size {
    fn of(path: &Path) -> Result<Self> {
        let bytes = fs::read(path)?;
        let file = object::File::parse(&*bytes)?;
        let mut size = Size { text: 0, data: 0, bss: 0 };
        for section in file.sections() {
            let SectionFlags::Elf { sh_flags } = section.flags() else { continue };
            let has = |flag: u32| sh_flags & u64::from(flag) != 0;
            match section.kind() {
                _ if !has(elf::SHF_ALLOC) => {}
                SectionKind::UninitializedData => size.bss += section.size(),
                _ if has(elf::SHF_WRITE) => size.data += section.size(),
                _ => size.text += section.size(),
            }
        }
        Ok(size)
    }

    pub fn flash(&self) -> u64 {
        self.text + self.data
    }
}
