//! Shows that the fuzz targets bite: plants faults in a copy of the tree, one at a time, and tells which targets find each.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::process::Runs;
use super::{Place, TARGETS, run_targets};
use crate::workspace::Workspace;

/// Where they are, in the root.
const FAULTS: &str = "fuzz/faults.txt";

/// How long all targets run at least, and at most until one finds the fault.
const LEAST: Duration = Duration::from_secs(5);
const MOST: Duration = Duration::from_secs(120);

/// A fault: a piece of a file that stands in it once, and what takes its place.
#[derive(Debug, PartialEq)]
struct Fault {
    name: String,
    file: String,
    good: String,
    bad: String,
}

pub fn run(workspace: &Workspace, only: &str) -> Result<()> {
    let mut faults = parse(&fs::read_to_string(workspace.root.join(FAULTS))?)?;
    faults.retain(|fault| fault.name.contains(only));
    for fault in &faults {
        plant(&fs::read_to_string(workspace.root.join(&fault.file))?, fault)?;
    }
    let root = workspace.copy("fuzz/faulty")?;
    let place = Place { sh: &workspace.sh, root, target: workspace.target.join("fuzz/faulty-target") };
    place.build_again()?;
    // Without a fault they find nothing.
    run_targets(&place, TARGETS, &place.fresh("finds")?, Duration::from_secs(1), Some(1))?;
    let mut lines = vec!["| fault | found by, after seconds |".to_owned(), "|---|---|".to_owned()];
    let mut unfound = 0;
    for fault in &faults {
        let path = place.root.join(&fault.file);
        let good = fs::read_to_string(&path)?;
        fs::write(&path, plant(&good, fault)?)?;
        let found = place.build_again().and_then(|()| find(&place));
        fs::write(&path, good)?;
        let found = found.with_context(|| fault.name.clone())?;
        unfound += usize::from(found.is_empty());
        lines.push(format!("| {} | {} |", fault.name, found.join(", ")));
        println!("{}", lines.last().map_or("", String::as_str));
    }
    println!("\n{}", lines.join("\n"));
    ensure!(unfound == 0, "{unfound} faults were not found");
    Ok(())
}

/// The targets that find the fault that is compiled, and when.
fn find(place: &Place<'_>) -> Result<Vec<String>> {
    let finds = place.fresh("finds")?;
    let start = Instant::now();
    let mut running = Vec::new();
    for name in TARGETS {
        running.push((*name, place.start(name, &finds, MOST, Some(1))?));
    }
    let mut found = Vec::new();
    while !running.is_empty() && start.elapsed() < MOST && (found.is_empty() || start.elapsed() < LEAST) {
        thread::sleep(Duration::from_millis(100));
        let mut still_running = Vec::new();
        for (name, mut process) in running {
            match process.look()? {
                None => still_running.push((name, process)),
                Some(Runs::Found(_)) => found.push(format!("`{name}` {:.0}", start.elapsed().as_secs_f64().ceil())),
                Some(Runs::Well(_)) => {}
            }
        }
        running = still_running;
    }
    Ok(found)
}

/// The file with the fault in it.
fn plant(text: &str, fault: &Fault) -> Result<String> {
    match text.matches(&fault.good).count() {
        1 => Ok(text.replacen(&fault.good, &fault.bad, 1)),
        count => bail!("{}: what it changes stands {count} times in {}", fault.name, fault.file),
    }
}

/// ```text
/// fault: its name
/// file: where
/// -a line of it
/// +what stands there instead
/// ```
///
/// White space at the front of lines is part of them. Empty lines and those that begin with `#` say nothing.
fn parse(text: &str) -> Result<Vec<Fault>> {
    let mut faults: Vec<Fault> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("fault: ") {
            let (name, file, good, bad) = (name.to_owned(), String::new(), String::new(), String::new());
            faults.push(Fault { name, file, good, bad });
            continue;
        }
        let fault = faults.last_mut().context("a line before the first fault")?;
        if let Some(file) = line.strip_prefix("file: ") {
            file.clone_into(&mut fault.file);
        } else if let Some(good) = line.strip_prefix('-') {
            fault.good += good;
            fault.good += "\n";
        } else if let Some(bad) = line.strip_prefix('+') {
            fault.bad += bad;
            fault.bad += "\n";
        } else {
            bail!("{}: no such line: {line}", fault.name);
        }
    }
    for fault in &faults {
        ensure!(!fault.good.is_empty() && Path::new(&fault.file).is_relative(), "{}: incomplete", fault.name);
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{FAULTS, Fault, parse, plant};

    #[test]
    fn a_fault_stands_once_or_is_an_error() {
        let faults = parse("# x\nfault: a\nfile: f\n-b\n-c\n+d\n").unwrap();
        let fault = Fault { name: "a".into(), file: "f".into(), good: "b\nc\n".into(), bad: "d\n".into() };
        assert_eq!(faults, [fault]);
        assert_eq!(plant("a\nb\nc\n", &faults[0]).unwrap(), "a\nd\n");
        assert!(plant("a\n", &faults[0]).is_err() && plant("b\nc\nb\nc\n", &faults[0]).is_err());
        assert!(parse("fault: a\nx\n").is_err() && parse("fault: a\nfile: b\n+c\n").is_err());
    }

    #[test]
    fn each_fault_can_be_planted() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let faults = parse(&fs::read_to_string(root.join(FAULTS)).unwrap()).unwrap();
        assert!(faults.len() >= 20);
        for fault in faults {
            let planted = plant(&fs::read_to_string(root.join(&fault.file)).unwrap(), &fault);
            assert!(planted.is_ok(), "{planted:?}");
        }
    }
}
