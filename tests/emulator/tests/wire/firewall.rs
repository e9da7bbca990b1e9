//! What a web firewall writes into replies.

use std::io::{Read, Write};
use std::net::TcpStream;

use creatio_emulator::Options;

use crate::start;

/// The reply to a health check, after a first one on the same connection.
fn second_reply(options: Options) -> Vec<u8> {
    let emulator = start(options);
    let mut stream = TcpStream::connect(emulator.address()).unwrap();
    let mut reply = Vec::new();
    for connection in ["keep-alive", "close"] {
        let request =
            format!("GET /0/api/HealthCheck/Ping HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        reply.clear();
        while !reply.ends_with(b"Pong") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            reply.extend(byte);
        }
    }
    reply
}

#[test]
fn fields_are_folded_and_hold_a_control_character() {
    let reply = second_reply(Options { firewall: true, ..Options::default() });
    for field in [
        &b"\r\nSet-Cookie: ___utmva=a\x01b; path=/\r\n"[..],
        b"\r\nSet-Cookie: ___utmvb=ab\n    XcD: ef; path=/\r\n",
        b"\r\nContent-Security-Policy: default-src 'self';\r\n    img-src *\r\n",
    ] {
        assert!(reply.windows(field.len()).any(|window| window == field), "{}", reply.escape_ascii());
    }
    let plain = second_reply(Options::default());
    assert!(plain.is_ascii() && !plain.windows(6).any(|window| window == b"utmva="), "{}", plain.escape_ascii());
}
