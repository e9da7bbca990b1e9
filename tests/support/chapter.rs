//! `docs/authservice.md`: the code of an example, step by step, and what the example prints.

use std::fs;
use std::path::Path;

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("it is there")
}

/// The chapter's blocks in a language.
pub fn blocks(language: &str) -> Vec<String> {
    let chapter = read("docs/authservice.md");
    let parts = chapter.split("```").skip(1).step_by(2);
    parts.filter_map(|block| block.strip_prefix(&format!("{language}\n"))).map(str::to_owned).collect()
}

/// The chapter has all of the example's code behind the comment at its top, in its order, and nothing else.
pub fn has_all_of(example: &str, language: &str) {
    let code = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
    };
    let file = read(example);
    let end = if language == "c" { "*/\n" } else { "\n\n" };
    let (_, file) = file.split_once(end).expect("a comment is at the top");
    let chapter = code(&blocks(language).concat());
    assert!(chapter.len() > 50);
    assert_eq!(chapter, code(file), "docs/authservice.md is not what {example} is");
}
