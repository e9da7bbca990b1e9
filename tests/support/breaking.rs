//! A proxy that breaks a connection off.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

/// Passes connections on to a site, and closes one when the client sends that word in it, which the site does not get to
/// see. The URL to use instead of the site's.
pub fn proxy(site: SocketAddr, word: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || pass(client, site, word));
        }
    });
    url
}

fn pass(mut client: TcpStream, site: SocketAddr, word: &str) -> io::Result<()> {
    let mut site = TcpStream::connect(site)?;
    let (mut replies, mut back) = (site.try_clone()?, client.try_clone()?);
    thread::spawn(move || io::copy(&mut replies, &mut back));
    let mut buffer = [0; 4096];
    loop {
        let len = client.read(&mut buffer)?;
        // A request begins a piece, for the client has waited for the reply to the one before.
        if len == 0 || buffer[..len].windows(word.len()).any(|part| part == word.as_bytes()) {
            break;
        }
        site.write_all(&buffer[..len])?;
    }
    client.shutdown(Shutdown::Both)?;
    site.shutdown(Shutdown::Both)
}
