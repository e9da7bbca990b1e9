//! The order of the house: a file imports only from the rooms above its own, and no files form a circle.
//!
//! Paths are read as text, behind `use` and elsewhere: `crate::…`, `super::…`, and those that begin with a child module. A
//! declaration `mod child;` is no import. `lib.rs` is free to import from everywhere, and nothing imports from it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The rooms in the order in which the data passes. The C interface has those that it needs.
const ROOMS: [&str; 14] = [
    "text", "site", "http", "json", "cookie", "session", "request", "exchange", "answer", "probe", "renewal",
    "batch", "typed", "client",
];

/// Files by their paths below `src`.
type House = BTreeMap<String, String>;

/// One file imports from another, in this line.
#[derive(Debug, PartialEq)]
struct Import {
    from: String,
    line: usize,
    to: String,
}

#[test]
fn the_core_is_in_order() {
    assert_in_order("src");
}

#[test]
fn the_c_interface_is_in_order() {
    assert_in_order("ffi/src");
}

fn assert_in_order(root: &str) {
    let mut house = House::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(root), "", &mut house);
    assert!(house.len() > 10, "{root} is not where the code is");
    let faults: Vec<_> = faults(&house).into_iter().collect();
    assert!(faults.is_empty(), "in {root}:\n{}", faults.join("\n"));

    let order = children(&without_comments_and_tests(&house["lib.rs"]));
    let expected: Vec<_> = ROOMS.into_iter().filter(|room| order.iter().any(|name| name == room)).collect();
    assert_eq!(order, expected, "{root}/lib.rs declares its rooms in another order");
}

fn read(directory: &Path, below: &str, house: &mut House) {
    for entry in fs::read_dir(directory).expect("the directory is there") {
        let entry = entry.expect("it can be read");
        let name = format!("{below}{}", entry.file_name().to_str().expect("names are plain"));
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{name}/"), house);
        } else {
            house.insert(name, fs::read_to_string(entry.path()).expect("it can be read"));
        }
    }
}

/// What is out of order, each with file and line.
fn faults(house: &House) -> BTreeSet<String> {
    let files = house.keys().filter(|file| *file != "lib.rs");
    let imports: Vec<_> = files.flat_map(|file| imports(house, file)).collect();
    let fault = |import: &Import| {
        let Import { from, line, to } = import;
        if room(from) != room(to) && place(to) >= place(from) {
            Some(format!("{from}:{line} imports from {to}, which does not stand above it"))
        } else if room(from) == room(to) && leads_back(import, &imports) {
            Some(format!("{from}:{line} imports from {to}, which leads back to it"))
        } else {
            None
        }
    };
    imports.iter().filter_map(fault).collect()
}

/// The first part of a file's path, which is that of its room.
fn room(file: &str) -> &str {
    file.split(['/', '.']).next().expect("there is one")
}

/// What is no room, as `lib.rs`, stands below all.
fn place(file: &str) -> usize {
    ROOMS.iter().position(|known| *known == room(file)).unwrap_or(ROOMS.len())
}

fn leads_back(import: &Import, imports: &[Import]) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![&import.to]);
    while let Some(file) = next.pop() {
        if *file == import.from {
            return true;
        }
        if seen.insert(file) {
            next.extend(imports.iter().filter(|import| import.from == *file).map(|import| &import.to));
        }
    }
    false
}

/// The imports of a file from others.
fn imports(house: &House, file: &str) -> Vec<Import> {
    let text = without_comments_and_tests(&house[file]);
    let module = module(file);
    let starts = children(&text).into_iter().chain(["crate".to_owned(), "super".to_owned()]);
    let mut imports = Vec::new();
    for start in starts {
        for (at, _) in text.match_indices(&format!("{start}::")) {
            if text[..at].ends_with(|before: char| before.is_alphanumeric() || ['_', ':'].contains(&before)) {
                continue; // in the middle of a name or a path
            }
            let mut paths = Vec::new();
            read_paths(&mut &text[at..], &[], &mut paths);
            let line = text[..at].matches('\n').count() + 1;
            let found = paths.iter().map(|path| file_of(house, &module, path)).filter(|to| to != file);
            imports.extend(found.map(|to| Import { from: file.to_owned(), line, to }));
        }
    }
    imports
}

