//! What the clients tell `log` and `defmt`.
#![cfg(any(feature = "log", feature = "defmt"))]

#[cfg(feature = "defmt")]
use creatio_auth::Session;
use creatio_auth::client::blocking::Client;
use creatio_auth::{Call, Credentials, Path};

use crate::script::{Line, Script};
use crate::support::fixtures::{SUCCESS, setting, with_length};
use crate::support::{MEMORY, net, signed_in};

/// What must never be told: a password, cookies, a CSRF token, and what stands in paths, queries and bodies.
const SECRETS: [&str; 6] = ["hunter2", "TICKETOLD", "TICKETNEW", "CSRFCSRF", "QUERYQUERY", "BODYBODY"];

/// A login whose cookies are too long, one without any, a renewed call, a connection that was closed meanwhile, and a refused login.
fn much() {
    let ended = || with_length(&["HTTP/1.1 302 Found", "Location: /Login/NuiLogin.aspx?ReturnUrl=QUERYQUERY"], "");
    let let_in = setting(&[".ASPXAUTH=TICKETNEW; path=/", "BPMCSRF=CSRFCSRF; path=/"]);
    let ok = || with_length(&["HTTP/1.1 200 OK", "Content-Type: application/json"], SUCCESS);
    let no = with_length(&["HTTP/1.1 200 OK"], r#"{"Code":1,"Message":"BODYBODY"}"#);
    let too_long = with_length(&["HTTP/1.1 431 Too Large"], "");
    let lines = [vec![too_long], vec![let_in.clone(), ended()], vec![let_in, ok()], vec![ok(), ended()], vec![no]];
    let script = Script::new(lines.map(Line::new));
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 64]);
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=TICKETOLD; path=/"]);
    let mut client = Client::new(&mut session, script, &mut buffer);
    let who = Credentials::borrowed("Supervisor", "hunter2");
    let path = Path::site("/odata/Contact?QUERYQUERY").unwrap();
    let post = Call::post(path).with_json(br#"{"Name":"BODYBODY"}"#);
    let _ = client.login(&who).unwrap();
    let _ = client.login(&who).unwrap();
    let _ = client.call_renewed(&post, &who).unwrap().answer().unwrap();
    let _ = client.call(&Call::get(path)).unwrap().answer().unwrap();
    client.call_renewed(&post, &who).unwrap_err();
}

/// What is told then. The lengths of requests are as they are.
const TOLD: [&str; 28] = [
    "connecting to crm.example.com port 443",
    "request sent, # bytes",
    "status 431",
    "not signed in: Login(UnexpectedStatus)",
    "signing in without the cookies there were",
    "connecting to crm.example.com port 443",
    "request sent, # bytes",
    "status 200",
    "signed in",
    "request sent, # bytes",
    "status 302",
    "verdict SessionEnded(RedirectToLogin)",
    "connecting to crm.example.com port 443",
    "request sent, # bytes",
    "status 200",
    "signed in",
    "request sent, # bytes",
    "status 200",
    "verdict Fine",
    "request sent, # bytes",
    "the connection was closed, and the request is sent again",
    "connecting to crm.example.com port 443",
    "request sent, # bytes",
    "status 200",
    "verdict Fine",
    "request sent, # bytes",
    "status 302",
    "verdict SessionEnded(RedirectToLogin)",
];
const TOLD_AT_LAST: [&str; 4] = [
    "connecting to crm.example.com port 443",
    "request sent, # bytes",
    "status 200",
    "not signed in: Login(Rejected)",
];

fn without_length(line: &str) -> String {
    match line.strip_prefix("request sent, ") {
        Some(_) => "request sent, # bytes".into(),
        None => line.into(),
    }
}

#[track_caller]
fn is_as_told(lines: &[String]) {
    let lines: Vec<_> = lines.iter().map(|line| without_length(line)).collect();
    assert_eq!(lines, [&TOLD[..], &TOLD_AT_LAST].concat());
}

#[cfg(feature = "defmt")]
fn frames() -> Vec<u8> {
    creatio_defmt::take_frames();
    much();
    creatio_defmt::take_frames()
}

#[cfg(feature = "defmt")]
#[test]
fn defmt_frames_are_short_and_hold_no_secret() {
    let frames = frames();
    assert!((100..400).contains(&frames.len()), "the texts stay in the program: {}", frames.len());
    for secret in SECRETS {
        assert!(!frames.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()), "{secret}");
    }
}

/// The lines of these frames.
#[cfg(feature = "defmt")]
fn decoded(frames: &[u8]) -> Vec<String> {
    use std::env;
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    let anchor = (&raw const creatio_defmt::CREATIO_DEFMT_ANCHOR).addr().to_string();
    let mut decoder = Command::new(env!("CARGO"))
        .args([
            "run",
            "--quiet",
            "--manifest-path",
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/defmt/decoder/Cargo.toml"),
        ])
        .args(["--target-dir", concat!(env!("CARGO_TARGET_TMPDIR"), "/decoder"), "--"])
        .args([env::current_exe().unwrap().to_str().unwrap(), &anchor])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    decoder.stdin.take().unwrap().write_all(frames).unwrap();
    let output = decoder.wait_with_output().unwrap();
    assert!(output.status.success());
    let lines = String::from_utf8(output.stdout).unwrap();
    let text = |line: &str| line.strip_prefix("DEBUG ").unwrap().to_owned();
    lines.lines().map(text).collect()
}

#[cfg(feature = "defmt")]
#[test]
#[ignore = "needs a decoder, which it builds; run by cargo xtask test"]
fn defmt_is_told_the_steps() {
    is_as_told(&decoded(&frames()));
}

#[cfg(feature = "defmt")]
#[test]
#[ignore = "needs a decoder, which it builds; run by cargo xtask test"]
fn defmt_is_told_a_text_and_whether_it_is_cut() {
    let whole = "Wrong password — or name.".to_owned();
    for message in [whole, "—".repeat(MEMORY)] {
        let no = with_length(&["HTTP/1.1 200 OK"], format!(r#"{{"Code":1,"Message":"{message}"}}"#));
        let (mut memory, mut buffer) = ([0; MEMORY], [0; 64]);
        let mut session = Session::new(net(), &mut memory);
        let mut client = Client::new(&mut session, Script::new([Line::new(vec![no])]), &mut buffer);
        let _ = client.login(&Credentials::borrowed("Supervisor", "hunter2")).unwrap();
        let text = client.refusal_message().unwrap();
        creatio_defmt::take_frames();
        creatio_defmt::log(text);
        assert_eq!(decoded(&creatio_defmt::take_frames()), [text.to_string()]);
        assert_eq!(text.is_truncated(), text.to_string() != message);
    }
}

#[cfg(feature = "log")]
#[test]
fn log_is_told_the_steps_and_no_secret() {
    use std::cell::RefCell;

    thread_local! {
        static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    }
    struct Logger;
    impl log::Log for Logger {
        fn enabled(&self, _: &log::Metadata<'_>) -> bool {
            true
        }
        fn log(&self, record: &log::Record<'_>) {
            if record.target().starts_with("rustls") {
                return; // of a test beside this one
            }
            assert_eq!(record.level(), log::Level::Debug);
            assert!(record.target().starts_with("creatio_auth::client"), "{}", record.target());
            LINES.with_borrow_mut(|lines| lines.push(record.args().to_string()));
        }
        fn flush(&self) {}
    }
    log::set_logger(&Logger).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    much();
    let lines = LINES.take();
    is_as_told(&lines);
    assert!(!SECRETS.iter().any(|secret| lines.concat().contains(secret)));
}
