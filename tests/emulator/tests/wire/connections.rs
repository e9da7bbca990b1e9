//! Framing, connections, start and stop.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::num::NonZeroUsize;
use std::time::Duration;

use creatio_emulator::{Emulator, Options};

use crate::client::Client;
use crate::start;

const PING: &str = "GET /0/api/HealthCheck/Ping HTTP/1.1\r\nHost: localhost\r\n";

/// Sends the health check and reads until the emulator closes.
fn raw_ping(emulator: &Emulator) -> String {
    let mut stream = TcpStream::connect(emulator.address()).unwrap();
    let request = format!("{PING}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply
}

#[test]
fn a_reply_has_a_length() {
    let reply = raw_ping(&start(Options::default()));
    assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(reply.contains("\r\nContent-Length: 4\r\n"));
    assert!(reply.ends_with("\r\n\r\nPong"));
}

#[test]
fn a_reply_can_be_chunked() {
    let reply = raw_ping(&start(Options { chunk_size: NonZeroUsize::new(3), ..Options::default() }));
    assert!(reply.contains("\r\nTransfer-Encoding: chunked\r\n"));
    assert!(!reply.contains("Content-Length"));
    assert!(reply.ends_with("\r\n\r\n3\r\nPon\r\n1\r\ng\r\n0\r\n\r\n"));
}

#[test]
fn chunks_of_any_size_make_the_same_body() {
    let whole = start(Options::default());
    let whole = Client::signed_in(&whole).get("/0/odata/Contact?$select=Name").json();
    for size in [1, 2, 7, 1 << 20] {
        let emulator = start(Options { tls: true, chunk_size: NonZeroUsize::new(size), ..Options::default() });
        let reply = Client::signed_in(&emulator).get("/0/odata/Contact?$select=Name");
        assert_eq!(reply.field("Content-Length"), None);
        assert_eq!(reply.json()["value"], whole["value"]);
    }
}

#[test]
fn http_1_0_is_answered_by_a_close() {
    let emulator = start(Options { chunk_size: NonZeroUsize::new(1), ..Options::default() });
    let mut stream = TcpStream::connect(emulator.address()).unwrap();
    let request = b"GET /0/api/HealthCheck/Ping HTTP/1.0\r\n\r\n";
    stream.write_all(request).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    assert!(reply.ends_with("\r\n\r\nPong"));
    assert!(!reply.contains("chunked"));
}

#[test]
fn a_connection_serves_many_requests() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    for _ in 0..3 {
        client.get("/0/odata/Contact");
    }
    let counters = emulator.counters();
    assert_eq!((counters.connections, counters.calls), (1, 3));
}

#[test]
fn a_client_that_does_not_speak_tls_harms_nobody() {
    let emulator = start(Options { tls: true, ..Options::default() });
    let mut stream = TcpStream::connect(emulator.address()).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let mut silent = TcpStream::connect(emulator.address()).unwrap();
    Client::signed_in(&emulator);
    drop(emulator);
    assert_closed(&mut silent);
}

#[test]
fn dropping_it_closes_open_connections() {
    for tls in [false, true] {
        let emulator = start(Options { tls, ..Options::default() });
        let address = emulator.address();
        // One that has said nothing, one in the middle of a request, one kept alive by its client.
        let mut silent = TcpStream::connect(address).unwrap();
        let mut halfway = TcpStream::connect(address).unwrap();
        if !tls {
            halfway.write_all(PING.as_bytes()).unwrap();
        }
        let _kept_alive = Client::signed_in(&emulator);
        drop(emulator);
        assert_closed(&mut silent);
        assert_closed(&mut halfway);
    }
}

/// The other side has hung up, with or without a last word.
fn assert_closed(stream: &mut TcpStream) {
    let result = stream.read_to_end(&mut Vec::new());
    assert!(result.is_ok() || result.is_err_and(|e| e.kind() == ErrorKind::ConnectionReset));
}

#[test]
fn bad_options_are_refused() {
    let short = Options { ticket_length: 31, ..Options::default() };
    let mut refused = vec![short];
    for base_path in ["a//b", "a b", "{a}", "ä", "a?b"] {
        refused.push(Options { base_path: base_path.to_owned(), ..Options::default() });
    }
    for options in refused {
        let error = Emulator::start(options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}

#[test]
fn a_port_in_use_is_refused() {
    let emulator = start(Options::default());
    let error = Emulator::start(Options { port: emulator.address().port(), ..Options::default() });
    assert_eq!(error.unwrap_err().kind(), ErrorKind::AddrInUse);
}

#[test]
fn a_refusal_waits_for_the_body_and_keeps_the_connection() {
    let emulator = start(Options::default());
    let refusals = [
        ("POST /ServiceModel/AuthService.svc/Login", "415"),
        ("PUT /ServiceModel/AuthService.svc/Login", "405"),
        ("POST /connect/token", "302"),
        ("POST /nothing", "404"),
    ];
    for (line, status) in refusals {
        let mut stream = TcpStream::connect(emulator.address()).unwrap();
        let head = format!("{line} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        let error = stream.read(&mut [0]).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{line}: {error}");

        stream.set_read_timeout(None).unwrap();
        stream.write_all(format!("{{}}{PING}Connection: close\r\n\r\n").as_bytes()).unwrap();
        let mut replies = String::new();
        stream.read_to_string(&mut replies).unwrap();
        assert!(replies.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {replies}");
        assert!(replies.ends_with("\r\n\r\nPong"), "{line}: {replies}");
    }
}
