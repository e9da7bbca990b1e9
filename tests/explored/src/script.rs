//! A connection whose answers are written down, up to the one that is still to be chosen.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use creatio_auth::Site;
use creatio_auth::client::blocking::Transport;
use creatio_auth::client::embedded_io_07::{ErrorKind, ErrorType, Read, Write};

use crate::replies::Answer;

/// What comes of a request, as far as the process that has sent it sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    Whole(Answer),
    /// The reply comes twice.
    Twice(Answer),
    /// The reply is cut off in its middle.
    CutOff(Answer),
    /// The connection is closed before a reply comes.
    Closed,
    Reset,
    TimedOut,
    /// The time that was to be waited before the request is over.
    Waited,
}

/// A request, as it has come over the wire.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Request {
    Login {
        has_right_password: bool,
        has_cookies: bool,
    },
    Call {
        /// Which write it is; none for a call that reads.
        write: Option<u8>,
        /// The ticket that authorises it, if its CSRF token goes with it.
        ticket: Option<u8>,
    },
}

pub const RIGHT: &str = "right";

impl Request {
    fn read(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).expect("requests are ASCII here");
        let (head, body) = text.split_once("\r\n\r\n").expect("a request has a head");
        let after = |mark: &str| head.split_once(mark).map(|(_, rest)| rest.as_bytes()[0] - b'0');
        if head.starts_with("POST /ServiceModel/AuthService.svc/Login ") {
            let has_right_password = body.contains(&format!(r#""UserPassword":"{RIGHT}""#));
            return Request::Login { has_right_password, has_cookies: head.contains("\r\nCookie: ") };
        }
        let ticket = after(".ASPXAUTH=t").filter(|_| after("\r\nBPMCSRF: c") == after(".ASPXAUTH=t"));
        let number = body.strip_prefix("{\"id\":").map(|rest| rest.as_bytes()[0] - b'0');
        let write = if head.starts_with("POST ") { Some(number.expect("a write has a number")) } else { None };
        Request::Call { write, ticket }
    }

    pub fn is_login(&self) -> bool {
        matches!(self, Request::Login { .. })
    }
}

/// What the process waits for where the script ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Pending {
    Reply(Request),
    /// So many seconds.
    Time(u32),
}

/// The connection. Its copies are the same one, so that a client can have it and another set what is to come.
#[derive(Clone, Default)]
pub struct Script(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    fates: VecDeque<Fate>,
    sent: Vec<u8>,
    incoming: VecDeque<u8>,
    end: Option<ErrorKind>,
    is_connected: bool,
    pending: Option<Pending>,
    logins: u32,
}

impl Script {
    /// What comes of the requests of the next call.
    pub fn set(&self, fates: &[Fate]) {
        let mut state = self.0.borrow_mut();
        assert!(state.fates.is_empty(), "they come all: {:?}", state.fates);
        state.fates = fates.iter().copied().collect();
        state.logins = 0;
    }

    /// What it waits for, where the script has ended.
    pub fn pending(&self) -> Option<Pending> {
        self.0.borrow().pending.clone()
    }

    pub fn is_connected(&self) -> bool {
        self.0.borrow().is_connected
    }

    /// How many logins were sent for this call.
    pub fn logins(&self) -> u32 {
        self.0.borrow().logins
    }

    /// Whether the time has passed.
    pub fn wait(&self, seconds: u32) -> bool {
        let mut state = self.0.borrow_mut();
        match state.fates.pop_front() {
            Some(Fate::Waited) => true,
            Some(fate) => panic!("{fate:?} where {seconds} s are waited"),
            None => {
                state.pending = Some(Pending::Time(seconds));
                false
            }
        }
    }
}

impl ErrorType for Script {
    type Error = ErrorKind;
}

impl Read for Script {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        let mut state = self.0.borrow_mut();
        let len = state.incoming.len().min(buffer.len());
        for (byte, incoming) in buffer.iter_mut().zip(state.incoming.drain(..len)) {
            *byte = incoming;
        }
        match state.end {
            Some(error) if len == 0 => Err(error),
            _ => Ok(len),
        }
    }
}

impl Write for Script {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.0.borrow_mut().sent.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        let mut state = self.0.borrow_mut();
        let request = Request::read(&std::mem::take(&mut state.sent));
        state.logins += u32::from(request.is_login());
        // What is behind a whole reply is silence.
        (state.incoming, state.end) = match state.fates.pop_front() {
            Some(Fate::Whole(answer)) => (answer.bytes().into(), Some(ErrorKind::TimedOut)),
            Some(Fate::Twice(answer)) => (answer.bytes().repeat(2).into(), Some(ErrorKind::TimedOut)),
            Some(Fate::CutOff(answer)) => {
                let bytes = answer.bytes();
                (bytes[..bytes.len() - 1].to_vec().into(), None)
            }
            Some(Fate::Closed) => (VecDeque::new(), None),
            Some(Fate::Reset) => (VecDeque::new(), Some(ErrorKind::ConnectionReset)),
            Some(Fate::TimedOut) => (VecDeque::new(), Some(ErrorKind::TimedOut)),
            Some(Fate::Waited) => panic!("a request where time was to pass"),
            None => {
                state.pending = Some(Pending::Reply(request));
                (VecDeque::new(), Some(ErrorKind::Other))
            }
        };
        Ok(())
    }
}

impl Transport for Script {
    fn connect(&mut self, _: &Site<'_>) -> Result<(), ErrorKind> {
        let was_connected = std::mem::replace(&mut self.0.borrow_mut().is_connected, true);
        assert!(!was_connected, "one connection at a time");
        Ok(())
    }

    fn disconnect(&mut self) {
        let mut state = self.0.borrow_mut();
        state.is_connected = false;
        (state.incoming, state.end) = (VecDeque::new(), None);
        state.sent.clear();
    }

    /// What has come meanwhile is no reply to what is sent next.
    fn is_open(&mut self) -> bool {
        let state = self.0.borrow();
        state.is_connected && state.incoming.is_empty()
    }
}
