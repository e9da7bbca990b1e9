//! Figures that a table in `docs` keeps, and what has changed since it was committed.

use std::fs;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;

use crate::workspace::Workspace;

/// By how much a figure may grow before it has to be looked at, in percent.
const TOLERANCE: u64 = 2;

/// Where a table is, and who writes it.
pub struct Committed {
    /// The file's path.
    pub path: &'static str,
    /// The command of `cargo xtask` that writes it.
    pub command: &'static str,
    /// What a figure is that has shrunk.
    pub less: &'static str,
}

impl Committed {
    pub fn read<T: DeserializeOwned>(&self, workspace: &Workspace) -> Result<T> {
        let Committed { path, command, .. } = self;
        let text = fs::read_to_string(workspace.root.join(path)).context(*path)?;
        serde_json::from_str(&text)
            .with_context(|| format!("{path}: write it anew by `cargo xtask {command} --write`"))
    }

    /// Prints what is better, and returns what is worse.
    pub fn report(&self, changes: &Changes) -> Option<String> {
        let Committed { path, command, less } = self;
        if !changes.better.is_empty() {
            println!(
                "{less} than in {path}; `cargo xtask {command} --write` keeps it so:\n  {}",
                changes.better.join("\n  ")
            );
        }
        (!changes.worse.is_empty()).then(|| {
            format!(
                "by more than {TOLERANCE} % more than in {path}; where that is meant, `cargo xtask {command} --write` \
                 and commit:\n  {}",
                changes.worse.join("\n  ")
            )
        })
    }
}

/// What is different from the committed table.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Faults: what has grown by more than the tolerance, or is not there to be compared.
    pub worse: Vec<String>,
    /// What has shrunk by more than the tolerance.
    pub better: Vec<String>,
}

impl Changes {
    /// Compares a figure that is in both tables.
    pub fn compare(&mut self, what: &str, before: u64, now: u64) {
        let line = || format!("{what} {before} -> {now}");
        if now * 100 > before * (100 + TOLERANCE) {
            self.worse.push(line());
        } else if now * (100 + TOLERANCE) < before * 100 {
            self.better.push(line());
        }
    }
}
