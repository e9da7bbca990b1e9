//! Connections that are cut in the middle.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::num::NonZeroUsize;

use creatio_emulator::{Emulator, Options};
use serde_json::json;

use crate::client::Client;
use crate::start;

const JSON: [(&str, &str); 1] = [("Content-Type", "application/json")];

/// Sends a request to create a contact, and reads until the connection is closed.
fn raw_create(emulator: &Emulator, client: &Client, body: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(emulator.address()).unwrap();
    stream.write_all(raw_request(client, body).as_bytes()).unwrap();
    let mut reply = Vec::new();
    // The end may come as a reset, when not all of the request was read.
    let _ = stream.read_to_end(&mut reply);
    reply
}

fn raw_request(client: &Client, body: &str) -> String {
    let cookies: Vec<String> = client.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let (name, value) = &client.fields[0];
    format!(
        "POST /0/odata/Contact HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {}\r\n{name}: {value}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        cookies.join("; "),
        body.len()
    )
}

#[test]
fn a_reply_ends_after_so_many_bytes() {
    for chunk_size in [None, NonZeroUsize::new(3)] {
        let emulator = start(Options { chunk_size, ..Options::default() });
        let mut client = Client::signed_in(&emulator);
        client.get("/0/odata/Contact");
        let whole = raw_create(&emulator, &client, r#"{"Name":"x"}"#);
        assert!(whole.starts_with(b"HTTP/1.1 201 Created\r\n"));
        let lengths = [0, 1, 12, 100, whole.len() - 1];
        for length in lengths {
            emulator.cut_after(length);
            let reply = raw_create(&emulator, &client, r#"{"Name":"x"}"#);
            assert_eq!(reply.len(), length);
            assert_eq!(reply[..length.min(20)], whole[..length.min(20)]);
        }
        // All were executed, once.
        let count = lengths.len() + 1;
        assert_eq!(emulator.records("Contact").unwrap().len(), 6 + count);
        assert_eq!(emulator.counters().writes, count as u64);
    }
}

#[test]
fn a_client_notices_a_cut_reply() {
    for tls in [false, true] {
        let emulator = start(Options { tls, ..Options::default() });
        let mut client = Client::signed_in(&emulator);
        for length in [0, 50, 500] {
            let writes = emulator.counters().writes;
            emulator.cut_after(length);
            let body = json!({"Name": "x", "Notes": "y".repeat(1000)}).to_string();
            let result = client.try_send("POST", "/0/odata/Contact", &JSON, body.as_bytes());
            assert!(result.is_err(), "{length}");
            assert_eq!(emulator.counters().writes, writes + 1);
            assert_eq!(client.get("/0/odata/Contact/$count").status, 200);
        }
    }
}

#[test]
fn only_the_reply_to_a_call_that_was_executed_is_cut() {
    let emulator = start(Options::default());
    emulator.cut_after(0);
    let mut client = Client::signed_in(&emulator);
    assert_eq!(Client::new(&emulator).get("/0/odata/Contact").status, 302);
    assert!(client.try_send("GET", "/0/odata/Contact", &[], b"").is_err());

    // A longer one than all replies has no effect, neither now nor later.
    emulator.cut_after(2000);
    for _ in 0..5 {
        assert_eq!(client.get("/0/odata/Contact").status, 200);
    }
    assert_eq!(emulator.counters().calls, 6);
}

#[test]
fn a_request_that_is_cut_is_not_executed() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    client.get("/0/odata/Contact");
    let body = json!({"Name": "x", "Notes": "y".repeat(100_000)}).to_string();
    let length = raw_request(&client, &body).len();
    let head = length - body.len();
    let counters = emulator.counters();
    for bytes in [0, 1, 100, head - 1, head, head + 1, head + 50_000, length - 1, length] {
        emulator.cut_request_after(bytes);
        assert_eq!(raw_create(&emulator, &client, &body), b"", "{bytes} of {length}");
    }
    assert_eq!(emulator.records("Contact").unwrap().len(), 6);
    let now = emulator.counters();
    assert_eq!((now.writes, now.writes_refused, now.calls), (0, 0, counters.calls));

    // A request that is shorter is none of its business, and uses it up.
    emulator.cut_request_after(length + 1);
    assert!(raw_create(&emulator, &client, &body).starts_with(b"HTTP/1.1 201"));
    assert!(raw_create(&emulator, &client, &body).starts_with(b"HTTP/1.1 201"));
    assert_eq!(emulator.counters().writes, 2);
}

#[test]
fn a_cut_request_can_come_by_an_open_connection() {
    for tls in [false, true] {
        let emulator = start(Options { tls, ..Options::default() });
        let mut client = Client::signed_in(&emulator);
        for bytes in [1, 300_000] {
            emulator.cut_request_after(bytes);
            let body = json!({"Name": "y".repeat(1_000_000)}).to_string();
            assert!(client.try_send("POST", "/0/odata/Contact", &JSON, body.as_bytes()).is_err());
            assert_eq!(client.get("/0/odata/Contact/$count").body, "6");
        }
        emulator.cut_request_after(10);
        let login = r#"{"UserName":"Supervisor","UserPassword":"Supervisor"}"#;
        let target = "/ServiceModel/AuthService.svc/Login";
        assert!(client.try_send("POST", target, &JSON, login.as_bytes()).is_err());
        assert_eq!((emulator.counters().writes, emulator.counters().logins), (0, 1));
    }
}
