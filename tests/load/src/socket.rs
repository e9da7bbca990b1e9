//! A TCP connection as a transport.

use std::io;
use std::net::TcpStream;

use creatio_auth::Site;
use creatio_auth::client::blocking::Transport;
use creatio_auth::client::embedded_io_07::{ErrorType, Read, Write};

#[derive(Default)]
pub struct Socket(Option<TcpStream>);

impl Socket {
    fn stream(&mut self) -> io::Result<&mut TcpStream> {
        self.0.as_mut().ok_or(io::ErrorKind::NotConnected.into())
    }
}

impl ErrorType for Socket {
    type Error = io::Error;
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        io::Read::read(self.stream()?, buffer)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::Write::write(self.stream()?, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Transport for Socket {
    fn connect(&mut self, site: &Site<'_>) -> io::Result<()> {
        let stream = TcpStream::connect((site.host(), site.port()))?;
        stream.set_nodelay(true)?;
        self.0 = Some(stream);
        Ok(())
    }

    fn disconnect(&mut self) {
        self.0 = None;
    }
}
