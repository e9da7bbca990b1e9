//! Connections that borrow from what makes them, as one of TLS does whose records stand in memory of the caller's.
//!
//! A [`Transport`] keeps its connection beside itself, where it could not borrow. So such a connection lives in a future of its own,
//! [`Lender::serve`], which [`lend`] runs beside the client's: what the client asks of its transport goes there and back, and all of
//! it in one task. For the blocking client there is the same in [`blocking`].
//!
//! What TLS goes over is a [`Socket`]: a connection of any other transport, with its deadlines.

pub mod blocking;
mod socket;

use core::cell::{Cell, RefCell};
use core::future::{pending, poll_fn};
use core::pin::pin;
use core::task::Poll;

use embedded_io_async_07::{Error, ErrorType, Read, Write};
use zeroize::Zeroizing;

use crate::client::asynch::Transport;
use crate::site::Site;
use crate::site::host::MAX_HOST;

pub use socket::Socket;

/// How much goes to and fro at once.
const PIECE: usize = 512;

/// What makes connections that borrow from it.
///
/// ```
/// # use creatio_defmt as _;
/// use creatio_auth::Site;
/// use creatio_auth::client::transports::lending::{Lender, Line};
/// use embedded_io_adapters::tokio_1::FromTokio;
/// use tokio::io::BufStream;
/// use tokio::net::TcpStream;
///
/// struct Plain {
///     stream: Option<BufStream<TcpStream>>,
/// }
///
/// impl Lender for Plain {
///     type Error = std::io::Error;
///
///     async fn serve(&mut self, site: &Site<'_>, line: Line<'_, Self::Error>) -> Result<(), Self::Error> {
///         let stream = TcpStream::connect((site.host(), site.port())).await?;
///         let stream = self.stream.insert(BufStream::new(stream)); // borrowed, as records of TLS are
///         line.serve(&mut FromTokio::new(stream), async |_| true, |_| false).await;
///         Ok(()) // where TLS says its farewell
///     }
/// }
/// ```
pub trait Lender {
    /// What keeps a connection from being made, or from going on.
    type Error: Error;

    /// Connects to the site's host and port, by TLS where it is https; has the [`Line`] [serve](Line::serve) over the connection; and
    /// closes it in order then. The site has no base path here. Where the connection is to be cut off, this future is dropped.
    ///
    /// # Errors
    ///
    /// Whatever keeps the connection from being made. What keeps it from being closed in order is nobody's concern.
    #[allow(async_fn_in_trait)] // whether its futures are `Send` is the connection's business, as in embedded-io-async
    async fn serve(&mut self, site: &Site<'_>, line: Line<'_, Self::Error>) -> Result<(), Self::Error>;
}

/// Does some work with a transport whose connections `lender` makes.
///
/// ```
/// # use creatio_defmt as _;
/// use creatio_auth::client::asynch::Client;
/// use creatio_auth::client::transports::lending::{Lender, lend};
/// use creatio_auth::{Call, CallVerdict, Credentials, Session};
///
/// async fn ping(lender: &mut impl Lender, session: &mut Session<'_>, who: &Credentials<'_>) -> bool {
///     lend(lender, async |transport| {
///         let mut buffer = [0; 512];
///         let mut client = Client::new(session, transport, &mut buffer);
///         let Ok(reply) = client.call_renewed(&Call::ping(), who).await else { return false };
///         reply.answer().await.is_ok_and(|answer| answer.verdict == CallVerdict::Fine)
///     })
///     .await
/// }
/// ```
pub async fn lend<L: Lender, R>(lender: &mut L, work: impl AsyncFnOnce(Lent<'_, L::Error>) -> R) -> R {
    let desk = Desk::new();
    let mut serving = pin!(serve_all(lender, &desk));
    let mut work = pin!(work(Lent(&desk)));
    poll_fn(|context| {
        loop {
            if let Poll::Ready(result) = work.as_mut().poll(context) {
                return Poll::Ready(result);
            }
            // What was cut off goes, also where nothing else is asked for.
            let is_asked = desk.ask.get() != Ask::Nothing;
            if is_asked || desk.is_cut.get() {
                let _ = serving.as_mut().poll(context); // which never ends
            }
            if !is_asked || desk.ask.get() != Ask::Nothing {
                return Poll::Pending;
            }
        }
    })
    .await
}

/// What the transport asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ask {
    Nothing,
    Connect {
        port: u16,
        host_len: usize,
        is_https: bool,
    },
    /// So many bytes at the most.
    Read(usize),
    /// So many bytes of the piece.
    Write(usize),
    Flush,
    IsOpen,
    Close,
}

/// Where both lay down what is for the other.
struct Desk<E> {
    ask: Cell<Ask>,
    /// The answer: how many bytes it was, or 1 for yes.
    answer: Cell<Option<Result<usize, E>>>,
    /// It may have a password in it.
    piece: RefCell<Zeroizing<[u8; PIECE]>>,
    is_connected: Cell<bool>,
    /// The connection is to be cut off.
    is_cut: Cell<bool>,
}

impl<E> Desk<E> {
    fn new() -> Self {
        Desk {
            ask: Cell::new(Ask::Nothing),
            answer: Cell::new(None),
            piece: RefCell::new(Zeroizing::new([0; PIECE])),
            is_connected: Cell::new(false),
            is_cut: Cell::new(false),
        }
    }

    /// Lays bytes down, as many as there is room for.
    fn put(&self, bytes: &[u8]) {
        if let Ok(mut piece) = self.piece.try_borrow_mut() {
            piece.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        } // not covered: one of the two has it at a time
    }

