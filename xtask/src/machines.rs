//! `tests/c` on other machines: built by cross-compilers of C, linked in two ways, and run by QEMU or Wine; for Windows
//! `tests/cpp`, too.

mod musl;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use xshell::Cmd;

use crate::workspace::{C_ARCHIVE, Workspace};
use crate::{archive, setup};

const C_FLAGS: &[&str] =
    &["-O1", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-static", "-Iinclude"];

/// A target of Rust, and the tools that its programs in C take.
struct Machine {
    target: &'static str,
    /// With its options.
    compiler: &'static str,
    /// The architecture, as Debian names it, whose musl is the C library in place of the compiler's own.
    musl: Option<&'static str>,
    /// That of C++, where `tests/cpp` is run, too.
    cpp_compiler: Option<&'static str>,
    /// What runs its programs, with options; nothing where this machine does.
    runner: &'static str,
}

const MACHINES: &[Machine] = &[
    // Without SSE2, but with conditional moves, which Debian's C library takes.
    machine("i586-unknown-linux-gnu", "i686-linux-gnu-gcc -march=pentium", "qemu-i386 -cpu pentium2"),
    machine("i686-unknown-linux-gnu", "i686-linux-gnu-gcc", "qemu-i386"),
    Machine { musl: Some("i386"), ..machine("i686-unknown-linux-musl", "i686-linux-gnu-gcc", "qemu-i386") },
    machine("armv7-unknown-linux-gnueabihf", "arm-linux-gnueabihf-gcc", "qemu-arm"),
    Machine { musl: Some("arm64"), ..machine("aarch64-unknown-linux-musl", "aarch64-linux-gnu-gcc", "qemu-aarch64") },
    // The highest byte comes first.
    machine("s390x-unknown-linux-gnu", "s390x-linux-gnu-gcc", "qemu-s390x"),
    machine("x86_64-unknown-linux-gnu", "gcc", ""),
    machine("x86_64-unknown-linux-musl", "musl-gcc", ""),
    Machine {
        cpp_compiler: Some("x86_64-w64-mingw32-g++"),
        ..machine("x86_64-pc-windows-gnu", "x86_64-w64-mingw32-gcc", WINE)
    },
];

/// Large, and therefore not installed by the set-up. Where it is missing, programs for Windows are linked and not run.
const WINE: &str = "wine";

const fn machine(target: &'static str, compiler: &'static str, runner: &'static str) -> Machine {
    Machine { target, compiler, musl: None, cpp_compiler: None, runner }
}

/// The targets of all machines.
pub fn targets() -> impl Iterator<Item = &'static str> {
    MACHINES.iter().map(|machine| machine.target)
}

/// The step of `cargo xtask test`.
pub fn run(workspace: &Workspace) -> Result<()> {
    let directory = workspace.target.join("machines");
    workspace.sh.create_dir(&directory)?;
    for machine in MACHINES {
        test(&Bench { workspace, machine, directory: &directory }).context(machine.target)?;
    }
    Ok(())
}

/// With all that is in cargo's archive, which by the README's words takes no linker for the target; and, as programs usually link,
/// with the archive that is passed on.
fn test(bench: &Bench<'_>) -> Result<()> {
    let Bench { workspace, machine: Machine { target, .. }, .. } = bench;
    let tests = bench.compile()?;
    let lean = archive::write(workspace, &archive::Options::of(target, &[]))?;
    let of_cargo = workspace.target.join(target).join("release").join(C_ARCHIVE);
    let whole = format!("-Wl,--whole-archive,{},--no-whole-archive", of_cargo.display());
    bench.pass(&bench.link("whole", &tests, &whole)?)?;
    let lean = format!("{}", lean.display());
    bench.pass(&bench.link("lean", &tests, &lean)?)?;
    if let Some(compiler) = bench.machine.cpp_compiler {
        bench.pass(&bench.cpp(compiler, &lean)?)?;
    }
    Ok(())
}

struct Bench<'a> {
    workspace: &'a Workspace,
    machine: &'a Machine,
    directory: &'a Path,
}

impl Bench<'_> {
    fn compiler(&self) -> Result<Cmd<'_>> {
        let mut compiler = command(self.workspace, self.machine.compiler)?;
        if let Some(architecture) = self.machine.musl {
            compiler = compiler.arg(musl::option(self.workspace, self.directory, architecture)?);
        }
        Ok(compiler.args(C_FLAGS))
    }

    /// All of `tests/c` in one object.
    fn compile(&self) -> Result<PathBuf> {
        let mut sources = Vec::new();
        for file in fs::read_dir(self.workspace.root.join("tests/c"))? {
            sources.push(file?.path());
        }
        sources.retain(|path| path.extension().is_some_and(|extension| extension == "c"));
        let object = self.file("tests.o");
        self.compiler()?.args(["-std=c99", "-r", "-nostdlib", "-o"]).arg(&object).args(sources).run()?;
        Ok(object)
    }

    /// Without debugging sections: those of Rust's own parts for Windows make a program that Windows does not take.
    fn link(&self, how: &str, tests: &Path, library: &str) -> Result<PathBuf> {
        let program = self.file(&format!("{how}.exe"));
        self.compiler()?.args(["-s", "-o"]).arg(&program).arg(tests).arg(library).run()?;
        Ok(program)
    }

    /// `tests/cpp`, and what it checks with, in one program.
    fn cpp(&self, compiler: &str, library: &str) -> Result<PathBuf> {
        let program = self.file("cpp.exe");
        let compiler =
            command(self.workspace, compiler)?.args(C_FLAGS).args(["-std=c++17", "-s", "-o"]).arg(&program);
        compiler.args(["tests/cpp/main.cpp", "-x", "c++", "tests/c/check.c", "-x", "none", library]).run()?;
        Ok(program)
    }

    fn pass(&self, program: &Path) -> Result<()> {
        let Machine { target, runner, .. } = self.machine;
        if *runner == WINE && !setup::has_command(&self.workspace.sh, WINE) {
            println!("{target}: linked, and not run, since there is no {WINE}");
            return Ok(());
        }
        let run = match *runner {
            "" => self.workspace.sh.cmd(program),
            runner => command(self.workspace, runner)?.arg(program),
        };
        let said = run.env("WINEPREFIX", self.directory.join("wine")).env("WINEDEBUG", "-all").quiet().read()?;
        println!("{target}: {said}");
        ensure!(said.ends_with(" passed, 0 failed"), "{} fails", program.display());
        Ok(())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.join(format!("{}-{name}", self.machine.target))
    }
}

/// A program and its options.
fn command<'a>(workspace: &'a Workspace, line: &str) -> Result<Cmd<'a>> {
    let mut words = line.split_whitespace();
    let program = words.next().context("a command has a program")?;
    Ok(workspace.sh.cmd(program).args(words).quiet())
}
