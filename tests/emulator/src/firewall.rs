//! What a web firewall in front of a site writes into its replies: fields that are no HTTP any more, and that clients are
//! expected to bear with.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use axum::http::header::{CONTENT_SECURITY_POLICY, SET_COOKIE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The fields, each with a letter of [`DISGUISED`] for what hyper would not send.
const FIELDS: [(HeaderName, &[u8]); 3] = [
    (SET_COOKIE, b"___utmva=a\xFDb; path=/"),
    (SET_COOKIE, b"___utmvb=ab\xFF    XcD: ef; path=/"),
    (CONTENT_SECURITY_POLICY, b"default-src 'self';\xFE\xFF    img-src *"),
];

/// What stands for what, in a head. None of these is a byte of UTF-8.
const DISGUISED: [(u8, u8); 3] = [(0xFD, 0x01), (0xFE, b'\r'), (0xFF, b'\n')];

/// The end of a head.
const END: &[u8] = b"\r\n\r\n";

/// Gives a reply the firewall's fields.
pub(crate) fn add_fields(response: &mut Response) {
    for (name, value) in FIELDS {
        let value = HeaderValue::from_bytes(value).expect("these bytes are allowed");
        response.headers_mut().append(name, value);
    }
}

/// How much of the end of a head has been sent; all of it before the first one.
#[derive(Clone)]
pub(crate) struct Heads(Arc<Mutex<usize>>);

impl Default for Heads {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(END.len())))
    }
}

impl Heads {
    /// To be told when the head of a reply is to be sent next.
    pub(crate) fn begin(&self) {
        *self.0.lock().expect("no holder panics") = 0;
    }
}

/// A stream on which heads are sent without the disguise.
pub(crate) struct FirewallStream<S> {
    pub(crate) stream: S,
    pub(crate) heads: Heads,
}

impl<S: AsyncRead + Unpin> AsyncRead for FirewallStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for FirewallStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let mut sent = *self.heads.0.lock().expect("no holder panics");
        if sent == END.len() {
            return Pin::new(&mut self.stream).poll_write(cx, buf);
        }
        let mut states = Vec::with_capacity(buf.len());
        let mut bytes = buf.to_vec();
        for byte in &mut bytes {
            if sent < END.len() {
                sent = if *byte == END[sent] { sent + 1 } else { usize::from(*byte == END[0]) };
                if let Some((_, true_byte)) = DISGUISED.iter().find(|(disguise, _)| disguise == byte) {
                    *byte = *true_byte;
                }
            }
            states.push(sent);
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &bytes))?;
        if let Some(state) = written.checked_sub(1).and_then(|last| states.get(last)) {
            *self.heads.0.lock().expect("no holder panics") = *state;
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
