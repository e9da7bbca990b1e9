//! The program, whose options lead to those of the library.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::json;

use crate::client::Client;

/// A running program; it ends with this value.
struct Program(Child);

impl Program {
    fn start(arguments: &[&str]) -> (Self, Client) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_creatio-emulator"));
        let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        (Self(child), Client::at(url.trim_end().to_owned(), None))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn settings() {
    let (_program, mut client) = Program::start(&["--page-size", "4", "--lockout-after", "2"]);
    client.sign_in();
    let page = client.get("/0/odata/Contact").json();
    assert_eq!(page["value"].as_array().unwrap().len(), 4);
    assert!(page["@odata.nextLink"].is_string());
    for password in ["x", "x", "Supervisor"] {
        assert_eq!(client.login("Supervisor", password).json()["Code"], 1);
    }
}

#[test]
fn troubles() {
    let overload = ["--overload", "1", "--overload-status", "503", "--retry-after", "9"];
    let others = ["--expire-after-calls", "2", "--cut-after", "0"];
    let (_program, mut client) = Program::start(&[&overload[..], &others].concat());
    client.sign_in();
    let refused = client.get("/0/odata/Contact");
    assert_eq!((refused.status, refused.field("Retry-After")), (503, Some("9")));
    assert!(client.try_send("GET", "/0/odata/Contact", &[], b"").is_err());
    assert_eq!(client.json("POST", "/odata/Contact", &json!({"Name": "x"})).status, 201);
    assert_eq!(client.get("/0/odata/Contact").status, 302);

    let overload = ["--overload", "1", "--retry-after", "9", "--retry-after-date"];
    let (_program, mut client) = Program::start(&[&overload[..], &["--cut-request-after", "1"]].concat());
    assert!(client.try_send("GET", "/0/odata/Contact", &[], b"").is_err());
    let refused = client.get("/0/odata/Contact");
    assert_eq!(refused.status, 429);
    assert!(refused.field("Retry-After").unwrap().ends_with(" GMT"));
}
