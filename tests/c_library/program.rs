//! The example as a program, and the sites that it signs in to.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use creatio_emulator::{Emulator, Options};

use crate::build::{ROOT, Run, archive, cc, compiler, libraries, make, run, sanitized, scratch, succeed};

/// An example, built for plain HTTP by a compiler.
pub fn built(mut compiler: Command, example: &str, name: &str) -> PathBuf {
    let program = scratch(example).join(name);
    let sources = [example, "transport"].map(|name| Path::new(ROOT).join(format!("examples/c/{name}.c")));
    succeed(compiler.args(sources).arg(archive()).arg("-o").arg(&program));
    program
}

pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built(compiler(&cc(), "c99"), "login", "login"))
}

pub fn sanitized_program() -> PathBuf {
    built(sanitized(), "login", "login-sanitized")
}

/// Where the Makefile has built the examples for HTTPS.
pub fn tls_programs() -> &'static Path {
    static PROGRAMS: OnceLock<PathBuf> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        let scratch = scratch("tls");
        make(&["TLS=1", &format!("LIBDIR={}", libraries().display())], &scratch);
        scratch
    })
}

/// A program as a user has it: with a password, and without certificates of his own.
pub fn with_password(program: impl AsRef<OsStr>, password: &str) -> Command {
    let mut command = Command::new(program);
    command.env("CREATIO_PASSWORD", password);
    for variable in ["SSL_CERT_FILE", "SSL_CERT_DIR", "CREATIO_CODE", "CREATIO_TEXT_CODE", "CREATIO_NEW_PASSWORD"] {
        command.env_remove(variable);
    }
    command
}

pub fn login(arguments: &[&str]) -> Run {
    run(with_password(program(), "Supervisor").args(arguments))
}

/// Over TLS, with a file of trusted certificates, or with the system's.
pub fn tls_login(arguments: &[&str], trusted: Option<&Path>) -> Run {
    let mut command = with_password(tls_programs().join("login-tls"), "Supervisor");
    if let Some(file) = trusted {
        command.env("SSL_CERT_FILE", file);
    }
    run(command.args(arguments))
}

pub fn start(options: Options) -> Emulator {
    Emulator::start(options).expect("loopback has a free port")
}

/// Signed in and data received.
pub fn shows_contacts(result: &Run) {
    assert_eq!(result.code, Some(0), "{result:?}");
    assert_eq!(result.stderr, "");
    let start = "\nverdict: CREATIO_LOGIN_AUTHENTICATED (signed in)\nmessage: \nstatus: 200\ncookies: ";
    assert!(result.stdout.starts_with("runtime: net") && result.stdout.contains(start), "{result:?}");
    assert!(result.stdout.contains(" .ASPXAUTH "), "{result:?}");
    assert!(result.stdout.contains("Олена Шевченко"), "{result:?}");
    assert!(result.stdout.ends_with("\nstatus: 200\n"), "{result:?}");
}

/// Signed in and data received, with one connection for both, and one before that where the site was asked for its runtime.
pub fn is_good(result: &Run, emulator: &Emulator) {
    shows_contacts(result);
    let counters = emulator.counters();
    assert_eq!((counters.logins, counters.calls), (1, 1));
    assert!((1..=2).contains(&counters.connections));
}

/// An error: nothing of a verdict, and a word on what to do.
pub fn is_error(result: &Run, advice: &str) {
    assert_eq!(result.code, Some(2), "{result:?}");
    assert!(!result.stdout.contains("verdict"), "{result:?}");
    assert!(result.stderr.contains(advice), "{result:?}");
}
