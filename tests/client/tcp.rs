//! A transport of the standard library.

use std::io;
use std::net::TcpStream;

use creatio_auth::Site;
use creatio_auth::client::blocking::Transport;
use creatio_auth::client::embedded_io_07::{ErrorType, Read, Write};

/// A TCP connection, without TLS.
#[derive(Default)]
pub struct Tcp {
    stream: Option<TcpStream>,
    pub connects: u32,
}

impl Tcp {
    fn stream(&mut self) -> io::Result<&mut TcpStream> {
        self.stream.as_mut().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl ErrorType for Tcp {
    type Error = io::Error;
}

impl Read for Tcp {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        io::Read::read(self.stream()?, buffer)
    }
}

impl Write for Tcp {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::Write::write(self.stream()?, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::Write::flush(self.stream()?)
    }
}

impl Transport for Tcp {
    fn connect(&mut self, site: &Site<'_>) -> io::Result<()> {
        assert!(self.stream.is_none(), "one connection at a time");
        self.connects += 1;
        self.stream = Some(TcpStream::connect((site.host(), site.port()))?);
        Ok(())
    }

    fn disconnect(&mut self) {
        self.stream = None;
    }
}
