//! Connections that a closure makes, of any kind, TLS included.

use core::fmt;

use embedded_io_07::{ErrorType, Read, Write};

use crate::client::blocking;
use crate::site::Site;

/// For the blocking client: connections that one closure makes, and of which another says whether they still stand.
///
/// ```
/// # use creatio_defmt as _;
/// # struct Modem;
/// # struct Channel;
/// # impl Modem {
/// #     fn dial(&mut self, _: &str, _: u16) -> Result<Channel, ErrorKind> { Err(ErrorKind::ConnectionRefused) }
/// # }
/// # impl Channel {
/// #     fn is_silent(&mut self) -> bool { true }
/// # }
/// # use creatio_auth::client::embedded_io_07::{ErrorKind, ErrorType, Read, Write};
/// # impl ErrorType for Channel { type Error = ErrorKind; }
/// # impl Read for Channel { fn read(&mut self, _: &mut [u8]) -> Result<usize, ErrorKind> { Ok(0) } }
/// # impl Write for Channel {
/// #     fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> { Ok(bytes.len()) }
/// #     fn flush(&mut self) -> Result<(), ErrorKind> { Ok(()) }
/// # }
/// use creatio_auth::Site;
/// use creatio_auth::client::transports::from_fn;
///
/// let mut modem = Modem;
/// let transport = from_fn::blocking(|site: &Site<'_>| modem.dial(site.host(), site.port()), Channel::is_silent);
/// # let _ = transport;
/// ```
pub struct Blocking<F, O, S> {
    connect: F,
    is_open: O,
    connection: Option<S>,
}

/// A transport whose connections `connect` makes. `is_open` says of one that has served an exchange whether it still
/// [stands](blocking::Transport::is_open).
pub const fn blocking<F, O, S>(connect: F, is_open: O) -> Blocking<F, O, S>
where
    F: FnMut(&Site<'_>) -> Result<S, S::Error>,
    O: FnMut(&mut S) -> bool,
    S: Read + Write,
{
    Blocking { connect, is_open, connection: None }
}

impl<F, O, S> blocking::Transport for Blocking<F, O, S>
where
    F: FnMut(&Site<'_>) -> Result<S, S::Error>,
    O: FnMut(&mut S) -> bool,
    S: Read + Write,
{
    fn connect(&mut self, site: &Site<'_>) -> Result<(), S::Error> {
        self.connection = Some((self.connect)(site)?);
        Ok(())
    }

    fn disconnect(&mut self) {
        self.connection = None;
    }

    fn is_open(&mut self) -> bool {
        self.connection.as_mut().is_some_and(&mut self.is_open)
    }
}

impl<F, O, S: ErrorType> ErrorType for Blocking<F, O, S> {
    type Error = S::Error;
}

// Where there is no connection, it is as one that is closed.
impl<F, O, S: Read> Read for Blocking<F, O, S> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, S::Error> {
        self.connection.as_mut().map_or(Ok(0), |connection| connection.read(buffer))
    }
}

impl<F, O, S: Write> Write for Blocking<F, O, S> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, S::Error> {
        self.connection.as_mut().map_or(Ok(0), |connection| connection.write(bytes))
    }

    fn flush(&mut self) -> Result<(), S::Error> {
        self.connection.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl<F, O, S> fmt::Debug for Blocking<F, O, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocking").field("is_connected", &self.connection.is_some()).finish_non_exhaustive()
    }
}

#[cfg(feature = "embedded-io-async-07")]
pub use waiting::{Asynch, asynch};

#[cfg(feature = "embedded-io-async-07")]
mod waiting {
    use core::fmt;

    use embedded_io_async_07::{ErrorType, Read, Write};

    use crate::client::asynch::Transport;
    use crate::client::idle::is_idle;
    use crate::site::Site;

    /// For the asynchronous client: connections that a closure makes.
    ///
    /// ```
    /// # use creatio_defmt as _;
    /// use creatio_auth::Site;
    /// use creatio_auth::client::transports::from_fn;
    /// use embedded_io_adapters::tokio_1::FromTokio;
    /// use tokio::net::TcpStream;
    ///
    /// let transport = from_fn::asynch(async |site: &Site<'_>| {
    ///     let stream = TcpStream::connect((site.host(), site.port())).await?; // and TLS over it, where site.is_https()
    ///     stream.set_nodelay(true)?;
    ///     Ok(FromTokio::new(stream))
    /// });
    /// # let _ = transport;
    /// ```
    pub struct Asynch<F, S> {
        connect: F,
        connection: Option<S>,
    }

    /// A transport whose connections `connect` makes. One that has served an exchange stands as long as reading from it waits: a
    /// read that is given up takes nothing away.
    pub const fn asynch<F, S>(connect: F) -> Asynch<F, S>
    where
        F: AsyncFnMut(&Site<'_>) -> Result<S, S::Error>,
        S: Read + Write,
    {
        Asynch { connect, connection: None }
    }

    impl<F, S> Transport for Asynch<F, S>
    where
        F: AsyncFnMut(&Site<'_>) -> Result<S, S::Error>,
        S: Read + Write,
    {
        async fn connect(&mut self, site: &Site<'_>) -> Result<(), S::Error> {
            self.connection = Some((self.connect)(site).await?);
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

    impl<F, S: ErrorType> ErrorType for Asynch<F, S> {
        type Error = S::Error;
    }

    impl<F, S: Read> Read for Asynch<F, S> {
        async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, S::Error> {
            match &mut self.connection {
                Some(connection) => connection.read(buffer).await,
                None => Ok(0),
            }
        }
    }

    impl<F, S: Write> Write for Asynch<F, S> {
        async fn write(&mut self, bytes: &[u8]) -> Result<usize, S::Error> {
            match &mut self.connection {
                Some(connection) => connection.write(bytes).await,
                None => Ok(0),
            }
        }

        async fn flush(&mut self) -> Result<(), S::Error> {
            match &mut self.connection {
                Some(connection) => connection.flush().await,
                None => Ok(()),
            }
        }
    }

    impl<F, S> fmt::Debug for Asynch<F, S> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("Asynch").field("is_connected", &self.connection.is_some()).finish_non_exhaustive()
        }
    }
}
