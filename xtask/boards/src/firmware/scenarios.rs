//! What the firmware is put through, and what has to come of it on both sides.

use std::num::NonZeroUsize;

use creatio_emulator::{EndedSession, Options, WrongPassword};

use super::board::{LM3S6965, MPS2};
use super::scenario::{Scenario, Trust, Way};

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

const SILENCE: Scenario = Scenario {
    name: "silent server",
    way: Way::Silence,
    arguments: &[PASSWORD, "patience=1000"],
    says: &["nothing comes"],
    ..NOBODY
};

const CUT: Scenario = Scenario {
    name: "cut in a reply",
    trouble: |emulator| emulator.cut_after(200),
    code: NO_ANSWER,
    counts: (1, 1, 1),
    ..LOGIN
};

const RENEWAL: Scenario = Scenario { trouble: |emulator| emulator.expire_after_calls(1), counts: (2, 2, 3), ..LOGIN };

/// Another task is to come to its turn while this one waits.
const ASYNC: Scenario = Scenario {
    program: "asynch",
    holds: |outcome| outcome.numbers("turns").next().is_some_and(|turns| turns > 5),
    ..LOGIN
};

/// A program that talks to nobody.
const OFFLINE: Scenario = Scenario { counts: (0, 0, 0), ..LOGIN };

const TLS: Scenario = Scenario { program: "tls", board: &MPS2, trust: Trust::Right, ..LOGIN };

const TLS_ASYNC: Scenario = Scenario { program: "tls_asynch", ..TLS };

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
    CUT,
    Scenario {
        name: "cut in a request",
        trouble: |emulator| emulator.cut_request_after(100),
        code: NO_ANSWER,
        counts: (0, 0, 0),
        ..LOGIN
    },
    Scenario { name: "refused connection", way: Way::Nobody, says: &["refused"], ..NOBODY },
    SILENCE,
    Scenario { name: "https without TLS", trust: Trust::Right, says: &["wants TLS"], ..NOBODY },
    Scenario {
        name: "byte by byte",
        way: Way::ByteByByte,
        // Most of the bytes, which are about 2,000, come by themselves; a host with much else to do joins some.
        holds: |outcome| outcome.numbers("reads").next().is_some_and(|reads| reads > 300),
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
        holds: |outcome| {
            let mut peaks = outcome.numbers("stack").skip(1); // behind that of the first login, which is not all of a round
            peaks.next().zip(peaks.next()).is_some_and(|(first_round, last)| last <= first_round + INTERRUPT)
        },
        ..LOGIN
    },
    Scenario { name: "async: login", says: &["\"Name\":\"Supervisor\"", "log out   done"], ..ASYNC },
    Scenario { name: "async: rejected", program: "asynch", ..REFUSAL },
    Scenario { name: "async: renewal", trouble: RENEWAL.trouble, counts: RENEWAL.counts, ..ASYNC },
    Scenario { name: "async: cut in a reply", program: "asynch", ..CUT },
    Scenario { name: "async: refused", program: "asynch", way: Way::Nobody, says: &["refused"], ..NOBODY },
    Scenario { name: "async: silent server", program: "asynch", ..SILENCE },
    Scenario { name: "async: 200 logins", arguments: &[PASSWORD, "times=200"], counts: (200, 200, 600), ..ASYNC },
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
    Scenario { name: "TLS: cut in a reply", trouble: CUT.trouble, code: NO_ANSWER, counts: CUT.counts, ..TLS },
    Scenario { name: "TLS: other authority", trust: Trust::Other, ..WRONG_SITE },
    Scenario { name: "TLS: other name", trust: Trust::RightForAnotherName, ..WRONG_SITE },
    Scenario { name: "TLS, async: login", says: &["\"Name\":\"Supervisor\"", "log out   done"], ..TLS_ASYNC },
    Scenario { name: "TLS, async: renewal", trouble: RENEWAL.trouble, counts: RENEWAL.counts, ..TLS_ASYNC },
    Scenario { name: "TLS, async: 20 logins", arguments: &[PASSWORD, "times=20"], counts: (20, 20, 60), ..TLS_ASYNC },
    Scenario {
        name: "TLS, async: cut in a reply",
        trouble: CUT.trouble,
        code: NO_ANSWER,
        counts: CUT.counts,
        ..TLS_ASYNC
    },
    Scenario {
        name: "TLS, async: silent server",
        way: Way::Silence,
        arguments: &[PASSWORD, "patience=1000"],
        says: &["TimedOut"],
        code: NO_ANSWER,
        counts: (0, 0, 0),
        ..TLS_ASYNC
    },
    Scenario { name: "TLS, async: other authority", program: "tls_asynch", trust: Trust::Other, ..WRONG_SITE },
    Scenario { name: "recording, no panics", program: "panicless", says: &["{\"Name\":\"Ann\"}"], ..OFFLINE },
];
