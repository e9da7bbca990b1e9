//! The figures, as `docs/benchmarks.json` keeps them, and what has changed of ours since.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::results::Who;
use crate::committed::Changes;

/// Instructions, by language and case, and by who else and case; those of growth by what grows and its size.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub rust: BTreeMap<String, u64>,
    pub c: BTreeMap<String, u64>,
    #[serde(default)]
    pub others: BTreeMap<String, BTreeMap<String, u64>>,
    pub growth: BTreeMap<String, BTreeMap<u64, u64>>,
}

impl Table {
    pub fn instructions(&self, who: Who, case: &str) -> Option<u64> {
        let of_one = match who {
            Who::Rust => &self.rust,
            Who::C => &self.c,
            _ => self.others.get(who.key())?,
        };
        of_one.get(case).copied()
    }
}

/// Compares what has been measured of ours; there may be more in the committed table.
pub fn compare(committed: &Table, measured: &Table) -> Changes {
    let mut changes = Changes::default();
    for (language, before, now) in [("Rust", &committed.rust, &measured.rust), ("C", &committed.c, &measured.c)] {
        for (case, &now) in now {
            compare_figure(&format!("{language}, {case}"), before.get(case).copied(), now, &mut changes);
        }
    }
    for (growth, sizes) in &measured.growth {
        for (size, &now) in sizes {
            let before = committed.growth.get(growth).and_then(|sizes| sizes.get(size)).copied();
            compare_figure(&format!("{growth} of {size}"), before, now, &mut changes);
        }
    }
    changes
}

fn compare_figure(place: &str, before: Option<u64>, now: u64, changes: &mut Changes) {
    let Some(before) = before else {
        changes.worse.push(format!("{place}: not in the table"));
        return;
    };
    changes.compare(&format!("{place}:"), before, now);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(instructions: u64) -> Table {
        let figures = BTreeMap::from([("r1".to_owned(), instructions)]);
        let growth = BTreeMap::from([("cookies".to_owned(), BTreeMap::from([(50, instructions)]))]);
        Table { rust: figures.clone(), c: figures, others: BTreeMap::new(), growth }
    }

    #[test]
    fn two_percent_more_are_let_pass() {
        assert_eq!(compare(&table(10_000), &table(10_200)), Changes::default());
        assert_eq!(compare(&table(10_000), &table(9_900)), Changes::default());
    }

    #[test]
    fn what_grows_more_is_told_with_its_place() {
        let changes = compare(&table(10_000), &table(10_201));
        let lines = ["Rust, r1: 10000 -> 10201", "C, r1: 10000 -> 10201", "cookies of 50: 10000 -> 10201"];
        assert_eq!(changes.worse, lines);
        assert!(changes.better.is_empty());
    }

    #[test]
    fn what_shrinks_is_no_fault() {
        let changes = compare(&table(10_000), &table(9_000));
        assert!(changes.worse.is_empty());
        assert_eq!(changes.better.len(), 3);
    }

    #[test]
    fn what_is_not_in_the_table_is_a_fault() {
        assert_eq!(compare(&Table::default(), &table(1)).worse[0], "Rust, r1: not in the table");
    }

    #[test]
    fn the_object_is_by_language_and_case() {
        let json = serde_json::to_value(table(10_000)).unwrap();
        assert_eq!(json["rust"]["r1"], 10_000);
        let other = Table { others: BTreeMap::from([("llhttp".to_owned(), table(7).rust)]), ..table(1) };
        assert_eq!(other.instructions(Who::Llhttp, "r1"), Some(7));
        assert_eq!((other.instructions(Who::C, "r1"), other.instructions(Who::Httparse, "r1")), (Some(1), None));
        assert_eq!(json["growth"]["cookies"]["50"], 10_000);
        assert_eq!(serde_json::from_value::<Table>(json).unwrap(), table(10_000));
    }
}
