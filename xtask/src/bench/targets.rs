//! What the project aims at, and how far it is from there.

use super::cases::Case;
use super::growth::{GROWTHS, MOST};
use super::results::{Results, Who};
use super::table::Table;

/// The most that is aimed at.
#[derive(Clone, Copy)]
enum Most {
    /// What somebody else takes for the same.
    Of(Who),
    /// So many instructions for each byte of the reply.
    PerByte(f64),
}

struct Target {
    what: &'static str,
    case: &'static str,
    most: Most,
}

const fn target(what: &'static str, case: &'static str, most: Most) -> Target {
    Target { what, case, most }
}

const TARGETS: &[Target] = &[
    target("R1", "r1", Most::Of(Who::Httparse)),
    target("R2", "r2", Most::Of(Who::Httparse)),
    target("R3", "r3", Most::Of(Who::Httparse)),
    target("R4", "r4", Most::Of(Who::Httparse)),
    target("R5 passed through, a byte", "r5-passed", Most::PerByte(0.05)),
    target("R5 looked into", "r5-read", Most::Of(Who::Httparse)),
    target("R6 passed through, a byte", "r6-passed", Most::PerByte(0.05)),
    target("R6 looked into", "r6-read", Most::Of(Who::Httparse)),
    target("R7 passed through", "r7-passed", Most::Of(Who::Llhttp)),
    target("R7 looked into", "r7-read", Most::Of(Who::Llhttp)),
    target("R1 in pieces of 1 byte, a byte", "r1-1", Most::PerByte(150.0)),
    target("R5 passed through in pieces of 1 byte, a byte", "r5-passed-1", Most::PerByte(150.0)),
    target("R5 looked into in pieces of 1 byte, a byte", "r5-read-1", Most::PerByte(150.0)),
    target("the request of a login", "ask", Most::Of(Who::Httparse)),
    target("the next GET", "get", Most::Of(Who::Httparse)),
];

/// The cost of a byte of text that nobody keeps, in instructions.
const SKIPPED: f64 = 2.0;

/// A target and what was measured.
pub struct Against {
    pub what: String,
    pub most: f64,
    pub rust: Option<f64>,
    /// Of what is measured in Rust alone there is none.
    pub c: Option<f64>,
}

impl Against {
    pub fn is_met(figure: f64, most: f64) -> bool {
        figure <= most
    }
}

pub fn all(results: &Results) -> Vec<Against> {
    let cases = TARGETS.iter().filter_map(|target| of_case(results, target));
    cases.chain(skipped(results)).chain(growth(results)).collect()
}

/// The most instructions that are aimed at in this case, if it has such an aim.
pub fn most(table: &Table, case: &Case) -> Option<f64> {
    match TARGETS.iter().find(|target| target.case == case.key)?.most {
        Most::Of(who) => Some(table.instructions(who, case.key)? as f64),
        Most::PerByte(most) => Some(most * case.task().reply?.len() as f64),
    }
}

fn of_case(results: &Results, target: &Target) -> Option<Against> {
    let figure = |who| results.instructions(who, target.case).map(|instructions| instructions as f64);
    let (most, scale) = match target.most {
        Most::Of(who) => (figure(who)?, 1.0),
        Most::PerByte(most) => (most, *results.lengths.get(target.case)? as f64),
    };
    let what = match target.most {
        Most::Of(who) => format!("{}: {}", target.what, who.title()),
        Most::PerByte(_) => target.what.to_owned(),
    };
    let scaled = |who| figure(who).map(|figure| figure / scale);
    Some(Against { what, most, rust: scaled(Who::Rust), c: scaled(Who::C) })
}

fn skipped(results: &Results) -> Option<Against> {
    let index = GROWTHS.iter().position(|growth| growth.key == "trace")?;
    let [.., half, whole] = results.growth.get(index)?.0[..] else { return None };
    let slope = (whole.1 as f64 - half.1 as f64) / (whole.0 - half.0) as f64;
    let what = "text that nobody keeps, a byte".to_owned();
    Some(Against { what, most: SKIPPED, rust: Some(slope), c: None })
}

fn growth(results: &Results) -> impl Iterator<Item = Against> {
    GROWTHS.iter().zip(&results.growth).map(|(growth, curve)| Against {
        what: format!("exponent: {}", growth.title),
        most: MOST,
        rust: curve.exponent(),
        c: None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Against, all};
    use crate::bench::cases::CASES;
    use crate::bench::results::{Results, Who};

    #[test]
    fn every_target_is_of_a_case() {
        assert!(super::TARGETS.iter().all(|target| CASES.iter().any(|case| case.key == target.case)));
    }

    #[test]
    fn figures_are_those_of_ours_against_the_other() {
        let results = Results::sample(&[(Who::Rust, 3_000), (Who::C, 4_000), (Who::Httparse, 1_500)]);
        let targets = all(&results);
        let r1 = &targets[0];
        assert_eq!((r1.most, r1.rust, r1.c), (1_500.0, Some(3_000.0), Some(4_000.0)));
        let passed = targets.iter().find(|target| target.what.starts_with("R5 passed through, a byte")).unwrap();
        assert_eq!((passed.most, passed.rust), (0.05, Some(3.0)));
    }

    #[test]
    fn a_target_is_met_by_what_is_not_above_it() {
        assert!(Against::is_met(2.0, 2.0));
        assert!(!Against::is_met(2.01, 2.0));
    }
}
