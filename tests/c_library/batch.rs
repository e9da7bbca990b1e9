//! The example of a create that may be repeated, and of a batch, against the emulator.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use creatio_emulator::{Emulator, Options, Runtime};

use crate::build::{Run, cc, compiler, run, sanitized, valgrind};
use crate::program::{built, is_error, start, with_password};

fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| built(compiler(&cc(), "c99"), "batch", "batch"))
}

const PARTS: &str = "part 0    status 201\npart 1    status 201\npart 2    status 400, Name: field is required\n\
                     part 3    not done\n";

fn did_all(result: &Run, emulator: &Emulator) {
    assert_eq!(result.code, Some(0), "{result:?}");
    assert!(result.stdout.contains(&format!("create    done\n{PARTS}log out   done\n")), "{result:?}");
    assert_eq!(emulator.records("Contact").map(|records| records.len()), Some(6));
}

#[test]
fn the_create_is_done_once_and_the_batch_part_by_part() {
    for (runtime, name) in [(Runtime::NetFramework, "net-framework"), (Runtime::Net, "net")] {
        let chunk_size = std::num::NonZeroUsize::new(11);
        let emulator = start(Options { runtime, chunk_size, ..Options::default() });
        let result = run(with_password(program(), "Supervisor").args([&emulator.url(), "Supervisor", name]));
        assert_eq!(result.stderr, "");
        did_all(&result, &emulator);
        assert_eq!((emulator.counters().writes, emulator.counters().logins), (6, 1));
    }
}

#[test]
fn wherever_the_reply_to_the_create_is_cut_it_is_done_once() {
    for cut in [0, 1, 20, 100, 300, 400] {
        let emulator = start(Options::default());
        emulator.cut_after(cut);
        let arguments = [&emulator.url(), "Supervisor", "net-framework"];
        let result = run(with_password(program(), "Supervisor").args(arguments));
        assert!(result.stdout.contains("\nagain     the connection was cut\n"), "{cut}: {result:?}");
        did_all(&result, &emulator);
        assert_eq!((emulator.counters().writes, emulator.counters().logins), (6, 1), "{cut}");
    }
}

#[test]
fn what_is_wrong_is_told() {
    is_error(
        &run(with_password(program(), "Supervisor").args(["http://127.0.0.1:1", "Supervisor", "net"])),
        "no connection",
    );
    let emulator = start(Options::default());
    let result = run(with_password(program(), "wrong").args([&emulator.url(), "Supervisor", "net-framework"]));
    assert_eq!((result.code, emulator.counters().logins), (Some(1), 1), "{result:?}");
}

#[test]
#[ignore = "needs valgrind and gcc's sanitizers; run by cargo xtask test"]
fn nothing_is_found_in_it() {
    for mut command in [valgrind(), Command::new(built(sanitized(), "batch", "batch-sanitized"))] {
        let emulator = start(Options::default());
        emulator.cut_after(200);
        if command.get_program().to_string_lossy().contains("valgrind") {
            command.arg(program());
        }
        let command = command.env("CREATIO_PASSWORD", "Supervisor");
        did_all(&run(command.args([&emulator.url(), "Supervisor", "net-framework"])), &emulator);
    }
}
