//! The examples' connections as the transport of a client.

use std::io;
use std::time::{Duration, Instant};

use creatio_auth::Site;
use creatio_auth::client::blocking::Transport;
use creatio_auth::client::embedded_io_07::{ErrorType, Read, Write};

use crate::connection::{Connection, Stream};
use crate::trace::ExchangeTrace;

/// How long a connection may have been idle and still be used: the site closes it some time.
const IDLE: Duration = Duration::from_secs(10);

/// One connection at a time.
pub struct Line<'c, 's> {
    connection: &'c Connection<'s>,
    stream: Option<Box<dyn Stream>>,
    used: Instant,
    /// What is shown of the exchange, and whether its reply has begun.
    trace: Option<ExchangeTrace<'c>>,
    has_reply: bool,
}

impl<'c, 's> Line<'c, 's> {
    pub fn new(connection: &'c Connection<'s>) -> Self {
        Line { connection, stream: None, used: Instant::now(), trace: None, has_reply: false }
    }

    fn trace(&mut self) -> &mut ExchangeTrace<'c> {
        self.trace.get_or_insert_with(|| self.connection.trace.begin())
    }

    fn stream(&mut self) -> io::Result<&mut dyn Stream> {
        self.used = Instant::now();
        Ok(&mut **self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?)
    }

    /// Has it say what to do.
    fn explained<R>(&self, result: io::Result<R>) -> io::Result<R> {
        result.map_err(|error| io::Error::new(error.kind(), format!("{:#}", self.connection.explain(error))))
    }
}

impl Transport for Line<'_, '_> {
    fn connect(&mut self, _: &Site<'_>) -> io::Result<()> {
        self.connection.set_deadline();
        self.stream = Some(self.connection.connect().map_err(|error| io::Error::other(format!("{error:#}")))?);
        Ok(())
    }

    fn disconnect(&mut self) {
        (self.stream, self.trace) = (None, None);
    }

    fn is_open(&mut self) -> bool {
        self.connection.set_deadline();
        self.stream.is_some() && self.used.elapsed() < IDLE
    }
}

impl ErrorType for Line<'_, '_> {
    type Error = io::Error;
}

impl Read for Line<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stream().and_then(|stream| stream.read(buffer));
        let len = self.explained(read)?;
        self.has_reply = true;
        self.trace().received(&buffer[..len]);
        Ok(len)
    }
}

impl Write for Line<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if std::mem::take(&mut self.has_reply) {
            self.trace = None;
        }
        let written = self.stream().and_then(|stream| stream.write(bytes));
        let len = self.explained(written)?;
        self.trace().sent(&bytes[..len]);
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.stream().and_then(|stream| stream.flush());
        self.explained(flushed)
    }
}
