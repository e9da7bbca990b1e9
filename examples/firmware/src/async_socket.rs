//! One TCP connection at a time, as the asynchronous client wants it: embassy's, with an end to all waiting.

use core::future::Future;

use creatio_auth::Site;
use creatio_auth::client::asynch::Transport;
use embassy_net::Ipv4Address;
use embassy_net::tcp::{ConnectError, Error, TcpSocket};
use embassy_time::{Duration, with_timeout};
use embedded_io_async::{ErrorType, Read, Write};

use crate::socket::{GATEWAY, SocketError};

/// A socket and how long its peer may be silent.
pub struct AsyncSocket<'a> {
    socket: TcpSocket<'a>,
    patience: Duration,
}

impl<'a> AsyncSocket<'a> {
    pub fn new(socket: TcpSocket<'a>, patience: Duration) -> Self {
        AsyncSocket { socket, patience }
    }
}

/// Waits no longer than that.
async fn at_most<T>(patience: Duration, action: impl Future<Output = Result<T, Error>>) -> Result<T, SocketError> {
    match with_timeout(patience, action).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(Error::ConnectionReset)) => Err(SocketError::Closed),
        Err(_) => Err(SocketError::TimedOut),
    }
}

impl Transport for AsyncSocket<'_> {
    async fn connect(&mut self, site: &Site<'_>) -> Result<(), SocketError> {
        if site.is_https() {
            return Err(SocketError::TlsMissing);
        }
        // What is left of an earlier connection is to be gone, its last segment too.
        self.socket.abort();
        at_most(self.patience, self.socket.flush()).await?;
        let peer: Ipv4Address = site.host().parse().unwrap_or(GATEWAY); // no DNS here, as in `socket`
        match with_timeout(self.patience, self.socket.connect((peer, site.port()))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(ConnectError::ConnectionReset)) => Err(SocketError::Refused),
            Ok(Err(ConnectError::InvalidState | ConnectError::NoRoute)) => Err(SocketError::Closed),
            Ok(Err(ConnectError::TimedOut)) | Err(_) => Err(SocketError::TimedOut),
        }
    }

    fn disconnect(&mut self) {
        self.socket.close();
    }

    fn is_open(&mut self) -> bool {
        // What came while nothing was asked for would pass for the next reply.
        self.socket.may_send() && self.socket.may_recv() && !self.socket.can_recv()
    }
}

impl ErrorType for AsyncSocket<'_> {
    type Error = SocketError;
}

impl Read for AsyncSocket<'_> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        at_most(self.patience, self.socket.read(buffer)).await
    }
}

impl Write for AsyncSocket<'_> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, SocketError> {
        at_most(self.patience, self.socket.write(bytes)).await
    }

    async fn flush(&mut self) -> Result<(), SocketError> {
        at_most(self.patience, self.socket.flush()).await
    }
}
