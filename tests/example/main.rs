//! The examples as their users run them: programs with arguments, output and an exit code, over real TCP and TLS.

mod aspnet;
mod authlib;
mod authservice;
#[path = "../support/breaking.rs"]
mod breaking;
mod certificates;
#[path = "../support/chapter.rs"]
mod chapter;
mod fleet;
mod foreign;
#[path = "../support/gate.rs"]
mod gate;
mod gateway;
mod nginx;
mod oauth;
mod output;
mod program;
mod readme;
mod recipes;
mod runtimes;
#[path = "../support/server.rs"]
mod server;
mod sessions;
mod slow;
mod steps;
mod traces;
#[path = "../support/trickling.rs"]
mod trickling;
mod windows;

use std::io::{Read, Write};
use std::net::TcpListener;

use creatio_emulator::{Emulator, LoginAnswer, Options, Runtime, User, WrongPassword};
use program::{Run, login, login_to};

/// An emulator whose user has a password that is hard to write in JSON and in a shell.
const PASSWORD: &str = "p\"a\\s's wörd\u{1F511}";

fn emulator(options: Options) -> Emulator {
    Emulator::start(Options { users: vec![User::new("Supervisor", PASSWORD)], ..options }).unwrap()
}

fn assert_shows_contacts(run: &Run) {
    assert_eq!(run.code, 0, "{run}");
    for shown in ["Authenticated", "Code 0", ".ASPXAUTH", "csrf      present", "HTTP status 200", "Олена Шевченко"]
    {
        assert!(run.out.contains(shown), "lacks {shown:?}: {run}");
    }
}

#[test]
fn without_arguments_it_signs_in_to_an_emulator_of_its_own() {
    for runtime in ["net-framework", "net"] {
        let run = login(&["--runtime", runtime], None);
        assert_shows_contacts(&run);
        assert_eq!(run.out.contains("GET /0/odata/Contact?$top=3"), runtime == "net-framework", "{run}");
    }
}

#[test]
fn signs_in_over_tcp_on_both_runtimes_with_any_framing() {
    for (runtime, name) in [(Runtime::NetFramework, "net-framework"), (Runtime::Net, "net")] {
        for chunk_size in [None, Some(1), Some(100)] {
            let chunk_size = chunk_size.and_then(std::num::NonZeroUsize::new);
            let emulator = emulator(Options { runtime, chunk_size, base_path: "/App".into(), ..Options::default() });
            let run = login_to(&emulator.url(), PASSWORD, &["--runtime", name]);
            assert_shows_contacts(&run);
            let counters = emulator.counters();
            assert_eq!((counters.logins_accepted, counters.calls, counters.connections), (1, 1, 1));
        }
    }
}

#[test]
fn signs_in_over_tls_to_a_site_that_it_is_told_to_trust_and_to_no_other() {
    let emulator = emulator(Options { tls: true, ..Options::default() });
    let ca = program::temporary_file("tls-ca.pem", emulator.certificate_pem().unwrap());
    assert_shows_contacts(&login_to(&emulator.url(), PASSWORD, &["--ca", &ca]));

    let by_name = emulator.url().replace("127.0.0.1", "localhost");
    assert_shows_contacts(&login_to(&by_name, PASSWORD, &["--ca", &ca]));

    for url in [emulator.url(), emulator.url().replace("127.0.0.1", "127.0.0.2")] {
        let trust = if url.contains("127.0.0.2") { vec!["--ca", &*ca] } else { vec![] };
        let run = login_to(&url, PASSWORD, &trust);
        assert_eq!(run.code, 2, "{run}");
    }
    assert_eq!(emulator.counters().logins, 2);
}

/// With the runtime, and without: the health checks find it, too.
#[test]
fn a_port_for_https_is_told_where_it_is_spoken_to_by_http() {
    let emulator = emulator(Options { tls: true, ..Options::default() });
    for arguments in [&["--runtime", "net-framework"][..], &[]] {
        let run = login_to(&emulator.url().replace("https:", "http:"), PASSWORD, arguments);
        assert!(run.code == 2 && run.err.contains("this port speaks TLS; use https:// for it"), "{run}");
    }
    assert_eq!(emulator.counters().logins, 0);
}

#[test]
fn a_call_is_made_over_a_new_connection_where_the_kept_one_turns_out_to_be_closed() {
    let emulator = emulator(Options::default());
    let closing = breaking::at_second_request(emulator.address());
    assert_shows_contacts(&login_to(&closing, PASSWORD, &[]));
    assert_eq!((emulator.counters().logins, emulator.counters().calls), (1, 1));
    let run = login_to(&breaking::proxy(emulator.address(), "GET /0/odata"), PASSWORD, &[]);
    assert!(run.code == 2 && run.err.contains("the site broke the connection off"), "once, and not for ever: {run}");
}

#[test]
fn signs_in_behind_a_web_firewall() {
    let emulator = emulator(Options { firewall: true, ..Options::default() });
    assert_shows_contacts(&login_to(&emulator.url(), PASSWORD, &[]));
    assert_eq!(emulator.counters().logins, 1);
}

