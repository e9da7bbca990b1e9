//! The reply to a call while it comes, and the body of a request while it goes out.

use core::fmt;

use embedded_io_07::ErrorType;

use super::super::{Read, Write};
use super::connection::write_all;
use super::link::Link;
use super::transport::Transport;
use crate::answer::call::Answer;
#[cfg(feature = "serde")]
use crate::answer::call::CallVerdict;
use crate::client::transfer::{Goal, Transfer};
use crate::client::{Error, Needed};

/// A call whose body is being written.
///
/// Whoever drops it closes the connection.
///
#[doc = example!(upload)]
pub struct Upload<'r, 'm, T: Transport> {
    pub(super) link: Link<'r, 'm, T>,
    pub(super) transfer: Transfer<'r, T::Error>,
}

impl<'r, 'm, T: Transport> Upload<'r, 'm, T> {
    waiting! {
    /// Writes the next bytes of the body, any number of them.
    ///
    /// A connection that fails is no error yet, for the site may have answered early; [`reply`](Upload::reply) tells.
    ///
    /// # Errors
    ///
    /// [`Error::BodyLength`] where the body becomes longer than the call says. Nothing is written then.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error<T::Error>> {
        if self.transfer.begin_body(bytes.len())? {
            let result = wait!(write_all(self.link.connection.transport, bytes));
            self.transfer.sent(result);
        }
        Ok(())
    }
    }

    waiting! {
    /// Ends the body, and gives the reply as soon as its head is complete.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::BodyLength`] where the body is shorter than the call says.
    pub fn reply(mut self) -> Result<Reply<'r, 'm, T>, Error<T::Error>> {
        self.transfer.end_body()?;
        wait!(self.link.drive(&mut self.transfer, Goal::Head))?;
        Ok(Reply { link: self.link, transfer: self.transfer })
    }
    }
}

/// The reply to a call, from the end of its head on.
///
/// Whoever drops it before its end closes the connection, and leaves the session as it was before the call.
///
#[doc = example!(reply)]
pub struct Reply<'r, 'm, T: Transport> {
    pub(super) link: Link<'r, 'm, T>,
    pub(super) transfer: Transfer<'r, T::Error>,
}

impl<'r, 'm, T: Transport> Reply<'r, 'm, T> {
    /// The HTTP status code.
    pub fn http_status(&self) -> u16 {
        self.transfer.exchange.http_status().unwrap_or_default() // a reply has a head
    }

    /// Whether the call was sent twice, since nobody knew whether it was done the first time: one that is
    /// [said to be repeatable](crate::Call::with_repeatable), or does no harm. If it is refused now, look whether it was done, as
    /// [`Renewal`](crate::Renewal::may_be_done_before) has it.
    pub fn may_be_done_before(&self) -> bool {
        self.transfer.may_be_done_before
    }

    /// `Content-Type`
    pub fn content_type(&self) -> Option<&[u8]> {
        self.transfer.exchange.content_type(self.link.session)
    }

    /// `Content-Length`. A chunked reply has none.
    pub fn content_length(&self) -> Option<u64> {
        self.transfer.exchange.content_length()
    }

    /// `Location`
    pub fn location(&self) -> Option<&[u8]> {
        self.transfer.exchange.location(self.link.session)
    }

    /// The field that the call [wants](crate::Call::with_wanted_field).
    pub fn wanted_field(&self) -> Option<&[u8]> {
        self.transfer.exchange.wanted_field(self.link.session)
    }

