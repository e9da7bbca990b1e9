//! TLS over tokio's sockets, by rustls: the certificate is verified, and the end of a connection is told.

use std::io::{self, ErrorKind};
use std::sync::Arc;

use creatio_auth::Site;
use creatio_auth::client::asynch::Transport;
use creatio_auth::client::embedded_io_async_07::{ErrorType, Read, Write};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Duration, Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// TLS connections, one at a time.
pub struct Tls {
    connector: TlsConnector,
    stream: Option<TlsStream<TcpStream>>,
    patience: Duration,
    deadline: Instant,
}

impl Tls {
    /// No connection yet. An exchange may take so long in all.
    pub fn new(config: Arc<ClientConfig>, patience: Duration) -> Self {
        Tls { connector: config.into(), stream: None, patience, deadline: Instant::now() }
    }

    fn stream(&mut self) -> io::Result<&mut TlsStream<TcpStream>> {
        self.stream.as_mut().ok_or(ErrorKind::NotConnected.into())
    }
}

async fn in_time<T>(deadline: Instant, action: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout_at(deadline, action).await.map_err(|_| ErrorKind::TimedOut)?
}

impl Transport for Tls {
    async fn connect(&mut self, site: &Site<'_>) -> io::Result<()> {
        if !site.is_https() {
            return Err(io::Error::new(ErrorKind::Unsupported, "the site's URL has to be https"));
        }
        self.deadline = Instant::now() + self.patience;
        let host = site.host().trim_matches(['[', ']']).to_owned(); // of an IPv6 address
        let name = ServerName::try_from(host.clone()).map_err(io::Error::other)?;
        let connection = async {
            let stream = TcpStream::connect((host, site.port())).await?;
            stream.set_nodelay(true)?;
            self.connector.connect(name, stream).await
        };
        self.stream = Some(in_time(self.deadline, connection).await?);
        Ok(())
    }

    fn disconnect(&mut self) {
        self.stream = None;
    }

    async fn close(&mut self) {
        if let Some(mut stream) = self.stream.take() {
            let _ = timeout_at(Instant::now() + self.patience, stream.shutdown()).await; // close_notify
        }
    }

    async fn is_open(&mut self) -> bool {
        self.deadline = Instant::now() + self.patience;
        tokio::task::yield_now().await; // so that the runtime looks what has come
        let Some(stream) = &mut self.stream else { return false };
        let mut byte = [0];
        // A read that waits takes nothing away when it is given up.
        tokio::select! {
            biased;
            _ = stream.read(&mut byte) => false,
            () = std::future::ready(()) => true,
        }
    }
}

impl ErrorType for Tls {
    type Error = io::Error;
}

impl Read for Tls {
    /// An end without `close_notify` is an error of rustls, as it has to be: anyone may have cut the reply off.
    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let deadline = self.deadline;
        in_time(deadline, self.stream()?.read(buffer)).await
    }
}

impl Write for Tls {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let deadline = self.deadline;
        in_time(deadline, self.stream()?.write(bytes)).await
    }

    async fn flush(&mut self) -> io::Result<()> {
        let deadline = self.deadline;
        in_time(deadline, self.stream()?.flush()).await
    }
}
