//! Every public type that does something has an example in its documentation.

use std::fs;
use std::path::Path;

/// Types that say something and do nothing: results, verdicts, errors, and what stands for a choice.
const SAY: &[&str] = &[
    "Again",
    "Answer",
    "BatchAnswer",
    "BatchFed",
    "BatchOutcome",
    "AuthorizationResponse",
    "BufferTooSmall",
    "CallVerdict",
    "Discovery",
    "EarlierSignIn",
    "Error",
    "Fault",
    "Fed",
    "Field",
    "Login",
    "Method",
    "Needed",
    "ProbeStep",
    "Refusal",
    "Renewed",
    "ReplyError",
    "RequestPart",
    "Runtime",
    "State",
    "Step",
    "TcpError",
    "Text",
    "Token",
    "TypedCause",
    "UnknownRuntime",
    "Verdict",
    "OauthHealth",
    "OauthHealthVerdict",
    "OfferedSchemes",
    "Windows",
    "WindowsVerdict",
];
/// Their example is that of the trait or the function that they are for.
const ELSEWHERE: &[&str] = &["Lent", "Line", "Link", "Refresh"];
/// Not in the documentation, or nothing that others make.
const HIDDEN: &[&str] = &["Door", "Failure", "LoginTexts", "Short", "Slot"];

/// The public types of a file, each with whether there is an example above it.
fn types(text: &str) -> Vec<(String, bool)> {
    let (mut found, mut has_example) = (Vec::new(), false);
    for line in text.lines() {
        let name = ["pub struct ", "pub enum ", "pub trait "].iter().find_map(|start| line.strip_prefix(start));
        if let Some(name) = name {
            let name = name.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned();
            found.push((name, has_example));
        }
        has_example = match line {
            _ if line.starts_with("/// ```") || line.starts_with("#[doc = example!(") => true,
            _ => has_example && (line.starts_with("///") || line.starts_with("#[")),
        };
    }
    found
}

fn visit(directory: &Path, without: &mut Vec<String>, count: &mut usize) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, without, count);
            continue;
        }
        for (name, has_example) in types(&fs::read_to_string(&path).unwrap()) {
            *count += 1;
            let lists = [SAY, ELSEWHERE, HIDDEN];
            if !has_example && !lists.concat().contains(&name.as_str()) {
                without.push(format!("{name} in {}", path.display()));
            }
        }
    }
}

#[test]
fn every_type_that_does_something_has_an_example() {
    let (mut without, mut count) = (Vec::new(), 0);
    visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut without, &mut count);
    assert!(count > 40, "{count}");
    assert!(without.is_empty(), "without an example: {without:#?}");
}

#[test]
fn an_example_is_that_of_the_type_below_it() {
    let text = "/// One.\n///\n/// ```\n/// ```\n#[derive(Debug)]\npub struct One;\n\n/// Two.\npub enum Two<T> {}\n";
    assert_eq!(types(text), [("One".to_owned(), true), ("Two".to_owned(), false)]);
}
