//! Builds the library and links the programs to measure.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use xshell::{Cmd, cmd};

use super::image::Image;
use super::{Chip, Program};
use crate::workspace::{C_ARCHIVE, C_PACKAGE, FIRMWARE_PROFILE, Workspace};

const C_FLAGS: &[&str] = &[
    "-std=c99",
    "-Os",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-ffreestanding",
    "-ffunction-sections",
    "-fdata-sections",
    "-Iinclude",
];

/// The command that builds the C package as a static library for a target without a system.
pub fn library<'a>(workspace: &'a Workspace, target: &str) -> Cmd<'a> {
    let sh = &workspace.sh;
    cmd!(sh, "cargo rustc -p {C_PACKAGE} --lib --crate-type staticlib --profile {FIRMWARE_PROFILE} --target {target}")
}

/// Builds the library for a chip and says where it is.
pub fn archive(workspace: &Workspace, chip: &Chip) -> Result<PathBuf> {
    library(workspace, chip.target).run()?;
    let directory = workspace.target.join(chip.target).join(FIRMWARE_PROFILE);
    Ok(directory.join(C_ARCHIVE))
}

/// Compiles and links a program, as baseline if there is no archive to link with.
///
/// Nothing else is linked, neither a C library nor the compiler's own: that the link succeeds
/// shows that the library needs no more than the four functions the program brings.
pub fn program(workspace: &Workspace, chip: &Chip, program: &Program, archive: Option<&Path>) -> Result<Image> {
    let sh = &workspace.sh;
    let (compiler, flags, script) = (chip.compiler, chip.flags, chip.linker_script);
    let source = program.source;
    let directory = work_directory(workspace)?;
    let variant = if archive.is_some() { "with" } else { "without" };
    let stem = Path::new(source).with_extension("");
    let stem = stem.file_name().unwrap_or_default().to_string_lossy();
    let file = |extension| directory.join(format!("{stem}-{}-{variant}.{extension}", chip.target));
    let (object, elf) = (file("o"), file("elf"));

    let baseline = archive.is_none().then_some("-DBASELINE");
    cmd!(sh, "{compiler} {flags...} {C_FLAGS...} {baseline...} -c {source} -o {object}").run()?;
    let mut inputs = vec![OsString::from(&object)];
    inputs.extend(archive.map(OsString::from));
    link(cmd!(
        sh,
        "{compiler} {flags...} -nostdlib -static -Wl,--gc-sections,-z,noexecstack -T {script} {inputs...} -o {elf}"
    ))?;
    Image::read(&elf)
}

/// Where the object files and images go.
pub fn work_directory(workspace: &Workspace) -> Result<PathBuf> {
    let directory = workspace.target.join("size");
    workspace.sh.create_dir(&directory)?;
    Ok(directory)
}

fn link(command: Cmd<'_>) -> Result<()> {
    eprintln!("$ {command}");
    let command = command.ignore_status();
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