    /// Takes up bytes that the other has laid down.
    fn take(&self, out: &mut [u8]) {
        if let Ok(piece) = self.piece.try_borrow() {
            out.iter_mut().zip(piece.iter()).for_each(|(to, from)| *to = *from);
        } // not covered: likewise
    }

    fn answer(&self, answer: Result<usize, E>) {
        self.answer.set(Some(answer));
        self.ask.set(Ask::Nothing);
    }

    fn begin(&self, ask: Ask) {
        self.answer.set(None);
        self.ask.set(ask);
    }

    /// What is to be asked for a connection.
    fn connect(&self, site: &Site<'_>) -> Ask {
        let host = site.host().as_bytes();
        self.put(host);
        Ask::Connect { port: site.port(), host_len: host.len(), is_https: site.is_https() }
    }

    /// The connection is to be cut off, if there is one.
    fn cut(&self) {
        if self.is_connected.get() || self.ask.get() != Ask::Nothing {
            self.is_cut.set(true);
            self.ask.set(Ask::Nothing);
        }
    }

    /// Asks, and waits for the answer.
    async fn ask(&self, ask: Ask) -> Result<usize, E> {
        self.begin(ask);
        poll_fn(|_| self.answer.take().map_or(Poll::Pending, Poll::Ready)).await
    }

    /// Waits until something is asked for.
    async fn asked(&self) -> Ask {
        poll_fn(|_| match self.ask.get() {
            Ask::Nothing => Poll::Pending,
            ask => Poll::Ready(ask),
        })
        .await
    }
}

/// Serves one connection after the other.
async fn serve_all<L: Lender>(lender: &mut L, desk: &Desk<L::Error>) {
    loop {
        let Ask::Connect { port, host_len, is_https } = desk.asked().await else {
            desk.is_cut.set(false);
            desk.answer(Ok(0)); // as of a connection that is closed
            continue;
        };
        desk.is_cut.set(false);
        let mut host = [0; MAX_HOST];
        desk.take(&mut host);
        let host = host.get(..host_len).and_then(|host| core::str::from_utf8(host).ok()).unwrap_or_default();
        let site = Site::of_parts(host, port, is_https);
        let mut serving = pin!(lender.serve(&site, Line(desk)));
        let end =
            poll_fn(
                |context| {
                    if desk.is_cut.get() { Poll::Ready(None) } else { serving.as_mut().poll(context).map(Some) }
                },
            )
            .await;
        desk.is_connected.set(false);
        desk.is_cut.set(false);
        match end {
            Some(end) if desk.ask.get() != Ask::Nothing => desk.answer(end.map(|()| 0)),
            _ => {} // what is asked for now is for the next connection
        }
    }
}

/// The client's end of a connection, for [`Lender::serve`].
pub struct Line<'d, E>(&'d Desk<E>);

impl<E: Error> Line<'_, E> {
    /// Serves over a connection until it is to be closed. `is_open` says, without waiting, whether it still
    /// [stands](Transport::is_open), and `is_end` of an error of reading whether the peer has told its end by it, which is no error
    /// then but 0 bytes: `close_notify` in TLS. A connection that is merely cut off has no such end.
    pub async fn serve<C>(
        self,
        connection: &mut C,
        mut is_open: impl AsyncFnMut(&mut C) -> bool,
        is_end: impl Fn(&E) -> bool,
    ) where
        C: Read<Error = E> + Write<Error = E>,
    {
        let desk = self.0;
        desk.is_connected.set(true);
        desk.answer(Ok(1));
        let mut piece = Zeroizing::new([0; PIECE]);
        loop {
            match desk.asked().await {
                Ask::Read(len) => {
                    let place = piece.get_mut(..len.min(PIECE)).unwrap_or_default();
                    let read = connection.read(place).await;
                    desk.put(place);
                    desk.answer(match read {
                        Err(error) if is_end(&error) => Ok(0),
                        read => read,
                    });
                }
                Ask::Write(len) => {
                    desk.take(&mut *piece);
                    let written = connection.write(piece.get(..len).unwrap_or_default()).await;
                    desk.answer(written);
                }
                Ask::Flush => desk.answer(connection.flush().await.map(|()| 0)),
                Ask::IsOpen => {
                    let answer = is_open(connection).await;
                    desk.answer(Ok(answer.into()));
                }
                Ask::Close => return,
                Ask::Connect { .. } | Ask::Nothing => pending().await, // not covered: a client does not ask for it here
            }
        }
    }
}

/// The transport that [`lend`] lends.
pub struct Lent<'d, E>(&'d Desk<E>);

impl<E: Error> Transport for Lent<'_, E> {
    async fn connect(&mut self, site: &Site<'_>) -> Result<(), E> {
        let ask = self.0.connect(site);
        self.0.ask(ask).await.map(|_| ())
    }

    fn disconnect(&mut self) {
        self.0.cut();
    }

    async fn close(&mut self) {
        if self.0.is_connected.get() {
            let _ = self.0.ask(Ask::Close).await;
        }
    }

    async fn is_open(&mut self) -> bool {
        self.0.is_connected.get() && !self.0.is_cut.get() && matches!(self.0.ask(Ask::IsOpen).await, Ok(1))
    }
}

impl<E: Error> ErrorType for Lent<'_, E> {
    type Error = E;
}

impl<E: Error> Read for Lent<'_, E> {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, E> {
        let read = self.0.ask(Ask::Read(buffer.len().min(PIECE))).await?;
        self.0.take(buffer.get_mut(..read).unwrap_or_default());
        Ok(read)
    }
}

impl<E: Error> Write for Lent<'_, E> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, E> {
        self.0.put(bytes);
        self.0.ask(Ask::Write(bytes.len().min(PIECE))).await
    }

    async fn flush(&mut self) -> Result<(), E> {
        self.0.ask(Ask::Flush).await.map(|_| ())
    }
}
