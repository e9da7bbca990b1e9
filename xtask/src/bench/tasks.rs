//! What a program is asked to do, and how it is told.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// One thing to do, with all that it takes.
#[derive(Clone, Debug, Default)]
pub struct Task {
    /// Without spaces, and of one task only.
    pub name: String,
    /// As the programs name it: `login`, `call`, `ask`, `get`, `sign-in`, `snapshot` or `restore`.
    pub operation: &'static str,
    /// How often it is done, and then twice as often.
    pub rounds: u64,
    pub reply: Option<Vec<u8>>,
    /// The reply to the login before it.
    pub before: Option<Vec<u8>>,
    /// What else the programs are to know, as they read it.
    pub options: String,
}

impl Task {
    /// The line that tells a program of it; its replies are put into files there.
    pub fn line(&self, directory: &Path) -> Result<String> {
        let Task { name, operation, rounds, options, .. } = self;
        let mut line = format!("name={name} operation={operation} rounds={rounds}");
        for (key, reply) in [("reply", &self.reply), ("before", &self.before)] {
            if let Some(reply) = reply {
                let file = directory.join(format!("{name}.{key}"));
                fs::write(&file, reply).with_context(|| file.display().to_string())?;
                write!(line, " {key}={}", file.display())?;
            }
        }
        writeln!(line, " {options}")?;
        Ok(line)
    }

    /// How many times a program counts while it does this: once for `rounds`, once for twice as many, and where they are
    /// several, once before.
    pub fn counts(&self) -> usize {
        if self.rounds > 1 { 3 } else { 2 }
    }
}
