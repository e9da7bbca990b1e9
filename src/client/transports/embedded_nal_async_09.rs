//! TCP by any stack that has the traits of embedded-nal-async 0.9, for the asynchronous client.

use core::fmt;
use core::net::{IpAddr, SocketAddr};

use embedded_io_async_07::{ErrorKind, ErrorType, Read, Write};
use embedded_nal_async_09::{AddrType, Dns, TcpConnect};

use super::bare_host;
use crate::client::asynch::Transport;
use crate::client::idle::is_idle;
use crate::site::Site;

/// TCP connections of a stack, one at a time, whose hosts are looked up by a resolver.
///
/// Time-outs are the stack's, or those around a client's futures. The traits have no word for `TCP_NODELAY`: where the stack waits
/// before it sends a small segment, give the client a buffer that holds a whole request.
///
/// ```
/// # use creatio_defmt as _;
/// use creatio_auth::client::asynch::Client;
/// use creatio_auth::client::embedded_nal_async_09::{Dns, TcpConnect};
/// use creatio_auth::client::transports::embedded_nal_async_09::Tcp;
/// use creatio_auth::{Call, CallVerdict, Credentials, Session};
///
/// async fn ping(stack: &impl TcpConnect, dns: &impl Dns, session: &mut Session<'_>, who: &Credentials<'_>) -> bool {
///     let mut buffer = [0; 1024];
///     let mut client = Client::new(session, Tcp::new(stack, dns), &mut buffer);
///     let Ok(reply) = client.call_renewed(&Call::ping(), who).await else { return false };
///     reply.answer().await.is_ok_and(|answer| answer.verdict == CallVerdict::Fine)
/// }
/// ```
pub struct Tcp<'n, N: TcpConnect, D: Dns> {
    stack: &'n N,
    dns: &'n D,
    connection: Option<N::Connection<'n>>,
}

/// Why a connection cannot be made, or go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum TcpError<E> {
    /// The stack's own.
    Stack(E),
    /// The host's name was not found.
    HostNotFound,
    /// There is no connection.
    NotConnected,
    /// The site wants TLS, which there is none of here.
    TlsMissing,
}

impl<E: fmt::Display> fmt::Display for TcpError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TcpError::Stack(error) => return error.fmt(f),
            TcpError::HostNotFound => "the host's name was not found",
            TcpError::NotConnected => "there is no connection",
            TcpError::TlsMissing => "the site wants TLS, which this transport has not",
        })
    }
}

impl<E: core::error::Error> core::error::Error for TcpError<E> {}

impl<E: embedded_io_async_07::Error> embedded_io_async_07::Error for TcpError<E> {
    fn kind(&self) -> ErrorKind {
        match self {
            TcpError::Stack(error) => error.kind(),
            TcpError::HostNotFound => ErrorKind::AddrNotAvailable,
            TcpError::NotConnected => ErrorKind::NotConnected,
            TcpError::TlsMissing => ErrorKind::Unsupported,
        }
    }
}

impl<'n, N: TcpConnect, D: Dns> Tcp<'n, N, D> {
    /// No connection yet.
    pub const fn new(stack: &'n N, dns: &'n D) -> Self {
        Tcp { stack, dns, connection: None }
    }

    async fn address(&self, site: &Site<'_>) -> Option<IpAddr> {
        let host = bare_host(site);
        match host.parse() {
            Ok(address) => Some(address),
            Err(_) => self.dns.get_host_by_name(host, AddrType::Either).await.ok(),
        }
    }
}

impl<N: TcpConnect, D: Dns> Transport for Tcp<'_, N, D> {
    async fn connect(&mut self, site: &Site<'_>) -> Result<(), Self::Error> {
        if site.is_https() {
            return Err(TcpError::TlsMissing);
        }
        let address = self.address(site).await.ok_or(TcpError::HostNotFound)?;
        let connection = self.stack.connect(SocketAddr::new(address, site.port())).await;
        self.connection = Some(connection.map_err(TcpError::Stack)?);
        Ok(())
    }

    fn disconnect(&mut self) {
        self.connection = None;
    }

    async fn is_open(&mut self) -> bool {
        match &mut self.connection {
            Some(connection) => is_idle(connection).await,
            None => false,
        }
    }
}

impl<N: TcpConnect, D: Dns> ErrorType for Tcp<'_, N, D> {
    type Error = TcpError<N::Error>;
}

impl<N: TcpConnect, D: Dns> Read for Tcp<'_, N, D> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Self::Error> {
        self.connection.as_mut().ok_or(TcpError::NotConnected)?.read(buffer).await.map_err(TcpError::Stack)
    }
}

impl<N: TcpConnect, D: Dns> Write for Tcp<'_, N, D> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Self::Error> {
        self.connection.as_mut().ok_or(TcpError::NotConnected)?.write(bytes).await.map_err(TcpError::Stack)
    }

    async fn flush(&mut self) -> Result<(), Self::Error> {
        self.connection.as_mut().ok_or(TcpError::NotConnected)?.flush().await.map_err(TcpError::Stack)
    }
}

impl<N: TcpConnect, D: Dns> fmt::Debug for Tcp<'_, N, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tcp").field("is_connected", &self.connection.is_some()).finish_non_exhaustive()
    }
}
