//! The recipes, as programs.

use creatio_emulator::{Emulator, EndedSession, Options, Runtime};

use crate::breaking;
use crate::program::{Run, run, temporary_file};

fn recipe(emulator: &Emulator, url: &str, arguments: &[&str]) -> Run {
    let run = run("recipes", &[&["--url", url, "--user", "Supervisor"], arguments].concat(), Some("Supervisor"));
    assert!(run.code == 0 && run.err.is_empty(), "{run}");
    for (collection, records) in [("Contact", 6), ("SysFile", 0)] {
        assert_eq!(emulator.records(collection).unwrap().len(), records, "{collection}: {run}");
    }
    run
}

#[test]
fn the_recipes_do_what_they_say_on_either_runtime() {
    for runtime in ["net-framework", "net"] {
        let run = run("recipes", &["--runtime", runtime], None);
        assert!(run.code == 0 && run.err.is_empty(), "{run}");
        for line in [
            "again     the site broke the connection off",
            ", as a look at it shows\n",
            "part 0    status 201\npart 1    status 201\npart 2    status 400, Name: field is required\npart 3    not done\n",
            "process   UsrEcho, status 2: Length is 3\n",
            ", 1000000 bytes\nresumed   at byte 399",
            ", for the connection broke\nreceived  SysFile ",
            "inserted  1 record\nselected  3 of 9 records are new\n",
        ] {
            assert!(run.out.contains(line), "lacks {line:?}: {run}");
        }
        assert!(run.out.ends_with("\nlog out   done\n"), "{run}");
    }
}

#[test]
fn the_create_makes_one_record_wherever_its_reply_is_cut_and_none_where_it_is_refused() {
    let emulator = Emulator::start(Options::default()).unwrap();
    for cut in [1, 20, 200, 400, 500] {
        let url = emulator.url();
        let before = emulator.counters().writes;
        emulator.cut_after(cut); // of the create, which is the first call
        let run = recipe(&emulator, &url, &["create"]);
        assert_eq!(emulator.counters().writes, before + 2, "{cut}: {run}"); // and the deletion
    }
}

#[test]
fn the_download_is_the_file_though_the_connection_is_cut_and_the_session_ends() {
    for (runtime, ended_session) in
        [(Runtime::NetFramework, EndedSession::Redirect), (Runtime::Net, EndedSession::Status401)]
    {
        let emulator = Emulator::start(Options { runtime, ended_session, ..Options::default() }).unwrap();
        let file = temporary_file(&format!("download-{runtime:?}.bin"), "what was there before");
        for (calls, cut) in [(u32::MAX, usize::MAX), (u32::MAX, 700_000), (2, usize::MAX), (2, 1000)] {
            emulator.expire_after_calls(calls);
            let url = emulator.url();
            if cut == usize::MAX {
                recipe(&emulator, &url, &["download", "--to", &file]);
            } else {
                // A proxy has its connection break, once, when the download is asked for.
                let url = breaking::once(emulator.address(), "FileService/Download");
                recipe(&emulator, &url, &["download", "--to", &file]);
            }
            let content = std::fs::read(&file).unwrap();
            assert!(content.iter().copied().eq((0..1_000_000_usize).map(|at| (at % 251) as u8)), "{calls} {cut}");
        }
    }
}

#[test]
fn a_process_that_there_is_not_is_told() {
    let emulator = Emulator::start(Options::default()).unwrap();
    let arguments = ["--url", &emulator.url(), "--user", "Supervisor", "process", "--code", "UsrNone"];
    let run = run("recipes", &arguments, Some("Supervisor"));
    assert!(run.code == 2 && run.err.contains("Process UsrNone was not found."), "{run}");
}
