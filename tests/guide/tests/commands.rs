//! The commands and programs of `docs/guide/html.md` print what the page says, and its collection for Postman does what it says.

use std::fs;
use std::path::Path;
use std::process::Command;

use creatio_emulator::{Emulator, Options, Runtime};
use serde_json::Value;

/// Where the page has its site.
const SITE: &str = "http://127.0.0.1:8080";

/// The page's blocks in a language.
fn blocks(language: &str) -> Vec<String> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/html.md")).unwrap();
    let start = format!("```{language}\n");
    page.split(&start).skip(1).map(|rest| rest.split_once("```").unwrap().0.to_owned()).collect()
}

/// Others' packages for Python, among them requests.
fn python() -> Command {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut command = Command::new(target.join("other-clients/bin/python"));
    command.env("CREATIO_PASSWORD", "Supervisor");
    command
}

fn printed(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "needs requests for Python; run by cargo xtask test"]
fn programs_in_python_print_what_the_page_has_and_do_not_sign_in_twice() {
    let programs = blocks("py");
    let said = blocks("text").pop().unwrap();
    assert!(programs.len() == 2 && said.ends_with("Ann\n"), "{said}");
    for program in programs {
        let emulator = Emulator::start(Options::default()).unwrap();
        let program = program.replace(SITE, &emulator.url());
        let mut command = python();
        command.args(["-c", &program]);
        assert_eq!(printed(command), said);
        assert_eq!(emulator.counters().writes, 1);
        let mut command = python();
        command.args(["-c", &program]).env("CREATIO_PASSWORD", "wrong");
        let error = String::from_utf8(command.output().unwrap().stderr).unwrap();
        assert!(error.ends_with("RuntimeError: Invalid user name or password.\n"), "{error}");
        assert_eq!(emulator.counters().logins, 2);
        // A redirect to the login page is no answer.
        let program = program
            .replace("session.request(", "requests.request(")
            .replace(", urllib.request.HTTPCookieProcessor(cookies)", "");
        let mut command = python();
        command.args(["-c", &program]);
        let error = String::from_utf8(command.output().unwrap().stderr).unwrap();
        assert!(error.contains("/0/odata/Contact?$top=1&$select=Name: status 302"), "{error}");
    }
}

const COLLECTION: &str = "../../docs/guide/creatio.postman_collection.json";

#[test]
fn the_scripts_of_the_collection_are_those_of_the_page() {
    let collection = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(COLLECTION)).unwrap();
    let collection: Value = serde_json::from_str(&collection).unwrap();
    assert_eq!(collection["info"]["schema"], "https://schema.getpostman.com/json/collection/v2.1.0/collection.json");
    let shown = blocks("js");
    for (listen, title) in [("test", "// Scripts, Post-response"), ("prerequest", "// Scripts, Pre-request")] {
        let events = collection["event"].as_array().unwrap();
        let event = events.iter().find(|event| event["listen"] == listen).unwrap();
        let lines = event["script"]["exec"].as_array().unwrap().iter().map(|line| line.as_str().unwrap());
        let script: String = lines.filter(|line| !line.starts_with("//")).map(|line| format!("{line}\n")).collect();
        assert!(shown.contains(&format!("{title}\n{script}")), "{script}");
    }
    for item in collection["item"].as_array().unwrap() {
        assert_eq!(item["protocolProfileBehavior"]["followRedirects"], false, "{item}");
    }
}

/// By a player of its own: Postman's is a tree of hundreds of packages.
#[test]
#[ignore = "needs requests for Python; run by cargo xtask test"]
fn the_requests_of_the_collection_are_answered() {
    for (runtime, prefix, crt_csrf) in [(Runtime::NetFramework, "/0", false), (Runtime::Net, "", true)] {
        let emulator = Emulator::start(Options { runtime, crt_csrf, ..Options::default() }).unwrap();
        let mut command = python();
        command
            .args(["tests/postman.py", COLLECTION, &emulator.url(), prefix])
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(printed(command), "Sign in 200\nRead 200\nCreate 201\n");
    }
}

#[test]
#[ignore = "needs curl and awk; run by cargo xtask test"]
fn curl_and_its_answers_are_as_the_page_has_them() {
    let emulator = Emulator::start(Options::default()).unwrap();
    let scripts: Vec<_> = blocks("sh").into_iter().filter(|script| script.contains(SITE)).collect();
    let said = blocks("text");
    assert_eq!((scripts.len(), said.len()), (2, 3)); // and what those in Python say
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
