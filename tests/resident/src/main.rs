//! Signs in by one of the doors, makes calls, logs out and stays. Its memory is looked at from outside twice: when it has said
//! `in`, and when it has said `out`.
//!
//! `creatio-resident URL DOOR PIECE`, with the password in one line of the standard input. A line lets it go on each time.
//! `resident.c` is its twin.

#[path = "../../load/src/socket.rs"]
mod socket;

use std::env;
use std::fs::File;
use std::io::Read as _;

use creatio_auth::client::Identity;
use creatio_auth::client::blocking::Client;
use creatio_auth::{Call, ClientCredentials, Credentials, Path, Runtime, Session, Site};

use socket::Socket;

fn main() {
    let arguments: Vec<_> = env::args().collect();
    let [_, url, door, piece] = &arguments[..] else { panic!("URL DOOR PIECE") };
    // Without a buffer of the standard library's, which nobody could wipe.
    let mut input = File::open("/dev/stdin").expect("there is one");
    let mut line = [0; 256];
    let len = read_line(&mut input, &mut line);
    let secret = std::str::from_utf8_mut(&mut line[..len]).expect("it is UTF-8");
    let (mut memory, mut buffer) = ([0; 4096], vec![0; piece.parse().expect("a number")]);
    let site = Site::parse(url, Runtime::Net).expect("it is a URL");
    let mut session = Session::new(site, &mut memory);
    if door == "basic" {
        session.use_basic(&Credentials::borrowed("Supervisor", secret)).expect("there is room");
    }
    let mut client = Client::new(&mut session, Socket::default(), &mut buffer);
    match door.as_str() {
        "login" => {
            let credentials = Credentials::new("Supervisor", secret); // wiped when it is dropped
            assert!(client.login(&credentials).expect("it is answered").verdict.is_authenticated());
            stay(&mut client, &mut input);
        }
        "token" => {
            let credentials = ClientCredentials::new("client", secret);
            let _ = client.token(&Identity { service: site, client: &credentials }).expect("it is answered");
            stay(&mut client, &mut input);
        }
        _ => {
            stay(&mut client, &mut input);
            // It was borrowed, and so it is not wiped for us.
            Credentials::new("", secret);
        }
    }
    client.logout().expect("it is answered");
    drop(client);
    drop(session);
    say("out", &mut input);
}

/// Makes calls, and waits.
fn stay(client: &mut Client<'_, '_, Socket>, input: &mut File) {
    let path = Path::site("/odata/Contact").expect("it is a path");
    for call in [Call::get(path), Call::post(path).with_json(b"{}")] {
        client.call(&call).and_then(|reply| reply.answer().map(|_| ())).expect("it is answered");
    }
    say("in", input);
}

fn say(word: &str, input: &mut File) {
    println!("{word}");
    read_line(input, &mut [0; 256]);
}

/// Reads up to the end of a line, which it leaves out.
fn read_line(input: &mut File, line: &mut [u8]) -> usize {
    for place in 0..line.len() {
        let read = input.read(&mut line[place..=place]).expect("it can be read");
        if read == 0 || line[place] == b'\n' {
            return place;
        }
    }
    line.len()
}
