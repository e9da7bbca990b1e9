//! The core with one fault at a time, of those that cargo-mutants knows: the tests are to find each, but for those that change
//! nothing that anybody could see, which `survivors.txt` lists. One build has nearly all of them, and a run chooses one.

mod alone;
mod compile;
mod suite;
mod switched;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write;
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use xshell::cmd;

use crate::coverage::all_are_together;
use crate::setup;
use crate::workspace::Workspace;
use suite::{End, Suite};
use switched::Mutant;

/// Where the survivors stand, each with the reason in the lines below it that are indented.
const SURVIVORS: &str = "xtask/survivors.txt";

/// What is not compiled with those features: `year.rs` is run by `cargo test --no-default-features --lib`, and the other compiled
/// alone.
const ELSEWHERE: [&str; 2] = ["src/text/year.rs", "src/client/transports/embassy_net_09.rs"];

#[derive(Args)]
pub struct Options {
    /// Only in this file, such as `src/cookie/jar.rs` or `src/cookie/*`; may be said more than once
    #[arg(long = "file", value_name = "GLOB")]
    files: Vec<String>,
    /// Only in lines that are other than in this commit
    #[arg(long, value_name = "COMMIT")]
    since: Option<String>,
    /// Also those that want a build of their own: what stands in no function, such as the value of a constant, and what the
    /// compiler alone runs
    #[arg(long)]
    all: bool,
}

/// How many mutants have one name: the same change may be made in more than one place of a function.
type Names = BTreeMap<String, usize>;

/// What became of mutants: a line for each, in a file that grows as they are tried.
struct Outcomes {
    file: File,
    names: BTreeMap<End, Vec<String>>,
}

impl Outcomes {
    fn tell(&mut self, end: End, mutant: &str) -> Result<()> {
        writeln!(self.file, "{end}: {mutant}")?;
        if matches!(end, End::Missed | End::Unreached) {
            println!("{end}: {mutant}");
        }
        self.names.entry(end).or_default().push(mutant.to_owned());
        Ok(())
    }

    fn count(&self) {
        let counts: Vec<_> = self.names.iter().map(|(end, names)| format!("{} {end}", names.len())).collect();
        println!("{}", counts.join(", "));
    }
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let sh = &workspace.sh;
    setup::cargo_command(sh, "cargo-mutants")?;
    all_are_together(&workspace.root.join("tests"))?;
    let output = workspace.target.join("mutants");
    fs::create_dir_all(&output)?;
    let mut filters: Vec<_> = options.files.iter().flat_map(|file| ["--file".to_owned(), file.clone()]).collect();
    filters.extend(ELSEWHERE.iter().flat_map(|file| ["--exclude".to_owned(), (*file).to_owned()]));
    let tree = workspace.copy("mutants/tree")?;
    let mut mutants = switched::list(sh, &tree, &filters)?;
    if let Some(commit) = &options.since {
        // Not by cargo-mutants, which would compare the lines with those of the list's copy, where macros are gone.
        let changed = changed_lines(&cmd!(sh, "git diff --unified=0 {commit} -- src").read()?);
        mutants.retain(|mutant| mutant.lines().any(|line| changed.contains(&(mutant.file.clone(), line))));
    }
    let switched = switched::build(sh, &tree, &output.join("target"), &mutants)?;
    let suite = Suite::of(&tree, &switched.programs, &output)?;
    let mut outcomes = Outcomes { file: File::create(output.join("outcomes.txt"))?, names: BTreeMap::new() };
    for mutant in &switched.unviable {
        outcomes.tell(End::Unviable, &mutants[*mutant].name)?;
    }
    try_each(&suite, &switched.functions, &mutants, &mut outcomes)?;
    outcomes.count();
    if options.all {
        let tree = workspace.copy("mutants/alone")?;
        let alone = switched.alone.iter().map(|mutant| &mutants[*mutant]);
        let unreached = outcomes.names.remove(&End::Unreached).unwrap_or_default();
        for mutant in alone.chain(mutants.iter().filter(|mutant| unreached.contains(&mutant.name))) {
            outcomes.tell(alone::end(sh, &tree, &output.join("target"), &suite, mutant)?, &mutant.name)?;
        }
        outcomes.count();
    } else {
        println!("{} want a build of their own (--all)", switched.alone.len());
    }

    let listed = fs::read_to_string(workspace.root.join(SURVIVORS)).context(SURVIVORS)?;
    let of = |end| outcomes.names.get(&end).into_iter().flatten().map(String::as_str);
    let (missed, found) = (names(of(End::Missed)), names(of(End::Caught).chain(of(End::TimedOut))));
    let faults = faults(&names(listed.lines()), &missed, &found);
    if !faults.is_empty() {
        bail!("in {SURVIVORS} stand others:\n  {}", faults.join("\n  "));
    }
    Ok(())
}

