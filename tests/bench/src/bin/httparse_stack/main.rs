//! The work done with what a program in Rust would take instead: httparse, cookie_store, serde_json.

mod http;
mod json;
mod request;
mod seed;

use std::hint::black_box;

use cookie_store::CookieStore;
use creatio_bench::count;
use creatio_bench::task::{Operation, Task};
use url::Url;

use http::Reply;
use json::{Answer, Login};

fn main() -> std::io::Result<()> {
    creatio_bench::run(perform)
}

/// What a program keeps.
struct Session {
    url: Url,
    cookies: CookieStore,
}

impl Session {
    fn new() -> Self {
        Session { url: Url::parse("https://crm.example.com/").expect("a URL"), cookies: CookieStore::default() }
    }

    /// One that has read the reply before, if there is one.
    fn before(task: &Task) -> Self {
        let mut session = Session::new();
        if !task.before.is_empty() {
            login_reply(&mut session, &task.before, usize::MAX, false);
        }
        session
    }
}

fn perform(task: &Task, rounds: usize) -> Vec<u8> {
    match task.operation {
        Operation::Login => login(task, rounds),
        Operation::Call => call(task, rounds),
        Operation::Ask => ask(task, rounds),
        Operation::Get => get(task, rounds),
        Operation::SignIn => sign_in(task, rounds),
        // They have none.
        Operation::Snapshot | Operation::Restore => Vec::new(),
    }
}

fn prepared<T>(task: &Task, rounds: usize, with: T) -> Vec<(Session, T)>
where
    T: Clone,
{
    (0..rounds).map(|_| (Session::before(task), with.clone())).collect()
}

/// Reads a reply, whose body is kept if it is to be looked into.
fn receive(session: &mut Session, reply: &[u8], piece: usize, close: bool, keeps: bool) -> Reply {
    let Session { cookies, url } = session;
    let mut read = Reply::new(keeps);
    for piece in reply.chunks(piece) {
        read.feed(piece, |line| {
            if let Ok(line) = std::str::from_utf8(line) {
                // A cookie that is not for this site is left out.
                let _ = cookies.parse(line, url);
            }
        });
    }
    if close {
        read.close();
    }
    assert!(read.is_done(), "the reply is not complete");
    read
}

fn login_reply(session: &mut Session, reply: &[u8], piece: usize, close: bool) -> Login {
    let read = receive(session, reply, piece, close, true);
    Login::read(read.status, &read.body)
}

fn login(task: &Task, rounds: usize) -> Vec<u8> {
    let mut prepared = prepared(task, rounds, None);
    count::each(&mut prepared, |(session, login)| {
        *login = Some(login_reply(session, &task.reply, task.piece, task.close));
    });
    let (session, login) = prepared.last().expect("a round");
    said(session, login.as_ref().expect("an answer"))
}

fn said(session: &Session, login: &Login) -> Vec<u8> {
    let mut answer = login.to_string().into_bytes();
    answer.extend(request::get(session));
    answer
}

fn call(task: &Task, rounds: usize) -> Vec<u8> {
    let mut prepared = prepared(task, rounds, None);
    count::each(&mut prepared, |(session, answer)| {
        let reply = receive(session, &task.reply, task.piece, task.close, task.json);
        *answer = Some(Answer::read(&reply));
    });
    let (_, answer) = prepared.last().expect("a round");
    answer.as_ref().expect("an answer").to_string().into_bytes()
}

fn ask(task: &Task, rounds: usize) -> Vec<u8> {
    let password = task.password();
    let mut prepared = prepared(task, rounds, ());
    count::each(&mut prepared, |_| drop(black_box(request::login("Supervisor", &password))));
    request::login("Supervisor", &password)
}

fn get(task: &Task, rounds: usize) -> Vec<u8> {
    let mut prepared = prepared(task, rounds, ());
    count::each(&mut prepared, |(session, ())| drop(black_box(request::get(session))));
    request::get(&prepared[0].0)
}

/// A login from its beginning to its end.
fn signed_in(task: &Task, password: &str) -> (Session, Login) {
    let mut session = Session::new();
    black_box(request::login("Supervisor", password));
    let login = login_reply(&mut session, &task.reply, task.piece, task.close);
    (session, login)
}

fn sign_in(task: &Task, rounds: usize) -> Vec<u8> {
    let password = task.password();
    count::each(&mut vec![(); rounds], |()| drop(black_box(signed_in(task, &password))));
    let (session, login) = signed_in(task, &password);
    said(&session, &login)
}
