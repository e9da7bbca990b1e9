//! A proxy that holds logins up, so that processes meet.
#![allow(dead_code)] // each test file is a crate of its own and uses a part of this

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

/// So long is waited for anything.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    /// How many health checks have come, and before how many no login goes on.
    checks: usize,
    wanted: usize,
    /// How many logins have come.
    logins: usize,
    /// The next login is to be held.
    is_held: bool,
    /// The one that was held may go on.
    is_let_go: bool,
}

impl Gate {
    /// Passes connections on to a site; the URL to use instead of the site's.
    pub fn before(site: SocketAddr) -> (Self, String) {
        let gate = Gate::default();
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let held = gate.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let gate = held.clone();
                thread::spawn(move || gate.pass(client, site));
            }
        });
        (gate, url)
    }

    /// No login goes on before so many health checks have come from now on: so many processes have begun.
    pub fn wait_for_checks(&self, wanted: usize) {
        let mut state = self.state();
        (state.checks, state.wanted) = (0, wanted);
    }

    /// Holds the next login, and no other, until it is let go.
    pub fn hold_next(&self) {
        let mut state = self.state();
        (state.is_held, state.is_let_go, state.wanted) = (true, false, 0);
    }

    /// Waits until that is held.
    pub fn wait_until_held(&self) {
        assert!(self.wait(|state| !state.is_held), "no login has come");
    }

    pub fn let_go(&self) {
        self.state().is_let_go = true;
        self.0.1.notify_all();
    }

    /// How many logins have come.
    pub fn logins(&self) -> usize {
        self.state().logins
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().expect("no holder panics")
    }

    fn wait(&self, is_so: impl Fn(&State) -> bool) -> bool {
        let waiting = self.0.1.wait_timeout_while(self.state(), PATIENCE, |state| !is_so(state));
        !waiting.expect("no holder panics").1.timed_out()
    }

    fn pass(&self, mut client: TcpStream, site: SocketAddr) -> io::Result<()> {
        let mut site = TcpStream::connect(site)?;
        let (mut replies, mut back) = (site.try_clone()?, client.try_clone()?);
        thread::spawn(move || io::copy(&mut replies, &mut back));
        let mut buffer = [0; 4096];
        loop {
            let len = client.read(&mut buffer)?;
            let piece = &buffer[..len];
            if len == 0 || !self.lets(piece) {
                break;
            }
            site.write_all(piece)?;
        }
        client.shutdown(Shutdown::Both)?;
        site.shutdown(Shutdown::Both)
    }

    /// Waits until that may go on, if it ever may.
    fn lets(&self, piece: &[u8]) -> bool {
        let has = |word: &[u8]| piece.windows(word.len()).any(|part| part == word);
        let mut state = self.state();
        state.checks += usize::from(has(b"/HealthCheck/"));
        let is_login = has(b"AuthService.svc/Login");
        state.logins += usize::from(is_login);
        let is_held = is_login && std::mem::take(&mut state.is_held);
        drop(state);
        self.0.1.notify_all();
        match (is_login, is_held) {
            (false, _) => true,
            (_, true) => self.wait(|state| state.is_let_go),
            (_, false) => self.wait(|state| state.checks >= state.wanted),
        }
    }
}
