//! Builds C programs with the library, and runs them.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::{env, fs};

pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const WARNINGS: [&str; 5] = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];

/// What a program said, and its exit code.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

pub fn run(command: &mut Command) -> Run {
    let output = command.output().unwrap_or_else(|error| {
        let program = command.get_program().display();
        let help = match error.kind() {
            ErrorKind::NotFound => "; these tests need a C compiler (cc, or what CC names), `cargo xtask test` more",
            _ => "",
        };
        panic!("cannot run {program}: {error}{help}")
    });
    let text = |bytes| String::from_utf8(bytes).expect("programs write UTF-8");
    Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

pub fn succeed(command: &mut Command) -> String {
    let result = run(command);
    assert_eq!(result.code, Some(0), "{command:?}\n{}\n{}", result.stdout, result.stderr);
    result.stdout
}

/// Where the release builds of the library are.
pub fn libraries() -> &'static Path {
    static LIBRARIES: OnceLock<PathBuf> = OnceLock::new();
    LIBRARIES.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is in the target directory");
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.current_dir(ROOT).args(["build", "--release", "-p", "creatio-auth-ffi", "--target-dir"]).arg(target);
        succeed(&mut build);
        target.join("release")
    })
}

pub fn archive() -> PathBuf {
    libraries().join("libcreatio_auth.a")
}

/// A directory for the files of one test.
pub fn scratch(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("c").join(name);
    fs::create_dir_all(&directory).expect("the target directory can be written to");
    directory
}

/// A compiler with our flags; `$CC` may have arguments of its own.
pub fn compiler(command: &str, standard: &str) -> Command {
    let mut words = command.split_whitespace();
    let mut compiler = Command::new(words.next().expect("CC names a compiler"));
    compiler.args(words).arg(format!("-std={standard}")).args(["-g", "-O1"]).args(WARNINGS);
    compiler.arg(format!("-I{ROOT}/include"));
    if standard.starts_with("c++") {
        compiler.args(["-x", "c++"]);
    }
    compiler
}

pub fn cc() -> String {
    env::var("CC").unwrap_or_else(|_| "cc".to_owned())
}

/// The example, built by its Makefile.
pub fn make(variables: &[&str], scratch: &Path) {
    let mut make = Command::new("make");
    make.arg("-C").arg(Path::new(ROOT).join("examples/c")).args(variables);
    make.arg(format!("CFLAGS=-O1 -g {}", WARNINGS.join(" "))).arg(format!("OUT={}", scratch.display()));
    succeed(make.env_remove("MAKEFLAGS").env_remove("MAKELEVEL"));
}

pub fn valgrind() -> Command {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--quiet", "--error-exitcode=99", "--leak-check=full", "--track-origins=yes"]);
    valgrind
}

/// gcc with its sanitizers.
pub fn sanitized() -> Command {
    let mut gcc = compiler("gcc", "c99");
    gcc.args(["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]);
    gcc
}
