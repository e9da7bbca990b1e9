//! What the firmware is put through, and what has to come of it on both sides.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use creatio_emulator::{Counters, Emulator, Options};

use super::board::{self, Board, LM3S6965, Run};
use super::build::Program;
use super::relay;

/// One run of a program, with a site of its own.
pub struct Scenario {
    pub name: &'static str,
    program: &'static str,
    board: &'static Board,
    way: Way,
    /// Of the site.
    options: fn() -> Options,
    /// What is to happen to the site's sessions and replies.
    trouble: fn(&Emulator),
    /// Of the program, beside the site's URL and the user.
    arguments: &'static [&'static str],
    /// The program's exit code.
    code: i32,
    /// What it has to say.
    says: &'static [&'static str],
    /// What the site must have counted: logins, those accepted, calls.
    counts: (u64, u64, u64),
    /// Any other condition.
    holds: fn(&Outcome) -> bool,
}

/// How the board reaches the site.
enum Way {
    Direct,
    /// Replies come one byte a segment.
    ByteByByte,
    /// Nobody listens.
    Nobody,
    /// Somebody listens, and is silent.
    Silence,
}

/// What came of a scenario.
pub struct Outcome {
    pub scenario: &'static Scenario,
    pub run: Run,
    pub counters: Counters,
    pub faults: Vec<String>,
}

/// The codes that the programs exit with.
const DONE: i32 = 0;
const REFUSED_BY_SITE: i32 = 1;
const NO_ANSWER: i32 = 2;

const PASSWORD: &str = "password=Supervisor";

/// A good login and nothing unusual, which the others differ from.
const LOGIN: Scenario = Scenario {
    name: "login",
    program: "login",
    board: &LM3S6965,
    way: Way::Direct,
    options: Options::default,
    trouble: |_| (),
    arguments: &[PASSWORD],
    code: DONE,
    says: &[],
    counts: (1, 1, 2),
    holds: |_| true,
};

pub const ALL: &[Scenario] = &[
    LOGIN,
    Scenario {
        name: "wrong password",
        arguments: &["password=wrong"],
        code: REFUSED_BY_SITE,
        counts: (1, 0, 0),
        ..LOGIN
    },
    Scenario { name: "connection refused", way: Way::Nobody, code: NO_ANSWER, counts: (0, 0, 0), ..LOGIN },
    Scenario {
        name: "silent server",
        way: Way::Silence,
        arguments: &[PASSWORD, "patience=1000"],
        code: NO_ANSWER,
        counts: (0, 0, 0),
        ..LOGIN
    },
    Scenario {
        name: "byte by byte",
        way: Way::ByteByByte,
        // Almost each byte of about 2,000 in its own segment.
        holds: |outcome| outcome.number("reads").is_some_and(|reads| reads > 1_500),
        ..LOGIN
    },
    Scenario { name: "1,000 logins", arguments: &[PASSWORD, "logins=1000"], counts: (1_000, 1_000, 2_000), ..LOGIN },
];

/// Runs a scenario.
pub fn play(scenario: &'static Scenario, programs: &[Program]) -> Result<Outcome> {
    let program = programs.iter().find(|program| program.name == scenario.program).context(scenario.program)?;
    let emulator = Emulator::start((scenario.options)())?;
    (scenario.trouble)(&emulator);
    let address = scenario.way.to(emulator.address())?;
    let mut arguments = vec![format!("url=http://10.0.2.2:{}", address.port()), "user=Supervisor".to_owned()];
    arguments.extend(scenario.arguments.iter().map(|argument| (*argument).to_owned()));
    let run = board::run(scenario.board, &program.path, &arguments)?;
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

    /// The number that follows a name at the start of a line.
    pub fn number(&self, name: &str) -> Option<u64> {
        let lines = self.run.output.lines();
        lines.filter_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok()).next_back()
    }
}
