//! The vendor's example in Rust, and the chapter about it.

use creatio_emulator::{Emulator, Options};

use crate::chapter;
use crate::program::run;

#[test]
fn the_chapter_has_the_code_of_the_example_in_rust() {
    chapter::has_all_of("examples/authservice/main.rs", "rust");
}

#[test]
fn the_vendors_example_in_rust_prints_what_the_chapter_says() {
    let emulator = Emulator::start(Options::default()).unwrap();
    let login = |password| run("authservice", &[&emulator.url(), "Supervisor"], Some(password));
    let (good, bad) = (login("Supervisor"), login("wrong"));
    assert_eq!(chapter::blocks("text"), [good.out, bad.out]);
    assert_eq!((good.code, bad.code, emulator.counters().logins), (0, 1, 2));
    let nowhere = run("authservice", &["http://127.0.0.1:1", "Supervisor"], Some("x"));
    assert!(nowhere.code == 1 && nowhere.out.ends_with("\nsigned in: no\n"), "{nowhere}");
}
