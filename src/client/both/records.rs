use core::fmt;

use super::reply::Reply;
use super::transport::Transport;
use crate::answer::call::Answer;
use crate::client::Error;
use crate::client::scanner::{Scanned, Scanner};
use crate::client::transfer::Goal;
use crate::site::path::Path;

/// The records of an answer of OData, the elements of its `value`, as they arrive: in memory is one at a time.
///
/// Whoever drops it before its end closes the connection, and leaves the session as it was before the call.
///
#[doc = example!(records)]
pub struct Records<'r, 'm, 'b, T: Transport> {
    reply: Reply<'r, 'm, T>,
    memory: &'b mut [u8],
    scanner: Scanner,
}

impl<'r, 'm, T: Transport> Reply<'r, 'm, T> {
    /// The records of the body, an answer of OData, one after the other, each in this memory.
    pub fn records<'b>(self, memory: &'b mut [u8]) -> Records<'r, 'm, 'b, T> {
        Records { reply: self, memory, scanner: Scanner::new() }
    }
}

impl<'r, T: Transport> Records<'r, '_, '_, T> {
    waiting! {
    /// The next record, as the site has written it; none after the last one, and none of an answer that has no `value`.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::BodyTooLong`] where it does not fit into the memory, and then there are no more.
    #[allow(clippy::should_implement_trait)] // it lends
    pub fn next(&mut self) -> Result<Option<&[u8]>, Error<T::Error>> {
        Ok(match wait!(self.advance())? {
            Some(len) => self.memory.get(..len),
            None => None,
        })
    }
    }

    waiting! {
    /// The next record as a value, whose texts with escapes are decoded in `scratch`; none after the last one.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::BodyTooLong`] as for [`next`](Records::next), and [`Error::Typed`], after which the next one may be asked
    /// for.
    #[cfg(feature = "serde")]
    pub fn next_as<'s, V: serde::Deserialize<'s>>(
        &'s mut self,
        scratch: &mut [u8],
    ) -> Result<Option<V>, Error<T::Error>> {
        match wait!(self.next())? {
            Some(record) => crate::typed::read(record, scratch).map(Some).map_err(Error::Typed),
            None => Ok(None),
        }
    }
    }

    waiting! {
    /// How long the next record is, which stands in the memory then.
    fn advance(&mut self) -> Result<Option<usize>, Error<T::Error>> {
        let Reply { link, transfer } = &mut self.reply;
        loop {
            wait!(link.drive(transfer, Goal::Piece))?;
            let piece = transfer.piece(&link.buffer);
            if piece.is_empty() {
                return Ok(None);
            }
            let (consumed, scanned) = self.scanner.scan(piece, self.memory);
            transfer.consume_piece(consumed);
            match scanned {
                Scanned::Nothing => {}
                Scanned::Record(len) => return Ok(Some(len)),
                Scanned::TooLong => return Err(Error::BodyTooLong),
            }
        }
    }
    }

    waiting! {
    /// What the reply means. What is left of its body is passed over.
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub fn answer(self) -> Result<Answer<'r>, Error<T::Error>> {
        wait!(self.reply.answer())
    }
    }

    waiting! {
    /// What the reply means, and where the next page is (`@odata.nextLink`), if there is one on this site: its path, written to
    /// `link`. What is left of the body is passed over.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::BodyTooLong`] where `link` has no room for the path.
    pub fn next_page<'l>(self, link: &'l mut [u8]) -> Result<(Answer<'r>, Option<Path<'l>>), Error<T::Error>> {
        let site = *self.reply.link.session.site();
        let answer = wait!(self.reply.answer())?;
        let path = answer.next_link.filter(|link| !link.is_truncated()).and_then(|link| site.path_of(link.as_str()));
        let Some(path) = path else { return Ok((answer, None)) };
        let bytes = path.as_str().as_bytes();
        let place = link.get_mut(..bytes.len()).ok_or(Error::BodyTooLong)?;
        place.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        let text = core::str::from_utf8(place).unwrap_or_default(); // as it was
        Ok((answer, Path::root(text).ok()))
    }
    }
}

impl<T: Transport> fmt::Debug for Records<'_, '_, '_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").field("reply", &self.reply).finish_non_exhaustive()
    }
}
