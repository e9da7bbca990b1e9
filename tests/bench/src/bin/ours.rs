//! The work done with the crate.

use std::hint::black_box;

use creatio_auth::{Call, Credentials, Exchange, Path, ReplyError, Runtime, Session, Site, Text};
use creatio_bench::count;
use creatio_bench::task::{Operation, Task};

/// The answer where there is more of something than the crate takes.
const REFUSED: &[u8] = b"refused\n";

fn main() -> std::io::Result<()> {
    creatio_bench::run(perform)
}

fn perform(task: &Task, rounds: usize) -> Vec<u8> {
    match task.operation {
        Operation::Login => login(task, rounds),
        Operation::Call => call(task, rounds),
        Operation::Ask => ask(task, rounds),
        Operation::Get => get(task, rounds),
        Operation::SignIn => sign_in(task, rounds),
        Operation::Snapshot => snapshot(task, rounds),
        Operation::Restore => restore(task, rounds),
    }
}

fn site() -> Site<'static> {
    Site::parse("https://crm.example.com", Runtime::NetFramework).expect("a URL")
}

fn path() -> Path<'static> {
    Path::site("/odata/Contact").expect("a path")
}

fn memories(task: &Task, count: usize) -> Vec<Vec<u8>> {
    vec![vec![0; task.memory]; count]
}

/// Sessions that have read the reply before, if there is one.
fn sessions<'m>(task: &Task, memories: &'m mut [Vec<u8>]) -> Vec<Session<'m>> {
    let password = task.password();
    let credentials = Credentials::borrowed("Supervisor", &password);
    let begin = |memory: &'m mut Vec<u8>| {
        let mut session = Session::new(site(), memory);
        // Or lines beyond what a reply may have by default would be refused.
        session.set_head_limit(usize::MAX);
        if !task.before.is_empty() {
            let mut exchange = session.login(&credentials);
            send(&mut exchange, &mut session);
            // What is refused is told at the end.
            let _ = receive(&mut exchange, &mut session, &task.before, usize::MAX, false);
        }
        session
    };
    memories.iter_mut().map(begin).collect()
}

/// Takes the whole request.
fn send(exchange: &mut Exchange<'_>, session: &mut Session<'_>) -> Vec<u8> {
    let (mut request, mut buffer) = (Vec::new(), [0; 512]);
    loop {
        match exchange.fill(session, &mut buffer).expect("a request") {
            0 => return request,
            len => request.extend_from_slice(&buffer[..len]),
        }
    }
}

/// Takes the request as it is counted.
fn fill(exchange: &mut Exchange<'_>, session: &mut Session<'_>, buffer: &mut [u8]) {
    while exchange.fill(session, buffer).expect("a request") > 0 {}
}

/// How long the body was that has been handed out.
fn receive(
    exchange: &mut Exchange<'_>,
    session: &mut Session<'_>,
    reply: &[u8],
    piece: usize,
    close: bool,
) -> Result<usize, ReplyError> {
    let mut body = 0;
    for mut piece in reply.chunks(piece) {
        while !piece.is_empty() {
            let fed = exchange.feed(session, piece)?;
            body += fed.body.len();
            if fed.done {
                return Ok(body);
            }
            piece = &piece[fed.consumed..];
        }
    }
    if close {
        exchange.close(session)?;
    }
    Ok(body)
}

/// The next call that the session makes, if the reply before was not more than it takes.
fn next_get(task: &Task, session: &mut Session<'_>) -> Vec<u8> {
    if !task.before.is_empty() && !session.has_ticket() {
        return REFUSED.to_vec();
    }
    let mut exchange = session.call(&Call::get(path()));
    send(&mut exchange, session)
}

/// A login that has been sent.
fn asked<'m: 'c, 'c>(mut session: Session<'m>, credentials: &'c Credentials<'_>) -> (Session<'m>, Exchange<'c>) {
    let mut exchange = session.login(credentials);
    send(&mut exchange, &mut session);
    (session, exchange)
}

fn login(task: &Task, rounds: usize) -> Vec<u8> {
    let mut memories = memories(task, rounds);
    let password = task.password();
    let credentials = Credentials::borrowed("Supervisor", &password);
    let sessions = sessions(task, &mut memories).into_iter();
    let mut prepared: Vec<_> = sessions.map(|session| asked(session, &credentials)).collect();
    count::each(&mut prepared, |(session, exchange)| {
        let _ = receive(exchange, session, &task.reply, task.piece, task.close);
        let _ = black_box(exchange.login_result(session));
    });
    let (session, exchange) = prepared.last_mut().expect("a round");
    said(task, exchange, session)
}

fn text(text: Option<Text<'_>>) -> String {
    text.map_or("none".to_owned(), |text| text.as_str().to_owned())
}

