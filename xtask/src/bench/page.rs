//! The figures for people: `docs/benchmarks.md`.

use std::fmt::Write;

use anyhow::Result;

use super::cases::{CASES, Case, Table};
use super::growth::{Curve, GROWTHS, MOST};
use super::results::{Column, Results, Who};
use super::targets::{self, Against};
use crate::markdown::{grid, markdown, number};

const INTRODUCTION: &str = "\
# Benchmarks

Written by `cargo xtask bench --write`; do not edit. Instructions on x86-64, all at `-O3`, counted by callgrind: each program
does the same with the same bytes so many times and twice as often, what it has prepared is not counted, and the
difference is what stands here. All programs must have found the same, or there is no page: status, `Code`, messages, the
length of the body, where the next page is, and the next request with its cookies.
[`benchmarks.json`](benchmarks.json) has ours for programs, and `cargo xtask bench --check`, a step of `cargo xtask test`,
compares with it.

![Instructions of each reply](benchmarks.svg)
";

const OTHERS_TEXT: &str = "\
The programs are in [`tests/bench`](../tests/bench). What the others do not have, a program has to bring: framing and a
session in Rust around httparse; in C a plain list of cookies, which knows neither dates nor hosts. *Passed through* is a
body that is handed on as it comes; *looked into* is one in which errors and the next page's address are found, too.
";

const HEAP_TEXT: &str = "\
How often memory is asked for in one round, and the most bytes that there are of it at once, what was there before not
counted. Ours works in memory that it was lent: 16 KiB here, of which a session takes what [sizes](size.md) says.
";

const GROWTH_TEXT: &str = "\
In Rust. The exponent is that of the last doubling: 1 where twice the input makes twice the work, 2 where it makes four
times the work. Sizes go on until there are enough, or one would take too long.
";

const WHOLE_TEXT: &str = "\
A process from its start to its end that signs in to a server on this machine over plain TCP and makes a call with the
cookies that it was given. *Without the start* is less what a process takes that is linked in the same way and does
nothing.
";

pub fn text(results: &Results) -> Result<String> {
    let mut page = INTRODUCTION.to_owned();
    if let Some(baseline) = &results.baseline {
        write!(page, "\n*before* is {baseline}.\n")?;
    }
    write!(page, "\n## Against the targets\n\n{}\n", against(results))?;
    write!(page, "\n## Instructions\n\n{OTHERS_TEXT}")?;
    for (table, title) in [
        (Table::Replies, "Replies"),
        (Table::Pieces, "Replies in pieces"),
        (Table::Requests, "Requests and snapshots"),
    ] {
        write!(page, "\n### {title}\n\n{}\n", instructions(results, table))?;
        write!(page, "\nHow many times as many ours in Rust takes:\n\n{}\n", ratios(results, table))?;
    }
    write!(page, "\n## Memory asked for\n\n{HEAP_TEXT}\n{}\n", heap(results))?;
    write!(page, "\n## Growth\n\n{GROWTH_TEXT}\n{}\n", growth(results))?;
    if !results.whole.is_empty() {
        write!(page, "\n## A whole process\n\n{WHOLE_TEXT}\n{}\n", whole(results))?;
    }
    write!(page, "\nMeasured with {}.\n", results.tools)?;
    Ok(page)
}

fn against(results: &Results) -> String {
    let mut grid = grid(&["", "at most", "Rust", "", "C", ""]);
    for target in targets::all(results) {
        let mut row = vec![target.what.clone(), figure(target.most)];
        for measured in [target.rust, target.c] {
            row.push(measured.map(figure).unwrap_or_default());
            row.push(measured.map(|figure| verdict(figure, target.most)).unwrap_or_default());
        }
        grid.add_row(row);
    }
    markdown(grid, &[1, 2, 4])
}

fn verdict(figure: f64, most: f64) -> String {
    if Against::is_met(figure, most) { "met".to_owned() } else { format!("{:.2} times", figure / most) }
}

/// Whole numbers, and small ones with two places.
fn figure(figure: f64) -> String {
    if figure < 1_000.0 && figure.fract() != 0.0 { format!("{figure:.2}") } else { number(figure.round() as u64) }
}

fn cases(table: Table) -> impl Iterator<Item = &'static Case> {
    CASES.iter().filter(move |case| case.table == table)
}

/// A table with a column for each who does the work.
fn by_column(results: &Results, table: Table, cell: impl Fn(&Column, &Case) -> String) -> String {
    let titles = results.columns.iter().map(|column| column.who.title());
    let header: Vec<&str> = std::iter::once("").chain(titles).collect();
    let mut grid = grid(&header);
    for case in cases(table) {
        let cells = results.columns.iter().map(|column| cell(column, case));
        grid.add_row(std::iter::once(case.title.to_owned()).chain(cells));
    }
    markdown(grid, &(1..header.len()).collect::<Vec<_>>())
}

fn instructions(results: &Results, table: Table) -> String {
    by_column(results, table, |column, case| {
        column.counted.instructions.get(case.key).copied().map(number).unwrap_or_default()
    })
}

