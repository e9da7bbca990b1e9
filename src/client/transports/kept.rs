//! Connections that outlive their client.

use core::fmt;

use embedded_io_07::{ErrorType, Read, Write};

use crate::client::blocking;
use crate::session::Session;
use crate::site::Site;
use crate::site::host::MAX_HOST;

/// A transport that keeps its connection from one client to the next: for a gateway, which lends a session to a client for each
/// request that it serves, and is not to make a TLS connection for each.
///
/// It stands beside the session, and is lent to the client with it. The next client goes on over the connection if the last exchange
/// has left it in order, if it leads to the same scheme, host and port, and if it still [stands](blocking::Transport::is_open). What a
/// client gives up halfway, or drops with a reply that is not read to its end, is closed as ever.
///
/// It is for one session: a login by Windows authentication signs in the connection itself, whoever uses it next.
///
/// ```
/// # use creatio_defmt as _;
/// use creatio_auth::client::blocking::{Client, Transport};
/// use creatio_auth::client::transports::Kept;
/// use creatio_auth::client::Error;
/// use creatio_auth::{Call, CallVerdict, Credentials, OwnedSession};
///
/// struct Tenant<T> {
///     session: OwnedSession,
///     connection: Kept<T>, // of `Kept::new`
/// }
///
/// fn serve<T: Transport>(tenant: &mut Tenant<T>, who: &Credentials<'_>) -> Result<CallVerdict, Error<T::Error>> {
///     let (mut session, mut buffer) = (tenant.session.lend(), [0; 512]);
///     let mut client = Client::new(&mut session, &mut tenant.connection, &mut buffer);
///     Ok(client.call_renewed(&Call::ping(), who)?.answer()?.verdict)
/// }
/// ```
pub struct Kept<T> {
    transport: T,
    /// An exchange has left the connection in order, and nothing has gone over it since.
    is_in_order: bool,
    /// Where it leads.
    is_https: bool,
    port: u16,
    host: [u8; MAX_HOST],
    host_len: usize,
}

impl<T> Kept<T> {
    /// Keeps the connections of this transport, of which there is none yet.
    pub const fn new(transport: T) -> Self {
        Kept { transport, is_in_order: false, is_https: false, port: 0, host: [0; MAX_HOST], host_len: 0 }
    }

    /// The transport, which drops its connection with it.
    pub fn into_inner(self) -> T {
        self.transport
    }

    fn leads_to(&self, site: &Site<'_>) -> bool {
        let host = self.host.get(..self.host_len).unwrap_or_default();
        self.is_in_order && (self.is_https, self.port, host) == (site.is_https(), site.port(), site.host().as_bytes())
    }

    fn note(&mut self, site: &Site<'_>) {
        let host = site.host().as_bytes();
        (self.is_https, self.port, self.host_len) = (site.is_https(), site.port(), host.len());
        self.host.iter_mut().zip(host).for_each(|(to, from)| *to = *from);
        self.is_in_order = true;
    }

    /// The transport, over which something goes.
    fn used(&mut self) -> &mut T {
        self.is_in_order = false;
        &mut self.transport
    }
}

impl<T: ErrorType> ErrorType for Kept<T> {
    type Error = T::Error;
}

impl<T: Read> Read for Kept<T> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, T::Error> {
        self.used().read(buffer)
    }
}

impl<T: Write> Write for Kept<T> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, T::Error> {
        self.used().write(bytes)
    }

    fn flush(&mut self) -> Result<(), T::Error> {
        self.used().flush()
    }
}

impl<T: blocking::Transport> blocking::Transport for Kept<T> {
    fn connect(&mut self, site: &Site<'_>) -> Result<(), T::Error> {
        self.used().connect(site)
    }

    fn disconnect(&mut self) {
        self.used().disconnect();
    }

    fn close(&mut self) {
        self.used().close();
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    fn is_kept(&self, site: &Site<'_>) -> bool {
        self.leads_to(site)
    }

    fn keep(&mut self, site: &Site<'_>) {
        self.note(site);
    }

    fn save(&mut self, session: &Session<'_>) -> bool {
        self.transport.save(session)
    }
}

impl<T> fmt::Debug for Kept<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("is_in_order", &self.is_in_order).finish_non_exhaustive()
    }
}

#[cfg(feature = "embedded-io-async-07")]
mod waiting {
    use embedded_io_async_07::{Read, Write};

    use crate::client::asynch::Transport;
    use crate::client::transports::kept::Kept;
    use crate::session::Session;
    use crate::site::Site;

    impl<T: Read> Read for Kept<T> {
        async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, T::Error> {
            self.used().read(buffer).await
        }
    }

    impl<T: Write> Write for Kept<T> {
        async fn write(&mut self, bytes: &[u8]) -> Result<usize, T::Error> {
            self.used().write(bytes).await
        }

        async fn flush(&mut self) -> Result<(), T::Error> {
            self.used().flush().await
        }
    }

    impl<T: Transport> Transport for Kept<T> {
        async fn connect(&mut self, site: &Site<'_>) -> Result<(), T::Error> {
            self.used().connect(site).await
        }

        fn disconnect(&mut self) {
            self.used().disconnect();
        }

        async fn close(&mut self) {
            self.used().close().await;
        }

        async fn is_open(&mut self) -> bool {
            self.transport.is_open().await
        }

        fn is_kept(&self, site: &Site<'_>) -> bool {
            self.leads_to(site)
        }

        fn keep(&mut self, site: &Site<'_>) {
            self.note(site);
        }

        fn save(&mut self, session: &Session<'_>) -> bool {
            self.transport.save(session)
        }
    }
}
