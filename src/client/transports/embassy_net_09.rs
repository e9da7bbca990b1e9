//! TCP by embassy-net 0.9, for the asynchronous client.

use core::fmt;

use embassy_net_09::tcp::{ConnectError, Error, TcpSocket};
use embassy_net_09::{IpAddress, Stack, dns};
use embedded_io_async_07::{ErrorKind, ErrorType, Read, Write};

use super::bare_host;
use crate::client::asynch::Transport;
use crate::site::Site;

/// A socket of embassy-net, which is connected again and again.
///
/// Its [time-out](TcpSocket::set_timeout) sees a peer that has gone. One that is there and says nothing is seen by a time-out around
/// the client's futures, which may be dropped at any time.
///
/// ```
/// # use creatio_defmt as _;
/// use creatio_auth::client::asynch::Client;
/// use creatio_auth::client::embassy_net_09::Stack;
/// use creatio_auth::client::transports::embassy_net_09::Tcp;
/// use creatio_auth::{Call, CallVerdict, Credentials, Session};
///
/// async fn ping(stack: Stack<'_>, session: &mut Session<'_>, who: &Credentials<'_>) -> bool {
///     let (mut receive, mut send, mut buffer) = ([0; 2048], [0; 1024], [0; 512]);
///     let mut client = Client::new(session, Tcp::new(stack, &mut receive, &mut send), &mut buffer);
///     let Ok(reply) = client.call_renewed(&Call::ping(), who).await else { return false };
///     reply.answer().await.is_ok_and(|answer| answer.verdict == CallVerdict::Fine)
/// }
/// ```
pub struct Tcp<'a> {
    stack: Stack<'a>,
    socket: TcpSocket<'a>,
}

/// Why a connection cannot be made, or go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum TcpError {
    /// The host's name was not found.
    HostNotFound,
    /// The peer refuses the connection, there is no way to it, or it does not answer.
    Connect(ConnectError),
    /// The connection was reset, or has timed out.
    Connection(Error),
    /// The site wants TLS, which there is none of here.
    TlsMissing,
}

impl fmt::Display for TcpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TcpError::HostNotFound => "the host's name was not found",
            TcpError::Connect(ConnectError::ConnectionReset) => "the connection is refused",
            TcpError::Connect(ConnectError::NoRoute) => "there is no way to the host",
            TcpError::Connect(_) => "the host does not answer",
            TcpError::Connection(_) => "the connection was reset, or nothing comes from the peer",
            TcpError::TlsMissing => "the site wants TLS, which this transport has not",
        })
    }
}

impl core::error::Error for TcpError {}

impl embedded_io_async_07::Error for TcpError {
    fn kind(&self) -> ErrorKind {
        match self {
            TcpError::HostNotFound => ErrorKind::AddrNotAvailable,
            TcpError::Connect(ConnectError::ConnectionReset) => ErrorKind::ConnectionRefused,
            TcpError::Connect(ConnectError::TimedOut) => ErrorKind::TimedOut,
            TcpError::Connect(_) => ErrorKind::Other,
            TcpError::Connection(error) => error.kind(),
            TcpError::TlsMissing => ErrorKind::Unsupported,
        }
    }
}

impl<'a> Tcp<'a> {
    /// A socket that is not connected, with these buffers for what comes and what goes. A larger one for what comes makes large
    /// replies faster, and nothing else.
    pub fn new(stack: Stack<'a>, receive: &'a mut [u8], send: &'a mut [u8]) -> Self {
        let mut socket = TcpSocket::new(stack, receive, send);
        socket.set_nagle_enabled(false);
        Tcp { stack, socket }
    }

    /// The socket, to set its time-out and the like.
    pub fn socket_mut(&mut self) -> &mut TcpSocket<'a> {
        &mut self.socket
    }

    async fn address(&self, site: &Site<'_>) -> Option<IpAddress> {
        let host = bare_host(site);
        match host.parse() {
            Ok(address) => Some(address),
            Err(_) => self.stack.dns_query(host, dns::DnsQueryType::A).await.ok()?.first().copied(),
        }
    }
}

impl Transport for Tcp<'_> {
    async fn connect(&mut self, site: &Site<'_>) -> Result<(), TcpError> {
        if site.is_https() {
            return Err(TcpError::TlsMissing);
        }
        // What is left of an earlier connection is to be gone, its last segment too.
        self.socket.abort();
        self.socket.flush().await.map_err(TcpError::Connection)?;
        let address = self.address(site).await.ok_or(TcpError::HostNotFound)?;
        self.socket.connect((address, site.port())).await.map_err(TcpError::Connect)
    }

    fn disconnect(&mut self) {
        self.socket.close();
    }

    async fn is_open(&mut self) -> bool {
        self.socket.may_send() && self.socket.may_recv() && !self.socket.can_recv()
    }
}

impl ErrorType for Tcp<'_> {
    type Error = TcpError;
}

impl Read for Tcp<'_> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, TcpError> {
        self.socket.read(buffer).await.map_err(TcpError::Connection)
    }
}

impl Write for Tcp<'_> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, TcpError> {
        self.socket.write(bytes).await.map_err(TcpError::Connection)
    }

    async fn flush(&mut self) -> Result<(), TcpError> {
        self.socket.flush().await.map_err(TcpError::Connection)
    }
}

impl fmt::Debug for Tcp<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tcp").field("state", &self.socket.state()).finish_non_exhaustive()
    }
}
