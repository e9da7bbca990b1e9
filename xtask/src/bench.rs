//! What the library costs in instructions and in memory beside what a program would take instead, and how its work grows.

mod allowed;
mod answers;
mod build;
mod cases;
mod check;
mod count;
mod growth;
mod heap;
mod page;
mod picture;
mod replies;
mod results;
mod sources;
mod table;
mod targets;
mod tasks;
mod tools;
mod whole;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::committed::Committed;
use crate::generated::Generated;
use crate::workspace::Workspace;
use build::{Others, Ours, Purpose, Tree};
use cases::{CASES, Case};
use count::Program;
use growth::{Curve, GROWTHS};
use results::{Column, Results, Who};
use sources::Sources;
use table::Table;

pub use check::check;

const COMMITTED: Committed = Committed { path: "docs/benchmarks.json", command: "bench", less: "fewer" };
const PAGE: &str = "docs/benchmarks.md";
pub const PICTURE: Generated =
    Generated { path: "docs/benchmarks.svg", command: "pictures", source: "the figures of docs/benchmarks.json" };

/// With none of these it prints what it measures.
#[derive(Args)]
pub struct Options {
    /// Measure this revision of the library as well, and show it beside this one
    #[arg(long, value_name = "REVISION", conflicts_with = "check")]
    baseline: Option<String>,
    /// Compare ours alone with docs/benchmarks.json, and fail where it takes more or grows faster
    #[arg(long)]
    check: bool,
    /// Write docs/benchmarks.json, docs/benchmarks.md and docs/benchmarks.svg
    #[arg(long, conflicts_with = "check")]
    write: bool,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.check {
        return check(workspace);
    }
    let results = measure(workspace, options.baseline.as_deref())?;
    if options.write {
        write(workspace, &results)?;
    } else {
        println!("{}", page::text(&results)?);
    }
    Ok(())
}

/// Where everything is built.
fn directory(workspace: &Workspace) -> Result<PathBuf> {
    let directory = workspace.target.join("bench");
    workspace.sh.create_dir(&directory)?;
    Ok(directory)
}

/// This checkout.
fn current(workspace: &Workspace) -> Tree {
    Tree { root: workspace.root.clone(), label: "current" }
}

fn measure(workspace: &Workspace, baseline: Option<&str>) -> Result<Results> {
    let directory = directory(workspace)?;
    let bench = Bench {
        workspace,
        directory: &directory,
        sources: sources::fetch(workspace, &directory)?,
        current: current(workspace),
        baseline: baseline.map(|revision| build::revision(workspace, &directory, revision)).transpose()?,
    };
    let programs = bench.build(Purpose::Instructions)?;
    // First, so that what does not work is told at once.
    let whole = whole::measure(workspace, &directory, &bench.current, &programs.ours)?;
    let columns = bench.columns(&programs, &bench.build(Purpose::Heap)?)?;
    agree(&columns)?;
    let growth = |ours: &Ours| growth::all(workspace, &ours.rust, &directory);
    let lengths = CASES.iter().filter_map(|case| Some((case.key, case.task().reply?.len() as u64)));
    Ok(Results {
        columns,
        growth: growth(&programs.ours)?,
        growth_before: programs.before.as_ref().map(growth).transpose()?,
        whole,
        baseline: baseline.map(|revision| tools::revision(workspace, revision)).transpose()?,
        lengths: lengths.collect(),
        tools: tools::versions(workspace)?,
    })
}

/// What a run takes.
struct Bench<'a> {
    workspace: &'a Workspace,
    directory: &'a Path,
    sources: Sources,
    current: Tree,
    baseline: Option<Tree>,
}

/// All programs, for one purpose.
struct Programs {
    ours: Ours,
    before: Option<Ours>,
    others: Others,
}

impl Programs {
    fn all(&self) -> Vec<(Who, &Program)> {
        let mut all = Vec::new();
        if let Some(before) = &self.before {
            all.extend([(Who::BeforeRust, &before.rust), (Who::BeforeC, &before.c)]);
        }
        let Others { http_parser, llhttp, picohttpparser } = &self.others;
        all.extend([(Who::Rust, &self.ours.rust), (Who::C, &self.ours.c), (Who::Httparse, &self.ours.httparse)]);
        all.extend([(Who::HttpParser, http_parser), (Who::Llhttp, llhttp), (Who::Picohttpparser, picohttpparser)]);
        all
    }
}

impl Bench<'_> {
    fn build(&self, purpose: Purpose) -> Result<Programs> {
        let Bench { workspace, directory, sources, current, baseline } = self;
        let ours = |tree: &Tree| build::ours(workspace, directory, tree, purpose);
        Ok(Programs {
            ours: ours(current)?,
            before: baseline.as_ref().map(ours).transpose()?,
            others: build::others(workspace, directory, current, sources, purpose)?,
        })
    }

    fn columns(&self, counting: &Programs, allocating: &Programs) -> Result<Vec<Column>> {
        let mut columns = Vec::new();
        for ((who, program), (_, allocating)) in counting.all().into_iter().zip(allocating.all()) {
            let mine = CASES.iter().filter(|case| who.is_ours() || !case.ours_alone);
            let tasks: Vec<_> = mine.map(Case::task).collect();
            eprintln!("{}: counting", who.title());
            columns.push(Column {
                who,
                counted: count::tasks(self.workspace, program, &tasks, self.directory)?,
                heap: heap::tasks(self.workspace, allocating, &tasks, self.directory)?,
            });
        }
        Ok(columns)
    }
}

/// Fails unless every answer is what it should be, and the same with all.
fn agree(columns: &[Column]) -> Result<()> {
    for case in CASES {
        let mut answers =
            columns.iter().filter_map(|column| Some((column.who, column.counted.answers.get(case.key)?)));
        let (_, first) = answers.next().context(case.key)?;
        answers::expect(case, first)?;
        for (who, answer) in answers {
            let (key, who) = (case.key, who.title());
            ensure!(answers::agree(first, answer), "{key}: {who} has found something else:\n{first}\n{answer}");
        }
    }
    Ok(())
}

fn write(workspace: &Workspace, results: &Results) -> Result<()> {
    let write = |name: &str, text: String| {
        eprintln!("{name}");
        fs::write(workspace.root.join(name), text).context(name.to_owned())
    };
    let figures = |who| results.column(who).map(|column| column.counted.instructions.clone()).unwrap_or_default();
    let others = Who::OTHERS.iter().map(|who| (who.key().to_owned(), figures(*who)));
    let table = Table {
        rust: figures(Who::Rust),
        c: figures(Who::C),
        others: others.collect(),
        growth: growth_table(&results.growth),
    };
    write(COMMITTED.path, serde_json::to_string_pretty(&table)? + "\n")?;
    write(PAGE, page::text(results)?)?;
    PICTURE.write(workspace, &picture::svg(&table)?)
}

/// The picture of what is committed.
pub fn picture(workspace: &Workspace) -> Result<String> {
    picture::svg(&COMMITTED.read(workspace)?)
}

fn growth_table(curves: &[Curve]) -> BTreeMap<String, BTreeMap<u64, u64>> {
    let points = |curve: &Curve| curve.0.iter().copied().collect();
    GROWTHS.iter().zip(curves).map(|(growth, curve)| (growth.key.to_owned(), points(curve))).collect()
}
