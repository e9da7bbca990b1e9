//! What the C library costs a program without an operating system, and what it pulls in.

mod build;
mod contexts;
mod image;
mod report;

use anyhow::{Result, bail};

pub use build::library as build_library;

use crate::workspace::Workspace;
use image::{Archive, Image};

/// A kind of chip, and how C is compiled and linked for it.
struct Chip {
    name: &'static str,
    target: &'static str,
    compiler: &'static str,
    flags: &'static [&'static str],
    linker_script: &'static str,
}

/// A program in C whose cost is measured. Built with `BASELINE` defined it does all the same, but
/// its calls to the library go to an empty function.
struct Program {
    name: &'static str,
    source: &'static str,
}

const CHIPS: &[Chip] = &[Chip {
    name: "Cortex-M4",
    target: "thumbv7em-none-eabihf",
    compiler: "arm-none-eabi-gcc",
    flags: &["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"],
    linker_script: "examples/firmware-c/cortex-m4.ld",
}];

const PROGRAMS: &[Program] = &[
    Program { name: "sign in", source: "examples/firmware-c/login_size.c" },
    Program { name: "everything", source: "examples/firmware-c/everything_size.c" },
];

/// Prints the sizes; fails if the library brings along what a bare-metal program must not carry.
pub fn run(workspace: &Workspace) -> Result<()> {
    let mut faults = Vec::new();
    for chip in CHIPS {
        let archive = build::archive(workspace, chip)?;
        faults.extend(statics(chip, &Archive::read(&archive)?));
        for program in PROGRAMS {
            let with = build::program(workspace, chip, program, Some(&archive))?;
            let without = build::program(workspace, chip, program, None)?;
            report::print_program(chip, program, &with, &without);
            faults.extend(panics(chip, program, &with));
        }
    }
    report::print_contexts(&contexts::sizes(workspace, CHIPS)?);
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(())
}

/// A library without memory of its own serves any number of sessions, and any number of threads.
fn statics(chip: &Chip, archive: &Archive) -> Option<String> {
    fault(format!("{}: the library has memory of its own", chip.name), &archive.variables)
}

fn panics(chip: &Chip, program: &Program, image: &Image) -> Option<String> {
    let names: Vec<String> =
        image.symbols.iter().map(|symbol| symbol.name.clone()).filter(|name| is_panic_machinery(name)).collect();
    fault(format!("{}, {}: the program can panic", chip.name, program.name), &names)
}

fn fault(what: String, names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| format!("{what}:\n  {}", names.join("\n  ")))
}

fn is_panic_machinery(name: &str) -> bool {
    ["panic", "rust_begin_unwind", "core::fmt"].iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::{fault, is_panic_machinery};

    #[test]
    fn panic_machinery_is_known_by_name() {
        assert!(is_panic_machinery("core::panicking::panic_bounds_check"));
        assert!(is_panic_machinery("core::fmt::write"));
        assert!(is_panic_machinery("rust_begin_unwind"));
        assert!(!is_panic_machinery("creatio_session_login"));
        assert!(!is_panic_machinery("<core::str::Utf8Error>::valid_up_to"));
    }

    #[test]
    fn everything_is_every_function_of_the_header() {
        let header = include_str!("../../include/creatio_auth.h");
        let program = include_str!("../../examples/firmware-c/everything_size.c");
        let code = header.lines().filter(|line| !line.trim_start().starts_with(['/', '*']));
        let functions: Vec<&str> = code
            .filter_map(|line| line.split_once('(')?.0.rsplit([' ', '*']).next())
            .filter(|name| name.starts_with("creatio_"))
            .collect();
        assert!(functions.len() > 30, "{functions:?}");
        for name in functions {
            assert!(program.contains(&format!("(function *){name},")), "everything_size.c lacks {name}");
        }
    }

    #[test]
    fn a_fault_lists_what_it_found() {
        assert_eq!(fault("bad".to_owned(), &[]), None);
        assert_eq!(fault("bad".to_owned(), &["a".to_owned(), "b".to_owned()]).as_deref(), Some("bad:\n  a\n  b"));
    }
}
