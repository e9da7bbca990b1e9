//! Every check of the repository, one after the other.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use xshell::{Cmd, cmd};

use crate::workspace::{BARE_TARGETS, C_PACKAGE, CORE, OLD_FEATURES, Workspace, oldest_toolchain};
use crate::{
    abi, bench, catalogue, conformance, coverage, firmware, fuzz, guide, header, machines, miri, pictures,
    public_api, publish, release, setup, size,
};

struct Step {
    name: &'static str,
    run: fn(&Workspace) -> Result<()>,
}

const STEPS: &[Step] = &[
    step("formatting", formatting),
    step("lints", lints),
    step("documentation", documentation),
    step("C header", header::check),
    step("C interface", abi::check),
    step("C pages", pages),
    step("workflows", workflows),
    step("conformance", conformance::check),
    step("catalogue", catalogue::check),
    step("guide", guide::check),
    step("public interface", public_api::check),
    step("pictures", pictures::check),
    step("tests", tests),
    step("tests that need installed tools", tests_with_tools),
    step("coverage", coverage::run),
    step("Miri", miri::check),
    step("fuzzing", fuzz::check),
    step("C on other machines", machines::run),
    step("bare-metal builds", bare_metal),
    step("oldest compiler", oldest_compiler),
    step("packages", publish::check),
    step("version", publish::version),
    step("release", release::check),
    step("firmware in C", firmware::in_c),
    step("size", size::check),
    step("instructions", bench::check),
    step("firmware in Rust", firmware::in_rust),
];

/// Features of the core that a bare-metal build may turn on: each alone on the smallest chip, and together on all.
const BARE_FEATURES: &[&str] = &[
    "serde",
    "defmt",
    "log",
    "ntlm",
    "sha2",
    "embedded-io-07",
    "embedded-io-async-07",
    "embedded-nal-async-09",
    "embassy-net-09",
];

/// Packages outside of the workspace, which are for chips alone.
const OUTSIDE: &[&str] = &["examples/firmware-size/rust/Cargo.toml", "examples/firmware-c/second/Cargo.toml"];

/// The programs of `cargo xtask bench` and the targets of `cargo xtask fuzz`, likewise outside, and for this machine.
const HERE: &[&str] = &["tests/bench/Cargo.toml", "fuzz/Cargo.toml"];

const fn step(name: &'static str, run: fn(&Workspace) -> Result<()>) -> Step {
    Step { name, run }
}

/// True if every step passed. A failed one does not keep the next from running, save the set-up.
pub fn run(workspace: &Workspace) -> bool {
    // What is built once needs nothing for the next time, and that would be several gigabytes.
    workspace.sh.set_var("CARGO_INCREMENTAL", "0");
    let mut outcomes = vec![perform(workspace, &step("set-up", setup::run))];
    if outcomes[0].passed {
        outcomes.extend(STEPS.iter().map(|step| perform(workspace, step)));
    }
    println!();
    for outcome in &outcomes {
        println!("{}", outcome.line());
    }
    println!("{}", closing_line(&outcomes));
    outcomes.iter().all(|outcome| outcome.passed)
}

struct Outcome {
    name: &'static str,
    passed: bool,
    took: Duration,
}

impl Outcome {
    fn line(&self) -> String {
        let result = if self.passed { "ok" } else { "FAILED" };
        format!("{:<32} {:>7.1} s  {result}", self.name, self.took.as_secs_f64())
    }
}

fn perform(workspace: &Workspace, step: &Step) -> Outcome {
    println!("\n== {}", step.name);
    let start = Instant::now();
    let result = (step.run)(workspace);
    if let Err(error) = &result {
        println!("error: {error:#}");
    }
    let outcome = Outcome { name: step.name, passed: result.is_ok(), took: start.elapsed() };
    println!("== {}", outcome.line());
    outcome
}

fn closing_line(outcomes: &[Outcome]) -> String {
    let passed = outcomes.iter().filter(|outcome| outcome.passed).count();
    format!("{passed} passed, {} failed", outcomes.len() - passed)
}

