//! Which rules of which RFC are kept where, and what shows it.
//!
//! A marker stands beside the code that keeps a rule and beside the test that shows it: a line `//= ` and the ids of rules from
//! the list, with `, ` between them. The page is made from the list and the markers; another page from the table of tricks of
//! framing.

mod markers;
mod page;
mod rules;
mod smuggling;

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};

use crate::generated::Generated;
use crate::workspace::Workspace;
use markers::Marker;
use rules::{Document, Keeping, Level, Rule};

/// The list of the rules.
const RULES: &str = "docs/conformance/rules.txt";

const PAGE: Generated =
    Generated { path: "docs/conformance.md", command: "conformance", source: "the rules and their markers" };

/// The table of tricks of framing, which a test keeps right.
const TRICKS: &str = "tests/smuggling/rows.txt";

const PAGE_OF_TRICKS: Generated =
    Generated { path: "docs/smuggling.md", command: "conformance", source: "the rows of the table" };

/// Where markers may stand.
const SOURCES: [&str; 3] = ["src", "ffi/src", "tests"];

/// Writes the pages.
pub fn write(workspace: &Workspace) -> Result<()> {
    PAGE.write(workspace, &generate(workspace)?)?;
    PAGE_OF_TRICKS.write(workspace, &tricks(workspace)?)
}

/// Fails if a rule is neither kept nor accounted for, or if a committed page says something else.
pub fn check(workspace: &Workspace) -> Result<()> {
    PAGE.check(workspace, &generate(workspace)?)?;
    PAGE_OF_TRICKS.check(workspace, &tricks(workspace)?)
}

fn tricks(workspace: &Workspace) -> Result<String> {
    let text = fs::read_to_string(workspace.root.join(TRICKS)).context(TRICKS)?;
    smuggling::page(&text).map_err(anyhow::Error::msg).context(TRICKS)
}

fn generate(workspace: &Workspace) -> Result<String> {
    let text = fs::read_to_string(workspace.root.join(RULES)).context(RULES)?;
    let documents = rules::read(&text).context(RULES)?;
    let mut found = Vec::new();
    for source in SOURCES {
        markers::find_below(&workspace.root, source, &mut found)?;
    }
    let faults = faults(&documents, &found);
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(page::page(&documents, &by_rule(&found)))
}

/// The markers of each rule, in the order in which they stand in the files.
type ByRule<'m> = BTreeMap<&'m str, Vec<&'m Marker>>;

fn by_rule(markers: &[Marker]) -> ByRule<'_> {
    let mut by_rule = ByRule::new();
    for marker in markers {
        by_rule.entry(&marker.id).or_default().push(marker);
    }
    by_rule
}

/// What is wrong with the rules and their markers.
fn faults(documents: &[Document], found: &[Marker]) -> Vec<String> {
    let markers = by_rule(found);
    let rules: Vec<&Rule> = documents.iter().flat_map(|document| &document.rules).collect();
    let mut faults = Vec::new();
    for marker in found {
        let place = format!("{}:{}: {}", marker.file, marker.line, marker.id);
        if marker.name.is_none() {
            let lacks = if marker.is_test { "test" } else { "item" };
            faults.push(format!("{place} stands beside no {lacks}"));
        }
        match rules.iter().find(|rule| rule.id == marker.id) {
            None => faults.push(format!("{place} is no rule of {RULES}")),
            Some(Rule { keeping: Keeping::DoesNotApply(_), .. }) => {
                faults.push(format!("{place} does not apply, {RULES} says"));
            }
            Some(_) => {}
        }
    }
    for rule in rules {
        let is_accounted_for = match rule.keeping {
            Keeping::Kept => false,
            Keeping::NotKept(_) => rule.level == Level::Should,
            Keeping::DoesNotApply(_) => true,
        };
        for (kind, is_test) in [("code", false), ("test", true)] {
            let has_one = markers.get(&*rule.id).is_some_and(|found| found.iter().any(|m| m.is_test == is_test));
            if !is_accounted_for && !has_one {
                faults.push(format!("{} ({}) has no {kind}", rule.id, rule.level.name()));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "= 1: RFC 1, a\n1-2-kept MUST\n  It is.\n1-2-advice SHOULD\n  It is not.\n  not kept: No.\n\
                        1-3-other MUST\n  It is another's.\n  n/a: So it is.\n1-4-apart MUST\n  It is not.\n  \
                        not kept: No.\n";

    fn faults_of(markers: &[(&str, bool, Option<&str>)]) -> Vec<String> {
        let marker = |(id, is_test, name): &(&str, bool, Option<&str>)| Marker {
            id: (*id).to_owned(),
            file: "f".to_owned(),
            line: 1,
            name: name.map(str::to_owned),
            is_test: *is_test,
        };
        faults(&rules::read(LIST).unwrap(), &markers.iter().map(marker).collect::<Vec<_>>())
    }

    const ALL: [(&str, bool, Option<&str>); 4] = [
        ("1-2-kept", false, Some("a")),
        ("1-2-kept", true, Some("b")),
        ("1-4-apart", false, Some("a")),
        ("1-4-apart", true, Some("b")),
    ];

    #[test]
    fn what_is_kept_and_what_has_its_reason_is_no_fault() {
        assert_eq!(faults_of(&ALL), [""; 0]);
    }

    #[test]
    fn a_must_without_code_or_test_is_a_fault_whether_it_is_kept_or_not() {
        for (without, fault) in [
            (0, "1-2-kept (MUST) has no code"),
            (1, "1-2-kept (MUST) has no test"),
            (2, "1-4-apart (MUST) has no code"),
            (3, "1-4-apart (MUST) has no test"),
        ] {
            let rest: Vec<_> = ALL.iter().enumerate().filter(|(at, _)| *at != without).map(|(_, m)| *m).collect();
            assert_eq!(faults_of(&rest), [fault]);
        }
    }

    #[test]
    fn a_marker_of_no_rule_or_beside_nothing_is_a_fault() {
        let with = |marker| faults_of(&[&ALL[..], &[marker]].concat());
        assert_eq!(with(("1-9-none", true, Some("a"))), [format!("f:1: 1-9-none is no rule of {RULES}")]);
        assert_eq!(with(("1-3-other", false, Some("a"))), [format!("f:1: 1-3-other does not apply, {RULES} says")]);
        assert_eq!(with(("1-2-kept", true, None)), ["f:1: 1-2-kept stands beside no test"]);
    }
}
