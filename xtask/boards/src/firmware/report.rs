//! Shows what happened.

use super::build::Program;
use super::scenario::Outcome;

/// What a program said, and what is wrong with it.
pub fn print_outcome(outcome: &Outcome) {
    println!("\n-- {}", outcome.scenario.name);
    for line in outcome.run.output.lines() {
        println!("   {line}");
    }
    for fault in &outcome.faults {
        println!("   FAULT: {fault}");
    }
}

pub fn print_table(outcomes: &[Outcome], programs: &[Program]) {
    println!(
        "\n{:<22} {:>4} {:>6} {:>6} {:>12} {:>12} {:>8}  result",
        "", "", "", "", "peak stack,", "peak stack,", ""
    );
    println!(
        "{:<22} {:>4} {:>6} {:>6} {:>12} {:>12} {:>8}",
        "scenario", "exit", "logins", "calls", "first login", "end", "seconds"
    );
    for outcome in outcomes {
        let code = outcome.run.code.map_or("-".to_owned(), |code| code.to_string());
        let (first, last) = match outcome.peak_stack() {
            Some((first, last)) => (first.to_string(), last.to_string()),
            None => Default::default(),
        };
        println!(
            "{:<22} {code:>4} {:>6} {:>6} {first:>12} {last:>12} {:>8.2}  {}",
            outcome.scenario.name,
            outcome.counters.logins,
            outcome.counters.calls,
            outcome.run.took.as_secs_f64(),
            if outcome.faults.is_empty() { "ok" } else { "FAILED" },
        );
    }
    println!("\n{:<22} {:>8} {:>8} {:>8} {:>8}", "program, in bytes", "text", "data", "bss", "flash");
    for Program { name, size, .. } in programs {
        println!("{name:<22} {:>8} {:>8} {:>8} {:>8}", size.text, size.data, size.bss, size.flash());
    }
}
