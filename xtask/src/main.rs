//! The project's own commands; `cargo xtask --help` lists them.

mod abi;
mod archive;
mod bench;
mod catalogue;
mod chart;
mod committed;
mod conformance;
mod coverage;
mod explore;
mod firmware;
mod fuzz;
mod generated;
mod guide;
mod header;
mod install;
mod load;
mod machines;
mod markdown;
mod miri;
mod mutants;
mod package;
mod pictures;
mod public_api;
mod publish;
mod release;
mod setup;
mod size;
mod test;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The commands of the creatio-auth repository")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing, then run every check; the whole of CI
    Test,
    /// Write include/creatio_auth.h from the C package
    Header,
    /// Write abi/creatio_auth.abixml, the interface as it is compared from version to version
    Abi,
    /// Write docs/conformance.md and docs/smuggling.md: which rules of which RFC are kept where, and what is made of tricks
    Conformance,
    /// Write docs/catalogue.md, what each status, error and verdict means and what to do
    Catalogue,
    /// Draw the pictures of docs/guide, and make docs a book, in target/guide
    Guide(guide::Options),
    /// Measure what the library takes of a chip's flash and RAM, and check what it pulls in
    Size(size::Options),
    /// Count the instructions and the memory that the library takes, beside what others take for the same work
    Bench(bench::Options),
    /// Draw docs/size.svg and docs/benchmarks.svg from the committed figures
    Pictures,
    /// Install the C library, with what pkg-config and CMake find it by
    Install(install::Options),
    /// Remove what that has installed
    Uninstall(install::Place),
    /// Build the C library for a target, in an archive of its one object
    Archive(archive::Options),
    /// Make packages for ESP-IDF, Zephyr, Arduino and PlatformIO, with archives for their chips
    Package(package::Options),
    /// Run tests under Miri, which finds misuse of memory: those of the C interface, and the quick ones of the core
    Miri(miri::Options),
    /// Explore all that a site, a network and two processes may do to the renewal of a session
    Explore(explore::Options),
    /// Keep thousands of sessions at the emulator, each with a user of its own, for an hour's worth of renewals
    Load(load::Options),
    /// Show which lines of the core its tests do not run: none, but those that say why
    Coverage,
    /// Change the core in one place at a time, and show which changes its tests do not find; this takes some hours
    Mutants(mutants::Options),
    /// Build tests/c for other machines, and run it there by QEMU and Wine
    Machines,
    /// Run the fuzz targets of fuzz/, or show by planted faults that they bite
    Fuzz(fuzz::Options),
    /// Write docs/public-api.txt, the listing of the crate's public interface
    PublicApi,
    /// Build each package that is published from its own archive, and with the oldest versions of what it depends on
    Publish,
    /// Write the files of a release: archives for all targets, packages, checksums, lists of what is in them, licences
    Release(release::Options),
    /// Compare the crate's public interface with that of a revision, by cargo-semver-checks
    Semver {
        /// A tag, a branch or a commit
        baseline: String,
    },
    /// Build the firmware in Rust and in C, and have it sign in from the boards of QEMU
    Firmware,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments.command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// False if a check failed and has been reported.
fn run(command: &Command) -> Result<bool> {
    let workspace = Workspace::find()?;
    match command {
        Command::Test => return Ok(test::run(&workspace)),
        Command::Header => header::write(&workspace)?,
        Command::Abi => abi::write(&workspace)?,
        Command::Conformance => conformance::write(&workspace)?,
        Command::Catalogue => catalogue::write(&workspace)?,
        Command::Guide(options) => guide::write(&workspace, options)?,
        Command::Size(options) => size::run(&workspace, options)?,
        Command::Bench(options) => bench::run(&workspace, options)?,
        Command::Pictures => pictures::write(&workspace)?,
        Command::Install(options) => install::install(&workspace, options)?,
        Command::Uninstall(place) => install::uninstall(place)?,
        Command::Archive(options) => println!("{}", archive::write(&workspace, options)?.display()),
        Command::Package(options) => package::write(&workspace, options)?,
        Command::Miri(options) => miri::run(&workspace, options)?,
        Command::Explore(options) => explore::run(&workspace, options)?,
        Command::Load(options) => load::run(&workspace, options)?,
        Command::Coverage => coverage::run(&workspace)?,
        Command::Mutants(options) => mutants::run(&workspace, options)?,
        Command::Machines => machines::run(&workspace)?,
        Command::Fuzz(options) => fuzz::run(&workspace, options)?,
        Command::PublicApi => public_api::write(&workspace)?,
        Command::Publish => publish::check(&workspace)?,
        Command::Release(options) => release::write(&workspace, options)?,
        Command::Semver { baseline } => publish::compare(&workspace, baseline)?,
        Command::Firmware => {
            firmware::in_rust(&workspace)?;
            firmware::in_c(&workspace)?;
        }
    }
    Ok(true)
}
