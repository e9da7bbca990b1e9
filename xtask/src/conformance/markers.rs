//! The markers in the files, and what each stands beside.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// One id of a marker.
pub struct Marker {
    pub id: String,
    /// The path from the root of the repository.
    pub file: String,
    pub line: usize,
    /// The item that it stands before, or else the one that it stands in; of a test, the test.
    pub name: Option<String>,
    pub is_test: bool,
}

const START: &str = "//=";

/// What Rust's items begin with, and the name comes next.
const ITEMS: [&str; 9] = ["fn ", "const ", "static ", "struct ", "enum ", "trait ", "type ", "macro_rules! ", "mod "];

/// Adds the markers of the files in a folder and in those in it, by name.
pub fn find_below(root: &Path, folder: &str, found: &mut Vec<Marker>) -> Result<()> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(root.join(folder)).with_context(|| folder.to_owned())? {
        let entry = entry?;
        let name = entry.file_name().into_string().ok().context("a name that is no text")?;
        entries.push((format!("{folder}/{name}"), entry.file_type()?.is_dir()));
    }
    entries.sort();
    for (path, is_folder) in entries {
        if is_folder {
            find_below(root, &path, found)?;
        } else if path.ends_with(".rs") {
            let text = fs::read_to_string(root.join(&path)).with_context(|| path.clone())?;
            find(&path, &text, found);
        }
    }
    Ok(())
}

fn find(file: &str, text: &str, found: &mut Vec<Marker>) {
    let lines: Vec<&str> = text.lines().collect();
    let of_tests = |line: &&str| line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test");
    let first_of_tests = lines.iter().position(of_tests).unwrap_or(lines.len());
    let is_of_tests = file.starts_with("tests/") || file.ends_with("/tests.rs");
    for (at, line) in lines.iter().enumerate() {
        let Some(ids) = line.trim().strip_prefix(START) else { continue };
        let is_test = is_of_tests || at > first_of_tests;
        let name = before(&lines, at).or_else(|| around(&lines, at));
        let name = name.filter(|(at, _)| !is_test || is_a_test(&lines, *at)).map(|(_, name)| name);
        for id in ids.split(',') {
            let (id, file, name) = (id.trim().to_owned(), file.to_owned(), name.clone());
            found.push(Marker { id, file, line: at + 1, name, is_test });
        }
    }
}

/// The item that begins behind a marker, comments and attributes passed over: its line and its name.
fn before(lines: &[&str], at: usize) -> Option<(usize, String)> {
    let mut open = 0; // brackets of an attribute, which may take several lines
    let mut is_passed_over = |line: &str| {
        let is_attribute = open > 0 || line.starts_with("#[");
        if is_attribute {
            open += line.matches('[').count();
            open -= line.matches(']').count().min(open);
        }
        line.is_empty() || line.starts_with("//") || is_attribute
    };
    let next = (at + 1..lines.len()).find(|at| !is_passed_over(lines[*at].trim()))?;
    Some((next, item(lines[next])?))
}

/// The item in which a line stands.
fn around(lines: &[&str], at: usize) -> Option<(usize, String)> {
    let depth = |at: usize| lines[at].len() - lines[at].trim_start().len();
    let is_outside = |above: &usize| {
        let line = lines[*above];
        !line.is_empty() && depth(*above) < depth(at) && !line.ends_with(';') // which has nothing in it
    };
    (0..at).rev().filter(is_outside).find_map(|above| Some((above, item(lines[above])?)))
}

/// The name of the item that a line begins; a row `name: Error <- …` of a table of tests is one, too.
fn item(line: &str) -> Option<String> {
    let mut rest = line.trim();
    if let Some((name, _)) = rest.split_once(": ").filter(|(_, rest)| rest.contains(" <-")) {
        return Some(name.to_owned());
    }
    for word in ["pub ", "pub(crate) ", "pub(super) ", "async ", "unsafe ", "extern \"C\" "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    rest = rest.strip_prefix("const fn ").map_or(rest, |_| &rest["const ".len()..]);
    let named = ITEMS.iter().find_map(|word| rest.strip_prefix(word))?;
    let end = named.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(named.len());
    (end > 0).then(|| named[..end].to_owned())
}

/// Whether the item that begins in this line is a test.
fn is_a_test(lines: &[&str], at: usize) -> bool {
    let above = lines[..at].iter().rev().map(|line| line.trim());
    let mut attributes = above.take_while(|line| line.starts_with("#[") || line.starts_with("//"));
    lines[at].contains(" <-") || attributes.any(|line| line == "#[test]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(file: &str, text: &str) -> Vec<(String, usize, Option<String>, bool)> {
        let mut found = Vec::new();
        find(file, text, &mut found);
        found.into_iter().map(|marker| (marker.id, marker.line, marker.name, marker.is_test)).collect()
    }

    fn one(id: &str, line: usize, name: Option<&str>, is_test: bool) -> (String, usize, Option<String>, bool) {
        (id.to_owned(), line, name.map(str::to_owned), is_test)
    }

    #[test]
    fn a_marker_stands_before_an_item_or_in_one() {
        let text = "//= 1-a, 1-b\n/// Docs.\n#[inline]\npub(crate) const fn f() {\n    const M: u8 = 0;\n    \
                    if x {\n        //= 2-c\n        return;\n    }\n}\n\n    //= 3-d\nconst N: u8 = 0;\n";
        let expected = [
            one("1-a", 1, Some("f"), false),
            one("1-b", 1, Some("f"), false),
            one("2-c", 7, Some("f"), false),
            one("3-d", 12, Some("N"), false),
        ];
        assert_eq!(found_in("src/a.rs", text), expected);
        assert_eq!(found_in("src/a.rs", "//= 1-a\n// = 2-b\nlet x;\n"), [one("1-a", 1, None, false)]);
        let text =
            "//= 1-a\n#[inline] // why\n#[expect(\n    lint,\n    reason = \"why\"\n)]\nfn f() {}\n\nfn g() {}\n";
        assert_eq!(found_in("src/a.rs", text), [one("1-a", 1, Some("f"), false)]);
    }

    #[test]
    fn a_marker_of_a_test_stands_beside_a_test() {
        let text = "//= 1-a\n#[test]\nfn a() {}\n\n//= 2-b\nfn helper() {}\n\nrefused! {\n    //= 3-c\n    d: Error <- e;\n}\n";
        let expected = [one("1-a", 1, Some("a"), true), one("2-b", 5, None, true), one("3-c", 9, Some("d"), true)];
        assert_eq!(found_in("tests/a.rs", text), expected);
        let text =
            "//= 1-a\nfn f() {}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {\n        //= 2-b\n    }\n}\n";
        assert_eq!(found_in("src/a.rs", text), [one("1-a", 1, Some("f"), false), one("2-b", 8, Some("t"), true)]);
    }
}
