//! Connections of other transports, for TLS over them.

use core::cell::RefCell;
use core::fmt;

use embedded_io_async_07::{ErrorType, Read, Write};

use crate::client::asynch::Transport;
use crate::site::Site;

/// A connection of another transport, by TCP alone, which TLS goes over: `&Socket` reads and writes, while it can still be asked whether
/// it stands. The transport is disconnected when this is dropped.
///
/// The deadlines are the transport's, and hold inside TLS: a handshake counts to the exchange that connects, and
/// [`is_open`](Socket::is_open) begins the time of the next.
///
/// With embedded-tls:
///
/// ```
/// # use creatio_defmt as _;
/// use creatio_auth::Site;
/// use creatio_auth::client::asynch::Transport;
/// use creatio_auth::client::embedded_io_async_07::Error as _;
/// use creatio_auth::client::transports::lending::{Lender, Line, Socket};
/// use embedded_tls::{Aes128GcmSha256, CryptoProvider, TlsConfig, TlsConnection, TlsContext, TlsError};
///
/// struct Tls<'a, T, P> {
///     tcp: T, // such as `embassy_net_09::Tcp`
///     records: (&'a mut [u8], &'a mut [u8]),
///     provider: P, // makes what verifies the certificate, for each connection
/// }
///
/// impl<T: Transport, C: CryptoProvider<CipherSuite = Aes128GcmSha256>, P: Fn() -> C> Lender for Tls<'_, T, P> {
///     type Error = TlsError;
///
///     async fn serve(&mut self, site: &Site<'_>, line: Line<'_, TlsError>) -> Result<(), TlsError> {
///         if !site.is_https() {
///             return Err(TlsError::MissingHandshake); // it would be spoken to by TLS on the port of `http`
///         }
///         let socket = Socket::connect(&mut self.tcp, site).await.map_err(|error| TlsError::Io(error.kind()))?;
///         let mut tls = TlsConnection::new(&socket, &mut *self.records.0, &mut *self.records.1);
///         let config = TlsConfig::new().with_server_name(site.host());
///         tls.open(TlsContext::new(&config, (self.provider)())).await?;
///         let is_end = |error: &TlsError| matches!(error, TlsError::ConnectionClosed);
///         line.serve(&mut tls, async |_| socket.is_open().await, is_end).await;
///         let _ = tls.close().await; // tells the peer if it still listens
///         Ok(())
///     }
/// }
/// ```
pub struct Socket<'t, T: Transport>(RefCell<&'t mut T>);

// One asks after the other, in one task: nobody else has the transport while a future of it is waited for. What is dropped has given
// it back.
#[expect(clippy::await_holding_refcell_ref, reason = "one asks after the other")]
impl<'t, T: Transport> Socket<'t, T> {
    /// Connects the transport to the site's host and port, by TCP also where the site is https: **nothing is to go over it there but
    /// TLS**. The transport may refuse https otherwise, as those of this crate do.
    ///
    /// # Errors
    ///
    /// Whatever keeps the transport from connecting.
    pub async fn connect(transport: &'t mut T, site: &Site<'_>) -> Result<Self, T::Error> {
        transport.disconnect(); // what may be left of one that was given up
        let mut socket = Socket(RefCell::new(transport));
        socket.0.get_mut().connect(&site.without_tls()).await?;
        Ok(socket)
    }

    /// Whether the connection, which has served an exchange before, still [stands](Transport::is_open).
    pub async fn is_open(&self) -> bool {
        match self.0.try_borrow_mut() {
            Ok(mut transport) => transport.is_open().await,
            Err(_) => false, // not covered: one asks after the other
        }
    }
}

impl<T: Transport> Drop for Socket<'_, T> {
    fn drop(&mut self) {
        self.0.get_mut().disconnect();
    }
}

impl<T: Transport> ErrorType for &Socket<'_, T> {
    type Error = T::Error;
}

#[expect(clippy::await_holding_refcell_ref, reason = "one asks after the other")]
impl<T: Transport> Read for &Socket<'_, T> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, T::Error> {
        match self.0.try_borrow_mut() {
            Ok(mut transport) => transport.read(buffer).await,
            Err(_) => Ok(0), // not covered: likewise
        }
    }
}

#[expect(clippy::await_holding_refcell_ref, reason = "one asks after the other")]
impl<T: Transport> Write for &Socket<'_, T> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, T::Error> {
        match self.0.try_borrow_mut() {
            Ok(mut transport) => transport.write(bytes).await,
            Err(_) => Ok(0), // not covered: likewise
        }
    }

    async fn flush(&mut self) -> Result<(), T::Error> {
        match self.0.try_borrow_mut() {
            Ok(mut transport) => transport.flush().await,
            Err(_) => Ok(()), // not covered: likewise
        }
    }
}

impl<T: Transport> fmt::Debug for Socket<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socket").finish_non_exhaustive()
    }
}

pub(super) mod blocking {
    use core::cell::RefCell;
    use core::fmt;

    use embedded_io_07::{ErrorType, Read, Write};

    use crate::client::blocking::Transport;
    use crate::site::Site;

    /// As [`lending::Socket`](super::Socket), of a transport that blocks.
    pub struct Socket<'t, T: Transport>(RefCell<&'t mut T>);

    impl<'t, T: Transport> Socket<'t, T> {
        /// Connects the transport to the site's host and port, by TCP also where the site is https: **nothing is to go over it there
        /// but TLS**.
        ///
        /// # Errors
        ///
        /// Whatever keeps the transport from connecting.
        pub fn connect(transport: &'t mut T, site: &Site<'_>) -> Result<Self, T::Error> {
            transport.disconnect();
            let mut socket = Socket(RefCell::new(transport));
            socket.0.get_mut().connect(&site.without_tls())?;
            Ok(socket)
        }

        /// Whether the connection, which has served an exchange before, still [stands](Transport::is_open).
        pub fn is_open(&self) -> bool {
            self.with(false, T::is_open)
        }

        fn with<R>(&self, otherwise: R, work: impl FnOnce(&mut T) -> R) -> R {
            match self.0.try_borrow_mut() {
                Ok(mut transport) => work(*transport),
                Err(_) => otherwise, // not covered: one asks after the other
            }
        }
    }

    impl<T: Transport> Drop for Socket<'_, T> {
        fn drop(&mut self) {
            self.0.get_mut().disconnect();
        }
    }

    impl<T: Transport> ErrorType for &Socket<'_, T> {
        type Error = T::Error;
    }

    impl<T: Transport> Read for &Socket<'_, T> {
        fn read(&mut self, buffer: &mut [u8]) -> Result<usize, T::Error> {
            self.with(Ok(0), |transport| transport.read(buffer))
        }
    }

    impl<T: Transport> Write for &Socket<'_, T> {
        fn write(&mut self, bytes: &[u8]) -> Result<usize, T::Error> {
            self.with(Ok(0), |transport| transport.write(bytes))
        }

        fn flush(&mut self) -> Result<(), T::Error> {
            self.with(Ok(()), T::flush)
        }
    }

    impl<T: Transport> fmt::Debug for Socket<'_, T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("Socket").finish_non_exhaustive()
        }
    }
}
