//! A site that is ill in one way, and what the doctor says of it.

use std::any::Any;
use std::io::Write;
use std::process::{Command, Stdio};

use creatio_doctor::Cause;
use creatio_emulator::{Emulator, Options, User};
use serde_json::Value;

/// The user's, wherever there is one; and what must not show.
pub const PASSWORD: &str = "p\"a\\s's-wörd";
pub const CLIENT_SECRET: &str = "cl1ent/s3cret";
pub const KEY: &str = "gateway-k3y";

/// A site that is ill in one way.
pub struct Case {
    /// What is wrong with it, in words.
    pub title: &'static str,
    /// The check that finds it, and the cause that it tells.
    pub check: &'static str,
    pub cause: Cause,
    /// Starts it.
    pub ill: fn() -> Ill,
}

/// A site that runs, and how the doctor is called.
pub struct Ill {
    pub url: String,
    pub arguments: Vec<String>,
    /// What has to live as long.
    _kept: Vec<Box<dyn Any>>,
}

impl Ill {
    pub fn at(url: impl Into<String>) -> Self {
        Ill { url: url.into(), arguments: vec![], _kept: vec![] }
    }

    pub fn emulated(options: Options) -> Self {
        Self::of(emulator(options))
    }

    pub fn of(emulator: Emulator) -> Self {
        Self::at(emulator.url()).keeping(emulator)
    }

    pub fn keeping(mut self, kept: impl Any) -> Self {
        self._kept.push(Box::new(kept));
        self
    }

    pub fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        self
    }

    /// With the user that sites have.
    pub fn with_user(self) -> Self {
        self.with(&["--user", "Supervisor"])
    }

    pub fn run(&self, more: &[&str]) -> Run {
        let mut arguments: Vec<&str> = vec!["--url", &self.url];
        arguments.extend(self.arguments.iter().map(String::as_str));
        arguments.extend(more);
        run(&arguments, "")
    }
}

/// An emulator whose user has a password that is hard to write in JSON and in a shell.
pub fn emulator(options: Options) -> Emulator {
    let users: Vec<User> = options.users.into_iter().map(|user| User { password: PASSWORD.into(), ..user }).collect();
    Emulator::start(Options { users, ..options }).unwrap()
}

/// What a run of the program did.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    /// The document.
    pub fn report(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Runs the program, with the secrets in its environment.
pub fn run(arguments: &[&str], input: &str) -> Run {
    run_with(arguments, input, &[])
}

/// The same with other ones.
pub fn run_with(arguments: &[&str], input: &str, others: &[(&str, &str)]) -> Run {
    let secrets =
        [("CREATIO_PASSWORD", PASSWORD), ("CREATIO_CLIENT_SECRET", CLIENT_SECRET), ("CREATIO_GATEWAY_KEY", KEY)];
    let mut child = Command::new(env!("CARGO_BIN_EXE_creatio-doctor"))
        .args(arguments)
        .envs(secrets)
        .env("CREATIO_CODE", "123456")
        .envs(others.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes()); // it may have ended
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let run = Run { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) };
    for secret in [PASSWORD, "wörd", CLIENT_SECRET, KEY] {
        assert!(!run.out.contains(secret) && !run.err.contains(secret), "{secret} shows: {run:?}");
    }
    run
}

/// As machines read it.
pub fn name_of(cause: Cause) -> String {
    serde_json::to_value(cause).unwrap().as_str().unwrap().to_owned()
}

impl Case {
    /// The doctor finds this trouble, and no other that anybody has to do something about.
    pub fn assert(&self) {
        let ill = (self.ill)();
        let patience: &[&str] = if ill.arguments.contains(&"--timeout".into()) { &[] } else { &["--timeout", "5"] };
        let run = ill.run(&[&["--wait", "0", "--json"], patience].concat());
        let report = run.report();
        let findings = report["findings"].as_array().unwrap();
        let cause = name_of(self.cause);
        let found = findings.iter().find(|finding| finding["cause"] == cause.as_str());
        let found = found.unwrap_or_else(|| panic!("{}: no {cause}: {run:?}", self.title));
        assert_eq!(found["check"], self.check, "{}: {run:?}", self.title);
        assert!(found["remedy"].as_str().is_some_and(|remedy| remedy.len() > 10), "{}: {run:?}", self.title);
        for other in findings.iter().filter(|other| other["cause"] != found["cause"]) {
            assert!(other["state"] == "good" || other["state"] == "advice", "{}: {run:?}", self.title);
        }
        let codes = [("advice", 0), ("later", 3), ("wrong", 1)];
        let code = codes.iter().find(|(state, _)| report["state"] == *state).map(|(_, code)| *code);
        assert_eq!(Some(run.code), code, "{}: {run:?}", self.title);
    }
}

pub fn assert_all(cases: &[Case]) {
    cases.iter().for_each(Case::assert);
}
