//! Whether a kept connection has anything to say for itself.

use core::future::poll_fn;
use core::pin::pin;
use core::task::Poll;

use embedded_io_async_07::Read;

/// Whether reading from it waits, as it does where the peer has neither closed the connection nor said anything.
pub(super) async fn is_idle<R: Read + ?Sized>(connection: &mut R) -> bool {
    let mut byte = [0];
    let mut read = pin!(connection.read(&mut byte));
    poll_fn(|context| Poll::Ready(read.as_mut().poll(context).is_pending())).await
}
