//! What a program is to do, as a line of its input says it: `name=r1 operation=login reply=FILE`.

use std::{fs, io};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Reading the reply to a login.
    Login,
    /// Reading the reply to a call.
    Call,
    /// Making the request of a login.
    Ask,
    /// Making the request of a call, with a session that is signed in.
    Get,
    /// A whole login: a session, the request, the reply, and the session's end.
    SignIn,
    /// Writing a snapshot.
    Snapshot,
    /// Reading one.
    Restore,
}

#[derive(Debug)]
pub struct Task {
    pub name: String,
    pub operation: Operation,
    /// How often it is done, and then twice as often.
    pub rounds: usize,
    /// The reply that is read.
    pub reply: Vec<u8>,
    /// The reply to the login before it, of the session that makes the call; empty for none.
    pub before: Vec<u8>,
    /// The reply arrives in pieces of so many bytes.
    pub piece: usize,
    /// The request is taken in buffers of so many bytes.
    pub buffer: usize,
    /// The session's memory.
    pub memory: usize,
    /// The connection's end ends the reply.
    pub close: bool,
    /// The call asks for JSON.
    pub json: bool,
    /// The password has so many characters.
    pub password: usize,
}

impl Task {
    pub fn read(line: &str) -> io::Result<Self> {
        let mut task = Task {
            name: String::new(),
            operation: Operation::Login,
            rounds: 1,
            reply: Vec::new(),
            before: Vec::new(),
            piece: usize::MAX,
            buffer: 512,
            memory: 16 * 1024,
            close: false,
            json: true,
            password: 12,
        };
        for (key, value) in line.split_whitespace().filter_map(|part| part.split_once('=')) {
            let number = || value.parse().map_err(|_| wrong(line));
            match key {
                "name" => task.name = value.to_owned(),
                "operation" => task.operation = operation(value).ok_or_else(|| wrong(line))?,
                "rounds" => task.rounds = number()?,
                "reply" => task.reply = fs::read(value)?,
                "before" => task.before = fs::read(value)?,
                "piece" => task.piece = number()?,
                "buffer" => task.buffer = number()?,
                "memory" => task.memory = number()?,
                "close" => task.close = number()? != 0,
                "json" => task.json = number()? != 0,
                "password" => task.password = number()?,
                _ => return Err(wrong(line)),
            }
        }
        Ok(task)
    }

    /// What the body of the call may be.
    pub fn accept(&self) -> &'static str {
        if self.json { "application/json" } else { "application/octet-stream" }
    }

    /// The password, with what JSON has to escape at its end.
    pub fn password(&self) -> String {
        "p".repeat(self.password.saturating_sub(2)) + "\"\\"
    }
}

fn operation(name: &str) -> Option<Operation> {
    Some(match name {
        "login" => Operation::Login,
        "call" => Operation::Call,
        "ask" => Operation::Ask,
        "get" => Operation::Get,
        "sign-in" => Operation::SignIn,
        "snapshot" => Operation::Snapshot,
        "restore" => Operation::Restore,
        _ => return None,
    })
}

fn wrong(line: &str) -> io::Error {
    io::Error::other(format!("not understood: {line}"))
}
