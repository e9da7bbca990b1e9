//! The program itself: arguments, exit codes, the document for machines, secrets.

use creatio_doctor::Cause;
use creatio_emulator::{Identity, OauthClient, Options};
use serde_json::json;

use crate::case::{CLIENT_SECRET, Ill, KEY, PASSWORD, emulator, name_of, run, run_with};
use crate::{emulated, every_case};

#[test]
fn each_cause_has_a_site_that_has_it() {
    let cases = every_case();
    for cause in Cause::ALL {
        // On plain HTTP to another machine, of which a test has none: a test of the judgement has it.
        let is_elsewhere =
            *cause == Cause::InTheClear || cfg!(not(target_os = "linux")) && *cause == Cause::PortSilent;
        assert!(is_elsewhere || cases.iter().any(|case| case.cause == *cause), "{}", name_of(*cause));
    }
}

#[test]
fn help_has_the_exit_codes_and_the_variables() {
    let help = run(&["--help"], "");
    assert_eq!(help.code, 0);
    for words in ["Exit codes:", "  3  not now", "CREATIO_PASSWORD", "--secrets-stdin"] {
        assert!(help.out.contains(words), "{words}: {help:?}");
    }
}

#[test]
fn arguments_that_are_wrong_exit_with_2() {
    for arguments in [
        &[][..],
        &["--url", "http://127.0.0.1", "--runtime", "java"],
        &["--url", "http://127.0.0.1", "--code"],
        &["--url", "http://127.0.0.1", "--user-agent", "a\nb"],
        &["--url", "http://127.0.0.1", "--gateway-key", "no name"],
        &["--url", "http://127.0.0.1", "--user", "x", "--secrets-stdin"],
        &["--url", "http://127.0.0.1", "--user", ""],
        &["--url", "http://127.0.0.1", "--client-id", ""],
        &["--url", "http://127.0.0.1", "--user", "x", "--code=soon"],
    ] {
        let run = run(arguments, "");
        assert!(run.code == 2 && run.err.starts_with("error: ") && run.out.is_empty(), "{run:?}");
    }
}

#[test]
fn secrets_come_from_the_standard_input_one_a_line() {
    let gateway_key = Some(("X-Key".to_owned(), KEY.to_owned()));
    let identity = Identity { clients: vec![OauthClient::new("client", CLIENT_SECRET)], ..Identity::default() };
    let emulator = emulator(Options { gateway_key, identity: Some(identity), ..Options::default() });
    let (url, identity_url) = (emulator.url(), emulator.identity_url().unwrap());
    let mut arguments = vec!["--url", &url, "--user", "Supervisor", "--gateway-key", "X-Key", "--secrets-stdin"];
    arguments.extend(["--client-id", "client", "--identity-url", &identity_url]);
    let run = run(&arguments, &format!("{KEY}\r\n{PASSWORD}\n{CLIENT_SECRET}"));
    assert!(run.code == 0 && run.out.contains("\nall is well"), "{run:?}");
}

#[test]
fn an_empty_secret_is_refused_before_anything_is_sent() {
    let identity = Identity { clients: vec![OauthClient::new("client", CLIENT_SECRET)], ..Identity::default() };
    let emulator = emulator(Options { identity: Some(identity), ..Options::default() });
    let (url, identity_url) = (emulator.url(), emulator.identity_url().unwrap());
    let client = ["--client-id", "client", "--identity-url", &identity_url];
    let cases: [(&str, &str, &[&str]); 4] = [
        ("password", "CREATIO_PASSWORD", &["--user", "Supervisor"]),
        ("one-time code", "CREATIO_CODE", &["--user", "Supervisor", "--code"]),
        ("client's secret", "CREATIO_CLIENT_SECRET", &client),
        ("gateway's key", "CREATIO_GATEWAY_KEY", &["--gateway-key", "X-Key"]),
    ];
    for (what, variable, more) in cases {
        let arguments = [&["--url", &url], more].concat();
        let run = run_with(&arguments, "", &[(variable, "")]);
        let told = format!("error: the {what} is empty ({variable}); nothing was sent\n");
        assert!(run.code == 2 && run.err == told && run.out.is_empty(), "{run:?}");
    }
    let run = run(&["--url", &url, "--user", "Supervisor", "--secrets-stdin"], "\n");
    assert!(run.code == 2 && run.err.contains("the password is empty"), "{run:?}");
    let counters = emulator.counters();
    assert_eq!((counters.logins, counters.calls, counters.tokens_issued), (0, 0, 0));
}

