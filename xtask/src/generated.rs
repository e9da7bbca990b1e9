//! Files that are made from others and committed.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// Where such a file is, and what makes it.
pub struct Generated {
    /// The file's path.
    pub path: &'static str,
    /// The command of `cargo xtask` that writes it.
    pub command: &'static str,
    /// What it is made from.
    pub source: &'static str,
}

impl Generated {
    pub fn write(&self, workspace: &Workspace, text: &str) -> Result<()> {
        let path = workspace.root.join(self.path);
        fs::create_dir_all(path.parent().context("it has no directory")?)?;
        fs::write(&path, text)?;
        println!("wrote {}", self.path);
        Ok(())
    }

    /// Fails if what is committed is something else.
    pub fn check(&self, workspace: &Workspace, text: &str) -> Result<()> {
        let Generated { path, command, source } = self;
        let committed = fs::read_to_string(workspace.root.join(path))
            .with_context(|| format!("{path} is missing; write it with `cargo xtask {command}`"))?;
        if let Some(difference) = first_difference(&committed, text) {
            bail!("{path} is not what {source} make; write it anew with `cargo xtask {command}`\n{difference}");
        }
        Ok(())
    }
}

/// The first line in which two texts differ, or `None` if they are the same to the byte.
fn first_difference(committed: &str, generated: &str) -> Option<String> {
    if committed == generated {
        return None;
    }
    let mut old = committed.split('\n');
    let mut new = generated.split('\n');
    for number in 1.. {
        let pair = (old.next(), new.next());
        if pair.0 == pair.1 {
            continue;
        }
        let show = |line: Option<&str>| line.map_or("(end)".to_owned(), |line| format!("{line:?}"));
        return Some(format!("line {number}\n  committed: {}\n  generated: {}", show(pair.0), show(pair.1)));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn equal_texts_do_not_differ() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
    }

    #[test]
    fn the_first_different_line_is_shown() {
        assert_eq!(
            first_difference("a\nb\nc", "a\nx\nd").as_deref(),
            Some("line 2\n  committed: \"b\"\n  generated: \"x\"")
        );
    }

    #[test]
    fn a_shorter_text_or_another_line_end_is_a_difference() {
        assert_eq!(first_difference("a", "a\nb").as_deref(), Some("line 2\n  committed: (end)\n  generated: \"b\""));
        assert_eq!(
            first_difference("a\r\n", "a\n").as_deref(),
            Some("line 1\n  committed: \"a\\r\"\n  generated: \"a\"")
        );
    }
}
