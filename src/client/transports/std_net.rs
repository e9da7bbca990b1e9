//! TCP by the standard library, for the blocking client.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use embedded_io_07::{ErrorType, Read, Write};

use super::{LONGEST, bare_host, no_tls};
use crate::client::blocking::Transport;
use crate::site::Site;

/// TCP connections of the standard library, one at a time.
///
/// ```no_run
/// use std::time::Duration;
///
/// use creatio_auth::client::blocking::Client;
/// use creatio_auth::client::transports::std_net::Tcp;
/// use creatio_auth::{Call, Credentials, Runtime, Session, Site};
///
/// let mut memory = [0; 4096];
/// let mut session = Session::new(Site::parse("http://crm.example.com", Runtime::Net)?, &mut memory);
/// let mut buffer = [0; 1024];
/// let mut client = Client::new(&mut session, Tcp::new(Duration::from_secs(30)), &mut buffer);
/// let who = Credentials::borrowed("Supervisor", "secret");
/// println!("{}", client.call_renewed(&Call::ping(), &who)?.answer()?.verdict);
/// # Ok::<(), Box<dyn std::error::Error>>(())
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

    /// How much time is left.
    fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
    }

    fn stream(&mut self) -> io::Result<(&mut TcpStream, Duration)> {
        let left = self.left()?;
        Ok((self.stream.as_mut().ok_or(ErrorKind::NotConnected)?, left))
    }
}

impl Transport for Tcp {
    #[expect(clippy::arithmetic_side_effects, reason = "a year at the most")]
    fn connect(&mut self, site: &Site<'_>) -> io::Result<()> {
        if site.is_https() {
            return Err(no_tls());
        }
        self.deadline = Instant::now() + self.patience;
        let mut failure = ErrorKind::HostUnreachable.into();
        for address in (bare_host(site), site.port()).to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, self.left()?) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    self.stream = Some(stream);
                    return Ok(());
                }
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    fn disconnect(&mut self) {
        self.stream = None;
    }

    #[expect(clippy::arithmetic_side_effects, reason = "a year at the most")]
    fn is_open(&mut self) -> bool {
        self.deadline = Instant::now() + self.patience;
        let Some(stream) = &self.stream else { return false };
        // Something, an end and an error are all signs that it does not.
        let waits =
            |stream: &TcpStream| matches!(stream.peek(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock);
        stream.set_nonblocking(true).is_ok() & waits(stream) & stream.set_nonblocking(false).is_ok()
    }
}

impl ErrorType for Tcp {
    type Error = io::Error;
}

impl Read for Tcp {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (stream, left) = self.stream()?;
        stream.set_read_timeout(Some(left))?;
        again(|| stream.read(buffer))
    }
}

impl Write for Tcp {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (stream, left) = self.stream()?;
        stream.set_write_timeout(Some(left))?;
        again(|| stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Tries what a signal has interrupted again, and says of a time-out that it is one: Unix has no name of its own for it.
fn again(mut action: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match action() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Err(ErrorKind::TimedOut.into()),
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::again;

    #[test]
    fn what_a_signal_interrupts_is_tried_again_and_any_other_error_is_told() {
        for (error, told) in
            [(ErrorKind::WouldBlock, ErrorKind::TimedOut), (ErrorKind::ConnectionReset, ErrorKind::ConnectionReset)]
        {
            let mut results = [ErrorKind::Interrupted, ErrorKind::Interrupted, error].into_iter();
            let result = again(|| results.next().map_or(Ok(7), |kind| Err(Error::from(kind))));
            assert_eq!(result.unwrap_err().kind(), told);
            assert_eq!(results.next(), None);
        }
    }
}