#[test]
fn a_secret_that_a_site_sends_back_in_another_spelling_is_hidden() {
    let of_url = "p%22a%5Cs%27s-w%C3%B6rd";
    let of_json = r#"p\\\"a\\\\s's-w\\u00f6rd"#; // JSON in the message's JSON
    let of_basic = "U3VwZXJ2aXNvcjpwImFccydzLXfDtnJk"; // Supervisor:p"a\s's-wörd
    let told = format!("pw={of_url}&x, {of_json}; Basic {of_basic}.");
    let message = serde_json::to_string(&told).unwrap();
    let body = format!(r#"{{"Code":1,"Message":{message}}}"#);
    let address = crate::scripted::serve(move |mut stream| {
        let request = crate::scripted::read_request(&mut stream)?;
        let body = if request.starts_with("GET") { "Pong" } else { &body };
        let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        std::io::Write::write_all(&mut stream, reply.as_bytes())
    });
    let run = Ill::at(format!("http://{address}")).with_user().run(&["--wait", "0"]);
    assert!(run.out.contains("it says: pw=***&x, ***; Basic ***. →"), "{run:?}");
}

#[test]
fn what_a_site_sends_back_of_a_secret_is_hidden_and_commands_no_terminal() {
    let rejection_message = format!("\u{1b}[31mno {PASSWORD}\r\nall is well");
    let ill = Ill::of(emulator(Options { rejection_message, ..Options::default() })).with(&["--user", "Nobody"]);
    let run = ill.run(&[]);
    let line = run.out.lines().find(|line| line.contains("sign-in")).unwrap();
    assert!(line.contains("it says:  [31mno ***  all is well"), "{run:?}");
}

#[test]
fn a_password_that_is_a_word_of_the_programs_own_does_not_show_by_its_absence() {
    let emulator = emulator(Options::default());
    let run = run(&["--url", &emulator.url(), "--user", "Supervisor", "--secrets-stdin"], "user name\n");
    assert!(
        run.out.contains("✗ sign-in        the site rejects the login; it says: Invalid *** or password."),
        "{run:?}"
    );
    assert!(run.out.contains("the user is locked"), "{run:?}");
}

#[test]
fn a_password_in_the_url_is_not_shown() {
    for more in [&[][..], &["--json"]] {
        let run = Ill::at("https://Supervisor:0123secret@crm.example.com/").run(more);
        assert!(run.code == 1 && !run.out.contains("0123secret"), "{run:?}");
    }
}

#[test]
fn the_document_says_all_that_the_lines_say() {
    let case = emulated::PLACES.iter().find(|case| case.cause == Cause::BasePath).unwrap();
    let ill = (case.ill)();
    let (lines, report) = (ill.run(&[]), ill.run(&["--json"]).report());
    let mut members: Vec<_> = report.as_object().unwrap().keys().cloned().collect();
    members.sort(); // another package may have them keep their order
    assert_eq!(members, ["findings", "skipped", "state", "url"]);
    let found = report["findings"].as_array().unwrap().last().unwrap();
    let url = ill.url.trim_end_matches("/CreatioWebApp");
    assert_eq!(
        *found,
        json!({
            "check": "runtime", "state": "wrong", "cause": "base-path",
            "words": "no site is at /CreatioWebApp of this host, but at /",
            "remedy": format!("give --url {url}"),
        })
    );
    let line =
        format!("✗ runtime        {} → {}", found["words"].as_str().unwrap(), found["remedy"].as_str().unwrap());
    assert!(lines.out.contains(&line), "{lines:?}");
}

#[test]
fn an_output_that_nobody_reads_ends_it_quietly() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_creatio-doctor"));
    let output = command.args(["--url", "http://127.0.0.1:1"]).stdout(writer).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}
