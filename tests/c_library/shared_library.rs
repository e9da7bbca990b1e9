//! What the shared library exports and calls.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::build::{ROOT, archive, cc, compiler, libraries, scratch, succeed};

const HEADER: &str = include_str!("../../include/creatio_auth.h");

/// The last word of each line that `nm` prints about the shared library.
fn symbols(options: &[&str]) -> BTreeSet<String> {
    let listed = succeed(Command::new("nm").args(options).arg(libraries().join("libcreatio_auth.so")));
    let names = listed.lines().filter(|line| !line.contains(" w ")).filter_map(|line| line.split_whitespace().last());
    names.map(|name| name.split('@').next().unwrap_or(name).to_owned()).collect()
}

#[test]
fn the_shared_library_exports_the_functions_of_the_header_and_nothing_else() {
    // What a feature brings that is off by default is not in this library.
    let (before, rest) = HEADER.split_once("#ifdef CREATIO_NTLM\n").expect("what the feature `ntlm` brings");
    let (_, after) = rest.split_once("#endif").expect("its end");
    let code = before
        .lines()
        .chain(after.lines())
        .filter(|line| !line.starts_with([' ', '/', '#']) && !line.contains("static"));
    let names = code.filter_map(|line| line.split_once('(')?.0.split([' ', '*']).next_back());
    let declared: BTreeSet<String> = names.filter(|name| name.starts_with("creatio_")).map(str::to_owned).collect();
    assert!(declared.contains("creatio_version") && declared.len() > 20, "{declared:?}");
    assert_eq!(symbols(&["-g", "--defined-only"]), declared);
}

#[test]
fn the_shared_library_calls_only_what_the_header_says() {
    let start = HEADER.find("calls nothing but").expect("the header says what it calls");
    let sentence = &HEADER[start..start + HEADER[start..].find('.').expect("a sentence ends")];
    let allowed: Vec<&str> = sentence.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let called = symbols(&["-D", "--undefined-only"]);
    let unsaid: Vec<_> = called.iter().filter(|name| !allowed.contains(&name.as_str())).collect();
    assert!(unsaid.is_empty(), "not in the header: {unsaid:?}");

    let dynamic = succeed(Command::new("readelf").arg("-d").arg(libraries().join("libcreatio_auth.so")));
    let needed: Vec<&str> = dynamic.lines().filter(|line| line.contains("(NEEDED)")).collect();
    assert!(needed.iter().all(|line| line.contains("[libc.so")), "{needed:?}");
}

/// The archive in someone else's shared library, linked as docs/c/abi.md says.
#[test]
fn a_library_with_the_archive_in_it_need_not_export_it() {
    let scratch = scratch("excluded");
    let source = scratch.join("plugin.c");
    let code = "#include \"creatio_auth.h\"\nconst char *plugin(void);\nconst char *plugin(void) { return creatio_version(); }\n";
    fs::write(&source, code).expect("it can be written");
    let exported = |option: &[&str]| {
        let library = scratch.join("libplugin.so");
        let mut build = compiler(&cc(), "c99");
        succeed(build.args(["-shared", "-fPIC"]).arg(&source).arg(archive()).args(option).arg("-o").arg(&library));
        succeed(Command::new("nm").args(["-D", "--defined-only"]).arg(library))
    };
    assert!(exported(&[]).contains("creatio_version"));
    let names = exported(&["-Wl,--exclude-libs,libcreatio_auth.a"]);
    assert!(names.contains("plugin") && !names.contains("creatio_"), "{names}");
}

/// A copy of the sources in a folder of this name, and the libraries that a compiler makes of them there.
fn built_in(folder: &str) -> [Vec<u8>; 2] {
    let root = scratch("reproducible").join(folder);
    let _ = fs::remove_dir_all(&root);
    let listed = succeed(Command::new("git").current_dir(ROOT).args(["ls-files", "--cached"]));
    for file in listed.lines().filter(|file| Path::new(ROOT).join(file).is_file()) {
        let copy = root.join(file);
        fs::create_dir_all(copy.parent().expect("it is in a folder"))
            .expect("the target directory can be written to");
        fs::copy(Path::new(ROOT).join(file), copy).expect("it can be copied");
    }
    let mut build = Command::new("cargo");
    build.current_dir(&root).args(["build", "--release", "-p", "creatio-auth-ffi", "--target-dir", "target"]);
    // A cache of compiled code would hand the second the first one's.
    succeed(build.env_remove("RUSTC_WRAPPER").env_remove("CARGO_TARGET_DIR"));
    ["libcreatio_auth.a", "libcreatio_auth.so"]
        .map(|name| fs::read(root.join("target/release").join(name)).expect("it has been built"))
}

#[test]
#[ignore = "needs two builds; run by cargo xtask test"]
fn two_builds_in_two_folders_have_the_same_bits() {
    let (one, other) = (built_in("one"), built_in("another folder, with a longer name"));
    assert!(
        one == other,
        "the archives differ: {}, the shared libraries: {}",
        one[0] != other[0],
        one[1] != other[1]
    );
}
