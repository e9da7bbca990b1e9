//! Builds the firmware in Rust, and has it sign in to the emulator from the boards of QEMU.

mod board;
mod build;
mod relay;
mod report;
mod scenario;
mod scenarios;

use anyhow::{Result, bail};

use crate::workspace::Workspace;

/// Runs every scenario, shows what each program said, and closes with a table.
pub fn run(workspace: &Workspace) -> Result<()> {
    let programs = build::programs(workspace)?;
    let directory = build::directory(workspace)?;
    let mut outcomes = Vec::new();
    for scenario in scenarios::ALL {
        let outcome = scenario::play(scenario, &programs, &directory)?;
        report::print_outcome(&outcome);
        outcomes.push(outcome);
    }
    report::print_table(&outcomes, &programs);
    let failed = outcomes.iter().filter(|outcome| !outcome.faults.is_empty()).count();
    if failed > 0 {
        bail!("{failed} of {} scenarios failed", outcomes.len());
    }
    Ok(())
}
