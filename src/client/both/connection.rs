//! The connection of a client: when it is used again, and when not.

use super::transport::Transport;
use crate::client::Error;
use crate::exchange::error::ReplyError;
use crate::site::Site;

/// The transport while it serves an exchange. It is disconnected when this is dropped, unless it may serve another: so a
/// connection is not used again after an error, nor after a reply or a future that was dropped halfway.
pub(super) struct Connection<'r, 'm, T: Transport> {
    pub transport: &'r mut T,
    /// The session's site, if there is a connection to it that may serve another exchange.
    pub kept: &'r mut Option<Site<'m>>,
    /// The connection is to the session's site.
    pub is_home: bool,
}

impl<T: Transport> Connection<'_, '_, T> {
    waiting! {
    /// Closes the kept connection, if there is one.
    pub fn close(&mut self) {
        if self.kept.take().is_some() {
            wait!(self.transport.close());
        }
    }
    }

    waiting! {
    /// Takes the kept connection, or makes one; whether it was kept.
    pub fn open(&mut self, site: &Site<'_>, is_home: bool) -> Result<bool, Error<T::Error>> {
        self.is_home = is_home;
        //= 9112-9.2-stray
        if self.kept.is_some_and(|kept| kept == *site) && is_home && wait!(self.transport.is_open()) {
            *self.kept = None; // until the exchange has left it in order
            return Ok(true);
        }
        wait!(self.close());
        self.transport.disconnect();
        note!("connecting to {} port {}", site.host(), site.port());
        wait!(self.transport.connect(site)).map_err(Error::Connect)?;
        Ok(false)
    }
    }
}

impl<T: Transport> Drop for Connection<'_, '_, T> {
    //= 9112-6.3-close-and-discard
    fn drop(&mut self) {
        if self.kept.is_none() {
            self.transport.disconnect();
        }
    }
}

waiting! {
pub(super) fn write_all<T: Transport>(transport: &mut T, mut bytes: &[u8]) -> Result<(), Error<T::Error>> {
    // The trait's own method panics where nothing is taken.
    while !bytes.is_empty() {
        let written = wait!(transport.write(bytes)).map_err(Error::Transport)?;
        bytes = bytes.get(written..).filter(|_| written > 0).ok_or(ReplyError::ClosedEarly)?;
    }
    Ok(())
}
}
