//! The figures, as `docs/size.json` keeps them, and what has changed since.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::chips::{CHIPS, LEVELS};
use crate::committed::Changes;

/// The figures of one program, in bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Code, constants and first values of variables: of the image, less those of the image without the library.
    pub flash: u64,
    pub site: u64,
    pub session: u64,
    pub exchange: u64,
    /// The three together.
    pub contexts: u64,
    /// The least memory that the session of a login works with.
    pub session_memory: u64,
    /// What is sent and received at once.
    pub buffer: u64,
    /// The deepest that the stack has been, as seen.
    pub stack_peak: u64,
    /// The deepest that it can be, by analysis, where there is a bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stack_bound: Option<u64>,
    /// The future of all that the program does, which stands on the stack here and is in that figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub future: Option<u64>,
    /// A whole login: contexts, memory of the session, buffer and stack.
    pub ram_login: u64,
}

impl Figures {
    fn named(&self) -> [(&'static str, Option<u64>); 7] {
        [
            ("flash", Some(self.flash)),
            ("contexts", Some(self.contexts)),
            ("session_memory", Some(self.session_memory)),
            ("stack_peak", Some(self.stack_peak)),
            ("stack_bound", self.stack_bound),
            ("future", self.future),
            ("ram_login", Some(self.ram_login)),
        ]
    }
}

type Programs = BTreeMap<String, Figures>;
type Levels = BTreeMap<String, Programs>;

/// By chip, level and program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table(BTreeMap<String, Levels>);

impl Table {
    pub fn insert(&mut self, chip: &str, level: &str, program: &str, figures: Figures) {
        let levels = self.0.entry(chip.to_owned()).or_default();
        levels.entry(level.to_owned()).or_default().insert(program.to_owned(), figures);
    }

    pub fn get(&self, chip: &str, level: &str, program: &str) -> Option<&Figures> {
        self.0.get(chip)?.get(level)?.get(program)
    }
}

pub fn compare(committed: &Table, measured: &Table) -> Changes {
    let mut changes = Changes::default();
    for chip in CHIPS {
        for level in LEVELS {
            for program in level.programs() {
                let place = format!("{}, {}, {}", chip.key, level.key, program.key);
                let of = |table: &Table| table.get(chip.key, level.key, program.key).map(Figures::named);
                match (of(committed), of(measured)) {
                    (Some(before), Some(now)) => compare_figures(&place, &before, &now, &mut changes),
                    _ => changes.worse.push(format!("{place}: not in both tables")),
                }
            }
        }
    }
    changes
}

fn compare_figures(place: &str, before: &[(&str, Option<u64>)], now: &[(&str, Option<u64>)], changes: &mut Changes) {
    for ((name, before), (_, now)) in before.iter().zip(now) {
        match (before, now) {
            (Some(before), Some(now)) => changes.compare(&format!("{place}: {name}"), *before, *now),
            (Some(before), None) => changes.worse.push(format!("{place}: {name} {before} -> none")),
            (None, _) => {}
        }
    }
}

/// A table in which all programs take the same.
#[cfg(test)]
pub fn sample(flash: u64) -> Table {
    let figures = Figures {
        flash,
        site: 20,
        session: 64,
        exchange: 400,
        contexts: 484,
        session_memory: 1272,
        buffer: 256,
        stack_peak: 1000,
        stack_bound: None,
        future: None,
        ram_login: 3012,
    };
    let mut table = Table::default();
    for chip in CHIPS {
        for level in LEVELS {
            for program in level.programs() {
                table.insert(chip.key, level.key, program.key, figures.clone());
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::chips::Level;
    use super::sample as table;
    use super::*;

    #[test]
    fn two_percent_more_are_let_pass() {
        assert_eq!(compare(&table(10_000), &table(10_200)), Changes::default());
        assert_eq!(compare(&table(10_000), &table(9_900)), Changes::default());
    }

    #[test]
    fn what_grows_more_is_told_with_its_place() {
        let changes = compare(&table(10_000), &table(10_201));
        assert_eq!(changes.worse[0], "cortex-m0plus, Oz, c-login: flash 10000 -> 10201");
        assert_eq!(changes.worse.len(), CHIPS.len() * LEVELS.iter().flat_map(Level::programs).count());
        assert!(changes.better.is_empty());
    }

    #[test]
    fn what_shrinks_is_no_fault() {
        let changes = compare(&table(10_000), &table(9_000));
        assert!(changes.worse.is_empty());
        assert_eq!(changes.better[0], "cortex-m0plus, Oz, c-login: flash 10000 -> 9000");
    }

    #[test]
    fn what_is_missing_is_a_fault() {
        assert_eq!(compare(&Table::default(), &table(1)).worse[0], "cortex-m0plus, Oz, c-login: not in both tables");
    }

    #[test]
    fn the_object_is_by_chip_level_and_program() {
        let json = serde_json::to_value(table(10_000)).unwrap();
        assert_eq!(json["cortex-m4"]["Oz"]["c-login"]["flash"], 10_000);
        assert_eq!(json["rv32imc"]["O3"]["rust-all"]["ram_login"], 3012);
        assert_eq!(serde_json::from_value::<Table>(json).unwrap(), table(10_000));
    }
}
