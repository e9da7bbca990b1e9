//! An output that nobody reads to its end, as with `| head`.

use std::io::{pipe, read_to_string};
use std::process::{Command, Stdio};

use crate::program::{built, temporary_file};

#[test]
fn an_output_that_nobody_reads_ends_a_program_quietly() {
    let store = temporary_file("unread.snapshot", "");
    for arguments in [
        &["login"][..],
        &["login", "--trace"],
        &["session"],
        &["recipes"],
        &["oauth"],
        &["oauth", "--trace"],
        &["shared", "--store", &store],
    ] {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let mut command = Command::new(built(arguments[0]));
        let output = command.args(&arguments[1..]).stdin(Stdio::null()).stdout(writer).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert!(output.status.success(), "{arguments:?}: {}", output.status);
    }
}

#[test]
fn an_output_that_is_read_in_part_ends_a_program_quietly() {
    let (reader, writer) = pipe().unwrap();
    let mut command = Command::new(built("session"));
    let mut child = command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
    drop(command); // it has the writer
    let mut first = [0; 8];
    std::io::Read::read_exact(&mut { reader }, &mut first).unwrap();
    assert_eq!(&first, b"emulator");
    assert_eq!(read_to_string(child.stderr.take().unwrap()).unwrap(), "");
    assert!(child.wait().unwrap().success());
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_is_an_error() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(built("login")).stdin(Stdio::null()).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write the output"), "{output:?}");
}
