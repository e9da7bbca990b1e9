//! Sites that answer a large body before they have all of it, and close the connection: by sockets, and by nginx.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use creatio_emulator::{Emulator, Options};

use crate::build::{ROOT, cc, compiler, libraries, make, run, scratch, succeed};
use crate::nginx::Nginx;
use crate::program::{start, tls_programs, with_password};
use crate::{breaking, cpp, session};

/// Where nobody has signed in, which a site says without waiting for the body.
const ENDED: &[u8] = b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: 36\r\n\r\n\
    {\"Message\":\"Authentication failed.\"}";
const TOO_LARGE: &[u8] =
    b"HTTP/1.1 413 Payload Too Large\r\nContent-Type: application/json\r\nContent-Length: 23\r\n\r\n\
    {\"Message\":\"Too large\"}";
const HALF: &[u8] = b"HTTP/1.1 413 Payload Too Large\r\nContent-Le";

/// The example in C, and the one in C++ where there is a compiler for it.
fn programs() -> impl Iterator<Item = (&'static Path, Command)> {
    let in_cpp = cpp::program("session");
    [Some(session::program().to_owned()), in_cpp].into_iter().flatten().map(|program| {
        let program: &Path = Box::leak(program.into_boxed_path());
        let mut command = with_password(program, "Supervisor");
        command.env_remove("CREATIO_SNAPSHOT");
        (program, command)
    })
}

/// The picture is 5 MB, and no connection takes that where nobody receives it.
fn before_the_picture(emulator: &Emulator, answer: &'static [u8]) -> String {
    breaking::answering_once(emulator.address(), "/Data HTTP/1.1", answer)
}

#[test]
fn an_answer_before_the_end_of_a_body_says_that_the_session_has_ended() {
    for (program, mut command) in programs() {
        let emulator = start(Options::default());
        let url = before_the_picture(&emulator, ENDED);
        let result = run(command.args([&url, "Supervisor", "net-framework"]));
        assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{program:?} {result:?}");
        assert!(result.stdout.contains("\nrenewal   the session has ended"), "{result:?}");
        assert!(result.stdout.ends_with("\nlog out   done\n"), "{result:?}");
        let done = emulator.counters();
        // Another for the login, and the one that the first picture took with it.
        assert_eq!((done.logins, done.writes, done.connections), (2, 6, 2), "{result:?}");
    }
}

#[test]
fn an_answer_before_the_end_of_a_body_says_that_it_is_too_large() {
    for (program, mut command) in programs() {
        let emulator = start(Options::default());
        let url = before_the_picture(&emulator, TOO_LARGE);
        let result = run(command.args([&url, "Supervisor", "net-framework"]));
        assert_eq!((result.code, &*result.stderr), (Some(1), ""), "{program:?} {result:?}");
        assert!(result.stdout.contains("\nrefused   ") && result.stdout.contains(": Too large\n"), "{result:?}");
    }
}

#[test]
fn what_is_no_answer_before_the_end_of_a_body_is_a_connection_that_was_closed() {
    for answer in [b"", HALF] {
        for (program, mut command) in programs() {
            let emulator = start(Options::default());
            let url = before_the_picture(&emulator, answer);
            let result = run(command.args([&url, "Supervisor", "net-framework"]));
            assert_eq!((result.code, emulator.counters().writes), (Some(2), 3), "{program:?} {result:?}");
            assert!(result.stderr.contains("CREATIO_ERR_CLOSED_EARLY"), "{program:?} {result:?}");
        }
    }
}

/// A server's end, or its 408, on a connection that waits for the next request is no answer to that.
#[test]
fn a_connection_on_which_something_has_come_is_not_used_again() {
    let program = built_kept();
    for (behind, connections) in [(Some(&b""[..]), 2), (Some(b"HTTP/1.1 408 Request Timeout\r\n\r\n"), 2), (None, 1)]
    {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("it is bound").port().to_string();
        let server = thread::spawn(move || {
            let mut requests = 0;
            for accepted in 1.. {
                let (mut client, _) = listener.accept()?;
                while client.read(&mut [0]).unwrap_or(0) == 1 {
                    requests += 1;
                    client.write_all(b"y")?;
                    if let Some(behind) = behind.filter(|_| requests == 1) {
                        client.write_all(behind)?;
                        client.shutdown(Shutdown::Write)?;
                    }
                }
                if requests == 2 {
                    return Ok(accepted);
                }
            }
            unreachable!()
        });
        let mut command = Command::new(&program);
        command.args([&*port, if behind.is_some() { "wait" } else { "go on" }]);
        let result = run(&mut command);
        assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{behind:?} {result:?}");
        let accepted: io::Result<i32> = server.join().expect("it does not panic");
        assert_eq!(accepted.ok(), Some(connections), "{behind:?}");
    }
}

fn built_kept() -> PathBuf {
    let program = scratch("early").join("kept");
    let mut compile = compiler(&cc(), "c99");
    compile.arg(format!("-I{ROOT}/examples/c"));
    compile.args(["tests/c_library/kept.c", "examples/c/transport.c"].map(|name| Path::new(ROOT).join(name)));
    succeed(compile.arg("-o").arg(&program));
    program
}

#[test]
#[ignore = "needs nginx, make and a TLS library; run by cargo xtask test"]
fn an_answer_of_nginx_before_the_end_of_a_body_is_read_over_tls() {
    let by_mbedtls = scratch("early-mbedtls");
    make(&["TLS=mbedtls", &format!("LIBDIR={}", libraries().display())], &by_mbedtls);
    for (library, programs) in [("openssl", tls_programs()), ("mbedtls", &by_mbedtls)] {
        let emulator = start(Options::default());
        let settings = "client_max_body_size 1m; lingering_close off;";
        let (nginx, certificate) = Nginx::before_over_tls(&emulator, &format!("early-{library}"), settings);
        let mut command = with_password(programs.join("session-tls"), "Supervisor");
        command.args([&format!("https://{}", nginx.address()), "Supervisor", "net-framework"]);
        let result = run(command.env("SSL_CERT_FILE", &certificate).env_remove("CREATIO_SNAPSHOT"));
        assert_eq!((result.code, &*result.stderr), (Some(1), ""), "{library} {result:?}");
        assert!(result.stdout.contains("\nrefused   "), "{library} {result:?}");
        assert_eq!(emulator.counters().writes, 3, "the contact twice, and the picture's record");
    }
}
