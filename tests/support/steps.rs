//! The emulator's replies to logins, as bytes, to be fed again.

use std::io::{Read, Write};
use std::net::TcpStream;

use creatio_auth::{Credentials, Runtime, Session, Site, Verdict};
use creatio_emulator::{Emulator, Options, SecondFactor, User};

use super::{Cut, feed, pull};

/// The code of the user Ann, whose password is `a`.
pub const CODE: &str = "123456";

/// Each way to do it in two steps.
pub const KINDS: [SecondFactor; 3] =
    [SecondFactor::TwoSteps, SecondFactor::TwoStepsCode5, SecondFactor::TwoStepsException];

pub fn ann() -> Credentials<'static> {
    Credentials::borrowed("Ann", "a")
}

pub fn ann_with_code() -> Credentials<'static> {
    ann().with_borrowed_one_time_code(CODE)
}

/// An emulator where Ann needs a code.
pub fn emulator(second_factor: SecondFactor, runtime: Runtime) -> Emulator {
    let users = vec![User::new("Ann", "a").with_one_time_code(CODE)];
    let runtime = emulated(runtime);
    // Short, so that every place of a reply can be tried.
    let (ticket_length, stack_trace_size) = (32, 32);
    Emulator::start(Options { users, second_factor, runtime, ticket_length, stack_trace_size, ..Options::default() })
        .unwrap()
}

pub fn emulated(runtime: Runtime) -> creatio_emulator::Runtime {
    match runtime {
        Runtime::Net => creatio_emulator::Runtime::Net,
        _ => creatio_emulator::Runtime::NetFramework,
    }
}

/// A request's reply, over a connection of its own.
pub fn reply_to(emulator: &Emulator, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(emulator.address()).unwrap();
    stream.write_all(request).unwrap();
    let (mut reply, mut buffer) = (Vec::new(), [0; 1024]);
    while !is_complete(&reply) {
        let received = stream.read(&mut buffer).unwrap();
        assert!(received > 0, "the emulator closes no connection");
        reply.extend_from_slice(&buffer[..received]);
    }
    reply
}

/// By the length in its head.
fn is_complete(reply: &[u8]) -> bool {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut read = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = read.parse(reply).unwrap() else { return false };
    let length = read.headers.iter().find(|field| field.name.eq_ignore_ascii_case("Content-Length")).unwrap();
    reply.len() == head + str::from_utf8(length.value).unwrap().parse::<usize>().unwrap()
}

/// What the emulator answers to a login of this session, which takes it.
pub fn recorded(
    emulator: &Emulator,
    session: &mut Session<'_>,
    credentials: &Credentials<'_>,
) -> (Vec<u8>, Option<Verdict>) {
    let mut exchange = session.login(credentials);
    let reply = reply_to(emulator, &pull(session, &mut exchange, 512));
    let verdict = feed(session, &mut exchange, &reply, Cut::Whole).verdict();
    (reply, verdict)
}

/// The replies to both steps.
pub fn both_steps(emulator: &Emulator, runtime: Runtime) -> [Vec<u8>; 2] {
    let (url, mut memory) = (emulator.url(), [0; 4096]);
    let mut session = Session::new(Site::parse(&url, runtime).unwrap(), &mut memory);
    let (first, verdict) = recorded(emulator, &mut session, &ann());
    assert_eq!(verdict, Some(Verdict::SecondFactorWanted));
    let (second, verdict) = recorded(emulator, &mut session, &ann_with_code());
    assert_eq!(verdict, Some(Verdict::Authenticated));
    [first, second]
}
