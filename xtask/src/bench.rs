//! What the library costs in instructions and in memory beside what a program would take instead, and how its work grows.

mod answers;
mod build;
mod cases;
mod count;
mod growth;
mod heap;
mod replies;
mod sources;
mod tasks;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::workspace::Workspace;
use build::{Purpose, Tree};
use cases::CASES;
use count::Program;
use growth::GROWTHS;

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
    let directory = workspace.target.join("bench");
    workspace.sh.create_dir(&directory)?;
    let tree = Tree { root: workspace.root.clone(), label: "current" };
    let tasks: Vec<_> = CASES.iter().map(cases::Case::task).collect();
    let start = std::time::Instant::now();
    let ours = build::ours(workspace, &directory, &tree, Purpose::Instructions)?;
    let sources = sources::fetch(workspace, &directory)?;
    let others = build::others(workspace, &directory, &tree, &sources, Purpose::Instructions)?;
    eprintln!("built {:?}", start.elapsed());
    let mut all = Vec::new();
    for program in
        [&ours.rust, &ours.c, &ours.httparse, &others.http_parser, &others.llhttp, &others.picohttpparser]
    {
        let start = std::time::Instant::now();
        let n = if all.len() < 2 { tasks.len() } else { tasks.len() - 2 };
        let counted = count::tasks(workspace, program, &tasks[..n], &directory)?;
        eprintln!("{} {:?}", program.key, start.elapsed());
        all.push(counted);
    }
    for case in CASES {
        answers::expect(case, &all[0].answers[case.key])?;
        print!("{:16}", case.key);
        for one in &all {
            if !case.ours_alone { ensure!(answers::agree(&all[0].answers[case.key], &one.answers[case.key]), "{}\n{}\n{}", case.key,&all[0].answers[case.key], &one.answers[case.key]); }
            print!(" {:>12}", one.instructions.get(case.key).copied().unwrap_or(0));
        }
        println!();
    }
    for growth in GROWTHS {
        let start = std::time::Instant::now();
        let curve = growth::measure(workspace, &ours.rust, growth, &directory, 4e8)?;
        println!("{:12} {:?} {:?} {:?}", growth.key, curve.exponent(), curve.0, start.elapsed());
    }
    Ok(())
}
