//! Runs a program on a board that QEMU emulates.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// A program that has not ended by then hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// A board of QEMU, with its network controller.
pub struct Board {
    pub machine: &'static str,
    pub controller: &'static str,
}

pub const LM3S6965: Board = Board { machine: "lm3s6965evb", controller: "stellaris" };
pub const MPS2: Board = Board { machine: "mps2-an385", controller: "lan9118" };

/// What a program did.
pub struct Run {
    /// `None` if it had to be ended.
    pub code: Option<i32>,
    pub output: String,
    pub took: Duration,
}

/// Runs a program, in a directory whose files it may read, with words of its command line, which hold no space and no
/// comma.
pub fn run(board: &Board, program: &Path, directory: &Path, arguments: &[String]) -> Result<Run> {
    let semihosting =
        arguments.iter().fold("enable=on,target=native".to_owned(), |all, one| format!("{all},arg={one}"));
    let (mut output, writer) = io::pipe()?;
    let start = Instant::now();
    let mut command = Command::new("qemu-system-arm");
    command
        .args(["-M", board.machine, "-nographic", "-monitor", "none", "-serial", "none"])
        .args(["-nic", &format!("user,model={}", board.controller)])
        .args(["-semihosting-config", &semihosting])
        .arg("-kernel")
        .arg(program)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let mut child = command.spawn().context("qemu-system-arm does not start; cargo xtask test installs it")?;
    drop(command); // its ends of the pipe, so that the other end sees the program's end
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        output.read_to_end(&mut bytes).map(|_| bytes)
    });
    let code = loop {
        if let Some(status) = child.try_wait()? {
            break status.code();
        }
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            break None;
        }
        thread::sleep(Duration::from_millis(5));
    };
    let took = start.elapsed();
    let bytes = reader.join().expect("the reader does not panic")?;
    let output = String::from_utf8_lossy(&bytes)
        .lines()
        .filter(|line| !line.starts_with("Timer with period zero")) // QEMU, of a timer that nobody has set up
        .fold(String::new(), |all, line| all + line + "\n");
    Ok(Run { code, output, took })
}
