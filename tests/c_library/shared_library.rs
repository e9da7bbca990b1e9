//! What the shared library exports and calls.

use std::collections::BTreeSet;
use std::process::Command;

use crate::build::{libraries, succeed};

const HEADER: &str = include_str!("../../include/creatio_auth.h");

/// The last word of each line that `nm` prints about the shared library.
fn symbols(options: &[&str]) -> BTreeSet<String> {
    let listed = succeed(Command::new("nm").args(options).arg(libraries().join("libcreatio_auth.so")));
    let names = listed.lines().filter(|line| !line.contains(" w ")).filter_map(|line| line.split_whitespace().last());
    names.map(|name| name.split('@').next().unwrap_or(name).to_owned()).collect()
}

#[test]
fn the_shared_library_exports_the_functions_of_the_header_and_nothing_else() {
    let code = HEADER.lines().filter(|line| !line.starts_with([' ', '/', '#']));
    let declared: BTreeSet<String> =
        code.filter_map(|line| line.split_once('(')?.0.split([' ', '*']).next_back()).map(str::to_owned).collect();
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