fn ratios(results: &Results, table: Table) -> String {
    by_column(results, table, |column, case| {
        let ours = results.instructions(Who::Rust, case.key);
        match (column.counted.instructions.get(case.key), ours) {
            (Some(&instructions), Some(ours)) => factor(ours, instructions),
            _ => String::new(),
        }
    })
}

/// How many times the other it is.
fn factor(ours: u64, other: u64) -> String {
    let factor = ours as f64 / other.max(1) as f64;
    if factor < 100.0 { format!("{factor:.2}") } else { number(factor.round() as u64) }
}

fn heap(results: &Results) -> String {
    let columns: Vec<_> = results.columns.iter().filter(|column| !column.heap.is_empty()).collect();
    let header: Vec<&str> = std::iter::once("").chain(columns.iter().map(|column| column.who.title())).collect();
    let mut grid = grid(&header);
    for case in CASES.iter().filter(|case| !case.ours_alone) {
        let cells = columns.iter().map(|column| match results.heap(column.who, case) {
            Some(heap) if heap.allocations == 0 && heap.peak == 0 => "0".to_owned(),
            Some(heap) => format!("{}, {} bytes", number(heap.allocations), number(heap.peak)),
            None => String::new(),
        });
        grid.add_row(std::iter::once(case.title.to_owned()).chain(cells));
    }
    markdown(grid, &(1..header.len()).collect::<Vec<_>>())
}

fn growth(results: &Results) -> String {
    let before = results.growth_before.as_deref();
    let mut header = vec!["", "of", "the most", "instructions", "each", "exponent", ""];
    if before.is_some() {
        header.extend(["before: the most", "instructions", "each", "exponent"]);
    }
    let mut grid = grid(&header);
    for (index, (growth, curve)) in GROWTHS.iter().zip(&results.growth).enumerate() {
        let met = curve.exponent().is_none_or(|exponent| exponent <= MOST);
        let mut row = vec![growth.title.to_owned(), growth.unit.to_owned()];
        row.extend(cells(curve));
        row.push(if met { "met" } else { "faster than its input" }.to_owned());
        row.extend(before.and_then(|before| before.get(index)).into_iter().flat_map(cells));
        grid.add_row(row);
    }
    markdown(grid, &[2, 3, 4, 5, 7, 8, 9, 10])
}

/// The largest size, its cost, the cost of each, and the exponent.
fn cells(curve: &Curve) -> [String; 4] {
    let Some((size, cost)) = curve.largest() else { return Default::default() };
    let exponent = curve.exponent().map(|exponent| format!("{exponent:.2}")).unwrap_or_default();
    [number(size), number(cost), figure(cost as f64 / size as f64), exponent]
}

fn whole(results: &Results) -> String {
    let mut grid = grid(&["", "instructions", "without the start"]);
    for whole in &results.whole {
        grid.add_row([whole.title.to_owned(), number(whole.instructions), number(whole.without_start)]);
    }
    markdown(grid, &[1, 2])
}

#[cfg(test)]
mod tests {
    use super::{factor, figure, text, verdict};
    use crate::bench::cases::CASES;
    use crate::bench::growth::Curve;
    use crate::bench::growth::GROWTHS;
    use crate::bench::results::{Results, Who};

    #[test]
    fn a_page_has_every_case_and_growth() {
        let results = Results::sample(&[(Who::Rust, 3_000), (Who::Httparse, 1_500), (Who::Llhttp, 1_000)]);
        let page = text(&results).unwrap();
        for title in CASES.iter().map(|case| case.title).chain(GROWTHS.iter().map(|growth| growth.title)) {
            assert!(page.contains(&format!("\n| {title} ")), "{title} is not in\n{page}");
        }
        assert!(page.contains("2.00 times"), "{page}");
        assert!(!page.contains("*before*"), "{page}");
    }

    #[test]
    fn a_baseline_stands_beside_ours() {
        let mut results = Results::sample(&[(Who::BeforeRust, 6_000), (Who::Rust, 3_000), (Who::Httparse, 1_500)]);
        results.baseline = Some("0a1b2c3: Something".to_owned());
        results.growth_before = Some(vec![Curve(vec![(50, 1_000), (100, 4_000)]); GROWTHS.len()]);
        let page = text(&results).unwrap();
        for part in ["*before* is 0a1b2c3: Something.", "before, Rust", "2.00"] {
            assert!(page.contains(part), "{part} is not in\n{page}");
        }
    }

    #[test]
    fn a_factor_is_of_ours_to_the_other() {
        assert_eq!(factor(50, 100), "0.50");
        assert_eq!(factor(123_456, 10), "12,346");
        assert_eq!(factor(5, 0), "5.00");
    }

    #[test]
    fn small_figures_have_two_places() {
        assert_eq!(figure(0.0234), "0.02");
        assert_eq!(figure(2.0), "2");
        assert_eq!(figure(150.0), "150");
        assert_eq!(figure(12_345.6), "12,346");
    }

    #[test]
    fn a_target_is_met_or_missed_by_a_factor() {
        assert_eq!(verdict(1.05, 1.05), "met");
        assert_eq!(verdict(300.0, 150.0), "2.00 times");
    }
}
