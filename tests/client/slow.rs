//! The scripted transport as an asynchronous one, each of whose operations is pending once.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use creatio_auth::Site;
use creatio_auth::client::asynch::Transport;
use creatio_auth::client::blocking::Transport as _;
use creatio_auth::client::embedded_io_07::{Read as _, Write as _};
use creatio_auth::client::embedded_io_async_07::{ErrorKind, ErrorType, Read, Write};

use crate::script::Script;

#[derive(Clone)]
pub struct Slow(pub Script);

/// Pending once before an operation, and once after it: then what it has done is lost with its future.
async fn slowly<R>(operation: impl FnOnce() -> R) -> R {
    pending_once().await;
    let result = operation();
    pending_once().await;
    result
}

async fn pending_once() {
    let mut is_first = true;
    poll_fn(|_| if std::mem::take(&mut is_first) { Poll::Pending } else { Poll::Ready(()) }).await;
}

impl ErrorType for Slow {
    type Error = ErrorKind;
}

impl Read for Slow {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        slowly(|| self.0.read(buffer)).await
    }
}

impl Write for Slow {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        slowly(|| self.0.write(bytes)).await
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        slowly(|| self.0.flush()).await
    }
}

impl Transport for Slow {
    async fn connect(&mut self, site: &Site<'_>) -> Result<(), ErrorKind> {
        slowly(|| self.0.connect(site)).await
    }

    fn disconnect(&mut self) {
        self.0.disconnect();
    }

    async fn is_open(&mut self) -> bool {
        self.0.is_open()
    }
}

/// Polls a future so often at the most, and then drops it.
pub fn poll_times<F: Future>(times: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    (0..times).find_map(|_| match future.as_mut().poll(&mut context) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    })
}

/// Polls a future until it is ready.
pub fn wait<F: Future>(future: F) -> F::Output {
    poll_times(usize::MAX, future).unwrap()
}
