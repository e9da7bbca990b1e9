//! Mutants that want a build of their own: in a copy of the repository that has one at a time, where the compiler keeps what has
//! not changed.

use std::fs;
use std::path::Path;

use anyhow::Result;
use xshell::Shell;

use super::compile::{Compiled, compile};
use super::suite::{End, Suite};
use super::switched::Mutant;
use crate::coverage::TESTS;

/// What does not change is kept. A wrapper such as sccache would not have it.
const KEEPING: [(&str, &str); 2] = [("CARGO_INCREMENTAL", "1"), ("RUSTC_WRAPPER", "")];

/// How the tests of a mutant end, in a copy that is afterwards as it was.
pub fn end(sh: &Shell, tree: &Path, target: &Path, suite: &Suite<'_>, mutant: &Mutant) -> Result<End> {
    let file = tree.join(&mutant.file);
    let text = fs::read_to_string(&file)?;
    fs::write(&file, mutant.planted(&text))?;
    let end = first_end(sh, tree, target, suite);
    fs::write(&file, text)?;
    end
}

/// Compiles and runs one program after the other, the quickest first, until one finds the mutant.
fn first_end(sh: &Shell, tree: &Path, target: &Path, suite: &Suite<'_>) -> Result<End> {
    let _in_it = sh.push_dir(tree);
    for program in TESTS.chunk_by(|_, next| !next.starts_with("--")) {
        let Compiled::Programs(programs) = compile(sh, target, program, &KEEPING)? else {
            return Ok(End::Unviable);
        };
        for (name, program) in programs {
            let end = suite.of_program(&name, &program, tree)?;
            if end != End::Missed {
                return Ok(end);
            }
        }
    }
    Ok(End::Missed)
}
