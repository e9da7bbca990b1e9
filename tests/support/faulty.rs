//! A path to a site on which things go wrong.
#![allow(dead_code)] // each test file is a crate of its own and uses a part of this

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use socket2::SockRef;

/// What goes wrong with one request and its reply, or with a connection that speaks TLS. Numbers are bytes that go through before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The reply comes late.
    Delays,
    /// The reply comes one byte a segment.
    Trickles,
    /// The connection is closed in the middle of the request, or of the reply.
    CutsRequest(usize),
    CutsReply(usize),
    /// The same by a reset.
    ResetsRequest(usize),
    ResetsReply(usize),
    /// The site hears that nothing more is sent, right behind the request.
    HalfClosesToSite,
    /// The client hears that nothing more is sent, right behind a part of the reply; what it sends is still taken.
    HalfClosesToClient(usize),
    /// A TLS alert stands where the reply goes on: something in between gives up.
    Alerts(usize),
    /// Nothing more comes, for ever.
    Stops(usize),
}

/// `handshake_failure`, fatal (RFC 8446, 6).
const ALERT: [u8; 7] = [21, 3, 3, 0, 2, 2, 40];
/// A handshake's record, with a ClientHello in it (RFC 8446, 5.1 and 4).
const CLIENT_HELLO: [u8; 3] = [22, 3, 1];
/// No test hangs on how long it is.
const DELAY: Duration = Duration::from_millis(50);

/// The path. Nothing goes wrong on it unless that is asked for.
#[derive(Clone)]
pub struct FaultyPath {
    address: SocketAddr,
    to_come: Arc<Mutex<ToCome>>,
}

#[derive(Default)]
struct ToCome {
    /// What goes wrong with which request from now on, the next one being number 1.
    fault: Option<(usize, Fault)>,
    requests: usize,
}

impl FaultyPath {
    pub fn to(site: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let path = FaultyPath { address: listener.local_addr().expect("it is bound"), to_come: Arc::default() };
        let there = path.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let path = there.clone();
                thread::spawn(move || path.pass(client, site));
            }
        });
        path
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Has this go wrong with a request, the next one being number 1, and counts from there.
    pub fn set(&self, request: usize, fault: Fault) {
        *self.to_come.lock().expect("no holder panics") = ToCome { fault: Some((request, fault)), requests: 0 };
    }

    /// How many requests have begun since.
    pub fn requests(&self) -> usize {
        self.to_come.lock().expect("no holder panics").requests
    }

    /// What goes wrong with the request that begins.
    fn begin(&self) -> Option<Fault> {
        let mut to_come = self.to_come.lock().expect("no holder panics");
        to_come.requests += 1;
        to_come.fault.filter(|(request, _)| *request == to_come.requests).map(|(_, fault)| fault)
    }

    fn pass(&self, mut client: TcpStream, site: SocketAddr) -> io::Result<()> {
        let mut site = TcpStream::connect(site)?;
        for stream in [&client, &site] {
            stream.set_nodelay(true)?;
        }
        let fault = Arc::new(Mutex::new(None));
        let (replies, back, of_reply) = (site.try_clone()?, client.try_clone()?, fault.clone());
        let reply = thread::spawn(move || pass_replies(replies, back, &of_reply));
        let (mut buffer, mut passed) = ([0; 4096], 0);
        loop {
            let len = client.read(&mut buffer)?;
            if len == 0 {
                return site.shutdown(Shutdown::Write);
            }
            let piece = &buffer[..len];
            // A request begins a piece, for the client has waited for the reply to the one before. Of TLS nobody sees more than
            // the handshake's first record.
            if is_beginning(piece) || piece.starts_with(&CLIENT_HELLO) {
                (passed, *fault.lock().expect("no holder panics")) = (0, self.begin());
            }
            let fault = *fault.lock().expect("no holder panics");
            if let Some(Fault::CutsRequest(most) | Fault::ResetsRequest(most)) = fault
                && passed + len > most
            {
                site.write_all(&piece[..most.saturating_sub(passed)])?;
                end(&client, matches!(fault, Some(Fault::ResetsRequest(_))))?;
                return end(&site, false);
            }
            site.write_all(piece)?;
            passed += len;
            if fault == Some(Fault::HalfClosesToSite) && is_whole(piece) {
                site.shutdown(Shutdown::Write)?;
                let _ = reply.join();
                return Ok(());
            }
        }
    }
}

fn is_beginning(piece: &[u8]) -> bool {
    ["GET ", "HEAD ", "POST ", "PUT ", "PATCH ", "DELETE "].iter().any(|method| piece.starts_with(method.as_bytes()))
}

/// Of requests here the body ends in a brace, and those without one end with their head.
fn is_whole(piece: &[u8]) -> bool {
    piece.ends_with(b"}") || piece.starts_with(b"GET ") && piece.ends_with(b"\r\n\r\n")
}

/// Closes a connection in order; or by a reset, when the other half lets go of it, too, which wakes from its reading.
fn end(stream: &TcpStream, is_reset: bool) -> io::Result<()> {
    if is_reset {
        SockRef::from(stream).set_linger(Some(Duration::ZERO))?;
    }
    stream.shutdown(if is_reset { Shutdown::Read } else { Shutdown::Both })
}

fn pass_replies(mut site: TcpStream, mut client: TcpStream, fault: &Mutex<Option<Fault>>) -> io::Result<()> {
    let (mut buffer, mut passed, mut before) = ([0; 4096], 0, None);
    loop {
        let len = site.read(&mut buffer)?;
        if len == 0 {
            let is_reset = matches!(*fault.lock().expect("no holder panics"), Some(Fault::ResetsRequest(_)));
            return if is_reset { Ok(()) } else { end(&client, false) };
        }
        let (piece, now) = (&buffer[..len], *fault.lock().expect("no holder panics"));
        if now != before {
            (passed, before) = (0, now);
        }
        let Some(fault) = now else {
            client.write_all(piece)?;
            continue;
        };
        let most = match fault {
            Fault::CutsReply(most) | Fault::ResetsReply(most) | Fault::Stops(most) => most,
            Fault::Alerts(most) | Fault::HalfClosesToClient(most) => most,
            _ => usize::MAX,
        };
        if fault == Fault::Delays {
            thread::sleep(DELAY);
        }
        let last = &piece[..len.min(most - passed)];
        let size = if fault == Fault::Trickles { 1 } else { len };
        for segment in last.chunks(size) {
            client.write_all(segment)?;
        }
        passed += last.len();
        if passed == most {
            match fault {
                Fault::Alerts(_) => {
                    client.write_all(&ALERT)?;
                    return end(&client, false);
                }
                Fault::HalfClosesToClient(_) => return client.shutdown(Shutdown::Write),
                // As long as it has the connection.
                Fault::Stops(_) => return Ok(()),
                _ => return end(&client, matches!(fault, Fault::ResetsReply(_))),
            }
        }
    }
}
