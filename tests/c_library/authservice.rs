//! The vendor's example in C.

use creatio_emulator::Options;

use crate::build::{cc, compiler, run};
use crate::chapter;
use crate::program::{built, start, with_password};

#[test]
fn the_chapter_has_the_code_of_the_example_in_c() {
    chapter::has_all_of("examples/c/authservice.c", "c");
}

#[test]
fn the_vendors_example_in_c_prints_what_the_chapter_says() {
    let (program, emulator) =
        (built(compiler(&cc(), "c99"), "authservice", "authservice"), start(Options::default()));
    let login = |url: &str, password| run(with_password(&program, password).args([url, "Supervisor"]));
    let (good, bad) = (login(&emulator.url(), "Supervisor"), login(&emulator.url(), "wrong"));
    assert_eq!((good.code, bad.code, emulator.counters().logins), (Some(0), Some(1), 2));
    assert_eq!(chapter::blocks("text"), [good.stdout, bad.stdout]);
    let nowhere = login("http://127.0.0.1:1", "x");
    assert_eq!((nowhere.code, &*nowhere.stdout), (Some(1), "signed in: no\n"), "{nowhere:?}");
    let malformed = login("ftp://x", "x");
    assert!(malformed.code == Some(1) && malformed.stdout.contains("http:// or https://"), "{malformed:?}");
}
