//! A transport that plays a script, and notes down what happens to it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use creatio_auth::Site;
use creatio_auth::client::blocking::Transport;
use creatio_auth::client::embedded_io_07::{ErrorKind, ErrorType, Read, Write};

/// How one connection goes.
#[derive(Clone, Debug)]
pub struct Line {
    /// What comes after each flush.
    pub replies: Vec<Vec<u8>>,
    /// The most bytes that go in one piece.
    pub piece: usize,
    /// How many bytes are taken before writing fails.
    pub takes: usize,
    /// How many bytes come before reading fails.
    pub gives: usize,
    /// Whether the replies still come when writing has failed.
    pub is_early: bool,
    /// Whether a reply comes with each write, as long as there is one.
    pub is_eager: bool,
    /// How reading fails at the end; none where the peer has closed the connection in order. Writing fails by
    /// [`ErrorKind::BrokenPipe`] then, or takes nothing.
    pub end: Option<ErrorKind>,
    /// What the transport says of it when it was idle.
    pub is_open: bool,
    /// Whether the replies that are left come over the next connection.
    pub goes_on: bool,
}

impl Line {
    pub fn new(replies: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Line {
            replies: replies.into_iter().collect(),
            piece: usize::MAX,
            takes: usize::MAX,
            gives: usize::MAX,
            is_early: false,
            is_eager: false,
            end: None,
            is_open: true,
            goes_on: false,
        }
    }

    pub fn pieces(self, piece: usize) -> Self {
        Line { piece, ..self }
    }

    pub fn takes(self, takes: usize) -> Self {
        Line { takes, ..self }
    }

    pub fn gives(self, gives: usize) -> Self {
        Line { gives, ..self }
    }

    pub fn ends(self, end: Option<ErrorKind>) -> Self {
        Line { end, ..self }
    }

    /// The peer answers when it has taken enough, and closes the connection.
    pub fn early(self) -> Self {
        Line { is_early: true, ..self }
    }

    /// The peer answers at the first byte, and takes what comes behind it.
    pub fn eager(self) -> Self {
        Line { is_eager: true, ..self }
    }

    /// What is left of it when the client closes the connection is for the next one.
    pub fn goes_on(self) -> Self {
        Line { goes_on: true, ..self }
    }

    /// The transport sees that it is closed.
    pub fn seen_closed(self) -> Self {
        Line { is_open: false, ..self }
    }
}

/// What has happened.
#[derive(Debug, Default)]
pub struct Notes {
    /// Where each connection went.
    pub sites: Vec<String>,
    /// What each connection was sent.
    pub sent: Vec<Vec<u8>>,
    /// How many bytes each write wanted to send, and a 0 for each flush.
    pub writes: Vec<usize>,
    /// Whether a connection stands.
    pub is_connected: bool,
}

struct State {
    to_come: VecDeque<Line>,
    now: Option<(Line, VecDeque<u8>)>,
    notes: Notes,
}

/// The transport. Its copies are the same one, so that a test can look at it while a client has it.
#[derive(Clone)]
pub struct Script(Rc<RefCell<State>>);

impl Script {
    pub fn new(lines: impl IntoIterator<Item = Line>) -> Self {
        let to_come = lines.into_iter().collect();
        Script(Rc::new(RefCell::new(State { to_come, now: None, notes: Notes::default() })))
    }

    pub fn notes<R>(&self, look: impl FnOnce(&Notes) -> R) -> R {
        look(&self.0.borrow().notes)
    }

    /// How many connections there were.
    pub fn connects(&self) -> usize {
        self.notes(|notes| notes.sites.len())
    }

    pub fn is_connected(&self) -> bool {
        self.notes(|notes| notes.is_connected)
    }

    /// The methods of the requests that came, in whole or in part.
    pub fn requests(&self) -> Vec<String> {
        let sent = self.notes(|notes| notes.sent.concat());
        let sent = String::from_utf8(sent).unwrap();
        let first_lines = sent.split("\r\n").filter_map(|line| line.strip_suffix(" HTTP/1.1"));
        // After the body before, which ends in a brace.
        first_lines.map(|line| line.split(' ').next().unwrap().rsplit('}').next().unwrap().to_owned()).collect()
    }
}

impl ErrorType for Script {
    type Error = ErrorKind;
}

impl Read for Script {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        assert!(!buffer.is_empty());
        let mut state = self.0.borrow_mut();
        let (line, incoming) = state.now.as_mut().expect("a connection");
        let len = incoming.len().min(buffer.len()).min(line.piece).min(line.gives);
        if len == 0 {
            return line.end.map_or(Ok(0), Err);
        }
        line.gives -= len;
        for (byte, incoming) in buffer.iter_mut().zip(incoming.drain(..len)) {
            *byte = incoming;
        }
        Ok(len)
    }
}

impl Write for Script {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        let state = &mut *self.0.borrow_mut();
        let (line, incoming) = state.now.as_mut().expect("a connection");
        state.notes.writes.push(bytes.len());
        let len = bytes.len().min(line.piece).min(line.takes);
        if len == 0 {
            if line.is_early {
                incoming.extend(line.replies.drain(..).flatten());
            }
            return line.end.map_or(Ok(0), |_| Err(ErrorKind::BrokenPipe));
        }
        line.takes -= len;
        if line.is_eager && !line.replies.is_empty() {
            incoming.extend(line.replies.remove(0));
        }
        state.notes.sent.last_mut().unwrap().extend_from_slice(&bytes[..len]);
        Ok(len)
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        let state = &mut *self.0.borrow_mut();
        let (line, incoming) = state.now.as_mut().expect("a connection");
        state.notes.writes.push(0);
        if !line.replies.is_empty() {
            incoming.extend(line.replies.remove(0));
        }
        Ok(())
    }
}

impl Transport for Script {
    fn connect(&mut self, site: &Site<'_>) -> Result<(), ErrorKind> {
        let state = &mut *self.0.borrow_mut();
        assert!(state.now.is_none(), "one connection at a time");
        let line = state.to_come.pop_front().ok_or(ErrorKind::ConnectionRefused)?;
        state.now = Some((line, VecDeque::new()));
        state.notes.sites.push(site.to_string());
        state.notes.sent.push(Vec::new());
        state.notes.is_connected = true;
        Ok(())
    }

    fn disconnect(&mut self) {
        let state = &mut *self.0.borrow_mut();
        if let Some((line, _)) = state.now.take()
            && line.goes_on
            && !line.replies.is_empty()
            && line.takes.min(line.gives) > 0
        {
            state.to_come.push_front(line);
        }
        state.notes.is_connected = false;
    }

    fn is_open(&mut self) -> bool {
        self.0.borrow().now.as_ref().is_some_and(|(line, _)| line.is_open)
    }
}
