//! What may stand between the firmware and the site.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// Between two bytes, so that QEMU's network does not join them into one segment.
const PAUSE: Duration = Duration::from_micros(400);

fn listen() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// A relay that passes replies on one byte at a time. It lasts as long as this program.
pub fn byte_by_byte(site: SocketAddr) -> io::Result<SocketAddr> {
    let (listener, address) = listen()?;
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            // What goes wrong here shows on the board, whose connection is closed then.
            let _ = relay(client, site);
        }
    });
    Ok(address)
}

fn relay(mut client: TcpStream, site: SocketAddr) -> io::Result<()> {
    let mut replies = TcpStream::connect(site)?;
    let mut requests = (client.try_clone()?, replies.try_clone()?);
    thread::spawn(move || io::copy(&mut requests.0, &mut requests.1));
    client.set_nodelay(true)?;
    let mut buffer = [0; 4096];
    loop {
        let len = replies.read(&mut buffer)?;
        if len == 0 {
            return Ok(());
        }
        for byte in buffer[..len].chunks(1) {
            client.write_all(byte)?;
            thread::sleep(PAUSE);
        }
    }
}

/// A server that takes connections and never says a word. It lasts as long as this program.
pub fn silence() -> io::Result<SocketAddr> {
    let (listener, address) = listen()?;
    thread::spawn(move || {
        let connections: Vec<_> = listener.incoming().collect();
        drop(connections);
    });
    Ok(address)
}

/// An address that refuses connections.
pub fn nobody() -> io::Result<SocketAddr> {
    listen().map(|(_, address)| address)
}
