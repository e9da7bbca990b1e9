//! The tests that Miri runs: it sees each use of memory that a compiler may take for impossible, and what no sanitizer does,
//! memory without a first value behind a reference, and an alias that must not be.
//!
//! The C interface first, for all that is unsafe stands there, and its tests lead through the whole of the core; of the core's
//! own, which forbids it, what takes no long time, under one model of aliasing. Miri is some thousand times slower than the machine.

use anyhow::Result;
use clap::Args;
use xshell::cmd;

use crate::setup;
use crate::workspace::{C_PACKAGE, CORE, Workspace};

/// References are to hold values all the way down, and no pointer is made of a number. The directory of the tests is asked for,
/// which stands outside of what Miri lets them see.
const FLAGS: &str = "-Zmiri-strict-provenance -Zmiri-recursive-validation -Zmiri-disable-isolation";

/// Which accesses through a pointer forbid those through others: two models, of which Rust has not chosen one.
const STACKED_BORROWS: &str = "";
const TREE_BORROWS: &str = " -Zmiri-tree-borrows";

/// Tests of the core that it takes too long for, by what their names hold: those with inputs by the hundred.
const SLOW: &[&str] = &[
    "json::picker",
    "each_element_of_value_is_found",
    "marks_are_found",
    "the_documented_diagram",
    "agrees_with",
    "never_panics",
    "read_back",
    "buffers_of_every_size",
    "a_run_ends",
    "no_url_leads_out",
    "a_challenge_that_is_none_or_is_cut",
    "names_and_passwords_may_be_any_text",
    "upper_case_is_that_of_unicode",
];

/// What the core does with whole exchanges.
const BEHAVIOUR: &[&str] = &["a_change_that_brings_no_ticket", "advice_then_one_call"];

#[derive(Args, Default)]
pub struct Options {
    /// The core's own tests under Tree Borrows, too, which takes six minutes more
    #[arg(long)]
    all: bool,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let sh = &workspace.sh;
    setup::miri(sh)?;
    // Apart from the rest, which two compilers in turn would have to build anew.
    let target = workspace.target.join("miri");
    let skipped: Vec<_> = SLOW.iter().flat_map(|name| ["--skip", name]).collect();
    let skipped = &skipped;
    for aliasing in [STACKED_BORROWS, TREE_BORROWS] {
        let test = |arguments: &[&str]| {
            cmd!(sh, "cargo +nightly miri test --target-dir {target} {arguments...}")
                .env("MIRIFLAGS", format!("{FLAGS}{aliasing}"))
                .run()
        };
        test(&["-p", C_PACKAGE, "--lib"])?;
        if options.all || aliasing == STACKED_BORROWS {
            test(&[&["-p", CORE, "--lib", "--"][..], skipped].concat())?;
        }
        test(&[&["-p", CORE, "--test", "password_change", "--"][..], BEHAVIOUR].concat())?;
    }
    Ok(())
}

/// Its short form.
pub fn check(workspace: &Workspace) -> Result<()> {
    run(workspace, &Options::default())
}
