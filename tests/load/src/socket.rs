//! A TCP connection as a transport.

use std::io;
use std::net::TcpStream;

use creatio_auth::Site;
use creatio_auth::client::blocking::Transport;
use creatio_auth::client::embedded_io_07::{ErrorKind, ErrorType, Read, Write};

#[derive(Default)]
pub struct Socket(Option<TcpStream>);

impl Socket {
    fn stream(&mut self) -> Result<&mut TcpStream, ErrorKind> {
        self.0.as_mut().ok_or(ErrorKind::NotConnected)
    }
}

/// In place of the standard library's errors: with these, what is built together would have the feature `std`, and the C library
/// has a panic handler of its own.
fn failed(_: io::Error) -> ErrorKind {
    ErrorKind::Other
}

impl ErrorType for Socket {
    type Error = ErrorKind;
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        io::Read::read(self.stream()?, buffer).map_err(failed)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        io::Write::write(self.stream()?, bytes).map_err(failed)
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}

impl Transport for Socket {
    fn connect(&mut self, site: &Site<'_>) -> Result<(), ErrorKind> {
        let stream = TcpStream::connect((site.host(), site.port())).map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        self.0 = Some(stream);
        Ok(())
    }

    fn disconnect(&mut self) {
        self.0 = None;
    }
}
