//! What the firmware is put through, and what has to come of it on both sides.

use std::fs;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::Path;

use anyhow::{Context, Result};
use creatio_emulator::{Counters, Emulator, EndedSession, Options, WrongPassword};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::board::{self, Board, LM3S6965, MPS2, Run};
use super::build::Program;
use super::relay;

/// One run of a program, with a site of its own.
pub struct Scenario {
    pub name: &'static str,
    program: &'static str,
    board: &'static Board,
    way: Way,
    trust: Trust,
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

/// Which authority's certificate the program is given. With one the site speaks TLS, without it does not.
#[derive(PartialEq)]
enum Trust {
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

/// The codes that the programs exit with.
const DONE: i32 = 0;
const REFUSED_BY_SITE: i32 = 1;
const NO_ANSWER: i32 = 2;

const PASSWORD: &str = "password=Supervisor";

/// An interrupt's frame and its handler's: the clock's interrupt may come where the stack is deepest, or may not.
const INTERRUPT: u64 = 128;

/// A good login, a call, a ping and a log-out, which the others differ from.
const LOGIN: Scenario = Scenario {
    name: "login",
    program: "login",
    board: &LM3S6965,
    way: Way::Direct,
    trust: Trust::Nothing,
    options: Options::default,
    trouble: |_| (),
    arguments: &[PASSWORD],
    code: DONE,
    says: &[],
    counts: (1, 1, 3),
    holds: |_| true,
};

const REFUSAL: Scenario =
    Scenario { arguments: &["password=wrong"], code: REFUSED_BY_SITE, counts: (1, 0, 0), ..LOGIN };

const NOBODY: Scenario = Scenario { code: NO_ANSWER, counts: (0, 0, 0), ..LOGIN };

const RENEWAL: Scenario = Scenario { trouble: |emulator| emulator.expire_after_calls(1), counts: (2, 2, 3), ..LOGIN };

const TLS: Scenario = Scenario { program: "tls", board: &MPS2, trust: Trust::Right, ..LOGIN };

/// A site that the program must not talk to.
const WRONG_SITE: Scenario = Scenario { code: NO_ANSWER, says: &["InvalidCertificate"], counts: (0, 0, 0), ..TLS };

pub const ALL: &[Scenario] = &[
    Scenario { says: &["\"Name\":\"Supervisor\"", "log out   done"], ..LOGIN },
    Scenario { name: "rejected (Code 1)", says: &["Invalid user name or password."], ..REFUSAL },
    Scenario {
        name: "rejected (401)",
        options: || Options { wrong_password: WrongPassword::Status401, ..Options::default() },
        ..REFUSAL
    },
    Scenario { name: "renewal (redirect)", ..RENEWAL },
    Scenario {
        name: "renewal (401)",
        options: || Options { ended_session: EndedSession::Status401, ..Options::default() },
        ..RENEWAL
    },
    Scenario {
        name: "cut in a reply",
        trouble: |emulator| emulator.cut_after(200),
        code: NO_ANSWER,
        counts: (1, 1, 1),
        ..LOGIN
    },
    Scenario {
        name: "cut in a request",
        trouble: |emulator| emulator.cut_request_after(100),
        code: NO_ANSWER,
        counts: (0, 0, 0),
        ..LOGIN
    },
    Scenario { name: "refused connection", way: Way::Nobody, says: &["refused"], ..NOBODY },
    Scenario { name: "silent server", way: Way::Silence, arguments: &[PASSWORD, "patience=1000"], ..NOBODY },
    Scenario {
        name: "byte by byte",
        way: Way::ByteByByte,
        // Almost every byte of the replies, which are about 2,000, has come by itself.
        holds: |outcome| outcome.numbers("reads").next().is_some_and(|reads| reads > 1_500),
        ..LOGIN
    },
    Scenario {
        name: "chunked",
        options: || Options { chunk_size: NonZeroUsize::new(1), ..Options::default() },
        ..LOGIN
    },
    Scenario {
        name: "a megabyte",
        arguments: &[PASSWORD, "do=picture"],
        says: &["1000000 bytes, of which 1000000 are as they were sent"],
        counts: (1, 1, 4),
        ..LOGIN
    },
    Scenario {
        name: "1,000 logins",
        arguments: &[PASSWORD, "do=logins", "times=1000"],
        says: &["logins    1000"],
        counts: (1_000, 1_000, 2_000),
        holds: |outcome| outcome.peak_stack().is_some_and(|(first, last)| last <= first + INTERRUPT),
        ..LOGIN
    },
    Scenario { name: "TLS: login", says: &["\"Name\":\"Supervisor\"", "log out   done"], ..TLS },
    Scenario { name: "TLS: renewal", trouble: RENEWAL.trouble, counts: RENEWAL.counts, ..TLS },
    Scenario {
        name: "TLS: a megabyte",
        arguments: &[PASSWORD, "do=picture"],
        says: &["1000000 bytes, of which 1000000 are as they were sent"],
        counts: (1, 1, 4),
        ..TLS
    },
    Scenario { name: "TLS: 20 logins", arguments: &[PASSWORD, "do=logins", "times=20"], counts: (20, 20, 40), ..TLS },
    Scenario { name: "TLS: other authority", trust: Trust::Other, ..WRONG_SITE },
    Scenario { name: "TLS: other name", trust: Trust::RightForAnotherName, ..WRONG_SITE },
];

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
    fn numbers(&self, name: &str) -> impl DoubleEndedIterator<Item = u64> {
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