/// The names in declarations `mod child;`.
fn children(text: &str) -> Vec<String> {
    let declarations = text.lines().filter_map(|line| line.strip_suffix(';'));
    declarations.filter_map(|line| Some(line.split_once("mod ")?.1.to_owned())).collect()
}

/// The path of a file's module: that of `site/mod.rs` is `site`.
fn module(file: &str) -> Vec<&str> {
    let path = file.trim_end_matches(".rs");
    path.split('/').filter(|name| !["mod", "lib"].contains(name)).collect()
}

/// The file in which a path from inside a module ends: that of the longest part of it that is a module.
fn file_of(house: &House, module: &[&str], path: &[&str]) -> String {
    let mut full = module.to_vec();
    for name in path {
        match *name {
            "crate" => full.clear(),
            "super" => drop(full.pop()),
            name => full.push(name),
        }
    }
    let file = |path: &[&str]| {
        let path = path.join("/");
        let names = [format!("{path}.rs"), format!("{path}/mod.rs")];
        names.into_iter().find(|name| house.contains_key(name))
    };
    (1..=full.len()).rev().find_map(|len| file(&full[..len])).unwrap_or("lib.rs".to_owned())
}

/// The paths that a tree stands for: `a::{b, c::D}` is `a::b` and `a::c::D`. Takes it off the text.
fn read_paths<'t>(text: &mut &'t str, before: &[&'t str], paths: &mut Vec<Vec<&'t str>>) {
    *text = text.trim_start();
    if let Some(list) = text.strip_prefix('{') {
        *text = list;
        while !text.trim_start().starts_with('}') && !text.is_empty() {
            read_paths(text, before, paths);
            *text = text.trim_start_matches(|c| !['}', ','].contains(&c)).trim_start_matches(','); // `as other,`
        }
        *text = text.trim_start().trim_start_matches('}');
        return;
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    *text = rest;
    let path = [before, &[name]].concat();
    match rest.strip_prefix("::") {
        Some(rest) => {
            *text = rest;
            read_paths(text, &path, paths);
        }
        None => paths.push(path),
    }
}

/// The code alone, in as many lines.
fn without_comments_and_tests(text: &str) -> String {
    let (mut code, mut in_tests) = (String::new(), false);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let is_test = line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test,");
        in_tests |= is_test && lines.peek().is_some_and(|next| next.starts_with("mod "));
        if !in_tests {
            code += line.split("//").next().unwrap_or_default();
        }
        code.push('\n');
        in_tests &= line != "}";
    }
    code
}

fn assert_faults<const N: usize>(files: &[(&str, &str)], expected: [&str; N]) {
    let house = files.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
    assert_eq!(faults(&house), expected.map(str::to_owned).into());
}

#[test]
fn an_import_from_below_is_found_with_its_line() {
    let files = [
        ("lib.rs", "mod text;\n\nmod site;\n\nuse site::Site;\n"),
        ("text/mod.rs", "mod bytes;\n"),
        ("text/bytes.rs", "//! Not `crate::site::Site`.\n\nuse crate::{\n    site::path::{Path},\n};\n"),
        ("site/mod.rs", "mod path;\n\nuse crate::text::bytes;\n\nfn f() -> crate::json::Text {}\n"),
        ("site/path.rs", "use crate::Site;\n\n#[cfg(test)]\nmod tests {\n    use crate::json::Text;\n}\n"),
        ("json.rs", "fn f() {\n    super::text::bytes::g()\n}\n"),
    ];
    let expected = [
        "site/mod.rs:5 imports from json.rs, which does not stand above it",
        "site/path.rs:1 imports from lib.rs, which does not stand above it",
        "text/bytes.rs:3 imports from site/path.rs, which does not stand above it",
    ];
    assert_faults(&files, expected);
}

#[test]
fn a_circle_within_a_room_is_found() {
    let files = [
        ("site/mod.rs", "mod path;\nmod host;\nmod plain;\n\nuse path::Path;\n"),
        ("site/path.rs", "use super::host::{self, Host as Name, split};\n"),
        ("site/host.rs", "pub fn of(_: super::Site) {}\n"),
        ("site/plain.rs", "use crate::site::Site;\n"),
    ];
    let expected = [
        "site/host.rs:1 imports from site/mod.rs, which leads back to it",
        "site/mod.rs:5 imports from site/path.rs, which leads back to it",
        "site/path.rs:1 imports from site/host.rs, which leads back to it",
    ];
    assert_faults(&files, expected);
}
