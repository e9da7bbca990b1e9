//! The same for the blocking client: what serves a connection is asked until it has an answer, and no executor is there. Let its
//! connections block ([`Line::serve_blocking`]); one that waits is asked again at once.

use core::fmt;
use core::pin::{Pin, pin};
use core::task::{Context, Waker};

use embedded_io_07::{Error, ErrorType, Read, Write};

pub use super::socket::blocking::Socket;
use super::{Ask, Desk, Lender, Line, PIECE, serve_all};
use crate::client::blocking::Transport;
use crate::site::Site;

/// Does some work with a transport whose connections `lender` makes.
///
/// ```
/// # use creatio_defmt as _;
/// use creatio_auth::client::blocking::Client;
/// use creatio_auth::client::transports::lending::{Lender, blocking::lend};
/// use creatio_auth::{Call, CallVerdict, Credentials, Session};
///
/// fn ping(lender: &mut impl Lender, session: &mut Session<'_>, who: &Credentials<'_>) -> bool {
///     lend(lender, |transport| {
///         let mut buffer = [0; 512];
///         let mut client = Client::new(session, transport, &mut buffer);
///         let Ok(reply) = client.call_renewed(&Call::ping(), who) else { return false };
///         reply.answer().is_ok_and(|answer| answer.verdict == CallVerdict::Fine)
///     })
/// }
/// ```
pub fn lend<L: Lender, R>(lender: &mut L, work: impl FnOnce(Lent<'_, L::Error>) -> R) -> R {
    let desk = Desk::new();
    let serving = pin!(serve_all(lender, &desk));
    work(Lent { desk: &desk, serving })
}

/// The transport that [`lend`] lends.
pub struct Lent<'d, E> {
    desk: &'d Desk<E>,
    serving: Pin<&'d mut (dyn Future<Output = ()> + 'd)>,
}

impl<E> Lent<'_, E> {
    fn serve(&mut self) {
        let _ = self.serving.as_mut().poll(&mut Context::from_waker(Waker::noop())); // which never ends
    }

    fn ask(&mut self, ask: Ask) -> Result<usize, E> {
        self.desk.begin(ask);
        loop {
            self.serve();
            if let Some(answer) = self.desk.answer.take() {
                return answer;
            } // not covered: what serves without waiting has answered
        }
    }
}

impl<E: Error> Transport for Lent<'_, E> {
    fn connect(&mut self, site: &Site<'_>) -> Result<(), E> {
        let ask = self.desk.connect(site);
        self.ask(ask).map(|_| ())
    }

    fn disconnect(&mut self) {
        self.desk.cut();
        if self.desk.is_cut.get() {
            self.serve();
        }
    }

    fn close(&mut self) {
        if self.desk.is_connected.get() {
            let _ = self.ask(Ask::Close);
        }
    }

    fn is_open(&mut self) -> bool {
        self.desk.is_connected.get() && matches!(self.ask(Ask::IsOpen), Ok(1))
    }
}

impl<E: Error> ErrorType for Lent<'_, E> {
    type Error = E;
}

impl<E: Error> Read for Lent<'_, E> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, E> {
        let read = self.ask(Ask::Read(buffer.len().min(PIECE)))?;
        self.desk.take(buffer.get_mut(..read).unwrap_or_default());
        Ok(read)
    }
}

impl<E: Error> Write for Lent<'_, E> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, E> {
        self.desk.put(bytes);
        self.ask(Ask::Write(bytes.len().min(PIECE)))
    }

    fn flush(&mut self) -> Result<(), E> {
        self.ask(Ask::Flush).map(|_| ())
    }
}

impl<E> fmt::Debug for Lent<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lent").field("is_connected", &self.desk.is_connected.get()).finish_non_exhaustive()
    }
}

impl<E: Error> Line<'_, E> {
    /// As [`serve`](Line::serve), over a connection that blocks.
    pub async fn serve_blocking<C>(
        self,
        connection: &mut C,
        mut is_open: impl FnMut(&mut C) -> bool,
        is_end: impl Fn(&E) -> bool,
    ) where
        C: Read<Error = E> + Write<Error = E>,
    {
        self.serve(&mut Never(connection), async |connection: &mut Never<'_, C>| is_open(connection.0), is_end).await;
    }
}

/// A connection that never waits.
struct Never<'c, C>(&'c mut C);

impl<C: ErrorType> ErrorType for Never<'_, C> {
    type Error = C::Error;
}

impl<C: Read> embedded_io_async_07::Read for Never<'_, C> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, C::Error> {
        self.0.read(buffer)
    }
}

impl<C: Write> embedded_io_async_07::Write for Never<'_, C> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, C::Error> {
        self.0.write(bytes)
    }

    async fn flush(&mut self) -> Result<(), C::Error> {
        self.0.flush()
    }
}
