//! Proxies that break connections off.
#![allow(dead_code)] // each test file is a crate of its own and uses a part of this

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Passes connections on to a site, and closes one when the client sends that word in it, which the site does not get to
/// see. The URL to use instead of the site's.
pub fn proxy(site: SocketAddr, word: &'static str) -> String {
    breaking(site, b"", move |_, piece| has(piece, word))
}

/// The same, but only the first time.
pub fn once(site: SocketAddr, word: &'static str) -> String {
    answering_once(site, word, b"")
}

/// The same, with this answer before: to a request that is still coming, the connection is reset behind it.
pub fn answering_once(site: SocketAddr, word: &'static str, answer: &'static [u8]) -> String {
    let is_over = AtomicBool::new(false);
    breaking(site, answer, move |_, piece| has(piece, word) && !is_over.swap(true, Ordering::Relaxed))
}

/// Closes each connection when its second request begins, of which the site sees nothing.
pub fn at_second_request(site: SocketAddr) -> String {
    breaking(site, b"", |requests, _| requests == 2)
}

fn has(piece: &[u8], word: &str) -> bool {
    piece.windows(word.len()).any(|part| part == word.as_bytes())
}

/// Passes connections on, and closes one where that says so of the number of its requests so far and a piece of the last.
fn breaking(
    site: SocketAddr,
    answer: &'static [u8],
    is_to_break: impl Fn(usize, &[u8]) -> bool + Send + Sync + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let is_to_break = Arc::new(is_to_break);
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let is_to_break = is_to_break.clone();
            thread::spawn(move || pass(client, site, answer, &*is_to_break));
        }
    });
    url
}

fn pass(
    mut client: TcpStream,
    site: SocketAddr,
    answer: &[u8],
    is_to_break: &dyn Fn(usize, &[u8]) -> bool,
) -> io::Result<()> {
    let mut site = TcpStream::connect(site)?;
    let (mut replies, mut back) = (site.try_clone()?, client.try_clone()?);
    thread::spawn(move || io::copy(&mut replies, &mut back));
    let (mut buffer, mut requests) = ([0; 4096], 0);
    loop {
        let len = client.read(&mut buffer)?;
        // A request begins a piece, for the client has waited for the reply to the one before.
        let piece = &buffer[..len];
        let methods = ["GET ", "HEAD ", "POST ", "PUT ", "PATCH ", "DELETE "];
        requests += usize::from(methods.iter().any(|method| piece.starts_with(method.as_bytes())));
        if len == 0 || is_to_break(requests, piece) {
            break;
        }
        site.write_all(piece)?;
    }
    client.write_all(answer)?;
    client.shutdown(Shutdown::Both)?;
    site.shutdown(Shutdown::Both)
}
