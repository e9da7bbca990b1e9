//! Runs a measured program in QEMU and reads what it says.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use xshell::cmd;

use super::chips::Chip;
use crate::workspace::Workspace;

/// A program that has not ended by then, in seconds, never will.
const PATIENCE: &str = "60";

/// What a program says of its RAM, in bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct Report {
    pub site: u64,
    pub session: u64,
    pub exchange: u64,
    /// The least memory that the session of a login works with.
    pub memory: u64,
    pub buffer: u64,
    /// How deep the stack has been.
    pub stack: u64,
    /// How large the future is that the program waits for; 0 for none.
    pub future: u64,
}

pub fn run(workspace: &Workspace, chip: &Chip, image: &Path) -> Result<Report> {
    let sh = &workspace.sh;
    let machine = chip.machine;
    let command = cmd!(
        sh,
        "timeout {PATIENCE} {machine...} -nographic -monitor none -serial none -chardev stdio,id=out
         -semihosting-config enable=on,target=native,chardev=out -kernel {image}"
    )
    .quiet()
    .ignore_status();
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("the program does not do what it should ({}): {command}\n{said}{errors}", output.status);
    }
    parse(&said)
}

fn parse(said: &str) -> Result<Report> {
    let lines: HashMap<&str, &str> = said.lines().filter_map(|line| line.split_once(' ')).collect();
    let number = |name: &str| -> Result<u64> {
        let number = lines.get(name).with_context(|| format!("the program says nothing of {name}"))?;
        u64::from_str_radix(number.trim(), 16).with_context(|| format!("{name} {number}"))
    };
    Ok(Report {
        site: number("site")?,
        session: number("session")?,
        exchange: number("exchange")?,
        memory: number("memory")?,
        buffer: number("buffer")?,
        stack: number("stack")?,
        // Programs in C know of none.
        future: lines.get("future").map_or(Ok(0), |_| number("future"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Report, parse};

    #[test]
    fn a_report_is_a_hexadecimal_number_in_each_line() {
        let said = "site 18\nsession 48\nexchange 1f0\nmemory 4f8\nbuffer 100\nstack 870\n";
        let report =
            Report { site: 24, session: 72, exchange: 496, memory: 1272, buffer: 256, stack: 2160, future: 0 };
        assert_eq!(parse(said).unwrap(), report);
        let said = format!("{said}future 2a\n");
        assert_eq!(parse(&said).unwrap(), Report { future: 42, ..report });
    }

    #[test]
    fn a_report_that_breaks_off_is_told() {
        let error = parse("site 24\nsession 72\n").unwrap_err();
        assert_eq!(error.to_string(), "the program says nothing of exchange");
    }
}
