//! Runs the example.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// What a run of the example did.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit code {}\n{}\n{}", self.code, self.out, self.err)
    }
}

/// Runs `login` with arguments, and with a password in its environment.
pub fn login(arguments: &[&str], password: Option<&str>) -> Run {
    run("login", arguments, password)
}

/// Runs an example with a user's password.
pub fn run(name: &str, arguments: &[&str], password: Option<&str>) -> Run {
    run_with(name, arguments, "CREATIO_PASSWORD", password)
}

/// Runs an example with a secret in a variable of its environment.
pub fn run_with(name: &str, arguments: &[&str], variable: &str, secret: Option<&str>) -> Run {
    let secrets: Vec<_> = secret.map(|secret| (variable, secret)).into_iter().collect();
    run_with_all(name, arguments, &secrets)
}

/// Runs an example with these secrets in its environment, and no others.
pub fn run_with_all(name: &str, arguments: &[&str], secrets: &[(&str, &str)]) -> Run {
    start(name, arguments, secrets).finish()
}

/// As [`run_with`], for an example that has a browser open a URL: `browse` does.
pub fn run_with_browser(name: &str, arguments: &[&str], secrets: &[(&str, &str)], browse: impl FnOnce(&str)) -> Run {
    let mut running = start(name, arguments, secrets);
    let (mut out, mut browse) = (String::new(), Some(browse));
    for line in BufReader::new(running.0.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        // The program waits when it has said so.
        if line.starts_with("waiting ")
            && let Some(browse) = browse.take()
        {
            browse(out.lines().find(|line| line.starts_with("http")).unwrap());
        }
        out += &(line + "\n");
    }
    Run { out, ..running.finish() }
}

/// An example that runs.
pub struct Running(pub Child);

/// Starts it with these secrets in its environment, and no others.
pub fn start(name: &str, arguments: &[&str], secrets: &[(&str, &str)]) -> Running {
    let mut command = Command::new(built(name));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for variable in SECRETS {
        command.env_remove(variable);
    }
    Running(command.envs(secrets.iter().copied()).spawn().unwrap())
}

impl Running {
    /// Waits for its end.
    pub fn finish(self) -> Run {
        let output = self.0.wait_with_output().unwrap();
        Run {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

const SECRETS: [&str; 5] =
    ["CREATIO_PASSWORD", "CREATIO_CLIENT_SECRET", "CREATIO_CODE", "CREATIO_NEW_PASSWORD", "CREATIO_STORE_KEY"];

/// Signs in to a site as Supervisor.
pub fn login_to(url: &str, password: &str, more: &[&str]) -> Run {
    login(&[&["--url", url, "--user", "Supervisor"], more].concat(), Some(password))
}

/// A file that outlives the test, in cargo's own directory for such.
pub fn temporary_file(name: &str, content: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path.into_os_string().into_string().unwrap()
}

/// The program, built by cargo with all the others.
pub fn built(name: &str) -> PathBuf {
    static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
    let directory = DIRECTORY.get_or_init(|| {
        let mut command = Command::new(env!("CARGO"));
        // Cargo tells a test which package it belongs to. Passed on, that would have `ring` and more built anew.
        let is_of_package = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
        for (name, _) in std::env::vars().filter(|(name, _)| is_of_package(name)) {
            command.env_remove(name);
        }
        let output = command
            .args(["build", "--quiet", "--examples", "--message-format=json"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        assert!(output.status.success(), "the examples do not build");
        let messages = String::from_utf8(output.stdout).unwrap();
        let program = messages
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .find_map(|message| message["executable"].as_str().map(PathBuf::from))
            .expect("cargo names the programs");
        program.parent().unwrap().to_owned()
    });
    directory.join(name)
}
