//! What a client sends and receives by.

use super::super::{Read, Write};
use crate::session::Session;
use crate::site::Site;

/// A connection that can be made anew, one at a time: a socket, with TLS around it where the site wants it.
///
/// Time-outs are the transport's: what takes too long is an error like any other. Let them be of a whole exchange, from the
/// first byte of its request to the last of its reply, and not of each operation alone: a peer that says a byte now and then is
/// late with none, and says something for ever. [`connect`](Transport::connect) comes before an exchange, and
/// [`is_open`](Transport::is_open) before one over a kept connection: there the time begins.
///
/// A TLS connection that ends without `close_notify` is an error, too, for anyone may have cut the reply off; only the end that
/// the peer has told reads as 0 bytes.
///
#[doc = example!(transport)]
pub trait Transport: Read + Write {
    waiting! {
    /// Connects to a site's [host](Site::host) and [port](Site::port), by TLS where it [is https](Site::is_https).
    /// The transport has just been disconnected.
    ///
    /// # Errors
    ///
    /// Whatever keeps the connection from being made; the client gives it back as
    /// [`Error::Connect`](crate::client::Error::Connect).
    fn connect(&mut self, site: &Site<'_>) -> Result<(), Self::Error>;
    }

    /// Closes the connection at once, if there is one. It will not be used again. So ends what went wrong, and what was given up
    /// halfway.
    fn disconnect(&mut self);

    waiting! {
    /// Closes the connection in order: there is no exchange under way. A TLS connection tells its peer by `close_notify`, which
    /// may take its time; any other has nothing to do but to disconnect.
    fn close(&mut self) {
        self.disconnect();
    }
    }

    waiting! {
    /// Whether the connection, which has served an exchange before, still stands as far as is known here, without waiting for
    /// the peer.
    ///
    /// A server closes a connection that is idle for too long, mostly after a minute. A client that learns it by sending
    /// a `POST` cannot send it again, for it does not know what the server has done; so a transport that can tell
    /// should. A connection on which something has come meanwhile, as a server's `408`, is not to be used again either:
    /// it would pass for the next reply.
    ///
    #[doc = is_open_by_default!()]
    fn is_open(&mut self) -> bool {
        stands!(self)
    }
    }

    /// Whether an earlier client has left its connection to this site in order, and this one may go on over it. It is asked once,
    /// when a client begins; whether the connection stands is another question. [`Kept`](crate::client::transports::Kept) says it of
    /// any transport; one alone has nothing to go on with.
    fn is_kept(&self, site: &Site<'_>) -> bool {
        let _ = site;
        false
    }

    /// An exchange has left the connection to this site in order: another may go over it, of a later client, too.
    fn keep(&mut self, site: &Site<'_>) {
        let _ = site;
    }

    /// Saves the session where it outlives a restart, such as flash or a file; whether it has.
    /// [`Saving`](crate::client::transports::Saving) does so for any transport; one alone saves nothing, and goes on.
    ///
    /// The client asks for it at two places, whatever the way to sign in:
    ///
    /// - **Before a sign-in goes out**, when the connection stands. The session says then that one has, and that nobody knows what has
    ///   become of it ([`Session::sign_in_delay`]): a device that is reset in the middle of it does not try the password again at its
    ///   start. False stops the sign-in: nothing is sent, the session is as it was, and the error is
    ///   [`Refusal::NotSaved`](crate::client::Refusal::NotSaved).
    /// - **After each exchange**, however it has ended, and when the session is forgotten by a log-out. Whether anything has changed,
    ///   the [revision](Session::revision) tells. False changes nothing then.
    ///
    /// It does not wait, so that no future which is dropped leaves it half done.
    fn save(&mut self, session: &Session<'_>) -> bool {
        let _ = session;
        true
    }
}

impl<T: Transport + ?Sized> Transport for &mut T {
    waiting! {
    fn connect(&mut self, site: &Site<'_>) -> Result<(), Self::Error> {
        wait!(T::connect(self, site))
    }
    }

    fn disconnect(&mut self) {
        T::disconnect(self);
    }

    waiting! {
    fn close(&mut self) {
        wait!(T::close(self));
    }
    }

    waiting! {
    fn is_open(&mut self) -> bool {
        wait!(T::is_open(self))
    }
    }

    fn is_kept(&self, site: &Site<'_>) -> bool {
        T::is_kept(self, site)
    }

    fn keep(&mut self, site: &Site<'_>) {
        T::keep(self, site);
    }

    fn save(&mut self, session: &Session<'_>) -> bool {
        T::save(self, session)
    }
}