fn formatting(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    let outside = OUTSIDE.iter().chain(HERE).map(|manifest| cmd!(sh, "cargo fmt --check --manifest-path {manifest}"));
    run_all(outside.chain([cmd!(sh, "cargo fmt --all --check")]))
}

fn lints(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    let (target, directory) = ("thumbv7em-none-eabihf", workspace.target.join("outside"));
    let outside = OUTSIDE.iter().map(|manifest| {
        cmd!(sh, "cargo clippy --manifest-path {manifest} --target {target} --target-dir {directory} -- -D warnings")
    });
    let here = HERE.iter().map(|manifest| {
        cmd!(sh, "cargo clippy --manifest-path {manifest} --all-targets --target-dir {directory} -- -D warnings")
            // Nothing is linked, so that libFuzzer need not be there.
            .env("CUSTOM_LIBFUZZER_PATH", "/libfuzzer.a")
    });
    run_all(outside.chain(here).chain([
        // The C library apart: what is built together has its features together, and beside the panic handler that it brings
        // there is to be none of the standard library's.
        cmd!(sh, "cargo clippy --workspace --exclude {C_PACKAGE} --all-targets -- -D warnings"),
        cmd!(sh, "cargo clippy -p {C_PACKAGE} --all-targets -- -D warnings"),
        cmd!(sh, "cargo clippy -p {CORE} --all-targets --all-features -- -D warnings"),
        cmd!(sh, "cargo clippy -p {CORE} --all-targets --no-default-features -- -D warnings"),
        cmd!(sh, "cargo clippy -p {C_PACKAGE} --no-default-features --features panic-handler -- -D warnings"),
    ]))
}

fn documentation(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    // The libraries of the two packages have one name, and so would their pages.
    let c_pages = workspace.target.join("c-package");
    run_all(
        [
            cmd!(sh, "cargo doc --workspace --exclude {C_PACKAGE} --no-deps --all-features"),
            cmd!(sh, "cargo doc -p {C_PACKAGE} --no-deps --target-dir {c_pages}"),
        ]
        .map(|command| command.env("RUSTDOCFLAGS", "-D warnings")),
    )
}

/// Properties are tried on the same inputs each time, so that what passed once passes again; `cargo test` by hand tries others.
fn tests(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    let _seed = sh.push_env("PROPTEST_RNG_SEED", "1");
    run_all([
        cmd!(sh, "cargo test --workspace --no-fail-fast"),
        cmd!(sh, "cargo test -p {CORE} --lib --test client --all-features --no-fail-fast"),
        cmd!(sh, "cargo test -p {CORE} --lib --no-default-features"),
        cmd!(sh, "cargo test -p {CORE} --doc --all-features"),
    ])
}

/// Tests marked `#[ignore = "needs …; run by cargo xtask test"]`. An example in the documentation
/// that is marked `ignore` is one that cannot run, so those are left out.
fn tests_with_tools(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    run_all([
        cmd!(sh, "cargo test --workspace --tests --no-fail-fast -- --ignored"),
        cmd!(sh, "cargo test -p {CORE} --test client --all-features --no-fail-fast -- --ignored"),
    ])
}

/// Nothing of the header is without words, and no reference leads nowhere.
fn pages(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    sh.create_dir(workspace.root.join("target"))?;
    run_all([cmd!(sh, "doxygen docs/c/Doxyfile")])
}

/// What runs on the public host is looked at by others' programs, without the network: its form, and what may be done to it.
fn workflows(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    let bin = workspace.target.join("workflows/bin");
    let (form, zizmor) = (bin.join("check-jsonschema"), bin.join("zizmor"));
    let files = |folder: &str| -> Result<Vec<_>> {
        let files = sh.read_dir(folder)?;
        Ok(files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "yml")).collect())
    };
    let workflows = files(".github/workflows")?;
    let issues: Vec<_> =
        files(".github/ISSUE_TEMPLATE")?.into_iter().filter(|path| !path.ends_with("config.yml")).collect();
    run_all([
        cmd!(sh, "{form} --builtin-schema vendor.github-workflows").args(&workflows),
        cmd!(sh, "{form} --builtin-schema vendor.github-issue-forms {issues...}"),
        cmd!(sh, "{form} --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml"),
        cmd!(sh, "{zizmor} --offline --persona pedantic --no-progress").args(&workflows),
    ])
}

