//! What each program allocates, by programs that count that themselves.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use xshell::cmd;

use super::count::Program;
use super::tasks::Task;
use crate::workspace::Workspace;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heap {
    /// How often memory is asked for in one round.
    pub allocations: u64,
    /// The most bytes that there are at once, beyond what there was before.
    pub peak: u64,
}

pub fn tasks(
    workspace: &Workspace,
    program: &Program,
    tasks: &[Task],
    directory: &Path,
) -> Result<BTreeMap<String, Heap>> {
    let inputs = directory.join("inputs");
    workspace.sh.create_dir(&inputs)?;
    let script = tasks.iter().map(|task| task.line(&inputs)).collect::<Result<String>>()?;
    let (sh, path) = (&workspace.sh, &program.path);
    let command = cmd!(sh, "{path}").stdin(script).quiet().ignore_status();
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("{} does not do what it should:\n{said}", program.key);
    }
    read(tasks, &said)
}

/// Of each task a line `heap NAME`, and two lines `ALLOCATIONS PEAK`: for its rounds, and for twice as many.
fn read(tasks: &[Task], said: &str) -> Result<BTreeMap<String, Heap>> {
    let mut found = BTreeMap::new();
    for task in tasks {
        let head = format!("heap {}", task.name);
        let mut lines = said.lines().skip_while(|line| *line != head).skip(1);
        let mut pair = || -> Result<(u64, u64)> {
            let line = lines.next().with_context(|| format!("nothing is said of {}", task.name))?;
            let (allocations, peak) = line.split_once(' ').with_context(|| line.to_owned())?;
            Ok((allocations.parse()?, peak.parse()?))
        };
        let (once, twice) = (pair()?, pair()?);
        let of_round = |once: u64, twice: u64| twice.saturating_sub(once) / task.rounds;
        // Where rounds keep nothing, the most that there is at once does not grow with them.
        let kept = of_round(once.1, twice.1);
        let peak = once.1.saturating_sub(kept * (task.rounds - 1));
        found.insert(task.name.clone(), Heap { allocations: of_round(once.0, twice.0), peak });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{Heap, read};
    use crate::bench::tasks::Task;

    fn task(name: &str, rounds: u64) -> Task {
        Task { name: name.to_owned(), rounds, ..Task::default() }
    }

    #[test]
    fn allocations_are_those_of_one_round() {
        let said = "1 64\nheap a\n8 1100\n16 1500\nheap b\n3 70\n6 70\n";
        let found = read(&[task("a", 4), task("b", 1)], said).unwrap();
        // Four rounds keep 400 bytes: of 1,100 at once 300 are of the first three.
        assert_eq!(found["a"], Heap { allocations: 2, peak: 800 });
        assert_eq!(found["b"], Heap { allocations: 3, peak: 70 });
    }

    #[test]
    fn what_is_not_said_is_told() {
        assert!(read(&[task("a", 1)], "heap a\n1 2\n").is_err());
        assert!(read(&[task("a", 1)], "").is_err());
    }
}
