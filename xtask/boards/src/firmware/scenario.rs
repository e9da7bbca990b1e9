//! One run of a program on a board, with a site of its own, and what came of it.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result};
use creatio_emulator::{Counters, Emulator, Options};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::board::{self, Board, Run};
use super::build::Program;
use super::relay;

/// One run of a program, with a site of its own.
pub struct Scenario {
    pub name: &'static str,
    pub program: &'static str,
    pub board: &'static Board,
    pub way: Way,
    pub trust: Trust,
    /// Of the site.
    pub options: fn() -> Options,
    /// What is to happen to the site's sessions and replies.
    pub trouble: fn(&Emulator),
    /// Of the program, beside the site's URL and the user.
    pub arguments: &'static [&'static str],
    /// The program's exit code.
    pub code: i32,
    /// What it has to say.
    pub says: &'static [&'static str],
    /// What the site must have counted: logins, those accepted, calls.
    pub counts: (u64, u64, u64),
    /// Any other condition.
    pub holds: fn(&Outcome) -> bool,
}

/// How the board reaches the site.
pub enum Way {
    Direct,
    /// Replies come one byte a segment.
    ByteByByte,
    /// Nobody listens.
    Nobody,
    /// Somebody listens, and is silent.
    Silence,
}

/// Which authority's certificate the program is given. With one the site speaks TLS, without it does not.
#[derive(PartialEq)]
pub enum Trust {
    Nothing,
    /// The one that has signed the site's certificate, which is for `localhost`.
    Right,
    /// The right one, but the site is to have another name.
    RightForAnotherName,
    /// One that has signed another site's certificate.
    Other,
}

/// The file that the certificate is in, in DER.
const AUTHORITY: &str = "authority.der";

/// What came of a scenario.
pub struct Outcome {
    pub scenario: &'static Scenario,
    pub run: Run,
    pub counters: Counters,
    pub faults: Vec<String>,
}

/// Runs a scenario.
pub fn play(scenario: &'static Scenario, programs: &[Program], directory: &Path) -> Result<Outcome> {
    let program = programs.iter().find(|program| program.name == scenario.program).context(scenario.program)?;
    let options = Options { tls: scenario.trust != Trust::Nothing, ..(scenario.options)() };
    let emulator = Emulator::start(options.clone())?;
    let stranger = (scenario.trust == Trust::Other).then(|| Emulator::start(options)).transpose()?;
    if let Some(pem) = stranger.as_ref().unwrap_or(&emulator).certificate_pem() {
        fs::write(directory.join(AUTHORITY), CertificateDer::from_pem_slice(pem.as_bytes())?)?;
    }
    (scenario.trouble)(&emulator);
    let address = scenario.way.to(emulator.address())?;
    let origin = match scenario.trust {
        Trust::Nothing => "http://10.0.2.2",
        Trust::Right | Trust::Other => "https://localhost",
        Trust::RightForAnotherName => "https://example.com",
    };
    let url = format!("url={origin}:{}", address.port());
    let mut arguments = vec![url, "user=Supervisor".to_owned(), format!("authority={AUTHORITY}")];
    arguments.extend(scenario.arguments.iter().map(|argument| (*argument).to_owned()));
    let run = board::run(scenario.board, &program.path, directory, &arguments)?;
    let mut outcome = Outcome { scenario, run, counters: emulator.counters(), faults: Vec::new() };
    outcome.faults = outcome.faults();
    Ok(outcome)
}

impl Way {
    fn to(&self, site: SocketAddr) -> Result<SocketAddr> {
        Ok(match self {
            Way::Direct => site,
            Way::ByteByByte => relay::byte_by_byte(site)?,
            Way::Nobody => relay::nobody()?,
            Way::Silence => relay::silence()?,
        })
    }
}

impl Outcome {
    fn faults(&self) -> Vec<String> {
        let scenario = self.scenario;
        let mut faults = Vec::new();
        match self.run.code {
            None => faults.push("it hangs".to_owned()),
            Some(code) if code != scenario.code => faults.push(format!("exit code {code}, not {}", scenario.code)),
            Some(_) => {}
        }
        for says in scenario.says.iter().filter(|says| !self.run.output.contains(**says)) {
            faults.push(format!("it does not say {says:?}"));
        }
        let counts = (self.counters.logins, self.counters.logins_accepted, self.counters.calls);
        if counts != scenario.counts {
            faults.push(format!("logins, accepted logins and calls are {counts:?}, not {:?}", scenario.counts));
        }
        if !(scenario.holds)(self) {
            faults.push("what it measured is not as it should be".to_owned());
        }
        faults
    }

    /// The numbers that follow a name at the start of a line.
    pub fn numbers(&self, name: &str) -> impl DoubleEndedIterator<Item = u64> {
        let lines = self.run.output.lines();
        lines.filter_map(move |line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok())
    }

    /// The most bytes that the stack had: at the first login, and at the end.
    pub fn peak_stack(&self) -> Option<(u64, u64)> {
        let mut peaks = self.numbers("stack");
        let first = peaks.next()?;
        Some((first, peaks.next_back().unwrap_or(first)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::scenarios;
    use super::*;

    fn outcome(code: Option<i32>, output: &str) -> Outcome {
        let run = Run { code, output: output.to_owned(), took: Duration::ZERO };
        Outcome { scenario: &scenarios::ALL[0], run, counters: Counters::default(), faults: Vec::new() }
    }

    #[test]
    fn the_stack_is_read_from_what_the_program_says() {
        let said = "stack     5704 of 54204 bytes, first login\nping      done\nstack     6224 of 54204 bytes, end\n";
        assert_eq!(outcome(Some(0), said).peak_stack(), Some((5704, 6224)));
        assert_eq!(outcome(Some(0), "stack     5704 of 54204 bytes, first login\n").peak_stack(), Some((5704, 5704)));
        assert_eq!(outcome(Some(2), "error     stack\n").peak_stack(), None);
    }

    #[test]
    fn a_program_that_hangs_or_ends_otherwise_is_at_fault() {
        assert_eq!(outcome(None, "").faults()[0], "it hangs");
        assert_eq!(outcome(Some(101), "").faults()[0], "exit code 101, not 0");
        assert!(outcome(Some(0), "").faults().iter().any(|fault| fault.contains("logins")));
    }
}
