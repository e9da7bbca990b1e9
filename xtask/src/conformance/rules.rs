//! The list of the rules, as its file has it.

use std::collections::BTreeSet;

use anyhow::{Result, bail, ensure};

/// An RFC, and of its rules those for a client.
pub struct Document {
    pub title: String,
    pub rules: Vec<Rule>,
}

pub struct Rule {
    pub id: String,
    pub level: Level,
    /// What it asks, in our words.
    pub words: String,
    pub keeping: Keeping,
    /// What there is to know about how it is kept.
    pub note: Option<String>,
}

/// "MUST" and "MUST NOT", or "SHOULD", "SHOULD NOT" and "RECOMMENDED".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Must,
    Should,
}

impl Level {
    pub fn name(self) -> &'static str {
        match self {
            Level::Must => "MUST",
            Level::Should => "SHOULD",
        }
    }
}

/// Whether a rule is kept, and if it is not, the reason.
#[derive(Debug, PartialEq, Eq)]
pub enum Keeping {
    Kept,
    NotKept(String),
    DoesNotApply(String),
}

/// Reads the list. `= PREFIX: TITLE` begins an RFC, and `ID LEVEL` a rule; what it asks stands below, indented, and then
/// `not kept:` or `n/a:` with the reason, and `note:`. A line that begins with `#` is for whoever reads the file.
pub fn read(text: &str) -> Result<Vec<Document>> {
    let (mut documents, mut ids) = (Vec::<Document>::new(), BTreeSet::new());
    let mut prefix = "";
    let mut lines = text.lines().enumerate().peekable();
    while let Some((at, line)) = lines.next() {
        let number = at + 1;
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some((number, title)) = line.strip_prefix("= ").and_then(|rest| rest.split_once(": ")) {
            prefix = number;
            documents.push(Document { title: title.to_owned(), rules: Vec::new() });
            continue;
        }
        let level = |level: &str| match level {
            "MUST" => Some(Level::Must),
            "SHOULD" => Some(Level::Should),
            _ => None,
        };
        let rule = line.split_once(' ').and_then(|(id, name)| Some((id, level(name)?)));
        let (Some((id, level)), Some(document)) = (rule, documents.last_mut()) else {
            bail!("line {number}: no rule: {line}");
        };
        ensure!(is_id(id, prefix), "line {number}: {id} is not {prefix}, section and word");
        ensure!(ids.insert(id), "line {number}: {id} stands twice");
        let mut parts = vec![("", String::new())];
        while let Some((_, line)) = lines.next_if(|(_, line)| line.starts_with(' ')) {
            let (name, words) = field(line.trim());
            if !name.is_empty() {
                parts.push((name, String::new()));
            }
            if let Some((_, text)) = parts.last_mut() {
                *text += if text.is_empty() { "" } else { " " };
                *text += words;
            }
        }
        let mut rule = Rule { id: id.to_owned(), level, words: String::new(), keeping: Keeping::Kept, note: None };
        for (name, text) in parts {
            ensure!(!text.is_empty(), "line {number}: {id} lacks words or a reason");
            match name {
                "not kept:" => rule.keeping = Keeping::NotKept(text),
                "n/a:" => rule.keeping = Keeping::DoesNotApply(text),
                "note:" => rule.note = Some(text),
                _ => rule.words = text,
            }
        }
        document.rules.push(rule);
    }
    Ok(documents)
}

/// Whether it is prefix, section and word, as `9112-2.2-bare-cr`.
fn is_id(id: &str, prefix: &str) -> bool {
    let rest = id.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
    rest.and_then(|rest| rest.split_once('-')).is_some_and(|(section, word)| {
        !section.is_empty()
            && section.split('.').all(|part| part.len() < 3 && part.chars().all(|c| c.is_ascii_alphanumeric()))
            && !word.is_empty()
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ['-', '.'].contains(&c))
    })
}

/// The name of the field that a line begins, if it does, and the words.
fn field(line: &str) -> (&'static str, &str) {
    let names = ["not kept:", "n/a:", "note:"];
    let begun = names.into_iter().find_map(|name| Some((name, line.strip_prefix(name)?.trim())));
    begun.unwrap_or(("", line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_reasons_go_over_lines() {
        let text = "# For readers.\n\n= 12: RFC 12, names\n12-3.4-a-b SHOULD\n    One\n    two.\n    note: Three\n    four.\n\
                    12-A.1-c MUST\n    Five.\n    n/a: Six.\n";
        let documents = read(text).unwrap();
        let [document] = &documents[..] else { panic!("one RFC") };
        assert_eq!(document.title, "RFC 12, names");
        let [first, second] = &document.rules[..] else { panic!("two rules") };
        assert_eq!((&*first.id, first.level, &*first.words), ("12-3.4-a-b", Level::Should, "One two."));
        assert_eq!((&first.keeping, first.note.as_deref()), (&Keeping::Kept, Some("Three four.")));
        assert_eq!((second.level, &second.keeping), (Level::Must, &Keeping::DoesNotApply("Six.".to_owned())));
    }

    #[test]
    fn what_is_no_rule_is_an_error_that_names_the_line() {
        for (rule, error) in [
            ("12-3-a MAY\n  b\n", "line 2: no rule: 12-3-a MAY"),
            ("nonsense\n", "line 2: no rule: nonsense"),
            ("13-3-a MUST\n  b\n", "line 2: 13-3-a is not 12, section and word"),
            ("12-a MUST\n  b\n", "line 2: 12-a is not 12, section and word"),
            ("12-3-a MUST\n", "line 2: 12-3-a lacks words or a reason"),
            ("12-3-a MUST\n  b\n  n/a:\n", "line 2: 12-3-a lacks words or a reason"),
            ("12-3-a MUST\n  b\n  not kept:\n", "line 2: 12-3-a lacks words or a reason"),
            ("12-3-a MUST\n  b\n12-3-a MUST\n  b\n", "line 4: 12-3-a stands twice"),
        ] {
            let result = read(&format!("= 12: RFC 12\n{rule}"));
            assert_eq!(result.err().unwrap().to_string(), error);
        }
        assert!(read("12-3-a MUST\n  b\n").is_err(), "it is of no RFC");
    }
}
