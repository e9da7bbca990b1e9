//! The figures as a picture: `docs/benchmarks.svg`, drawn from `docs/benchmarks.json`.

use anyhow::{Context, Result};

use super::cases::{self, CASES, Case};
use super::growth::{Curve, GROWTHS, MOST};
use super::results::Who;
use super::table::Table;
use super::targets;
use crate::chart::{self, Bar, Chart, Ink, Row};
use crate::markdown::number;

const LEFT: i32 = 390;
/// How many times as many as ours in Rust: the ends of the axis.
const LEAST: f64 = 0.1;
const GREATEST: f64 = 10.0;

/// Others are not asked for a byte at a time: they hand it out of a whole request.
const IN_BYTES: &str = "get-1";

fn ink(who: Who) -> Ink {
    match who {
        Who::BeforeRust | Who::BeforeC => Ink::Grid,
        Who::Rust => Ink::Purple,
        Who::C => Ink::Red,
        Who::Httparse => Ink::Blue,
        Who::HttpParser => Ink::Cyan,
        Who::Llhttp => Ink::Green,
        Who::Picohttpparser => Ink::Yellow,
    }
}

pub fn svg(table: &Table) -> Result<String> {
    let title = "Instructions that creatio-auth takes, beside those of others for the same, and how they grow";
    chart::svg(title, &[beside_others(table)?, growth(table)?])
}

fn beside_others(table: &Table) -> Result<Chart> {
    let shown = |case: &&Case| case.table != cases::Table::Pieces && !case.ours_alone && case.key != IN_BYTES;
    let who = [&[Who::Rust, Who::C], Who::OTHERS].concat();
    let mut rows = Vec::new();
    for case in CASES.iter().filter(shown) {
        let ours = table.instructions(Who::Rust, case.key).context(case.key)?;
        let times = |instructions: f64| instructions / ours as f64;
        // Ours stand last, so that they are seen.
        let marks = who.iter().rev().filter_map(|who| {
            let instructions = table.instructions(*who, case.key)?;
            Some((ink(*who), times(instructions as f64).clamp(LEAST, GREATEST)))
        });
        rows.push(Row {
            label: format!("{} \u{2012} {}", case.title.replace('`', ""), number(ours)),
            marks: marks.collect(),
            target: targets::most(table, case).map(|most| times(most).clamp(LEAST, GREATEST)),
            ..Row::default()
        });
    }
    Ok(Chart {
        title: "Instructions: the number of ours in Rust, and all as many times that".to_owned(),
        unit: "times the instructions of ours in Rust: who takes fewer is at the left",
        range: LEAST..GREATEST,
        factors: vec![LEAST, 0.2, 0.5, 1.0, 2.0, 5.0, GREATEST],
        tick: |times| times.to_string(),
        left: LEFT,
        legend: who.iter().map(|who| (ink(*who), who.title().to_owned())).collect(),
        target: "the most that is aimed at",
        rows,
    })
}

fn growth(table: &Table) -> Result<Chart> {
    let mut rows = Vec::new();
    for growth in GROWTHS {
        let sizes = table.growth.get(growth.key).context(growth.key)?;
        let exponent = Curve(sizes.iter().map(|(size, cost)| (*size, *cost)).collect()).exponent().unwrap_or(0.0);
        let bars = vec![Bar {
            parts: vec![(ink(Who::Rust), exponent.max(0.0))],
            text: format!("{exponent:.2}"),
            target: Some(MOST),
        }];
        rows.push(Row { label: growth.title.to_owned(), bars, ..Row::default() });
    }
    Ok(Chart {
        title: "Growth of the work with its input".to_owned(),
        unit: "exponent of the last doubling: 1 where twice the input makes twice the work",
        range: 0.0..1.5,
        factors: Vec::new(),
        tick: |exponent| format!("{exponent:.1}"),
        left: LEFT,
        legend: vec![(ink(Who::Rust), Who::Rust.title().to_owned())],
        target: "the most that is aimed at, 1.05",
        rows,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::cases::CASES;
    use super::super::growth::GROWTHS;
    use super::super::results::Who;
    use super::super::table::Table;
    use super::svg;

    const R1: &str = "R1: documented success, 1 KB";

    fn table() -> Table {
        let figures = |instructions: u64| -> BTreeMap<String, u64> {
            CASES.iter().map(|case| (case.key.to_owned(), instructions)).collect()
        };
        let growth = |key: &str| (key.to_owned(), BTreeMap::from([(50, 1_000), (100, 2_000)]));
        Table {
            rust: figures(32_575),
            c: figures(40_000),
            others: Who::OTHERS.iter().map(|who| (who.key().to_owned(), figures(65_150))).collect(),
            growth: GROWTHS.iter().map(|row| growth(row.key)).collect(),
        }
    }

    #[test]
    fn every_case_beside_others_is_there_with_a_mark_of_each_and_every_growth() {
        let svg = svg(&table()).unwrap();
        let shown = [R1, "R7: chunks of 16 bytes, looked into", "the request of a login", "the next GET after R2"];
        for title in shown {
            assert!(svg.contains(&format!(">\n{title} \u{2012} 32,575\n<")), "{title} is not in\n{svg}");
        }
        assert_eq!(svg.matches(" \u{2012} 32,575\n<").count(), 13);
        assert_eq!(svg.matches("<circle").count(), 13 * 6);
        for growth in GROWTHS {
            assert!(svg.contains(&format!(">\n{}\n<", growth.title.replace('\'', "&apos;"))), "{}", growth.title);
        }
        assert_eq!(svg.matches(">\n1.00\n<").count(), GROWTHS.len());
    }

    #[test]
    fn a_figure_that_is_missing_is_told() {
        let error = svg(&Table { rust: BTreeMap::new(), ..table() }).unwrap_err();
        assert_eq!(error.to_string(), "r1");
    }
}