#[test]
fn a_verdict_that_is_not_the_wished_for_one_exits_with_1_and_shows_the_message() {
    let message = "Пользователь заблокирован";
    let rejecting = emulator(Options { rejection_message: message.into(), ..Options::default() });
    let run = login_to(&rejecting.url(), "wrong", &[]);
    assert_eq!(run.code, 1, "{run}");
    assert!(run.out.contains("Rejected") && run.out.contains(message), "{run}");
    assert_eq!(rejecting.counters().logins, 1, "a rejected login is never tried again");

    let run = login_to(
        &emulator(Options { wrong_password: WrongPassword::Status401, ..Options::default() }).url(),
        "x",
        &[],
    );
    assert!(run.code == 1 && run.out.contains("BadCredentials"), "{run}");

    for (login_answer, verdict) in [
        (LoginAnswer::LoginPage, "HtmlContentType"),
        (LoginAnswer::Redirect, "RedirectToLogin"),
        (LoginAnswer::NoTicket, "NoTicket"),
    ] {
        let run = login_to(&emulator(Options { login_answer, ..Options::default() }).url(), PASSWORD, &[]);
        assert!(run.code == 1 && run.out.contains(verdict), "{run}");
    }
}

#[test]
fn a_call_that_is_not_answered_exits_with_1_and_says_what_to_look_at() {
    let emulator = emulator(Options::default());
    let run = login_to(&emulator.url(), PASSWORD, &["--runtime", "net"]);
    assert!(run.code == 1 && run.out.contains("is --runtime right?"), "{run}");
    let run = login_to(&emulator.url(), PASSWORD, &["--get", "/0/odata/Contact/$count"]);
    assert!(run.code == 0 && run.out.contains("HTTP status 200"), "{run}");
}

#[test]
fn a_record_or_an_entity_that_is_not_there_is_no_question_of_the_runtime() {
    let emulator = emulator(Options::default());
    for path in ["/odata/Contact(00000000-0000-0000-0000-000000000000)", "/odata/Nothing", "/0/odata/Nothing"] {
        let run = login_to(&emulator.url(), PASSWORD, &["--get", path]);
        assert!(run.code == 1 && run.out.contains("HTTP status 404"), "{run}");
        assert!(run.out.contains("no such record") && !run.out.contains("runtime right"), "{run}");
    }
}

#[test]
fn a_path_that_is_none_is_told_before_anything_is_sent() {
    let emulator = emulator(Options { identity: Some(Default::default()), ..Options::default() });
    let (url, identity) = (emulator.url(), emulator.identity_url().unwrap());
    for path in ["odata/Contact", "/odata/Contact?$filter=Name eq 'x'", "/odata/Kontakt#ö"] {
        let runs = [
            login_to(&url, PASSWORD, &["--get", path]),
            login(&["--get", path], None),
            program::run_with(
                "oauth",
                &["--url", &url, "--identity-url", &identity, "--client-id", "client", "--get", path],
                "CREATIO_CLIENT_SECRET",
                Some("secret"),
            ),
        ];
        for run in runs {
            assert!(run.code == 2 && run.err.contains(&format!("--get {path}: ")), "{run}");
            assert_eq!(run.out, "", "{run}");
        }
    }
    assert_eq!(emulator.counters().connections, 0);
}

#[test]
fn errors_exit_with_2_and_say_what_to_do() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (url, advice) in [
        (format!("http://{closed}"), "check the URL"),
        ("crm.example.com".into(), "must begin with http:// or https://"),
        ("https://crm.example.com/0".into(), "leave /0 out"),
    ] {
        let run = login_to(&url, PASSWORD, &[]);
        assert!(run.code == 2 && run.err.contains(advice), "{run}");
    }
    let run = login(&["--url", "http://127.0.0.1:1"], Some("x"));
    assert!(run.code == 2 && run.err.contains("--user"), "{run}");
}

#[test]
fn a_server_that_speaks_something_else_is_an_error() {
    for (answer, advice) in [
        (&b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"[..], "not the answer of a Creatio site"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "--trace"),
        (b"HTTP/1.1 200 OK\r\nX-Any: \0", "(in the field X-Any)"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "broke the connection off"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 2000];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(answer).unwrap();
        });
        let run = login_to(&url, "x", &["--runtime", "net"]);
        server.join().unwrap();
        assert!(run.code == 2 && run.err.contains(advice), "{run}");
    }
}

#[test]
fn the_trace_shows_the_bytes_both_ways_and_no_secret() {
    let emulator = emulator(Options { crt_csrf: true, ..Options::default() });
    let run = login_to(&emulator.url(), PASSWORD, &["--trace"]);
    assert_shows_contacts(&run);
    for line in [
        "> POST /ServiceModel/AuthService.svc/Login HTTP/1.1",
        "\"UserPassword\":\"***\"",
        "< HTTP/1.1 200 OK",
        "> ForceUseSession: true",
        "> CRT_CSRF: *** (22 bytes)",
        "< Set-Cookie: .ASPXAUTH=*** (712 bytes); path=/; HttpOnly",
    ] {
        assert!(run.out.contains(line), "lacks {line:?}: {run}");
    }
    assert!(!run.out.contains(PASSWORD) && !run.out.contains("wörd"), "{run}");
    let longest = run.out.split(|c: char| !c.is_ascii_hexdigit()).map(str::len).max();
    assert!(longest < Some(22), "something like a ticket shows: {run}");
}
