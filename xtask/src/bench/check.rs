//! The step of `cargo xtask test`: ours alone, beside the committed table.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

use super::allowed;
use super::answers;
use super::build::{self, Purpose};
use super::cases::{CASES, Case};
use super::count::{self, Program};
use super::growth::{self, Curve, GROWTHS};
use super::table::{self, Table};
use super::{COMMITTED, current, directory, growth_table};
use crate::workspace::Workspace;

pub fn check(workspace: &Workspace) -> Result<()> {
    let directory = directory(workspace)?;
    let ours = build::ours(workspace, &directory, &current(workspace), Purpose::Instructions)?;
    let measure = |program: &Program, is_checked: fn(&Case) -> bool| {
        let cases = || CASES.iter().filter(|case| is_checked(case));
        let tasks: Vec<_> = cases().map(Case::task).collect();
        let counted = count::tasks(workspace, program, &tasks, &directory)?;
        for case in cases() {
            answers::expect(case, counted.answers.get(case.key).context(case.key)?)?;
        }
        anyhow::Ok(counted.instructions)
    };
    let curves = growth::checked(workspace, &ours.rust, &directory)?;
    let measured = Table {
        rust: measure(&ours.rust, Case::is_checked)?,
        c: measure(&ours.c, Case::is_checked_in_c)?,
        others: BTreeMap::new(),
        growth: growth_table(&curves),
    };
    let mut faults = too_fast(&curves);
    faults.extend(COMMITTED.report(&table::compare(&COMMITTED.read(workspace)?, &measured)));
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(())
}

/// What grows faster than it may.
fn too_fast(curves: &[Curve]) -> Vec<String> {
    let mut faults = Vec::new();
    for (growth, curve) in GROWTHS.iter().zip(curves) {
        let most = allowed::most(growth.key);
        if let Some(exponent) = curve.exponent().filter(|exponent| *exponent > most) {
            faults.push(format!("{}: grows with the exponent {exponent:.2}, beyond {most}", growth.title));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::too_fast;
    use crate::bench::growth::{Curve, GROWTHS};

    #[test]
    fn what_grows_faster_than_it_may_is_told() {
        let curves = |cost| vec![Curve(vec![(50, 1_000), (100, cost)]); GROWTHS.len()];
        assert!(too_fast(&curves(2_000)).is_empty());
        let faults = too_fast(&curves(64_000));
        assert_eq!(faults.len(), GROWTHS.len());
        assert!(faults[0].contains("exponent 6.00"), "{}", faults[0]);
    }
}