fn bare_metal(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    let core = |target: &str, features: &str| {
        cmd!(sh, "cargo build -p {CORE} --release --target {target} --features {features}")
    };
    let (smallest, all) = (BARE_TARGETS[0], BARE_FEATURES.join(","));
    let alone = BARE_FEATURES.iter().map(|feature| core(smallest, feature));
    let together = BARE_TARGETS.iter().flat_map(|target| [core(target, ""), core(target, &all)]);
    // For an archive of someone else's, that brings the panic handler.
    let as_a_crate = BARE_TARGETS.iter().map(|target| {
        let features = ["--no-default-features", "--crate-type", "rlib"];
        cmd!(sh, "cargo rustc -p {C_PACKAGE} --lib {features...} --release --target {target}")
    });
    let c_package = BARE_TARGETS.iter().map(|target| size::build_library(workspace, target));
    run_all(alone.chain(together).chain(as_a_crate).chain(c_package))
}

fn oldest_compiler(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    let toolchain = format!("+{}", oldest_toolchain());
    // Apart from the rest, which two compilers in turn would have to build anew.
    let target = workspace.target.join("oldest-compiler");
    run_all([
        cmd!(sh, "cargo {toolchain} check -p {CORE} -p {C_PACKAGE} --target-dir {target}"),
        cmd!(sh, "cargo {toolchain} check -p {CORE} --features {OLD_FEATURES} --target-dir {target}"),
    ])
}

/// Runs every command, whatever became of those before it.
fn run_all<'a>(commands: impl IntoIterator<Item = Cmd<'a>>) -> Result<()> {
    let failed: Vec<String> =
        commands.into_iter().filter_map(|command| command.run().err()).map(|error| error.to_string()).collect();
    if !failed.is_empty() {
        bail!("{}", failed.join("\n"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Outcome, STEPS, closing_line};
    use std::process::Command;
    use std::time::Duration;

    fn outcome(passed: bool) -> Outcome {
        Outcome { name: "lints", passed, took: Duration::from_millis(1_250) }
    }

    /// Whoever calls for the first command waits for what it takes, and not for a site with its TLS.
    #[test]
    fn no_command_waits_for_a_stack_of_tls() {
        let tree = Command::new(env!("CARGO"))
            .args(["tree", "--package", "xtask", "--edges", "normal,build", "--prefix", "none", "--offline"])
            .output()
            .unwrap();
        let tree = String::from_utf8(tree.stdout).unwrap();
        assert!(tree.starts_with("xtask "), "{tree}");
        for heavy in ["ring ", "rustls ", "tokio ", "creatio-emulator ", "hyper "] {
            assert!(!tree.lines().any(|line| line.starts_with(heavy)), "{heavy}in\n{tree}");
        }
    }

    #[test]
    fn the_closing_line_counts_steps() {
        assert_eq!(closing_line(&[]), "0 passed, 0 failed");
        let outcomes = [outcome(true), outcome(false), outcome(true)];
        assert_eq!(closing_line(&outcomes), "2 passed, 1 failed");
    }

    #[test]
    fn the_readme_says_how_many_steps_there_are() {
        let readme = include_str!("../../README.md");
        let line = format!("\n{} passed, 0 failed\n", STEPS.len() + 1);
        assert!(readme.contains(&line), "{line}");
    }

    #[test]
    fn a_step_shows_its_time_and_result() {
        let line = outcome(false).line();
        assert!(line.starts_with("lints "), "{line}");
        assert!(line.ends_with("1.2 s  FAILED"), "{line}");
    }
}
