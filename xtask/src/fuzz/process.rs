//! A fuzz target that runs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};

pub struct Process {
    child: Child,
    log: PathBuf,
}

/// How a target has run.
pub enum Runs {
    /// So many times, and found nothing.
    Well(u64),
    /// What it says.
    Found(String),
}

impl Process {
    /// Runs a target for so long, from its corpus in `fuzz`. What it finds that is new goes to a folder in `found`.
    pub fn start(
        program: &Path,
        fuzz: &Path,
        name: &str,
        found: &Path,
        time: Duration,
        seed: Option<u32>,
    ) -> Result<Self> {
        let folder = found.join(name);
        fs::create_dir_all(&folder)?;
        let log = found.join(format!("{name}.log"));
        let output = File::create(&log)?;
        let mut command = Command::new(program);
        command.arg(&folder).arg(fuzz.join("corpus").join(name));
        command.arg(format!("-dict={}", fuzz.join("dictionary").display()));
        command.arg(format!("-artifact_prefix={}", found.join(format!("{name}-")).display()));
        command.arg(format!("-max_total_time={}", time.as_secs()));
        // A run takes a millisecond; on a machine that does a lot beside it, more.
        command.args(["-max_len=4096", "-timeout=20", "-rss_limit_mb=2048", "-verbosity=1"]);
        command.args(seed.map(|seed| format!("-seed={seed}")));
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let child = command.spawn().with_context(|| format!("cannot run {}", program.display()))?;
        Ok(Process { child, log })
    }

    pub fn wait(&mut self) -> Result<Runs> {
        let status = self.child.wait()?;
        self.result(status)
    }

    /// How it has run; none while it still does.
    pub fn look(&mut self) -> Result<Option<Runs>> {
        match self.child.try_wait()? {
            Some(status) => self.result(status).map(Some),
            None => Ok(None),
        }
    }

    /// Ends it.
    pub fn stop(&mut self) {
        let _ = self.child.kill(); // which may have ended by itself
        let _ = self.child.wait();
    }

    fn result(&self, status: ExitStatus) -> Result<Runs> {
        let log = String::from_utf8_lossy(&fs::read(&self.log)?).into_owned();
        Ok(if status.success() { Runs::Well(runs(&log)) } else { Runs::Found(told(&log)) })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// "Done 1234 runs in 5 second(s)"
fn runs(log: &str) -> u64 {
    let words = log.lines().find_map(|line| line.strip_prefix("Done "));
    words.and_then(|words| words.split(' ').next()?.parse().ok()).unwrap_or_default()
}

/// What a person wants to know of a failure: from the panic or the sanitizer's report on, and where the input is.
fn told(log: &str) -> String {
    const MOST: usize = 30;
    let is_start = |line: &&str| line.contains("panicked at") || line.contains("ERROR: ");
    let from_start: Vec<_> = log.lines().skip_while(|line| !is_start(line)).collect();
    let mut told: Vec<_> = from_start.iter().take(MOST).copied().collect();
    told.extend(log.lines().filter(|line| line.contains("Test unit written to")));
    told.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{runs, told};

    #[test]
    fn a_log_tells_how_often_it_ran() {
        assert_eq!(runs("#2\tINITED\nDone 4711 runs in 8 second(s)\n"), 4711);
        assert_eq!(runs(""), 0);
    }

    #[test]
    fn of_a_failure_the_report_is_told_and_where_the_input_is() {
        let log = "INFO: x\nthread panicked at src/a.rs:1:1:\nwrong\nartifact_prefix='x'; Test unit written to x\n";
        let told = told(log);
        assert!(told.starts_with("thread panicked") && told.ends_with("written to x"), "{told}");
    }
}
