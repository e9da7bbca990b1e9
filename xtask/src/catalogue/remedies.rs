//! The list of remedies, `docs/catalogue/remedies.txt`: a name, `: ` and what to do.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};

pub struct Remedies {
    all: BTreeMap<String, String>,
    used: BTreeSet<String>,
}

impl Remedies {
    /// A line for each; one that begins with white space goes on with the one before it, and `#` begins a comment.
    pub fn read(text: &str) -> Result<Self> {
        let mut all = BTreeMap::new();
        let mut last = String::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if line.starts_with(' ') {
                let text: &mut String = all.get_mut(&last).with_context(|| format!("{line:?} belongs to none"))?;
                text.push(' ');
                text.push_str(line.trim());
            } else {
                let (name, remedy) = line.split_once(": ").with_context(|| format!("{line:?} has no `: `"))?;
                ensure!(all.insert(name.to_owned(), remedy.to_owned()).is_none(), "{name} stands there twice");
                name.clone_into(&mut last);
            }
        }
        Ok(Remedies { all, used: BTreeSet::new() })
    }

    /// What to do about this one.
    pub fn of(&mut self, name: &str) -> Option<String> {
        self.used.insert(name.to_owned());
        self.all.get(name).cloned()
    }

    /// Fails where there is one of something else.
    pub fn end(&self) -> Result<()> {
        let others: Vec<_> = self.all.keys().filter(|name| !self.used.contains(*name)).cloned().collect();
        if !others.is_empty() {
            bail!("remedies of what is not in the catalogue: {}", others.join(", "));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Remedies;

    #[test]
    fn each_has_a_line_or_more() {
        let mut remedies = Remedies::read("# of A\nA::B: Go on,\n    twice.\n\nC: No.\n").unwrap();
        assert_eq!(remedies.of("A::B").as_deref(), Some("Go on, twice."));
        assert_eq!(remedies.of("A::C"), None);
        assert!(remedies.end().unwrap_err().to_string().ends_with(": C"));
        assert_eq!(remedies.of("C").as_deref(), Some("No."));
        assert!(remedies.end().is_ok());
    }

    #[test]
    fn what_is_no_line_of_the_list_is_refused() {
        for text in ["A\n", "  more\n", "A: b\nA: c\n"] {
            assert!(Remedies::read(text).is_err(), "{text:?}");
        }
    }
}
