//! Whole processes that sign in over a connection of this machine: ours, and one with libcurl.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use anyhow::{Context, Result, ensure};
use xshell::cmd;

use super::answers;
use super::build::{Ours, Tree};
use super::count;
use super::replies;
use super::results::Whole;
use crate::workspace::Workspace;

/// Measures both, and sees that the server has been asked the same.
pub fn measure(workspace: &Workspace, directory: &Path, tree: &Tree, ours: &Ours) -> Result<Vec<Whole>> {
    let library = ours.archive.display().to_string();
    let with_ours = build(workspace, directory, tree, "whole_ours", &[library])?;
    let with_curl = build(workspace, directory, tree, "whole_curl", &["-lcurl".to_owned()])?;
    let (port, asked) = serve()?;
    let mut found = Vec::new();
    let mut calls = Vec::new();
    for (title, program) in [("ours, C", with_ours), ("libcurl with its cookies", with_curl)] {
        let start = run(workspace, directory, &program, None).with_context(|| title)?;
        let instructions = run(workspace, directory, &program, Some(port)).with_context(|| title)?;
        calls.push(asked.recv().context("no call has come")?);
        found.push(Whole { title, instructions, without_start: instructions.saturating_sub(start) });
    }
    ensure!(answers::agree(&calls[0], &calls[1]), "the calls differ:\n{}\n{}", calls[0], calls[1]);
    Ok(found)
}

fn build(workspace: &Workspace, directory: &Path, tree: &Tree, name: &str, libraries: &[String]) -> Result<PathBuf> {
    let sh = &workspace.sh;
    let source = tree.root.join("tests/bench/c").join(format!("{name}.c"));
    let (include, program) = (tree.root.join("include"), directory.join(name));
    cmd!(sh, "gcc -std=c11 -D_GNU_SOURCE -O3 -Wall -Wextra -Werror -I{include} {source} {libraries...} -o {program}")
        .quiet()
        .run()?;
    Ok(program)
}

/// The instructions of the whole process.
fn run(workspace: &Workspace, directory: &Path, program: &Path, port: Option<u16>) -> Result<u64> {
    let sh = &workspace.sh;
    let (out, port) = (directory.join("whole.callgrind"), port.map(|port| port.to_string()));
    cmd!(sh, "valgrind --quiet --tool=callgrind --callgrind-out-file={out} {program} {port...}")
        .env("GLIBC_TUNABLES", count::TUNABLES)
        .quiet()
        .run()?;
    count::total(&sh.read_file(&out)?)
}

/// A server that answers a login and what comes after it, and tells of each call what in it is of the session.
fn serve() -> Result<(u16, Receiver<String>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A connection that breaks shows in the program, which then fails.
            let _ = converse(stream, &sender);
        }
    });
    Ok((port, receiver))
}

fn converse(stream: TcpStream, calls: &Sender<String>) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let (mut head, mut length) = (String::new(), 0);
        while !head.ends_with("\r\n\r\n") {
            let before = head.len();
            if reader.read_line(&mut head)? == 0 {
                return Ok(());
            }
            if let Some(value) = head[before..].strip_prefix("Content-Length: ") {
                length = value.trim().parse()?;
            }
        }
        reader.read_exact(&mut vec![0; length])?;
        if head.starts_with("POST") {
            writer.write_all(&replies::success())?;
        } else {
            writer.write_all(&replies::page_with_length(2_000))?;
            calls.send(of_session(&head))?;
        }
    }
}

/// The lines of a request that the session makes; the others are each program's own.
fn of_session(head: &str) -> String {
    let names = ["GET ", "Cookie: ", "BPMCSRF: ", "ForceUseSession: "];
    let lines = head.lines().filter(|line| names.iter().any(|name| line.starts_with(name)));
    lines.map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::of_session;

    #[test]
    fn what_is_not_of_the_session_is_left_out() {
        let head = "GET / HTTP/1.1\r\nUser-Agent: x\r\nCookie: a=1\r\nBPMCSRF: t\r\n\r\n";
        assert_eq!(of_session(head), "GET / HTTP/1.1\nCookie: a=1\nBPMCSRF: t\n");
    }
}
