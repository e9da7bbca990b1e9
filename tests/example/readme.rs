//! What the README says that the first command prints.

use crate::program::login;

/// With another number where the emulator's port stands.
fn without_port(text: &str) -> String {
    let start = "http://127.0.0.1:";
    let mut parts = text.split(start);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + start + "PORT" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

#[test]
fn the_first_command_prints_what_the_readme_says() {
    let readme = include_str!("../../README.md");
    let said = readme.split("```text\n").filter_map(|rest| rest.split_once("```")).map(|(block, _)| block);
    let said = said.filter(|block| block.starts_with("emulator "));
    let ran = login(&[], None);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(said.map(without_port).collect::<Vec<_>>(), [without_port(&ran.out)]);
}
