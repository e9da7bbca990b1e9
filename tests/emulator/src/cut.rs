//! Connections that are cut in the middle.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::site::SharedSite;

/// The cuts to come: where in bytes, if at all.
#[derive(Default)]
pub(crate) struct Cuts {
    /// In the reply to the next call.
    pub(crate) reply: Mutex<Option<usize>>,
    /// In the next request on any connection.
    pub(crate) request: Mutex<Option<usize>>,
}

/// The cuts of one connection. Among the extensions of its requests.
#[derive(Clone, Default)]
pub(crate) struct Scissors(Arc<Mutex<Lengths>>);

#[derive(Default)]
struct Lengths {
    /// Whether the request that is being received has begun.
    receiving: bool,
    /// How much of the request is left to receive.
    request: Option<usize>,
    /// How much of the reply is left to send.
    reply: Option<usize>,
}

impl Scissors {
    /// To be told when the answer to a request is known, and so the whole request was received.
    pub(crate) fn answered(&self) {
        let mut lengths = self.0.lock().expect("no holder panics");
        lengths.receiving = false;
        lengths.request = None;
    }

    /// To be told when a request comes up, and so the reply to the one before was sent.
    pub(crate) fn asked(&self) {
        self.0.lock().expect("no holder panics").reply = None;
    }
}

/// Executes a call, and then perhaps has its reply cut.
pub(crate) async fn cut_reply(State(site): State<SharedSite>, request: Request, next: Next) -> Response {
    let scissors = request.extensions().get::<Scissors>().cloned();
    let response = next.run(request).await;
    if let Some(scissors) = scissors {
        let length = site.cuts.reply.lock().expect("no holder panics").take();
        scissors.0.lock().expect("no holder panics").reply = length;
    }
    response
}

/// The connection's stream, TLS being undone. An error makes hyper drop it, which closes the connection.
pub(crate) struct CutStream<S> {
    pub(crate) stream: S,
    pub(crate) site: SharedSite,
    pub(crate) scissors: Scissors,
}

fn cut() -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}

impl<S: AsyncRead + Unpin> AsyncRead for CutStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        let received = buf.filled().len() - before;
        if received == 0 {
            return Poll::Ready(Ok(()));
        }
        let mut lengths = self.scissors.0.lock().expect("no holder panics");
        if !lengths.receiving {
            lengths.receiving = true;
            lengths.request = self.site.cuts.request.lock().expect("no holder panics").take();
        }
        if let Some(left) = &mut lengths.request {
            *left = left.saturating_sub(received);
            if *left == 0 {
                // What was received with the last byte could complete the request. And hyper is not
                // to answer what it has seen.
                buf.set_filled(before);
                lengths.reply = Some(0);
                return Poll::Ready(Err(cut()));
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for CutStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let left = self.scissors.0.lock().expect("no holder panics").reply;
        if left == Some(0) {
            // TLS may hold back what was written before.
            ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
            return Poll::Ready(Err(cut()));
        }
        let length = left.map_or(buf.len(), |left| left.min(buf.len()));
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &buf[..length]))?;
        if let Some(left) = &mut self.scissors.0.lock().expect("no holder panics").reply {
            *left -= written;
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
