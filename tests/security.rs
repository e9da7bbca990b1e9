//! `docs/security.md` names tests that there are.

use std::fs;
use std::path::Path;

const DOCUMENT: &str = "docs/security.md";

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What stands between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Whether a file has a test of this name: in Rust one of its functions or of a macro's, in C one that `main` calls.
fn has_test(path: &str, name: &str) -> bool {
    let text = read(path);
    if path.ends_with(".c") {
        return text.contains(&format!("\nvoid {name}(")) && read("tests/c/main.c").contains(name);
    }
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let is_test = |at: usize| {
        lines[..at].iter().rev().take_while(|line| line.starts_with(['#', '/'])).any(|line| *line == "#[test]")
    };
    let function = format!("fn {name}(");
    let by_macro = format!("{name}:");
    let mut places = lines.iter().enumerate();
    places.any(|(at, line)| line.starts_with(&function) && is_test(at) || line.starts_with(&by_macro))
}

/// The rows of the tables: what is promised, and what shows it.
fn rows(document: &str) -> Vec<(&str, &str)> {
    let rows = document.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    rows.filter(|(promise, _)| *promise != "what is promised").collect()
}

/// What is wrong with a row: names of tests follow that of their file.
fn faults(shown: &str) -> Vec<String> {
    let (mut file, mut faults, mut shows) = (None, Vec::new(), 0);
    for word in quoted(shown) {
        if word.contains('/') {
            file = Some(word);
        } else if word.starts_with("cargo xtask ") || word.starts_with('-') {
            shows += 1;
        } else {
            shows += 1;
            let is_there = file.is_some_and(|file| has_test(file, word));
            faults.extend((!is_there).then(|| format!("{word} is no test of {file:?}")));
        }
    }
    faults.extend((shows == 0).then(|| format!("nothing shows it: {shown}")));
    faults
}

#[test]
fn each_promise_names_tests_that_there_are() {
    let document = read(DOCUMENT);
    let rows = rows(&document);
    assert!(rows.len() > 20, "{} rows", rows.len());
    let faults: Vec<_> = rows.iter().flat_map(|(_, shown)| faults(shown)).collect();
    assert!(faults.is_empty(), "in {DOCUMENT}:\n{}", faults.join("\n"));
}

#[test]
fn a_test_that_is_no_more_is_found() {
    let here = "`tests/security.rs`: `each_promise_names_tests_that_there_are`";
    assert_eq!(faults(here), [""; 0]);
    assert_eq!(faults(&here.replace("that_there", "there")).len(), 1, "no such name");
    assert_eq!(faults("`tests/security.rs`: `rows`").len(), 1, "a function that is no test");
    assert_eq!(faults("`quoted`").len(), 1, "no file");
    assert_eq!(faults("everybody knows").len(), 1, "no test");
    assert_eq!(faults("`tests/c/lifetimes.c`: `test_lifetime`").len(), 1, "a part of a name");
}

#[test]
fn the_core_forbids_unsafe_code() {
    assert!(read("src/lib.rs").contains("\n#![forbid(unsafe_code)]\n"));
}
