//! The page.

use super::rules::{Document, Keeping, Level, Rule};
use super::{ByRule, Marker};

const INTRODUCTION: &str = "\
# Conformance

Each MUST and SHOULD of these RFCs that concerns a client, MUST NOT and SHOULD NOT included: which code keeps it, and which test
shows it. Rules for servers, proxies and caches alone are left out. The rules are in our words; what each section says itself
counts. An id is the RFC, the section and a word; `grep -r \"//= .*9112-6.3\" src tests` finds where each stands.

Made by `cargo xtask conformance` from [the list of the rules](conformance/rules.txt) and the markers `//=` in the code and the
tests. `cargo xtask test` fails where a MUST has no code or no test, a rule that does not apply or a SHOULD that is not kept no
reason, and a marker no rule.
";

pub fn page(documents: &[Document], markers: &ByRule<'_>) -> String {
    let mut page = INTRODUCTION.to_owned();
    page += "\n| | MUST, kept | SHOULD, kept | MUST, not kept | SHOULD, not kept | do not apply |\n|---|---:|---:|---:|---:|---:|\n";
    for document in documents {
        let count = |level: Option<Level>, is_it: fn(&Keeping) -> bool| {
            let is_counted = |rule: &&Rule| level.is_none_or(|level| rule.level == level) && is_it(&rule.keeping);
            document.rules.iter().filter(is_counted).count()
        };
        let [kept, not_kept]: [fn(&Keeping) -> bool; 2] =
            [|keeping| *keeping == Keeping::Kept, |keeping| matches!(keeping, Keeping::NotKept(_))];
        page += &format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            document.title,
            count(Some(Level::Must), kept),
            count(Some(Level::Should), kept),
            count(Some(Level::Must), not_kept),
            count(Some(Level::Should), not_kept),
            count(None, |keeping| matches!(keeping, Keeping::DoesNotApply(_))),
        );
    }
    for document in documents {
        page += &format!("\n## {}\n", document.title);
        page += &rules(document, markers);
        let others = |reason: fn(&Keeping) -> Option<&str>, title: &str| {
            let lines = document.rules.iter().filter_map(|rule| Some((rule, reason(&rule.keeping)?)));
            let lines: String = lines.map(|(rule, reason)| other(rule, reason, markers)).collect();
            if lines.is_empty() { lines } else { format!("\n{title}\n\n{lines}") }
        };
        page +=
            &others(|keeping| if let Keeping::NotKept(reason) = keeping { Some(reason) } else { None }, "Not kept:");
        page += &others(
            |keeping| if let Keeping::DoesNotApply(reason) = keeping { Some(reason) } else { None },
            "Does not apply:",
        );
    }
    page
}

/// The table of those that are kept.
fn rules(document: &Document, markers: &ByRule<'_>) -> String {
    let mut table = "\n| rule | | | code | test |\n|---|---|---|---|---|\n".to_owned();
    for rule in document.rules.iter().filter(|rule| rule.keeping == Keeping::Kept) {
        let note = rule.note.as_ref().map_or(String::new(), |note| format!(" *{note}*"));
        table += &format!(
            "| `{}` | {} | {}{note} | {} | {} |\n",
            rule.id,
            rule.level.name(),
            rule.words,
            links(rule, markers, false),
            links(rule, markers, true),
        );
    }
    table
}

fn other(rule: &Rule, reason: &str, markers: &ByRule<'_>) -> String {
    let links =
        [false, true].map(|is_test| links(rule, markers, is_test)).into_iter().filter(|links| !links.is_empty());
    let links = links.collect::<Vec<_>>().join(", ");
    let links = if links.is_empty() { links } else { format!(" ({links})") };
    format!("- `{}`, {}: {} **{reason}**{links}\n", rule.id, rule.level.name(), rule.words)
}

/// Links to what the markers stand beside, each once.
fn links(rule: &Rule, markers: &ByRule<'_>, is_test: bool) -> String {
    let found = markers.get(&*rule.id).into_iter().flatten().filter(|marker| marker.is_test == is_test);
    let mut links: Vec<String> = found.map(|marker| link(marker)).collect();
    links.dedup();
    links.join(", ")
}

fn link(marker: &Marker) -> String {
    format!("[`{}`](../{})", marker.name.as_deref().unwrap_or_default(), marker.file)
}
