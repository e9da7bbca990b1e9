//! The lines of the core that its tests run: all of them, but for those that say why not.
//!
//! A comment at the end of a line stands for the line, and one that begins a block for the block:
//!
//! ```text
//! None => return Err(Altered), // not covered: a head has eight words
//!
//! const fn table() -> Table {
//!     // not covered: run by the compiler
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use xshell::cmd;

use crate::setup;
use crate::workspace::{CORE, Workspace};

/// What a comment begins with that says why a line is not run. Behind it is the reason.
const EXCEPTION: &str = "// not covered: ";

/// Where the tests of a file begin, which are no part of the core and stand at its end.
const TESTS_OF_A_FILE: &str = "#[cfg(test)]\nmod tests {";

/// The features that clients have, and the programs that test the core with them.
pub const CLIENTS: &str = "serde,log,embedded-io-async-07";
pub const TESTS: &[&str] = &["--lib", "--test", "together", "--test", "client"];

/// Tests that build other programs or look at the core's text, and so do not run it.
const ELSEWHERE: &[&str] =
    &["calculator.rs", "copied.rs", "documented.rs", "fifty_lines.rs", "house.rs", "security.rs"];

/// How often each line was run that can be.
type Counts = BTreeMap<usize, u64>;

pub fn run(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    setup::coverage(sh)?;
    all_are_together(&workspace.root.join("tests"))?;
    let report = workspace.target.join("coverage.lcov");
    cmd!(sh, "cargo llvm-cov clean --workspace").run()?;
    {
        let _seed = sh.push_env("PROPTEST_RNG_SEED", "1");
        cmd!(sh, "cargo llvm-cov test -p {CORE} --no-report --features {CLIENTS} {TESTS...} -- --quiet").run()?;
        cmd!(sh, "cargo llvm-cov test -p {CORE} --no-report --no-default-features --lib -- --quiet").run()?;
    }
    cmd!(sh, "cargo llvm-cov report --lcov --output-path {report}").run()?;

    let lcov = fs::read_to_string(report)?;
    let source = workspace.root.join("src");
    let (mut faults, mut lines, mut excepted) = (Vec::new(), 0, 0);
    for (path, counts) in read(&lcov)? {
        let Ok(name) = Path::new(path).strip_prefix(&source) else { continue };
        let text = fs::read_to_string(path).context(path.to_owned())?;
        let file = File::new(&text, &counts);
        lines += file.counts.len();
        excepted += file.excepted.len();
        faults.extend(file.faults().map(|fault| format!("src/{}:{fault}", name.display())));
    }
    println!("{lines} lines of the core, {excepted} of them excepted, {} faults", faults.len());
    if lines == 0 || !faults.is_empty() {
        bail!("the tests have to run each line, or `{EXCEPTION}…` says why not:\n  {}", faults.join("\n  "));
    }
    Ok(())
}

/// Whether each file of tests that runs the core is in the program of all of them.
pub fn all_are_together(tests: &Path) -> Result<()> {
    let together = fs::read_to_string(tests.join("together/main.rs"))?;
    for entry in fs::read_dir(tests)? {
        let name = entry?.file_name().into_string().unwrap_or_default();
        if name.ends_with(".rs")
            && !ELSEWHERE.contains(&name.as_str())
            && !together.contains(&format!("\"../{name}\""))
        {
            bail!("tests/together/main.rs lacks {name}");
        }
    }
    Ok(())
}

/// The files of a report by lcov, with the lines of each.
fn read(lcov: &str) -> Result<BTreeMap<&str, Counts>> {
    let mut files = BTreeMap::<&str, Counts>::new();
    let mut file = "";
    for line in lcov.lines() {
        if let Some(path) = line.strip_prefix("SF:") {
            file = path;
        } else if let Some(data) = line.strip_prefix("DA:") {
            let (line, count) = data.split_once(',').context("a line without a count")?;
            files.entry(file).or_default().insert(line.parse()?, count.parse()?);
        }
    }
    Ok(files)
}

/// A file of the core.
struct File<'t> {
    lines: Vec<&'t str>,
    counts: Counts,
    /// Lines for which a comment stands, with the line that it is in.
    excepted: BTreeMap<usize, usize>,
}

