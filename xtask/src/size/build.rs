//! Builds the library and links the programs to measure.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use xshell::{Cmd, cmd};

use super::chips::{AIM, CHIPS, Chip, DIRECTORY, LEVELS, Language, Level, Program};
use super::doors::{DOORS, NTLM};
use super::interface;
use crate::archive;
use crate::workspace::{C_ARCHIVE, C_PACKAGE, FIRMWARE_PROFILE, Workspace};

const C_FLAGS: &[&str] = &[
    "-std=c99",
    "-Os",
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Werror",
    "-ffreestanding",
    "-ffunction-sections",
    "-fdata-sections",
    "-Iinclude",
];

const LINK_FLAGS: &[&str] = &["-nostdlib", "-static", "-Wl,--gc-sections,--emit-relocs,-z,noexecstack"];

/// What every program in C has beside its own file.
const C_PARTS: &[&str] = &["sign_in", "program", "memory"];

/// The command that builds the C package as a static library for a target without a system.
pub fn library<'a>(workspace: &'a Workspace, target: &str) -> Cmd<'a> {
    let sh = &workspace.sh;
    cmd!(sh, "cargo rustc -p {C_PACKAGE} --lib --crate-type staticlib --profile {FIRMWARE_PROFILE} --target {target}")
}

/// Where each thing comes to be.
pub struct Places {
    /// Cargo's, of the programs in Rust.
    rust: PathBuf,
    /// The object files and images of the programs in C.
    c: PathBuf,
    /// Cargo's, of the C package.
    library: PathBuf,
}

/// With the library, or without.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    With,
    Without,
}

impl Places {
    pub fn of(workspace: &Workspace) -> Self {
        Self {
            rust: workspace.target.join("size-programs"),
            c: workspace.target.join("size"),
            library: workspace.target.clone(),
        }
    }

    /// The archive that is passed on.
    pub fn archive(&self, chip: &Chip, level: &Level) -> PathBuf {
        self.archive_directory(chip, level).join(C_ARCHIVE)
    }

    fn archive_directory(&self, chip: &Chip, level: &Level) -> PathBuf {
        self.c.join(format!("archive-{}-{}", chip.key, level.key))
    }

    /// The one that cargo makes, with all that a compiler may call.
    fn built(&self, chip: &Chip, level: &Level) -> PathBuf {
        self.library.join(chip.target).join(level.profile).join(C_ARCHIVE)
    }

    pub fn image(&self, chip: &Chip, level: &Level, program: &Program, variant: Variant) -> PathBuf {
        let (key, stem) = (program.key, program.stem);
        match (program.language, variant) {
            (Language::C, Variant::With) => self.c.join(format!("{key}-{}-{}.elf", chip.key, level.key)),
            (Language::C, Variant::Without) => self.c.join(format!("{key}-{}-without.elf", chip.key)),
            (Language::Rust, Variant::With) => self.rust.join(chip.target).join(level.profile).join(stem),
            (Language::Rust, Variant::Without) => {
                self.rust.join(chip.target).join(level.profile).join(program.without)
            }
        }
    }

    fn object(&self, chip: &Chip, part: &str) -> PathBuf {
        self.c.join(format!("{part}-{}.o", chip.key))
    }
}

/// Builds everything there is to measure.
pub fn everything(workspace: &Workspace) -> Result<Places> {
    let places = Places::of(workspace);
    workspace.sh.create_dir(&places.c)?;
    for chip in CHIPS.iter().filter(|chip| chip.key == AIM.0) {
        archive_of(workspace, &places, chip, &NTLM)?;
    }
    for level in LEVELS {
        for chip in CHIPS {
            archive_of(workspace, &places, chip, level)?;
        }
        if level.programs().any(|program| program.language == Language::Rust) {
            // All chips by one command, which keeps every core busy.
            let targets = CHIPS.iter().flat_map(|chip| ["--target", chip.target]);
            let (sh, profile, directory) = (&workspace.sh, level.profile, &places.rust);
            let manifest = format!("{DIRECTORY}/rust/Cargo.toml");
            build(
                cmd!(sh, "cargo build --manifest-path {manifest} --bins --profile {profile} {targets...}")
                    .env("CARGO_TARGET_DIR", directory),
            )?;
        }
    }
    for chip in CHIPS {
        c_programs(workspace, &places, chip)?;
    }
    Ok(places)
}

fn archive_of(workspace: &Workspace, places: &Places, chip: &Chip, level: &Level) -> Result<()> {
    let cargo: Vec<String> = level.cargo.iter().map(|&word| word.to_owned()).collect();
    let directory = places.archive_directory(chip, level);
    archive::write(workspace, &archive::Options::of(chip.target, &cargo).into(level.profile, directory))?;
    Ok(())
}

/// Cargo warns that chips have no shared libraries, which is not worth reading unless it fails.
fn build(command: Cmd<'_>) -> Result<()> {
    eprintln!("$ {command}");
    let command = command.quiet().ignore_status();
    let output = command.output()?;
    if !output.status.success() {
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        bail!("the build failed: {command}");
    }
    Ok(())
}

