//! What stands on the guide's pages is tried somewhere: samples in Rust, excerpts of examples, commands.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The pages of `docs/guide`, with their names, and the two pages before it.
fn pages() -> Vec<(String, String)> {
    let folder = fs::read_dir(root().join("docs/guide")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names = names.filter(|name| name.ends_with(".md")).map(|name| format!("docs/guide/{name}"));
    let all: Vec<_> = names.chain(["README.md", "docs/README.md"].map(String::from)).collect();
    assert!(all.len() > 15, "{all:?}");
    all.into_iter().map(|name| (name.clone(), read(name))).collect()
}

/// The blocks of a page that begin with such a fence.
fn blocks<'p>(page: &'p str, fence: &str) -> Vec<&'p str> {
    let start = format!("```{fence}\n");
    page.split(&start).skip(1).map(|rest| rest.split_once("\n```").expect("a block ends").0).collect()
}

#[test]
fn each_page_with_samples_in_rust_is_compiled() {
    let compiled = read("tests/guide/src/lib.rs") + &read("src/lib.rs");
    for (name, page) in pages() {
        let file = name.rsplit_once("docs/guide/").map_or(&*name, |(_, file)| file);
        let has = ["rust", "rust,no_run"].iter().any(|fence| !blocks(&page, fence).is_empty());
        assert!(!has || compiled.contains(&format!("{file}\")")), "tests/guide/src/lib.rs lacks {name}");
    }
}

/// What cannot be compiled by itself is a part of an example, which is.
#[test]
fn what_is_shown_of_an_example_is_what_it_has() {
    let example = read("examples/reqwest/main.rs");
    let mut count = 0;
    for (name, page) in pages() {
        for excerpt in blocks(&page, "rust,ignore") {
            count += 1;
            assert!(example.contains(excerpt), "{name}: the example does not have\n{excerpt}");
        }
    }
    assert!(count >= 3, "{count}");
}

#[test]
fn each_command_of_cargo_is_there() {
    let commands = read("xtask/src/main.rs");
    let (_, commands) = commands.split_once("enum Command {").unwrap();
    let mut count = 0;
    for (name, page) in pages() {
        for (at, _) in page.match_indices("cargo ") {
            let line = page[at..].lines().next().unwrap();
            let words: Vec<_> = line.split(|c: char| !c.is_alphanumeric() && !"-_".contains(c)).take(5).collect();
            let is_there = match words[..] {
                ["cargo", "run", "--example", example, ..] => root().join("examples").join(example).is_dir(),
                ["cargo", "run", "-p", package, ..] => package == "creatio-emulator",
                ["cargo", "xtask", command, ..] => {
                    let is_it = |line: &str| {
                        let name = line.split(['(', ',', '{']).next().unwrap().trim();
                        line.starts_with("    ") && name.to_lowercase() == command.replace('-', "")
                    };
                    commands.lines().take_while(|line| *line != "}").any(is_it)
                }
                _ => continue,
            };
            count += 1;
            assert!(is_there, "{name}: {line}");
        }
    }
    assert!(count > 20, "{count}");
}

/// The heading's name in a link, as hosts of repositories make it.
fn slug(heading: &str) -> String {
    let letters = heading.trim().to_lowercase();
    let letters = letters.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    letters.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Where the repository shows the pages; in the book `cargo xtask guide` looks at them.
#[test]
fn each_link_leads_to_a_file_and_to_a_heading_that_it_has() {
    let mut count = 0;
    for (name, page) in pages() {
        let prose: String = page.split("```").step_by(2).collect();
        for link in prose.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link) {
            if link.contains("://") {
                continue;
            }
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let folder = Path::new(&name).parent().unwrap();
            let file = if path.is_empty() { root().join(&name) } else { root().join(folder).join(path) };
            assert!(file.exists(), "{name}: {link}");
            let text = if heading.is_empty() { String::new() } else { fs::read_to_string(&file).unwrap() };
            let mut headings =
                text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#'));
            assert!(heading.is_empty() || headings.any(|line| slug(line) == heading), "{name}: {link}");
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn as_many_fuzz_targets_are_named_as_there_are() {
    let count = fs::read_dir(root().join("fuzz/fuzz_targets")).unwrap().count();
    assert_eq!(count, 10, "then README.md and docs/guide/testing.md have to say another number than ten");
    for (name, page) in pages() {
        let prose = page.replace('\n', " ");
        let is_named = prose.contains(" [fuzz targets](");
        assert!(!is_named || prose.contains("Ten [fuzz targets]("), "{name}");
    }
}

#[test]
fn each_page_is_in_the_contents() {
    let summary = read("docs/SUMMARY.md");
    for (name, _) in pages() {
        let path = name.strip_prefix("docs/");
        assert!(path.is_none_or(|path| summary.contains(&format!("({path})"))), "docs/SUMMARY.md lacks {name}");
    }
}
