//! TCP by tokio 1, for the asynchronous client.

use std::io::{self, ErrorKind};

use embedded_io_async_07::{ErrorType, Read, Write};
use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::time::{Duration, Instant, timeout_at};

use super::{LONGEST, bare_host, no_tls};
use crate::client::asynch::Transport;
use crate::client::idle::is_idle;
use crate::site::Site;

/// TCP connections of tokio, one at a time. They are made in a runtime with time and input and output.
///
/// ```no_run
/// use std::time::Duration;
///
/// use creatio_auth::client::asynch::Client;
/// use creatio_auth::client::transports::tokio_1::Tcp;
/// use creatio_auth::{Call, Credentials, Runtime, Session, Site};
///
/// # async fn work() -> Result<(), Box<dyn std::error::Error>> {
/// let mut memory = [0; 4096];
/// let mut session = Session::new(Site::parse("http://crm.example.com", Runtime::Net)?, &mut memory);
/// let mut buffer = [0; 1024];
/// let mut client = Client::new(&mut session, Tcp::new(Duration::from_secs(30)), &mut buffer);
/// let who = Credentials::borrowed("Supervisor", "secret");
/// println!("{}", client.call_renewed(&Call::ping(), &who).await?.answer().await?.verdict);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Tcp {
    stream: Option<TcpStream>,
    patience: Duration,
    deadline: Instant,
}

impl Tcp {
    /// No connection yet. An exchange may take so long in all, from the moment when it connects or takes the kept connection; more
    /// than a year is a year.
    pub fn new(patience: Duration) -> Self {
        Tcp { stream: None, patience: patience.min(LONGEST), deadline: Instant::now() }
    }

    async fn in_time<T>(&self, action: impl Future<Output = io::Result<T>>) -> io::Result<T> {
        timeout_at(self.deadline, action).await.map_err(|_| ErrorKind::TimedOut)?
    }

    fn stream(&self) -> io::Result<&TcpStream> {
        self.stream.as_ref().ok_or(ErrorKind::NotConnected.into())
    }
}

impl Transport for Tcp {
    #[expect(clippy::arithmetic_side_effects, reason = "a year at the most")]
    async fn connect(&mut self, site: &Site<'_>) -> io::Result<()> {
        if site.is_https() {
            return Err(no_tls());
        }
        self.deadline = Instant::now() + self.patience;
        let stream = self.in_time(TcpStream::connect((bare_host(site), site.port()))).await?;
        stream.set_nodelay(true)?;
        self.stream = Some(stream);
        Ok(())
    }

    fn disconnect(&mut self) {
        self.stream = None;
    }

    #[expect(clippy::arithmetic_side_effects, reason = "a year at the most")]
    async fn is_open(&mut self) -> bool {
        self.deadline = Instant::now() + self.patience;
        // What has come is known when the runtime has looked for it.
        tokio::task::yield_now().await;
        self.stream.is_some() && is_idle(self).await
    }
}

impl ErrorType for Tcp {
    type Error = io::Error;
}

impl Read for Tcp {
    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let stream = self.stream()?;
        self.in_time(again(stream, Interest::READABLE, || stream.try_read(buffer))).await
    }
}

impl Write for Tcp {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let stream = self.stream()?;
        self.in_time(again(stream, Interest::WRITABLE, || stream.try_write(bytes))).await
    }

    async fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Does it as soon as it can be done: a socket that is said to be ready may not be. What waits is no closure's, of whose future the
/// compiler would not see that it is [`Send`].
async fn again(
    stream: &TcpStream,
    interest: Interest,
    mut action: impl FnMut() -> io::Result<usize>,
) -> io::Result<usize> {
    loop {
        stream.ready(interest).await?;
        match action() {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            result => return result,
        }
    }
}