impl<'t> File<'t> {
    fn new(text: &'t str, counts: &Counts) -> Self {
        let code = text.split_once(TESTS_OF_A_FILE).map_or(text, |(code, _)| code);
        let lines: Vec<_> = code.lines().collect();
        let mut excepted = BTreeMap::new();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.contains(EXCEPTION)) {
            let indent = |line: &str| line.len() - line.trim_start().len();
            let is_in_block = |(_, later): &(usize, &&str)| later.is_empty() || indent(later) >= indent(line);
            let block = at.saturating_sub(1)..=lines.iter().enumerate().skip(at).take_while(is_in_block).count() + at;
            let stands_for = if line.trim_start().starts_with(EXCEPTION) { block } else { at..=at };
            excepted.extend(stands_for.map(|line| (line + 1, at + 1)));
        }
        let counts = counts.iter().filter(|(line, _)| **line <= lines.len()).map(|(line, count)| (*line, *count));
        File { counts: counts.collect(), lines, excepted }
    }

    /// Lines that are not run, and comments that are not true.
    fn faults(&self) -> impl Iterator<Item = String> {
        let text = |line: usize| self.lines.get(line - 1).map_or("", |text| text.trim());
        let is_run = |line: &usize| self.counts.get(line).map(|count| *count > 0);
        let uncovered =
            self.counts.keys().filter(move |line| is_run(line) == Some(false) && !self.excepted.contains_key(line));
        let uncovered = uncovered.map(move |line| format!("{line}: not covered: {}", text(*line)));
        let comments: BTreeSet<_> = self.excepted.values().collect();
        let wrong = comments.into_iter().filter_map(move |comment| {
            let of_it = self.excepted.iter().filter(|(_, of)| *of == comment).map(|(line, _)| line);
            let run: Vec<_> = of_it.filter_map(is_run).collect();
            let fault = match () {
                () if run.contains(&true) => "covered after all",
                () if run.is_empty() => "no line that could be run",
                () => return None,
            };
            Some(format!("{comment}: {fault}: {}", text(*comment)))
        });
        uncovered.chain(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::{File, read};

    const TEXT: &str = "\
const fn table() -> u8 {
    // not covered: run by the compiler
    if true {

        1
    }
}
fn f(x: Option<u8>) -> u8 {
    match x {
        Some(x) => x,
        None => 0, // not covered: nobody has none
    }
}
#[cfg(test)]
mod tests {
    fn helper() {}
}
";

    /// What is wrong where these lines were run, and of the others that can be none.
    fn faults(text: &str, run: &[usize]) -> Vec<String> {
        let can_be_run = [1, 3, 5, 7, 8, 9, 10, 11, 13, 16];
        let lcov: String =
            can_be_run.iter().map(|line| format!("DA:{line},{}\n", u8::from(run.contains(line)))).collect();
        let lcov = format!("SF:/src/a.rs\n{lcov}end_of_record\n");
        let files = read(&lcov).unwrap();
        File::new(text, &files["/src/a.rs"]).faults().collect()
    }

    #[test]
    fn a_comment_stands_for_its_line_or_its_block() {
        assert_eq!(faults(TEXT, &[8, 9, 10, 13]), [""; 0]);
        assert_eq!(faults(TEXT, &[8, 9, 13]), ["10: not covered: Some(x) => x,"]);
    }

    #[test]
    fn a_comment_that_is_not_true_is_a_fault() {
        assert_eq!(faults(TEXT, &[5, 8, 9, 10, 13]), ["2: covered after all: // not covered: run by the compiler"]);
        assert_eq!(
            faults(TEXT, &[8, 9, 10, 11, 13]),
            ["11: covered after all: None => 0, // not covered: nobody has none"]
        );
        let on_a_brace = TEXT.replace(" // not covered: nobody has none\n    }", "\n    } // not covered: x");
        let expected = ["11: not covered: None => 0,", "12: no line that could be run: } // not covered: x"];
        assert_eq!(faults(&on_a_brace, &[8, 9, 10, 13]), expected);
    }
}
