//! Counts the instructions of a program's tasks with callgrind.
//!
//! Callgrind counts inside the function `bench_counted` alone, and writes a file whenever that ends: each task has two or
//! three, in the order in which they are done.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use xshell::cmd;

use super::answers;
use super::tasks::Task;
use crate::workspace::Workspace;

/// Or `rep movsb` and `rep stosb`, which the C library takes for long moves, would count once a byte.
pub const TUNABLES: &str =
    "glibc.cpu.x86_rep_stosb_threshold=2000000000:glibc.cpu.x86_rep_movsb_threshold=2000000000";

/// What a program has found, and what each took in instructions.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub answers: BTreeMap<String, String>,
    pub instructions: BTreeMap<String, u64>,
}

/// A program that does tasks, and what it is called in file names.
pub struct Program {
    pub key: String,
    pub path: PathBuf,
}

pub fn tasks(workspace: &Workspace, program: &Program, tasks: &[Task], directory: &Path) -> Result<Counted> {
    let sh = &workspace.sh;
    let files = directory.join("callgrind").join(&program.key);
    sh.remove_path(&files)?;
    sh.create_dir(&files)?;
    let inputs = directory.join("inputs");
    sh.create_dir(&inputs)?;
    let script = tasks.iter().map(|task| task.line(&inputs)).collect::<Result<String>>()?;

    let (path, out) = (&program.path, files.join("out"));
    let command = cmd!(
        sh,
        "valgrind --quiet --tool=callgrind --callgrind-out-file={out} --collect-atstart=no
         --toggle-collect=bench_counted --dump-after=bench_counted {path}"
    )
    .env("GLIBC_TUNABLES", TUNABLES)
    .stdin(script)
    .quiet()
    .ignore_status();
    let output = command.output()?;
    if !output.status.success() {
        bail!("{} does not do what it should:\n{}", program.key, String::from_utf8_lossy(&output.stderr));
    }
    let answers = answers::read(&output.stdout)?;
    let instructions = instructions(tasks, &counts(&files)?)?;
    Ok(Counted { answers, instructions })
}

/// The counts of all files, in the order in which they were written.
fn counts(directory: &Path) -> Result<Vec<u64>> {
    let mut counts = Vec::new();
    for number in 1.. {
        let file = directory.join(format!("out.{number}"));
        if !file.exists() {
            break;
        }
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        // The last file is written when the program ends.
        if text.contains("\ndesc: Trigger: --dump-after") {
            counts.push(total(&text).with_context(|| file.display().to_string())?);
        }
    }
    Ok(counts)
}

/// The line `totals: 12345` of a file of callgrind's.
pub fn total(text: &str) -> Result<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("totals: ")).context("no totals")?;
    line.trim().parse().with_context(|| format!("totals: {line}"))
}

/// What one round of each task takes.
fn instructions(tasks: &[Task], mut counts: &[u64]) -> Result<BTreeMap<String, u64>> {
    let mut instructions = BTreeMap::new();
    for task in tasks {
        ensure!(counts.len() >= task.counts(), "callgrind has written too few files");
        let (of_task, rest) = counts.split_at(task.counts());
        counts = rest;
        let [.., once, twice] = of_task else { bail!("no two counts") };
        instructions.insert(task.name.clone(), of_round(task.rounds, *once, *twice).context(task.name.clone())?);
    }
    ensure!(counts.is_empty(), "callgrind has written too many files");
    Ok(instructions)
}

/// What a round takes, where so many took `once` and twice as many `twice`: all that is not of a round is in both.
pub fn of_round(rounds: u64, once: u64, twice: u64) -> Result<u64> {
    let rest = twice.checked_sub(once).context("more rounds took less")?;
    Ok((rest + rounds / 2) / rounds)
}

#[cfg(test)]
mod tests {
    use super::{instructions, of_round, total};
    use crate::bench::tasks::Task;

    fn task(name: &str, rounds: u64) -> Task {
        Task { name: name.to_owned(), rounds, ..Task::default() }
    }

    #[test]
    fn what_is_in_both_counts_is_subtracted() {
        assert_eq!(of_round(4, 1_000 + 4 * 250, 1_000 + 8 * 250).unwrap(), 250);
        assert_eq!(of_round(1, 7, 7).unwrap(), 0);
        assert!(of_round(1, 8, 7).is_err());
    }

    #[test]
    fn a_total_is_found_in_a_file() {
        let text = "version: 1\ncreator: callgrind-3.19.0\ndesc: Trigger: --dump-after=bench_counted\n\
                    positions: line\nevents: Ir\nsummary: 18619\n\nfn=(1) work\n0 18619\n\ntotals: 18619\n";
        assert_eq!(total(text).unwrap(), 18_619);
        assert!(total("summary: 1\n").is_err());
    }

    #[test]
    fn counts_belong_to_tasks_in_their_order() {
        let tasks = [task("a", 2), task("b", 1)];
        let found = instructions(&tasks, &[99, 120, 220, 1_000, 1_900]).unwrap();
        assert_eq!(found["a"], 50);
        assert_eq!(found["b"], 900);
    }

    #[test]
    fn a_count_too_few_or_too_many_is_told() {
        let tasks = [task("a", 1)];
        assert!(instructions(&tasks, &[1]).is_err());
        assert!(instructions(&tasks, &[1, 2, 3]).is_err());
    }
}
