//! Sites that say a byte now and then, for ever.

use std::time::{Duration, Instant};

use creatio_emulator::Options;

use crate::program::{Run, login_to, temporary_file};
use crate::trickling;

fn ends(url: &str, more: &[&str]) -> Run {
    login_to(url, "p", &["--help"]); // built, by now
    let start = Instant::now();
    let run = login_to(url, "p", &[&["--timeout", "1"], more].concat());
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}: {run}", start.elapsed());
    assert_eq!(run.code, 2, "{run}");
    assert!(run.err.contains("does not answer in time"), "{run}");
    run
}

#[test]
fn an_answer_that_never_ends_is_given_up_after_the_time_for_all_of_it() {
    for beginning in [
        "",
        "HTTP/1.1 200 OK\r\nX: ",
        "HTTP/1.1 200 OK\r\nSet-Cookie: a=",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>",
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"Message\":\"",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;",
    ] {
        let url = trickling::site(beginning);
        for more in [&["--runtime", "net"][..], &[]] {
            ends(&url, more);
        }
    }
}

#[test]
fn so_is_one_over_tls_in_the_middle_of_the_handshake_or_of_a_record() {
    let emulator = crate::emulator(Options { tls: true, ..Options::default() });
    let ca = temporary_file("slow-ca.pem", emulator.certificate_pem().unwrap());
    ends(&format!("https://{}", trickling::proxy(emulator.address())), &["--ca", &ca, "--runtime", "net"]);
}
