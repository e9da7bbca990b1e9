//! The samples in C of the guide's pages: each compiles by itself, or is a part of an example.

use std::fs;
use std::path::Path;

use crate::build::{ROOT, cc, compiler, scratch, succeed};

/// Where the parts of programs are from.
const EXAMPLES: [&str; 2] = ["examples/c/curl.c", "packaging/port/sign_in.h"];

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn each_sample_compiles_or_is_a_part_of_an_example() {
    let examples: String = EXAMPLES.iter().map(|path| read(&Path::new(ROOT).join(path))).collect();
    let (mut whole, mut parts) = (0, 0);
    for entry in fs::read_dir(Path::new(ROOT).join("docs/guide")).expect("it is there") {
        let path = entry.expect("it can be read").path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let page = read(&path);
        for sample in
            page.split("```c\n").skip(1).filter_map(|rest| rest.split_once("\n```")).map(|(sample, _)| sample)
        {
            if !sample.contains("#include") {
                assert!(examples.contains(sample), "{}: no example has\n{sample}", path.display());
                parts += 1;
                continue;
            }
            let source = scratch("guide").join(format!("sample_{whole}.c"));
            fs::write(&source, sample.to_owned() + "\n").expect("it can be written");
            for standard in ["c99", "c17"] {
                succeed(compiler(&cc(), standard).args(["-Wc++-compat", "-fsyntax-only"]).arg(&source));
            }
            whole += 1;
        }
    }
    assert!(whole >= 2 && parts >= 4, "{whole} {parts}");
}
