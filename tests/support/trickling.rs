//! Peers that go on for ever, a byte now and then.
#![allow(dead_code)] // each test file is a crate of its own and uses a part of this

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(50);

/// Answers each request with this and then with a letter now and then. Its URL.
pub fn site(beginning: &'static str) -> String {
    listen(move |mut client| {
        let _ = client.read(&mut [0; 4096])?; // of the request, as much as there is
        client.write_all(beginning.as_bytes())?;
        loop {
            client.write_all(b"a")?;
            thread::sleep(PAUSE);
        }
    })
}

/// Passes connections on to a site, whose answers come byte by byte. Its URL, without the scheme.
pub fn proxy(site: SocketAddr) -> String {
    let url = listen(move |client| {
        let site = TcpStream::connect(site)?;
        let (mut replies, mut back) = (site.try_clone()?, client.try_clone()?);
        thread::spawn(move || io::copy(&mut &client, &mut &site));
        let mut byte = [0];
        while replies.read(&mut byte)? > 0 {
            back.write_all(&byte)?;
            thread::sleep(PAUSE);
        }
        Ok(())
    });
    url.replace("http://", "")
}

fn listen(serve: impl Fn(TcpStream) -> io::Result<()> + Send + Sync + Copy + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || serve(client));
        }
    });
    url
}
