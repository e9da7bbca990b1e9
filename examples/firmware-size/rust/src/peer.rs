//! The site of the clients: a transport that hears a recording, whatever it says.

use core::convert::Infallible;
use core::pin::pin;
use core::sync::atomic::Ordering::Relaxed;
use core::task::{Context, Poll, Waker};

use creatio_auth::client::embedded_io_07::{self, ErrorType};
use creatio_auth::client::{asynch, blocking, embedded_io_async_07};
use creatio_auth::{Credentials, Runtime, Session, Site};

use crate::{CALL, ENDED, LOGIN, LOGOUT, measure, socket};

/// A session that ends and is signed in again, for a call; and its end.
const REPLIES: [&str; 5] = [LOGIN, ENDED, LOGIN, CALL, LOGOUT];

/// Who signs in.
pub const WHO: Credentials<'static> = Credentials::borrowed("Supervisor", "Supervisor");

/// The session, in this memory.
pub fn session(memory: &'static mut [u8]) -> Option<Session<'static>> {
    let site = Site::parse("https://example.creatio.com", Runtime::NetFramework).ok()?;
    Some(Session::new(site, memory))
}

/// The recording, one reply for each request.
pub struct Peer(core::slice::Iter<'static, &'static str>);

impl Peer {
    /// From its beginning.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Peer(REPLIES.iter())
    }

    fn answer(&mut self) {
        socket::open(self.0.next().copied().unwrap_or_default());
    }
}

impl ErrorType for Peer {
    type Error = Infallible;
}

impl embedded_io_07::Read for Peer {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        Ok(socket::read(buffer))
    }
}

impl embedded_io_07::Write for Peer {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        socket::write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        self.answer();
        Ok(())
    }
}

impl blocking::Transport for Peer {
    fn connect(&mut self, _: &Site<'_>) -> Result<(), Infallible> {
        Ok(())
    }

    fn disconnect(&mut self) {}
}

impl embedded_io_async_07::Read for Peer {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        Ok(socket::read(buffer))
    }
}

impl embedded_io_async_07::Write for Peer {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        socket::write(bytes);
        Ok(bytes.len())
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        self.answer();
        Ok(())
    }
}

impl asynch::Transport for Peer {
    async fn connect(&mut self, _: &Site<'_>) -> Result<(), Infallible> {
        Ok(())
    }

    fn disconnect(&mut self) {}

    async fn is_open(&mut self) -> bool {
        true
    }
}

/// Asks the future again until it is ready, as the least of executors does.
pub fn wait<F: Future>(future: F) -> F::Output {
    measure::FUTURE.store(size_of::<F>(), Relaxed);
    let (mut future, mut context) = (pin!(future), Context::from_waker(Waker::noop()));
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}
