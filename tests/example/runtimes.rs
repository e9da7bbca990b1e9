//! Which runtime a site has, found out.

use std::io::{Read, Write};
use std::net::TcpListener;

use creatio_emulator::{Emulator, Identity, Options, Runtime};

use crate::program::{self, login, login_to, run};
use crate::{PASSWORD, assert_shows_contacts, emulator};

#[test]
fn the_site_is_asked_for_its_runtime() {
    let own = login(&[], None);
    assert_shows_contacts(&own);
    assert!(own.out.contains("(runtime NetFramework, by its health check)\n"), "{own}");

    for (runtime, base_path) in [(Runtime::NetFramework, ""), (Runtime::Net, ""), (Runtime::Net, "/App")] {
        let emulator = emulator(Options { runtime, base_path: base_path.into(), ..Options::default() });
        let run = login_to(&emulator.url(), PASSWORD, &[]);
        assert_shows_contacts(&run);
        assert!(run.out.contains(&format!("(runtime {runtime:?}, by its health check)\n")), "{run}");
        let counters = emulator.counters();
        // A login has a connection of its own.
        assert_eq!((counters.logins, counters.calls, counters.connections), (1, 1, 2));
    }
}

#[test]
fn a_site_that_answers_neither_health_check_is_left_to_the_user() {
    let emulator = emulator(Options::default());
    let elsewhere = emulator.url() + "/elsewhere";
    for name in ["login", "session", "shared"] {
        let run = run(name, &["--url", &elsewhere, "--user", "Supervisor"], Some(PASSWORD));
        assert!(
            run.code == 2
                && run
                    .err
                    .contains("neither health check; check the URL; if it is right, give --runtime net-framework if"),
            "{run}"
        );
    }
    assert_eq!(emulator.counters().logins, 0);
}

/// A server that gives these replies, each over a connection of its own; the targets that it was asked for.
fn serve(replies: &'static [&'static str]) -> (String, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = move |reply: &&str| {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 2000];
        let len = stream.read(&mut request).unwrap();
        stream.write_all(reply.as_bytes()).unwrap();
        String::from_utf8_lossy(&request[..len]).split(' ').nth(1).unwrap().to_owned()
    };
    (url, std::thread::spawn(move || replies.iter().map(answer).collect()))
}

const PAGE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n\
                    <html><form action=\"/Login/NuiLogin.aspx?ReturnUrl=%2f0\"></form></html>";
const NO: &str = "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n";
const BUSY: &str = "HTTP/1.1 503 Busy\r\nRetry-After: 11\r\nConnection: close\r\n\r\n";

#[test]
fn a_login_page_with_status_200_answers_no_health_check() {
    let (url, server) = serve(&[PAGE, NO, PAGE, BUSY]);
    let run = login_to(&url, PASSWORD, &[]);
    let (first, second) = ("/0/api/HealthCheck/Ping", "/api/HealthCheck/Ping");
    assert_eq!(server.join().unwrap(), [first, first, second, first]);
    // The last one asks for more patience than there is.
    assert!(
        run.code == 2 && run.err.contains("does not say which runtime it has (HTTP status 503); try again"),
        "{run}"
    );
    assert_eq!(run.out.matches("\nwaiting   1 s for the site to say").count(), 1, "{run}");

    let (url, server) = serve(&[PAGE; 5]);
    let run = login_to(&url, PASSWORD, &[]);
    assert_eq!(server.join().unwrap(), [first; 5]);
    assert!(
        run.code == 2 && run.err.contains("(HTTP status 200, its login page); try again later, or give --runtime"),
        "{run}"
    );
}

#[test]
fn a_site_that_starts_is_waited_for() {
    for runtime in [Runtime::NetFramework, Runtime::Net] {
        let emulator = emulator(Options { runtime, starting_checks: 2, ..Options::default() });
        let run = login_to(&emulator.url(), PASSWORD, &[]);
        assert_shows_contacts(&run);
        assert!(run.out.contains(&format!("(runtime {runtime:?}, by its health check)\n")), "{run}");
        assert_eq!(run.out.matches("waiting   1 s for the site to say").count(), 2, "{run}");
    }
}

#[test]
fn what_a_firewall_and_a_gateway_ask_for_goes_with_every_request_and_the_key_is_not_shown() {
    const KEY: &str = "k1 of the gateway";
    let site = |options: Options| emulator(Options { user_agent_required: true, ..options });
    let key = Some(("X-Key".to_owned(), KEY.to_owned()));
    let run = |emulator: &Emulator, name: &str, arguments: &[&str]| {
        let mut command = std::process::Command::new(program::built(name));
        command.args(arguments).env("CREATIO_PASSWORD", PASSWORD).env("CREATIO_CLIENT_SECRET", "secret");
        let (url, identity) = (emulator.url(), emulator.identity_url().unwrap_or_default());
        match name {
            "oauth" => command.args(["--url", &url, "--identity-url", &identity, "--client-id", "client"]),
            _ => command.args(["--url", &url, "--user", "Supervisor"]),
        };
        let output = command.env("CREATIO_GATEWAY_KEY", KEY).output().unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        assert!(!said.contains(KEY), "{said}");
        (output.status.code(), said)
    };
    let emulator = site(Options { gateway_key: key, identity: Some(Identity::default()), ..Options::default() });
    let store = program::temporary_file("gateway.snapshot", "");
    for (name, more) in
        [("login", vec![]), ("session", vec![]), ("oauth", vec![]), ("shared", vec!["--store", &store])]
    {
        let with_key = [&["--gateway-key", "X-Key", "--trace"], &more[..]].concat();
        let (code, said) = run(&emulator, name, &with_key);
        assert!(code == Some(0) && said.contains("> User-Agent: creatio-auth/"), "{name}: {said}");
        assert!(said.contains("> X-Key: *** (17 bytes)"), "{name}: {said}");
        let without = [&["--runtime", "net-framework"], &more[..]].concat();
        assert_ne!(run(&emulator, name, &without).0, Some(0), "{name}");
        let _ = std::fs::remove_file(&store); // in which it stands that the login was refused
        let (code, said) = run(&emulator, name, &[&with_key[..], &["--user-agent", "meter/2.1 (x)"]].concat());
        assert!(code == Some(0) && said.contains("> User-Agent: meter/2.1 (x)\n"), "{name}: {said}");
        let (code, said) = run(&emulator, name, &[&with_key[..], &["--user-agent", ""]].concat());
        assert!(code != Some(0) && !said.contains("> User-Agent"), "{name}: {said}");
    }
    let (code, said) = run(&emulator, "login", &["--user-agent", " x"]);
    assert!(code == Some(2) && said.contains("--user-agent: "), "{said}");
    let (code, said) = run(&emulator, "login", &["--gateway-key", "Cookie"]);
    assert!(code == Some(2) && said.contains("--gateway-key: the library writes this field itself"), "{said}");
}
