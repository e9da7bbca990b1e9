//! The commands of `docs/guide/html.md`, run by a shell, print what the page says.

use std::fs;
use std::path::Path;
use std::process::Command;

use creatio_emulator::{Emulator, Options};

/// Where the page has its site.
const SITE: &str = "http://127.0.0.1:8080";

/// The page's blocks in a language.
fn blocks(language: &str) -> Vec<String> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/html.md")).unwrap();
    let start = format!("```{language}\n");
    page.split(&start).skip(1).map(|rest| rest.split_once("```").unwrap().0.to_owned()).collect()
}

#[test]
#[ignore = "needs curl and awk; run by cargo xtask test"]
fn curl_and_its_answers_are_as_the_page_has_them() {
    let emulator = Emulator::start(Options::default()).unwrap();
    let scripts: Vec<_> = blocks("sh").into_iter().filter(|script| script.contains(SITE)).collect();
    let said = blocks("text");
    assert_eq!((scripts.len(), said.len()), (2, 2));
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (script, said) in scripts.iter().zip(said) {
        let script = script.replace(SITE, &emulator.url());
        let output = Command::new("sh").args(["-e", "-c", &script]).current_dir(directory).output().unwrap();
        // Of heads, what does not change from day to day.
        let printed = String::from_utf8(output.stdout).unwrap().replace(&emulator.url(), SITE).replace('\r', "");
        let printed: Vec<_> = printed.lines().filter(|line| !line.starts_with("Date: ")).collect();
        assert_eq!(printed, said.lines().collect::<Vec<_>>(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