/// What the answer to a login says, and the next call.
fn said(task: &Task, exchange: &Exchange<'_>, session: &mut Session<'_>) -> Vec<u8> {
    let Ok(login) = exchange.login_result(session) else { return REFUSED.to_vec() };
    let code = login.code.map_or("none".to_owned(), |code| code.to_string());
    let (message, exception) = (text(login.message), text(login.exception_message));
    let status = login.http_status;
    let mut answer = format!("status {status}\ncode {code}\nmessage {message}\nexception {exception}\n").into_bytes();
    answer.extend(next_get(task, session));
    answer
}

/// A call that has been sent.
fn called<'m: 'c, 'c>(mut session: Session<'m>, call: &Call<'c>) -> (Session<'m>, Exchange<'c>) {
    let mut exchange = session.call(call);
    send(&mut exchange, &mut session);
    (session, exchange)
}

fn call(task: &Task, rounds: usize) -> Vec<u8> {
    let mut memories = memories(task, rounds);
    let call = Call::get(path()).with_accept(task.accept()).expect("a type");
    let sessions = sessions(task, &mut memories).into_iter();
    let mut prepared: Vec<_> = sessions.map(|session| (called(session, &call), 0)).collect();
    count::each(&mut prepared, |((session, exchange), body)| {
        *body = receive(exchange, session, &task.reply, task.piece, task.close).expect("a reply");
        let _ = black_box(exchange.call_result(session).expect("an answer"));
    });
    let ((session, exchange), body) = prepared.last().expect("a round");
    let answer = exchange.call_result(session).expect("an answer");
    let (message, next, status) = (text(answer.message), text(answer.next_link), answer.http_status);
    format!("status {status}\nbody {body}\nmessage {message}\nnext {next}\n").into_bytes()
}

fn ask(task: &Task, rounds: usize) -> Vec<u8> {
    let mut memories = memories(task, rounds);
    let password = task.password();
    let credentials = Credentials::borrowed("Supervisor", &password);
    let mut buffer = vec![0; task.buffer];
    let mut prepared = sessions(task, &mut memories);
    count::each(&mut prepared, |session| {
        let mut exchange = session.login(&credentials);
        fill(&mut exchange, session, &mut buffer);
    });
    let session = prepared.last_mut().expect("a round");
    let mut exchange = session.login(&credentials);
    send(&mut exchange, session)
}

fn get(task: &Task, rounds: usize) -> Vec<u8> {
    let mut memories = memories(task, rounds);
    let mut buffer = vec![0; task.buffer];
    let mut prepared = sessions(task, &mut memories);
    count::each(&mut prepared, |session| {
        let mut exchange = session.call(&Call::get(path()));
        fill(&mut exchange, session, &mut buffer);
    });
    next_get(task, prepared.last_mut().expect("a round"))
}

/// A login from its beginning to its end.
fn signed_in<'m: 'c, 'c>(
    task: &Task,
    memory: &'m mut [u8],
    credentials: &'c Credentials<'_>,
    buffer: &mut [u8],
) -> (Session<'m>, Exchange<'c>) {
    let mut session = Session::new(site(), memory);
    let mut exchange = session.login(credentials);
    fill(&mut exchange, &mut session, buffer);
    let _ = receive(&mut exchange, &mut session, &task.reply, task.piece, task.close);
    let _ = black_box(exchange.login_result(&session));
    (session, exchange)
}

fn sign_in(task: &Task, rounds: usize) -> Vec<u8> {
    let mut memories = memories(task, rounds);
    let password = task.password();
    let credentials = Credentials::borrowed("Supervisor", &password);
    let mut buffer = vec![0; task.buffer];
    count::each(&mut memories, |memory| drop(signed_in(task, memory, &credentials, &mut buffer)));
    let (mut session, exchange) = signed_in(task, &mut memories[0], &credentials, &mut buffer);
    said(task, &exchange, &mut session)
}

fn snapshot(task: &Task, rounds: usize) -> Vec<u8> {
    let mut memories = memories(task, rounds);
    let mut prepared = sessions(task, &mut memories);
    let mut buffer = vec![0; task.memory + 24];
    count::each(&mut prepared, |session| {
        session.write_snapshot(&mut buffer).expect("a snapshot");
    });
    next_get(task, prepared.last_mut().expect("a round"))
}

fn restore(task: &Task, rounds: usize) -> Vec<u8> {
    let mut written = vec![0; task.memory + 24];
    let mut memory = memories(task, 1);
    let len = sessions(task, &mut memory)[0].write_snapshot(&mut written).expect("a snapshot");
    let mut memories = memories(task, rounds);
    count::each(&mut memories, |memory| {
        let mut session = Session::new(site(), memory);
        session.restore(&written[..len]).expect("a session");
        black_box(&session);
    });
    let mut session = Session::new(site(), &mut memories[0]);
    session.restore(&written[..len]).expect("a session");
    next_get(task, &mut session)
}