fn c_programs(workspace: &Workspace, places: &Places, chip: &Chip) -> Result<()> {
    let doors = DOORS.iter().filter(|door| door.is_measured_on(chip));
    let doors: Vec<(Program, &[Level])> = doors
        .map(|door| {
            let program = Program { defines: door.defines, ..super::chips::c(door.key, "door") };
            (program, std::slice::from_ref(door.level))
        })
        .collect();
    let programs =
        super::chips::PROGRAMS.iter().filter(|p| p.language == Language::C).map(|program| (program, LEVELS));
    let programs: Vec<(&Program, &[Level])> =
        programs.chain(doors.iter().map(|(door, level)| (door, *level))).collect();
    let source = |stem: &str| workspace.root.join(DIRECTORY).join("c").join(stem);
    for part in C_PARTS {
        compile(workspace, chip, &source(part), &[], &places.object(chip, part))?;
    }
    for (program, _) in &programs {
        compile(workspace, chip, &source(program.stem), program.defines, &places.object(chip, program.key))?;
    }
    let empty = places.object(chip, "without");
    let header = fs::read_to_string(workspace.root.join("include/creatio_auth.h"))?;
    fs::write(empty.with_extension("c"), interface::empty_library(&interface::functions(&header)))?;
    compile(workspace, chip, &empty, &[], &empty)?;

    for (program, levels) in programs {
        let objects: Vec<PathBuf> =
            C_PARTS.iter().chain([&program.key]).map(|part| places.object(chip, part)).collect();
        let is_door = program.stem == "door";
        for level in levels.iter().filter(|level| is_door || (level.has)(program)) {
            let libraries = [places.archive(chip, level), places.built(chip, level)];
            link(workspace, chip, &objects, &libraries, &places.image(chip, level, program, Variant::With))?;
        }
        link(
            workspace,
            chip,
            &objects,
            std::slice::from_ref(&empty),
            &places.image(chip, &LEVELS[0], program, Variant::Without),
        )?;
    }
    Ok(())
}

fn compile(workspace: &Workspace, chip: &Chip, source: &Path, defines: &[&str], object: &Path) -> Result<()> {
    let sh = &workspace.sh;
    let (compiler, flags, source) = (chip.compiler, chip.flags, source.with_extension("c"));
    Ok(cmd!(sh, "{compiler} {flags...} {C_FLAGS...} {defines...} -c {source} -o {object}").quiet().run()?)
}

/// Links a program; from the second library comes what the first has left to the compiler's. Neither a C library nor the compiler's own is there: that the link succeeds shows that the library
/// needs no more than the four functions of `memory.c`.
fn link(workspace: &Workspace, chip: &Chip, objects: &[PathBuf], libraries: &[PathBuf], image: &Path) -> Result<()> {
    let sh = &workspace.sh;
    let (compiler, flags, script) = (chip.compiler, chip.flags, chip.linker_script);
    check_link(cmd!(
        sh,
        "{compiler} {flags...} {LINK_FLAGS...} -T {DIRECTORY}/link/{script} {objects...} {libraries...} -o {image}"
    ))
}

fn check_link(command: Cmd<'_>) -> Result<()> {
    let command = command.quiet().ignore_status();
    let output = command.output()?;
    let messages = String::from_utf8_lossy(&output.stderr);
    let undefined = undefined_symbols(&messages);
    if !undefined.is_empty() {
        bail!("the program needs functions that nothing here gives:\n  {}", undefined.join("\n  "));
    }
    eprint!("{messages}");
    if !output.status.success() {
        bail!("the link failed: {command}");
    }
    Ok(())
}

/// Links all of the library with `memcpy`, `memmove`, `memset` and `memcmp` and nothing else, not even the other names
/// that they have on Arm.
pub fn with_four_functions(workspace: &Workspace) -> Result<()> {
    let (sh, places, level) = (&workspace.sh, Places::of(workspace), &LEVELS[0]);
    sh.create_dir(&places.c)?;
    for chip in CHIPS {
        library(workspace, chip.target).run()?;
        let (compiler, flags, script) = (chip.compiler, chip.flags, chip.linker_script);
        let sources = C_PARTS.iter().chain(["all"].iter()).map(|part| format!("{DIRECTORY}/c/{part}.c"));
        let (archive, image) = (places.built(chip, level), places.c.join(format!("four-{}.elf", chip.key)));
        check_link(cmd!(
            sh,
            "{compiler} {flags...} {C_FLAGS...} -DFOUR_ALONE {LINK_FLAGS...} -T {DIRECTORY}/link/{script}
             {sources...} {archive} -o {image}"
        ))
        .with_context(|| chip.name)?;
    }
    Ok(())
}

/// The names in the linker's messages "undefined reference to `name'", each once.
fn undefined_symbols(messages: &str) -> Vec<&str> {
    let names: BTreeSet<&str> = messages
        .split("undefined reference to `")
        .skip(1)
        .filter_map(|rest| rest.split_once('\'').map(|(name, _)| name))
        .collect();
    names.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::undefined_symbols;

    #[test]
    fn undefined_symbols_are_listed_once() {
        let messages = "ld: a.o: in function `f':\n\
            (.text.f+0x4): undefined reference to `strlen'\n\
            ld: (.text.g+0x8): undefined reference to `__aeabi_uldivmod'\n\
            ld: (.text.h+0x8): undefined reference to `strlen'\n";
        assert_eq!(undefined_symbols(messages), ["__aeabi_uldivmod", "strlen"]);
        assert!(undefined_symbols("ld: warning: something else\n").is_empty());
    }
}
