//! Goes through what can be wrong at a [Creatio](https://www.creatio.com) site, from the name of its host to the memory that a session
//! takes on a device, and says in words what is wrong and what to do next.
//!
//! [`main`] is the program, as `--help` describes it. `docs/doctor.md` shows what it says of sites that are broken in one way each.
//!
//! The checks stand in one list, `checks::ALL`. Each is a function that looks at what the ones before it have left in the
//! `Visit`, does its own input and output, and leaves the judgement to a function of what came of it.

#![forbid(unsafe_code)]

mod arguments;
mod cause;
mod certificate;
mod checks;
mod finding;
mod front;
mod hidden;
mod line;
mod output;
mod quote;
mod reply;
mod secrets;
mod tls;
mod visit;

use std::io;
use std::process::ExitCode;

use clap::Parser;
use zeroize::Zeroizing;

pub use crate::cause::Cause;

use crate::arguments::Arguments;
use crate::checks::Ready;
use crate::finding::Report;
use crate::output::Output;
use crate::secrets::Secrets;
use crate::visit::Visit;

/// More memory than any session takes.
const MEMORY: usize = 128 * 1024;

/// The program: its arguments are those of the process.
pub fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("error: {}", error.replace(char::is_control, " "));
            ExitCode::from(2)
        }
    }
}

/// The exit code, or why nothing could be looked at.
fn run(arguments: &Arguments) -> Result<u8, String> {
    let secrets = Secrets::gather(arguments)?;
    visit::check_fields(arguments, &secrets)?;
    let output = Output::new(&secrets, arguments.json);
    match examine(arguments, &secrets, &output) {
        Ok(report) => Ok(report.exit_code()),
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(0),
        Err(error) => Err(format!("cannot write the output: {error}")),
    }
}

/// Makes all checks, one after the other.
fn examine(arguments: &Arguments, secrets: &Secrets, output: &Output<'_>) -> io::Result<Report> {
    let identity_url = checks::identity::url(arguments);
    let (mut memory, mut token_memory) = (Zeroizing::new(vec![0; MEMORY]), Zeroizing::new(vec![0; MEMORY]));
    let mut visit = Visit::new(arguments, secrets, output, identity_url.as_deref(), &mut memory, &mut token_memory);
    let (mut findings, mut skipped) = (vec![], vec![]);
    for check in checks::ALL {
        match (check.ready)(&visit) {
            Ready::NotAskedFor => {}
            Ready::NotReached => skipped.push(check.name),
            Ready::Yes => {
                output.doing(check.doing);
                if let Some(diagnosis) = (check.run)(&mut visit) {
                    findings.push(output.finding(check.name, diagnosis)?);
                }
            }
        }
    }
    let report = Report::new(&checks::url::shown(&arguments.url), findings, skipped);
    output.report(&report)?;
    Ok(report)
}