/// The lines that are new in a diff without context, each with its file.
fn changed_lines(diff: &str) -> BTreeSet<(String, usize)> {
    let (mut changed, mut file, mut next) = (BTreeSet::new(), "", 0);
    for line in diff.lines() {
        if let Some(name) = line.strip_prefix("+++ b/") {
            file = name;
        } else if let Some(hunk) = line.strip_prefix("@@ ") {
            let new = hunk.split('+').nth(1).unwrap_or_default();
            next = new.split([',', ' ']).next().and_then(|start| start.parse().ok()).unwrap_or_default();
        } else if line.starts_with('+') {
            changed.insert((file.to_owned(), next));
            next += 1;
        }
    }
    changed
}

/// Several at a time: much of what tests do is to wait.
fn try_each(
    suite: &Suite<'_>,
    functions: &BTreeMap<usize, usize>,
    mutants: &[Mutant],
    outcomes: &mut Outcomes,
) -> Result<()> {
    let workers = 2 * thread::available_parallelism().map_or(1, usize::from);
    let (queue, outcomes) = (Mutex::new(functions.iter()), Mutex::new(outcomes));
    let work = || -> Result<()> {
        loop {
            let next = queue.lock().map_err(|_| anyhow!("another has panicked"))?.next();
            let Some((mutant, function)) = next else { return Ok(()) };
            let end = suite.of_mutant(*mutant, *function)?;
            outcomes.lock().map_err(|_| anyhow!("another has panicked"))?.tell(end, &mutants[*mutant].name)?;
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow!("it has panicked"))?)
    })
}

/// The names of mutants without the lines that they are in, which change with each change of the file.
fn names<'l>(list: impl Iterator<Item = &'l str>) -> Names {
    let mut names = Names::new();
    for line in list.filter(|line| line.starts_with("src/")) {
        let (file, change) = line.split_once(": ").unwrap_or((line, ""));
        let file = file.split(':').next().unwrap_or_default();
        *names.entry(format!("{file}: {change}")).or_default() += 1;
    }
    names
}

/// Mutants that no test finds and that are not listed, and listed ones that a test finds, or of which there are fewer. Of those that
/// were not tried nothing is said.
fn faults(listed: &Names, missed: &Names, caught: &Names) -> Vec<String> {
    let of = |names: &Names, name: &str| names.get(name).copied().unwrap_or_default();
    let survives = missed.iter().filter(|(name, count)| **count > of(listed, name));
    let survives = survives.map(|(name, _)| format!("no test finds: {name}"));
    let found = listed.iter().filter(|(name, count)| caught.contains_key(*name) && of(missed, name) < **count);
    survives.chain(found.map(|(name, _)| format!("a test finds after all: {name}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Names, changed_lines, faults};

    const LISTED: &str = "\
# A remark.

src/a.rs: replace < with <= in f
    The reason.
src/a.rs: replace < with <= in f
    The reason of the other.
";

    fn names(list: &str) -> Names {
        super::names(list.lines())
    }

    #[test]
    fn a_survivor_is_known_by_its_file_and_its_name() {
        let missed = names("src/a.rs:1:2: replace < with <= in f\nsrc/a.rs:9:2: replace < with <= in f\n");
        assert_eq!(names(LISTED), missed);
        assert!(faults(&names(LISTED), &missed, &names("src/a.rs:5:2: replace < with <= in f\n")).is_empty());
        assert!(faults(&names(LISTED), &names(""), &names("src/b.rs:5:2: replace + with - in g\n")).is_empty());
    }

    #[test]
    fn what_is_not_listed_and_what_is_found_after_all_is_a_fault() {
        let other = names("src/a.rs:1:2: replace < with == in f\n");
        assert_eq!(faults(&names(LISTED), &other, &names("")), ["no test finds: src/a.rs: replace < with == in f"]);
        let one = names("src/a.rs:1:2: replace < with <= in f\n");
        assert_eq!(faults(&names(LISTED), &one, &one), ["a test finds after all: src/a.rs: replace < with <= in f"]);
    }

    #[test]
    fn what_is_new_in_a_diff_is_known_by_its_lines() {
        let diff = "diff --git a/src/a.rs b/src/a.rs\n--- a/src/a.rs\n+++ b/src/a.rs\n@@ -3,2 +3,0 @@ fn f() {\n-gone\n-gone\n\
            @@ -9 +7,2 @@\n-old\n+new\n+new\n@@ -20,0 +20 @@ +x\n+new\n--- a/src/b.rs\n+++ b/src/b.rs\n@@ -1 +1 @@\n-old\n+new\n";
        let lines = changed_lines(diff);
        let expected = [("src/a.rs", 7), ("src/a.rs", 8), ("src/a.rs", 20), ("src/b.rs", 1)];
        assert_eq!(lines.into_iter().collect::<Vec<_>>(), expected.map(|(file, line)| (file.to_owned(), line)));
    }
}
