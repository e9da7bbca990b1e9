//! Why not fifty lines over libcurl, or over a parser: the README's table says what they do.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use creatio_emulator::Emulator;

use crate::build::{ROOT, cc, compiler, scratch, succeed};
use crate::two_records::{Setting, column, column_of_the_readme};

/// What people write over a library.
fn program(name: &str, library: &str) -> PathBuf {
    let program = scratch(name).join(name);
    let source = Path::new(ROOT).join(format!("tests/c_library/{name}.c"));
    succeed(compiler(&cc(), "c99").arg(source).arg(library).arg("-o").arg(&program));
    program
}

fn makes_two(program: &Path, emulator: &Emulator, setting: &Setting) -> [bool; 2] {
    let mut command = Command::new(program);
    command.args([&emulator.url(), "Supervisor", setting.password, setting.path, setting.json]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it has been built");
    let (mut input, output) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
    let mut lines = BufReader::new(output).lines().map(|line| line.expect("it writes UTF-8") == "yes");
    let first = lines.next().unwrap_or(false);
    if setting.ends {
        emulator.expire_sessions();
    }
    let _ = input.write_all(b"\n\n"); // where it has not signed in, nobody reads it
    let second = lines.next().unwrap_or(false);
    drop(input);
    assert!(child.wait().expect("it ends").success());
    [first, second]
}

fn over_libcurl(emulator: &Emulator, setting: &Setting) -> [bool; 2] {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| program("fifty_lines", "-lcurl"));
    makes_two(&PROGRAM, emulator, setting)
}

fn by_hand(emulator: &Emulator, setting: &Setting) -> [bool; 2] {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| program("by_hand", "-lhttp_parser"));
    makes_two(&PROGRAM, emulator, setting)
}

#[test]
#[ignore = "needs libcurl4-openssl-dev; run by cargo xtask test"]
fn the_table_in_the_readme_is_true_of_libcurl() {
    assert_eq!(column_of_the_readme("of libcurl"), column(over_libcurl));
}

#[test]
#[ignore = "needs libhttp-parser-dev; run by cargo xtask test"]
fn the_table_in_the_readme_is_true_of_a_parser() {
    assert_eq!(column_of_the_readme("of a parser"), column(by_hand));
}

#[test]
fn they_are_fifty_lines() {
    for source in [include_str!("fifty_lines.c"), include_str!("by_hand.c")] {
        let lines = source.lines().filter(|line| line.trim().len() > 1 && !line.starts_with(['#', '/', ' '])).count()
            + source.lines().filter(|line| line.starts_with("    ") && line.trim().len() > 1).count();
        assert!((45..=60).contains(&lines), "{lines}");
    }
}
