//! What the program says of broken sites stands in `docs/doctor.md` as it came out.

use std::path::Path;
use std::{env, fs};

use creatio_doctor::Cause;
use creatio_emulator::{Identity, OauthClient, Options};

use crate::case::{CLIENT_SECRET, Case, Ill, emulator, name_of, run};
use crate::every_case;

/// What is behind it is written by the test.
const MARK: &str = "<!-- What follows is written by the tests: DOCTOR=write cargo test -p creatio-doctor -->\n";

/// The sites that are shown, by what is wrong with them.
const SHOWN: [Cause; 19] = [
    Cause::UrlOfAPage,
    Cause::PlainPort,
    Cause::CertificateUntrusted,
    Cause::CertificateExpired,
    Cause::ClockWrong,
    Cause::TlsVersion,
    Cause::HeavyTls,
    Cause::BasePath,
    Cause::OtherRuntime,
    Cause::Starting,
    Cause::HostRefused,
    Cause::Firewall,
    Cause::BadCredentials,
    Cause::SecondFactor,
    Cause::TicketStripped,
    Cause::SecureOverHttp,
    Cause::CsrfFieldStripped,
    Cause::SessionLost,
    Cause::NotIdentityService,
];

/// A text without what is another at each run: ports, times, files.
fn masked(text: &str) -> String {
    let mut masked = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("127.0.0.1:") {
        let (before, after) = rest.split_at(at + "127.0.0.1:".len());
        masked = masked + before + "PORT";
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    masked += rest;
    masked.lines().map(|line| masked_line(line) + "\n").collect()
}

fn masked_line(line: &str) -> String {
    let words: Vec<_> = line.split(' ').collect();
    let is_time = |at: usize| {
        let unit = words.get(at + 1).unwrap_or(&"");
        // A signature by ECDSA is a byte longer or shorter now and then.
        let varies = unit.starts_with("ms") || *unit == "days" || *unit == "bytes" && line.contains(" chain  ");
        words[at].bytes().all(|byte| byte.is_ascii_digit()) && varies
    };
    let shown = words.iter().enumerate().map(|(at, word)| match *word {
        _ if is_time(at) => "N",
        word if word.ends_with(".pem") => "authority.pem",
        word => word,
    });
    shown.collect::<Vec<_>>().join(" ")
}

/// A call and what came of it.
fn shown(ill: &Ill) -> String {
    let arguments = ill.arguments.iter().map(|argument| if argument.is_empty() { "''" } else { argument });
    let call: Vec<_> = ["creatio-doctor", "--url", &ill.url].into_iter().chain(arguments).collect();
    let patience: &[&str] = if ill.arguments.contains(&"--timeout".into()) { &[] } else { &["--timeout", "5"] };
    let run = ill.run(&[&["--wait", "0"], patience].concat());
    masked(&format!("```text\n$ {}\n{}```\n\n", call.join(" "), run.out))
}

fn healthy() -> Ill {
    let identity = Identity { clients: vec![OauthClient::new("client", CLIENT_SECRET)], ..Identity::default() };
    let emulator = emulator(Options { identity: Some(identity), ..Options::default() });
    let identity = emulator.identity_url().unwrap();
    Ill::of(emulator).with_user().with(&["--client-id", "client", "--identity-url", &identity])
}

fn section(case: &Case) -> String {
    format!("### {}\n\n{}", case.title, shown(&(case.ill)()))
}

fn written() -> String {
    let cases = every_case();
    let of = |cause: &Cause| cases.iter().filter(|case| case.cause == *cause).copied().collect::<Vec<_>>();
    let broken: String = SHOWN.iter().map(|cause| section(of(cause)[0])).collect();
    let rows: String = Cause::ALL
        .iter()
        .map(|cause| {
            let titles: Vec<_> = of(cause).iter().map(|case| case.title).collect();
            let check = of(cause).first().map_or("TLS", |case| case.check);
            let titles = if titles.is_empty() { "Plain HTTP to another machine".into() } else { titles.join("; ") };
            format!("| `{}` | {check} | {titles} |\n", name_of(*cause))
        })
        .collect();
    format!(
        "{MARK}\n## A site that is well\n\n{}## Sites that are broken in one way each\n\n\
         With `--wait 0 --timeout 5`, so that the tests are quick; ports, times and files are masked.\n\n{broken}## All diagnoses\n\n\
         Each has a test that breaks a site so.\n\n| `cause` | check | |\n|---|---|---|\n{rows}\n## Arguments\n\n```text\n{}```\n",
        shown(&healthy()),
        run(&["--help"], "").out,
    )
}

#[test]
fn the_page_has_what_the_program_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/doctor.md");
    let page = fs::read_to_string(&path).unwrap();
    let (head, tail) = page.split_once(MARK).unwrap_or((&page, ""));
    let written = written();
    if env::var_os("DOCTOR").is_some_and(|what| what == "write") {
        fs::write(path, format!("{head}{written}")).unwrap();
    } else {
        let there = format!("{MARK}{tail}");
        let differing = there.lines().zip(written.lines()).find(|(there, written)| there != written);
        assert!(there == written, "DOCTOR=write writes docs/doctor.md anew; the first difference: {differing:#?}");
    }
}
