//! Shows what happened.

use super::build::Program;
use super::scenarios::Outcome;

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
        "\n{:<20} {:>4} {:>6} {:>6} {:>10} {:>8}  result",
        "scenario", "exit", "logins", "calls", "peak stack", "seconds"
    );
    for outcome in outcomes {
        let code = outcome.run.code.map_or("-".to_owned(), |code| code.to_string());
        let stack = outcome.number("stack").map_or("-".to_owned(), |stack| stack.to_string());
        let result = if outcome.faults.is_empty() { "ok" } else { "FAILED" };
        println!(
            "{:<20} {code:>4} {:>6} {:>6} {stack:>10} {:>8.2}  {result}",
            outcome.scenario.name,
            outcome.counters.logins,
            outcome.counters.calls,
            outcome.run.took.as_secs_f64(),
        );
    }
    println!("\n{:<20} {:>8} {:>8} {:>8} {:>8}", "program, in bytes", "text", "data", "bss", "flash");
    for Program { name, size, .. } in programs {
        println!("{name:<20} {:>8} {:>8} {:>8} {:>8}", size.text, size.data, size.bss, size.flash());
    }
}
