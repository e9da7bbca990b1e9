//! TCP by embassy-net 0.9, for the asynchronous client.

use core::fmt;

use embassy_net_09::tcp::{ConnectError, Error, TcpSocket};
use embassy_net_09::{IpAddress, Stack, dns};
use embassy_time::{Duration, Instant, with_deadline};
use embedded_io_async_07::{ErrorKind, ErrorType, Read, Write};

use super::{LONGEST, bare_host};
use crate::client::asynch::Transport;
use crate::site::Site;

/// A socket of embassy-net, which is connected again and again.
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
///     let tcp = Tcp::new(stack, &mut receive, &mut send, core::time::Duration::from_secs(30));
///     let mut client = Client::new(session, tcp, &mut buffer);
///     let Ok(reply) = client.call_renewed(&Call::ping(), who).await else { return false };
///     reply.answer().await.is_ok_and(|answer| answer.verdict == CallVerdict::Fine)
/// }
/// ```
pub struct Tcp<'a> {
    stack: Stack<'a>,
    socket: TcpSocket<'a>,
    patience: Duration,
    deadline: Instant,
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
    /// The connection was reset.
    Connection(Error),
    /// The exchange takes too long.
    TimedOut,
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
            TcpError::Connection(_) => "the connection was reset",
            TcpError::TimedOut => "the exchange takes too long; nothing comes from the peer, or too slowly",
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
            TcpError::Connect(ConnectError::TimedOut) | TcpError::TimedOut => ErrorKind::TimedOut,
            TcpError::Connect(_) => ErrorKind::Other,
            TcpError::Connection(error) => error.kind(),
            TcpError::TlsMissing => ErrorKind::Unsupported,
        }
    }
}

impl<'a> Tcp<'a> {
    /// A socket that is not connected, with these buffers for what comes and what goes. A larger one for what comes makes large
    /// replies faster, and nothing else. An exchange may take so long in all, from the moment when it connects or takes the kept
    /// connection; more than a year is a year.
    #[expect(clippy::cast_possible_truncation, reason = "a year in milliseconds")]
    pub fn new(stack: Stack<'a>, receive: &'a mut [u8], send: &'a mut [u8], patience: core::time::Duration) -> Self {
        let mut socket = TcpSocket::new(stack, receive, send);
        socket.set_nagle_enabled(false);
        let patience = Duration::from_millis(patience.min(LONGEST).as_millis() as u64);
        Tcp { stack, socket, patience, deadline: Instant::MIN }
    }

    /// The socket, to set its keep-alive and the like.
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

/// Waits until then at the longest.
async fn in_time<T>(deadline: Instant, action: impl Future<Output = Result<T, TcpError>>) -> Result<T, TcpError> {
    with_deadline(deadline, action).await.unwrap_or(Err(TcpError::TimedOut))
}

impl Transport for Tcp<'_> {
    #[expect(clippy::arithmetic_side_effects, reason = "a year at the most")]
    async fn connect(&mut self, site: &Site<'_>) -> Result<(), TcpError> {
        if site.is_https() {
            return Err(TcpError::TlsMissing);
        }
        self.deadline = Instant::now() + self.patience;
        in_time(self.deadline, async {
            // What is left of an earlier connection is to be gone, its last segment too.
            self.socket.abort();
            self.socket.flush().await.map_err(TcpError::Connection)?;
            let address = self.address(site).await.ok_or(TcpError::HostNotFound)?;
            self.socket.connect((address, site.port())).await.map_err(TcpError::Connect)
        })
        .await
    }

    fn disconnect(&mut self) {
        self.socket.close();
    }

    #[expect(clippy::arithmetic_side_effects, reason = "a year at the most")]
    async fn is_open(&mut self) -> bool {
        self.deadline = Instant::now() + self.patience;
        self.socket.may_send() && self.socket.may_recv() && !self.socket.can_recv()
    }
}

impl ErrorType for Tcp<'_> {
    type Error = TcpError;
}

impl Read for Tcp<'_> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, TcpError> {
        in_time(self.deadline, async { self.socket.read(buffer).await.map_err(TcpError::Connection) }).await
    }
}

impl Write for Tcp<'_> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, TcpError> {
        in_time(self.deadline, async { self.socket.write(bytes).await.map_err(TcpError::Connection) }).await
    }

    async fn flush(&mut self) -> Result<(), TcpError> {
        in_time(self.deadline, async { self.socket.flush().await.map_err(TcpError::Connection) }).await
    }
}

impl fmt::Debug for Tcp<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tcp").field("state", &self.socket.state()).finish_non_exhaustive()
    }
}
