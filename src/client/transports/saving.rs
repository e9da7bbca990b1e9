//! A session that is saved before a sign-in goes out, and when it has changed.

use core::fmt;

use embedded_io_07::{ErrorType, Read, Write};

use crate::client::blocking;
use crate::client::transfer::Buffer;
use crate::session::Session;
use crate::site::Site;

/// A transport by which the client saves its session, for a device that is to survive a restart at any moment.
///
/// `save` is given a [snapshot](Session::write_snapshot), and says whether it has stored it, at once or not at all:
///
/// - **before a sign-in goes out**: the snapshot says that one has. Where it is not stored, none goes out, and the error is
///   [`Refusal::NotSaved`](crate::client::Refusal::NotSaved). So a device that is reset in the middle of a sign-in, again and again,
///   sends the password once, and then [waits](crate::client::Refusal::Wait);
/// - **after an exchange that has changed the session**: a ticket that was renewed, a password that was rejected; and after a log-out.
///   Where it is not stored, it is tried again after the next exchange.
///
/// So an ordinary call stores nothing, and a sign-in stores twice; one by Windows authentication so often for each of its tokens. It
/// is the same for both clients, and waits for nothing: block on a store that is asynchronous.
///
/// ```
/// # use creatio_defmt as _;
/// # struct Flash;
/// # impl Flash {
/// #     fn read(&self) -> &[u8] { &[] }
/// #     fn write(&mut self, _: &[u8]) -> Result<(), ()> { Ok(()) }
/// # }
/// use creatio_auth::client::blocking::{Client, Transport};
/// use creatio_auth::client::transports::Saving;
/// use creatio_auth::client::Error;
/// use creatio_auth::{Call, CallVerdict, Credentials, SNAPSHOT_OVERHEAD, Session};
///
/// /// At each start.
/// fn run<T: Transport>(
///     session: &mut Session<'_>, // new, with 4 KiB
///     transport: T,
///     flash: &mut Flash,
///     who: &Credentials<'_>,
/// ) -> Result<CallVerdict, Error<T::Error>> {
///     let (mut buffer, mut snapshot) = ([0; 512], [0; 4096 + SNAPSHOT_OVERHEAD]);
///     let _ = session.restore(flash.read()); // or it is as it was, and signs in
///     let saved = session.revision();
///     let transport = Saving::new(transport, saved, &mut snapshot, |snapshot: &[u8]| flash.write(snapshot).is_ok());
///     let mut client = Client::new(session, transport, &mut buffer);
///     Ok(client.call_renewed(&Call::ping(), who)?.answer()?.verdict)
/// }
/// ```
pub struct Saving<'b, T, F> {
    transport: T,
    /// The revision that is saved.
    saved: u32,
    buffer: &'b mut [u8],
    save: F,
}

impl<'b, T, F> Saving<'b, T, F> {
    /// Saves by `save` what is of another [revision](Session::revision) than is `saved`: at the start that of the session when it has
    /// been restored, or could not be. The buffer is for a snapshot, and is wiped after each. Where it is too small, it is as if `save`
    /// had failed: as many bytes as the session has memory, and [`SNAPSHOT_OVERHEAD`](crate::SNAPSHOT_OVERHEAD), are enough.
    pub const fn new(transport: T, saved: u32, buffer: &'b mut [u8], save: F) -> Self {
        Saving { transport, saved, buffer, save }
    }

    /// The revision that is saved: the session's, unless the last one could not be.
    pub const fn saved(&self) -> u32 {
        self.saved
    }

    /// The transport.
    pub fn into_inner(self) -> T {
        self.transport
    }
}

impl<T, F: FnMut(&[u8]) -> bool> Saving<'_, T, F> {
    /// Saves the session where it is another than is saved; whether that is so now. The client does it by itself: this is for what the
    /// caller does to the session, as [`Session::allow_sign_in`].
    pub fn save(&mut self, session: &Session<'_>) -> bool {
        let revision = session.revision();
        if revision == self.saved {
            return true;
        }
        let buffer = &mut *Buffer(self.buffer);
        let Ok(len) = session.write_snapshot(buffer) else { return false };
        let is_saved = (self.save)(buffer.get(..len).unwrap_or_default());
        if is_saved {
            self.saved = revision;
        }
        is_saved
    }
}

impl<T: ErrorType, F> ErrorType for Saving<'_, T, F> {
    type Error = T::Error;
}

impl<T: Read, F> Read for Saving<'_, T, F> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, T::Error> {
        self.transport.read(buffer)
    }
}

impl<T: Write, F> Write for Saving<'_, T, F> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, T::Error> {
        self.transport.write(bytes)
    }

    fn flush(&mut self) -> Result<(), T::Error> {
        self.transport.flush()
    }
}

impl<T: blocking::Transport, F: FnMut(&[u8]) -> bool> blocking::Transport for Saving<'_, T, F> {
    fn connect(&mut self, site: &Site<'_>) -> Result<(), T::Error> {
        self.transport.connect(site)
    }

    fn disconnect(&mut self) {
        self.transport.disconnect();
    }

    fn close(&mut self) {
        self.transport.close();
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    fn is_kept(&self, site: &Site<'_>) -> bool {
        self.transport.is_kept(site)
    }

    fn keep(&mut self, site: &Site<'_>) {
        self.transport.keep(site);
    }

    fn save(&mut self, session: &Session<'_>) -> bool {
        Saving::save(self, session)
    }
}

/// Says nothing of what is saved.
impl<T, F> fmt::Debug for Saving<'_, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Saving").field("saved", &self.saved).finish_non_exhaustive()
    }
}

#[cfg(feature = "embedded-io-async-07")]
mod waiting {
    use embedded_io_async_07::{Read, Write};

    use crate::client::asynch::Transport;
    use crate::client::transports::saving::Saving;
    use crate::session::Session;
    use crate::site::Site;

    impl<T: Read, F> Read for Saving<'_, T, F> {
        async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, T::Error> {
            self.transport.read(buffer).await
        }
    }

    impl<T: Write, F> Write for Saving<'_, T, F> {
        async fn write(&mut self, bytes: &[u8]) -> Result<usize, T::Error> {
            self.transport.write(bytes).await
        }

        async fn flush(&mut self) -> Result<(), T::Error> {
            self.transport.flush().await
        }
    }

    impl<T: Transport, F: FnMut(&[u8]) -> bool> Transport for Saving<'_, T, F> {
        async fn connect(&mut self, site: &Site<'_>) -> Result<(), T::Error> {
            self.transport.connect(site).await
        }

        fn disconnect(&mut self) {
            self.transport.disconnect();
        }

        async fn close(&mut self) {
            self.transport.close().await;
        }

        async fn is_open(&mut self) -> bool {
            self.transport.is_open().await
        }

        fn is_kept(&self, site: &Site<'_>) -> bool {
            self.transport.is_kept(site)
        }

        fn keep(&mut self, site: &Site<'_>) {
            self.transport.keep(site);
        }

        fn save(&mut self, session: &Session<'_>) -> bool {
            Saving::save(self, session)
        }
    }
}
