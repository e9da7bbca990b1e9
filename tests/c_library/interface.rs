//! The header and `tests/c`, with several compilers, and with what looks for errors in memory.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::build::{ROOT, archive, cc, compiler, libraries, run, sanitized, scratch, succeed, valgrind};

const C_STANDARDS: [&str; 3] = ["c99", "c11", "c17"];

/// Compilers and standards that a plain machine has: C always, C++ where there is a compiler for it.
fn languages() -> Vec<(String, &'static str)> {
    let mut languages: Vec<_> = C_STANDARDS.map(|standard| (cc(), standard)).into();
    let cxx = env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    if Command::new(&cxx).arg("--version").output().is_ok() {
        languages.push((cxx, "c++17"));
    } else {
        println!("no C++ compiler ({cxx}): C++ is left out");
    }
    languages
}

/// The `.c` files of `tests/c`, and what they are linked with.
pub fn link_tests(mut compiler: Command, library: &[impl AsRef<OsStr>], program: &Path) -> PathBuf {
    let files = fs::read_dir(Path::new(ROOT).join("tests/c")).expect("the directory is there");
    let sources = files.map(|file| file.expect("it can be read").path());
    compiler.args(sources.filter(|path| path.extension().is_some_and(|extension| extension == "c")));
    succeed(compiler.args(["-x", "none"]).args(library).arg("-o").arg(program));
    program.to_owned()
}

pub fn passes(command: &mut Command) {
    let output = succeed(command);
    assert!(output.ends_with(" passed, 0 failed\n"), "{output}");
}

fn header_compiles_alone(languages: &[(String, &str)], scratch: &Path) {
    let source = scratch.join("header.c");
    fs::write(&source, "#include \"creatio_auth.h\"\n#include \"creatio_auth.h\"\n").expect("it can be written");
    for (command, standard) in languages {
        succeed(compiler(command, standard).arg("-fsyntax-only").arg(&source));
    }
}

#[test]
fn the_header_compiles_alone() {
    header_compiles_alone(&languages(), &scratch("header"));
}

/// With nothing but the archive: a C program needs no `-l`.
#[test]
fn the_interface_does_what_the_header_says() {
    for (command, standard) in languages() {
        let program = scratch("interface").join(standard);
        passes(&mut Command::new(link_tests(compiler(&command, standard), &[archive()], &program)));
    }
}

#[test]
fn the_shared_library_serves_as_well() {
    let directory = libraries().display();
    let library = [format!("-L{directory}"), "-lcreatio_auth".into(), format!("-Wl,-rpath,{directory}")];
    let program = link_tests(compiler(&cc(), "c99"), &library, &scratch("shared").join("shared"));
    let needed = succeed(Command::new("readelf").arg("-d").arg(&program));
    assert!(needed.contains("[libcreatio_auth.so]"), "{needed}");
    // Where cargo's own comes first in what it tells the loader, that is the library of another profile.
    passes(Command::new(program).env_remove("LD_LIBRARY_PATH"));
}

#[test]
#[ignore = "needs clang; run by cargo xtask test"]
fn another_compiler_likes_it_too() {
    let mut languages: Vec<_> = C_STANDARDS.map(|standard| ("clang".to_owned(), standard)).into();
    languages.extend([("clang".to_owned(), "c2x"), ("clang++".to_owned(), "c++17")]);
    let scratch = scratch("clang");
    header_compiles_alone(&languages, &scratch);
    for (command, standard) in languages {
        let program = link_tests(compiler(&command, standard), &[archive()], &scratch.join(standard));
        passes(&mut Command::new(program));
    }
}

/// As firmware is often compiled: with short enumerations, and all in one piece.
#[test]
#[ignore = "needs gcc; run by cargo xtask test"]
fn options_of_firmware_change_nothing() {
    let mut gcc = compiler("gcc", "c99");
    gcc.args(["-fshort-enums", "-flto", "-ffunction-sections", "-Wl,--gc-sections"]);
    passes(&mut Command::new(link_tests(gcc, &[archive()], &scratch("firmware-options").join("tests"))));
}

#[test]
#[ignore = "needs valgrind; run by cargo xtask test"]
fn valgrind_finds_nothing() {
    let program = link_tests(compiler(&cc(), "c99"), &[archive()], &scratch("valgrind").join("tests"));
    passes(valgrind().arg(program));
}

#[test]
#[ignore = "needs gcc's sanitizers; run by cargo xtask test"]
fn sanitizers_of_the_c_side_find_nothing() {
    passes(&mut Command::new(link_tests(sanitized(), &[archive()], &scratch("sanitized").join("tests"))));
}

/// The archive with checks in the Rust code as well, which a stable compiler cannot put there.
fn checked_archive() -> PathBuf {
    let mut rustc = Command::new("rustup");
    let about = succeed(rustc.args(["run", "nightly", "rustc", "-vV"]));
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host").to_owned();
    let target = scratch("checked").join("target");
    let mut build = Command::new("rustup");
    build.current_dir(ROOT).args(["run", "nightly", "cargo", "build", "--release", "-p", "creatio-auth-ffi"]);
    build.args(["--target", &host, "--target-dir"]).arg(&target);
    succeed(build.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", "-Zsanitizer=address"));
    target.join(host).join("release/libcreatio_auth.a")
}

#[test]
#[ignore = "needs gcc's sanitizers and nightly Rust; run by cargo xtask test"]
fn sanitizers_of_both_sides_find_nothing_but_what_is_there() {
    let (archive, scratch) = (checked_archive(), scratch("checked"));
    passes(&mut Command::new(link_tests(sanitized(), &[&archive], &scratch.join("tests"))));

    // They do look: a URL that is said to be longer than it is.
    let (source, program) = (scratch.join("over_read.c"), scratch.join("over_read"));
    let code = "#include <stdlib.h>\n#include <string.h>\n#include \"creatio_auth.h\"\n\
                int main(void) {\n    creatio_site site;\n    char *url = (char *)malloc(4);\n    \
                memcpy(url, \"http\", 4);\n    return creatio_site_parse(&site, url, 5, CREATIO_RUNTIME_NET) == 0;\n}\n";
    fs::write(&source, code).expect("it can be written");
    succeed(sanitized().arg(&source).arg(&archive).arg("-o").arg(&program));
    let found = run(&mut Command::new(program));
    assert_ne!(found.code, Some(0));
    assert!(found.stderr.contains("heap-buffer-overflow"), "{}", found.stderr);
    assert!(found.stderr.contains("in creatio_site_parse"), "{}", found.stderr);
}
