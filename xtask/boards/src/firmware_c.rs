//! `examples/firmware-c`: the programs in C run on chips in QEMU.

use anyhow::{Context, Result, ensure};
use creatio_emulator::{Emulator, Options};
use xshell::cmd;

use crate::workspace::Workspace;

const EXAMPLE: &str = "examples/firmware-c";

/// What each program says of what went well, so that one that does nothing is not taken for one that does all.
struct Run {
    target: &'static str,
    says: &'static [&'static str],
}

const SIGN_IN: &[&str] =
    &["bad password", "login", "call", "bytes behind", "malformed", "session ended", "login again", "logout"];
const MODEM: &[&str] = &["bad password: fine", "login: fine", "call: fine", "logout: fine"];
const TWO: &[&str] = &["both libraries work", "the second library's panic came to its own handler"];

const RUNS: &[Run] = &[
    Run { target: "run-arm", says: SIGN_IN },
    Run { target: "run-riscv", says: SIGN_IN },
    Run { target: "run-two-arm", says: TWO },
    Run { target: "run-two-linux", says: TWO },
];

/// Those that need a site.
const RUNS_WITH_SITE: &[Run] = &[
    Run { target: "run-modem-arm", says: MODEM },
    Run { target: "run-modem-riscv", says: MODEM },
    Run { target: "run-tick-arm", says: MODEM },
    Run { target: "run-tick-riscv", says: MODEM },
];

pub fn run(workspace: &Workspace) -> Result<()> {
    for program in RUNS {
        perform(workspace, program, "")?;
    }
    let emulator = Emulator::start(Options::default())?;
    let url = emulator.url();
    let address = url.strip_prefix("http://").context("the emulator is not at an http URL")?;
    RUNS_WITH_SITE.iter().try_for_each(|program| perform(workspace, program, address))
}

fn perform(workspace: &Workspace, program: &Run, site: &str) -> Result<()> {
    let sh = &workspace.sh;
    let (target, out) = (program.target, workspace.target.join("firmware-c"));
    let variables = [
        format!("OUT={}", out.display()),
        format!("TARGET_DIR={}", workspace.target.display()),
        format!("SITE={site}"),
    ];
    // A program that hangs is no reason for all to hang.
    let command = cmd!(sh, "timeout 300 make --no-print-directory -C {EXAMPLE} {target} {variables...}")
        // A make that runs this is none of that one's business.
        .env_remove("MAKEFLAGS")
        .env_remove("MAKELEVEL");
    let said = command.read()?;
    println!("{said}");
    let missing = missing(program.says, &said);
    ensure!(missing.is_empty(), "{target} does not say: {}", missing.join(", "));
    Ok(())
}

/// Those of `wanted` that no line begins with.
fn missing<'a>(wanted: &[&'a str], said: &str) -> Vec<&'a str> {
    wanted.iter().copied().filter(|text| !said.lines().any(|line| line.starts_with(text))).collect()
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn what_a_program_does_not_say_is_missed() {
        let said = "cc -o login\nlogin          fine, 2256 bytes of stack\n";
        assert_eq!(missing(&["login", "logout"], said), ["logout"]);
        assert!(missing(&["login"], said).is_empty());
    }
}