    waiting! {
    /// The next piece of the body, in the client's buffer; none after its end.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub fn piece(&mut self) -> Result<Option<&[u8]>, Error<T::Error>> {
        wait!(self.link.drive(&mut self.transfer, Goal::Piece))?;
        Ok(self.transfer.take_piece(&self.link.buffer))
    }
    }

    waiting! {
    /// Reads what is left of the body into this memory, and gives it. A `heapless::Vec` is such memory when it is resized to its
    /// capacity before, and truncated to the length of what this gives after it.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::BodyTooLong`] where it does not fit, which says how much memory it takes: by what the reply says, or by
    /// reading on. What is left may still be read over, by [`answer`](Reply::answer).
    #[expect(clippy::arithmetic_side_effects, reason = "no more is read than the memory has")]
    pub fn read_to_end<'b>(&mut self, memory: &'b mut [u8]) -> Result<&'b mut [u8], Error<T::Error>> {
        let mut len = 0;
        loop {
            wait!(self.link.drive(&mut self.transfer, Goal::Piece))?;
            let read = self.transfer.read_piece(&self.link.buffer, memory.get_mut(len..).unwrap_or_default());
            len += read;
            if read == 0 {
                break;
            }
        }
        if !self.transfer.piece(&self.link.buffer).is_empty() {
            let needed = wait!(self.pass_over(len as u64))?;
            return Err(Error::BodyTooLong { needed });
        }
        memory.get_mut(..len).ok_or(Error::BodyTooLong { needed: Needed::Bytes(len as u64) })
    }
    }

    waiting! {
    /// How much memory the body takes of which so much has been read.
    fn pass_over(&mut self, mut len: u64) -> Result<Needed, Error<T::Error>> {
        let most = len.saturating_add(self.link.session.body_limit as u64);
        loop {
            let piece = self.transfer.piece(&self.link.buffer).len();
            len = len.saturating_add(piece as u64);
            if let Some(left) = self.transfer.left() {
                return Ok(Needed::Bytes(len.saturating_add(left)));
            }
            if len > most {
                return Ok(Needed::MoreThan(most));
            }
            if piece == 0 {
                return Ok(Needed::Bytes(len));
            }
            self.transfer.consume_piece(piece);
            wait!(self.link.drive(&mut self.transfer, Goal::Piece))?;
        }
    }
    }

    waiting! {
    /// The value that the body is, which is read into this memory first; texts with escapes are decoded in `scratch`.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::Verdict`] where the call was not answered well, [`Error::BodyTooLong`] where the body does not fit, and
    /// [`Error::Typed`], which names the member that is to blame.
    #[cfg(feature = "serde")]
    pub fn json<'b, V: serde::Deserialize<'b>>(
        mut self,
        memory: &'b mut [u8],
        scratch: &mut [u8],
    ) -> Result<V, Error<T::Error>> {
        let read = match wait!(self.read_to_end(memory)) {
            Err(Error::BodyTooLong { needed }) => Err(needed), // what the reply means goes before
            read => Ok(read?),
        };
        match wait!(self.answer())?.verdict {
            CallVerdict::Fine => {
                let body = read.map_err(|needed| Error::BodyTooLong { needed })?;
                crate::typed::read(body, scratch).map_err(Error::Typed)
            }
            verdict => Err(Error::Verdict(verdict)),
        }
    }
    }

    waiting! {
    /// What the reply means. What is left of its body is passed over.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub fn answer(mut self) -> Result<Answer<'r>, Error<T::Error>> {
        wait!(self.link.drive(&mut self.transfer, Goal::End))?;
        let answer = self.transfer.exchange.call_result(self.link.session)?;
        note!("verdict {:?}", answer.verdict);
        Ok(answer)
    }
    }
}

impl<T: Transport> ErrorType for Reply<'_, '_, T> {
    type Error = Error<T::Error>;
}

/// The body, as [`Reply::piece`] gives it.
impl<T: Transport> Read for Reply<'_, '_, T> {
    waiting! {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Self::Error> {
        if buffer.is_empty() {
            return Ok(0);
        }
        wait!(self.link.drive(&mut self.transfer, Goal::Piece))?;
        Ok(self.transfer.read_piece(&self.link.buffer, buffer))
    }
    }
}

impl<T: Transport> ErrorType for Upload<'_, '_, T> {
    type Error = Error<T::Error>;
}

/// The body, as [`Upload::write`] takes it.
impl<T: Transport> Write for Upload<'_, '_, T> {
    waiting! {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Self::Error> {
        wait!(Upload::write(self, bytes)).map(|()| bytes.len())
    }
    }

    waiting! {
    /// What has been written goes out with the end of the body.
    fn flush(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
    }
}

impl<T: Transport> fmt::Debug for Upload<'_, '_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("exchange", &self.transfer.exchange).finish_non_exhaustive()
    }
}

impl<T: Transport> fmt::Debug for Reply<'_, '_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("exchange", &self.transfer.exchange).finish_non_exhaustive()
    }
}
