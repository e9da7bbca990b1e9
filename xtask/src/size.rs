//! What the library costs a program without an operating system, in flash and in RAM, and what it pulls in.

mod build;
mod chips;
mod contexts;
mod depth;
mod doors;
mod faults;
mod image;
mod interface;
mod page;
mod picture;
mod simulate;
mod symbols;
mod table;

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;

pub use build::{library as build_library, with_four_functions as link_with_four_functions};

use crate::committed::Committed;
use crate::generated::Generated;
use crate::workspace::Workspace;
use build::{Places, Variant};
use chips::{CHIPS, Chip, LEVELS, Language, Level, Program};
use image::{Archive, Image};
use table::{Figures, Table};

const COMMITTED: Committed = Committed { path: "docs/size.json", command: "size", less: "smaller" };
const PAGE: &str = "docs/size.md";
pub const PICTURE: Generated =
    Generated { path: "docs/size.svg", command: "pictures", source: "the figures of docs/size.json" };

/// The function of every program that is measured: what is above it is for the measuring.
const ENTRY: &str = "run";

/// With none of these it prints what it measures.
#[derive(Args)]
#[group(multiple = false)]
pub struct Options {
    /// Print the figures as one JSON object, by chip, level and program
    #[arg(long)]
    json: bool,
    /// Compare with docs/size.json, and fail where a figure has grown by more than 2 %
    #[arg(long)]
    check: bool,
    /// Write docs/size.json, docs/size.md and docs/size.svg
    #[arg(long)]
    write: bool,
}

/// Measures; fails if the library brings along what a program on a chip must not carry.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let places = build::everything(workspace)?;
    let table = measure(workspace, &places)?;
    let mut faults = all_faults(&places)?;
    faults.extend(doors::faults(&places)?);
    if options.json {
        println!("{}", serde_json::to_string_pretty(&table)?);
    } else if options.write {
        write(workspace, &places, &table)?;
    } else {
        println!("{}", page::text(workspace, &places, &table)?);
    }
    if options.check {
        faults.extend(COMMITTED.report(&table::compare(&COMMITTED.read(workspace)?, &table)));
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(())
}

/// The step of `cargo xtask test`.
pub fn check(workspace: &Workspace) -> Result<()> {
    run(workspace, &Options { json: false, check: true, write: false })
}

fn measure(workspace: &Workspace, places: &Places) -> Result<Table> {
    let mut table = Table::default();
    for chip in CHIPS {
        for level in LEVELS {
            for program in level.programs() {
                let figures =
                    figures(workspace, places, chip, level, program).with_context(|| place(chip, level, program))?;
                table.insert(chip.key, level.key, program.key, figures);
            }
        }
    }
    Ok(table)
}

fn figures(workspace: &Workspace, places: &Places, chip: &Chip, level: &Level, program: &Program) -> Result<Figures> {
    let path = places.image(chip, level, program, Variant::With);
    let with = Image::read(&path)?;
    let without = Image::read(&places.image(chip, level, program, Variant::Without))?;
    let ram = simulate::run(workspace, chip, &path)?;
    // The figures stand without it, and what it is to be compared with says whether it has been there.
    let way = depth::deepest_way(workspace, chip, &path, ENTRY).inspect_err(|error| {
        eprintln!("{}: no bound of the stack: {error:#}", place(chip, level, program));
    });
    let bound = way.ok().map(|way| way.iter().map(|(_, bytes)| bytes).sum());
    if let Some(bound) = bound {
        ensure!(bound >= ram.stack, "the stack has been {} deep, beyond its bound of {bound}", ram.stack);
    }
    // A client has it on the stack, or in its future.
    let exchange = if program.is_client { 0 } else { ram.exchange };
    let contexts = ram.site + ram.session + exchange;
    Ok(Figures {
        flash: with.flash() - without.flash(),
        site: ram.site,
        session: ram.session,
        exchange,
        contexts,
        session_memory: ram.memory,
        buffer: ram.buffer,
        stack_peak: ram.stack,
        stack_bound: bound,
        future: (ram.future > 0).then_some(ram.future),
        ram_login: contexts + ram.memory + ram.buffer + ram.stack,
    })
}

fn all_faults(places: &Places) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for chip in CHIPS {
        for level in LEVELS {
            let archive = Archive::read(&places.archive(chip, level))?;
            all.extend(faults::statics(&format!("{}, {}", chip.key, level.key), &archive));
            for program in level.programs() {
                let image = |variant| Image::read(&places.image(chip, level, program, variant));
                let (place, with) = (place(chip, level, program), image(Variant::With)?);
                all.extend(faults::panics(&place, &with, program.stem == chips::ASYNC));
                if program.stem == "login" {
                    all.extend(faults::other_doors(&place, &with));
                }
                // The programs in Rust have their contexts in variables, and without the crate they have none.
                if program.language == Language::C {
                    all.extend(faults::variables(&place, &with, &image(Variant::Without)?));
                }
            }
        }
    }
    Ok(all)
}

fn place(chip: &Chip, level: &Level, program: &Program) -> String {
    format!("{}, {}, {}", chip.key, level.key, program.key)
}

fn write(workspace: &Workspace, places: &Places, table: &Table) -> Result<()> {
    workspace.sh.create_dir("docs")?;
    let write = |name: &str, text: String| {
        eprintln!("{name}");
        fs::write(workspace.root.join(name), text).context(name.to_owned())
    };
    write(COMMITTED.path, serde_json::to_string_pretty(table)? + "\n")?;
    write(PAGE, page::text(workspace, places, table)?)?;
    PICTURE.write(workspace, &picture::svg(table)?)
}

/// The picture of what is committed.
pub fn picture(workspace: &Workspace) -> Result<String> {
    picture::svg(&COMMITTED.read(workspace)?)
}
