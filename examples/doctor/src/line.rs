//! The way to a site: TCP, and TLS where the site asks for it. Each exchange has a connection of its own.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use creatio_auth::{Exchange, ReplyError, Session};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use zeroize::Zeroizing;

use crate::reply::Reply;

/// So much of a reply is kept to be looked at; what is behind it is read all the same.
const KEPT: usize = 256 * 1024;

/// Where the site is, and how it is spoken to.
#[derive(Clone)]
pub struct Line {
    /// The host that the certificate has to name.
    pub host: String,
    /// Where to connect.
    pub address: SocketAddr,
    /// None for plain HTTP.
    pub tls: Option<Arc<ClientConfig>>,
    /// How long an exchange may take, from the connection on.
    pub timeout: Duration,
}

/// What an exchange has failed at.
#[derive(Debug)]
pub enum Trouble {
    /// Connecting, TLS or sending and receiving.
    Io(io::Error),
    /// The reply; the field in which, if in any; and how what came begins.
    Reply(ReplyError, String, String),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Trouble::Io(error)
    }
}

/// A socket that gives up at a time that is set for all that is done with it.
pub struct Socket {
    tcp: TcpStream,
    deadline: Instant,
}

impl Socket {
    /// Connects.
    pub fn connect(address: SocketAddr, timeout: Duration) -> io::Result<Self> {
        let deadline = Instant::now() + timeout;
        let tcp = TcpStream::connect_timeout(&address, timeout)?;
        tcp.set_nodelay(true)?; // of a request in several writes, the last would wait for the peer otherwise
        Ok(Socket { tcp, deadline })
    }

    /// No time at all is an error.
    fn time_left(&self) -> io::Result<Option<Duration>> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(Some(left)) }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.tcp.set_read_timeout(self.time_left()?)?;
        self.tcp.read(buffer)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.tcp.set_write_timeout(self.time_left()?)?;
        self.tcp.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tcp.flush()
    }
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

impl Line {
    /// As [`ClientConnection`] wants the host.
    pub fn server_name(&self) -> io::Result<ServerName<'static>> {
        let host = self.host.trim_matches(['[', ']']).to_owned();
        ServerName::try_from(host).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))
    }

    fn open(&self) -> io::Result<Box<dyn Stream>> {
        let socket = Socket::connect(self.address, self.timeout)?;
        let Some(config) = &self.tls else { return Ok(Box::new(socket)) };
        let client = ClientConnection::new(config.clone(), self.server_name()?).map_err(io::Error::other)?;
        Ok(Box::new(StreamOwned::new(client, socket)))
    }

    /// Runs an exchange from its first byte to its last.
    pub fn run(&self, session: &mut Session<'_>, exchange: &mut Exchange<'_>) -> Result<Reply, Trouble> {
        let start = Instant::now();
        let mut stream = self.open()?;
        let mut buffer = Zeroizing::new([0; 2048]); // password and ticket go through it
        loop {
            match exchange.fill(session, &mut *buffer).map_err(io::Error::other)? {
                0 => break,
                filled => stream.write_all(&buffer[..filled])?,
            }
        }
        stream.flush()?;
        let mut raw = Zeroizing::new(Vec::with_capacity(KEPT)); // it is not to be moved
        'reply: loop {
            let received = again(|| stream.read(&mut *buffer)).or_else(end_without_notice)?;
            let mut input = &buffer[..received];
            let kept = input.len().min(KEPT - raw.len());
            raw.extend_from_slice(&input[..kept]);
            let mut result = if received == 0 { exchange.close(session).map(|()| true) } else { Ok(false) };
            while let (Ok(false), false) = (&result, input.is_empty()) {
                result = exchange.feed(session, input).map(|fed| {
                    input = &input[fed.consumed..];
                    fed.done
                });
            }
            match result {
                Ok(false) => {}
                Ok(true) => break 'reply,
                Err(error) => {
                    let field = exchange.failed_field().unwrap_or_default().escape_ascii().to_string();
                    let beginning = raw[..raw.len().min(400)].escape_ascii().to_string();
                    return Err(Trouble::Reply(error, field, beginning));
                }
            }
        }
        Ok(Reply::new(exchange.http_status().unwrap_or_default(), raw, start.elapsed()))
    }
}

/// A peer of TLS that closes the connection without saying so: whether the reply is complete, its framing tells.
fn end_without_notice(error: io::Error) -> io::Result<usize> {
    if error.kind() == io::ErrorKind::UnexpectedEof { Ok(0) } else { Err(error) }
}

/// Tries what a signal has interrupted again.
fn again(mut action: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match action() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
