//! A list of OData, a record at a time.

use core::fmt;

use super::reply::Reply;
use super::transport::Transport;
use crate::answer::call::{Answer, CallVerdict, may_be_document};
use crate::client::scanner::{Scanned, Scanner};
use crate::client::transfer::Goal;
use crate::client::{Error, Needed};
use crate::site::path::Path;

/// The records of an answer of OData, the elements of its `value`, as they arrive: in memory is one at a time.
///
/// A list that is cut off, or is none, is an error and no end.
///
/// Whoever drops it before its end closes the connection, and leaves the session as it was before the call.
///
#[doc = example!(records)]
pub struct Records<'r, 'm, 'b, T: Transport> {
    reply: Reply<'r, 'm, T>,
    memory: &'b mut [u8],
    scanner: Scanner,
    /// Where it is to be said how the list goes on.
    next: Option<&'b mut Next>,
}

/// Where the list goes on.
#[derive(Clone, Copy)]
pub(super) enum Next {
    /// With the call itself.
    First,
    /// With the link of so many bytes that stands where the records have stood, and is below the runtime's prefix or not.
    Link { len: usize, has_prefix: bool },
    /// Nowhere, as far as is known.
    Nowhere,
}

impl<'r, 'm, T: Transport> Reply<'r, 'm, T> {
    /// The records of the body, an answer of OData, one after the other, each in this memory.
    pub fn records<'b>(self, memory: &'b mut [u8]) -> Records<'r, 'm, 'b, T> {
        Records { reply: self, memory, scanner: Scanner::new(), next: None }
    }

    /// The same of one page, after which the link to the next stands in the memory.
    pub(super) fn records_before<'b>(self, memory: &'b mut [u8], next: &'b mut Next) -> Records<'r, 'm, 'b, T> {
        Records { reply: self, memory, scanner: Scanner::new(), next: Some(next) }
    }
}

impl<'r, T: Transport> Records<'r, '_, '_, T> {
    waiting! {
    /// The next record, as the site has written it; none after the last one of a list that is whole.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::BodyTooLong`] where it does not fit into the memory, after which the next one may be asked for. At the end
    /// [`Error::Verdict`] where the call was not answered well, [`Error::NoList`] where there is no list, or not all of one, and of
    /// [`Pages`](super::Pages) the errors of the link that [`next_page`](Records::next_page) has.
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
    /// Those of [`next`](Records::next), and [`Error::Typed`], after which the next one may be asked for.
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
        // There are no records in the body of another status.
        let has_records = matches!(transfer.exchange.http_status(), Some(200..=299));
        loop {
            wait!(link.drive(transfer, if has_records { Goal::Piece } else { Goal::End }))?;
            let piece = transfer.piece(&link.buffer);
            if piece.is_empty() || !has_records {
                let is_whole = self.scanner.has_ended() && may_be_document(&transfer.exchange);
                return match transfer.exchange.call_verdict(link.session)? {
                    CallVerdict::Fine if is_whole => self.end_page(),
                    CallVerdict::Fine => Err(Error::NoList),
                    verdict => Err(Error::Verdict(verdict)),
                };
            }
            let (consumed, scanned) = self.scanner.scan(piece, self.memory);
            transfer.consume_piece(consumed);
            match scanned {
                Scanned::Nothing => {}
                Scanned::Record(len) => return Ok(Some(len)),
                Scanned::TooLong(len) => {
                    return Err(Error::BodyTooLong { needed: Needed::Bytes(len as u64) });
                }
            }
        }
    }
    }

    /// The page has come to its end.
    fn end_page(&mut self) -> Result<Option<usize>, Error<T::Error>> {
        let Some(next) = &mut self.next else { return Ok(None) };
        if let Some((len, has_prefix)) = self.reply.write_next_link(self.memory)? {
            **next = Next::Link { len, has_prefix };
        }
        Ok(None)
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
    /// What the reply means, and where the next page is (`@odata.nextLink`), if there is one: its path, written to `link`. A link that
    /// is relative is resolved against the path of the call. What is left of the body is passed over. [`Pages`](super::Pages) go from
    /// one to the next by themselves.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::BodyTooLong`] where `link` has no room for the path, [`Error::LinkCut`] where the session's memory had none
    /// for the link, [`Error::LinkElsewhere`] where it does not lead to this site, and [`Error::NoList`] where the body is not whole.
    pub fn next_page<'l>(mut self, link: &'l mut [u8]) -> Result<(Answer<'r>, Option<Path<'l>>), Error<T::Error>> {
        wait!(self.reply.link.drive(&mut self.reply.transfer, Goal::End))?;
        let found = self.reply.write_next_link(link)?;
        let path = match found {
            Some((len, has_prefix)) => Some(path_of(link.get(..len).unwrap_or_default(), has_prefix)?),
            None => None,
        };
        Ok((wait!(self.reply.answer())?, path))
    }
    }
}

/// The path that was written by [`Reply::write_next_link`].
pub(super) fn path_of<E>(link: &[u8], has_prefix: bool) -> Result<Path<'_>, Error<E>> {
    let text = core::str::from_utf8(link).unwrap_or_default(); // as it was
    Path::checked(text, has_prefix).map_err(|_| Error::LinkElsewhere)
}

impl<T: Transport> Reply<'_, '_, T> {
    /// Writes where the next page is, of a reply that is complete: how long the path is, and whether the runtime's prefix comes before
    /// it.
    fn write_next_link(&self, link: &mut [u8]) -> Result<Option<(usize, bool)>, Error<T::Error>> {
        let (session, exchange) = (&*self.link.session, &self.transfer.exchange);
        let answer = exchange.call_result(session)?;
        if answer.verdict != CallVerdict::Fine {
            return Ok(None);
        }
        if !may_be_document(exchange) {
            return Err(Error::NoList);
        }
        let Some(found) = answer.next_link else { return Ok(None) };
        if found.is_truncated() {
            return Err(Error::LinkCut);
        }
        let (start, rest, has_prefix) =
            session.site().resolve(found.as_str(), *exchange.request.path()).ok_or(Error::LinkElsewhere)?;
        let len = start.len().saturating_add(rest.len());
        let place = link.get_mut(..len).ok_or(Error::BodyTooLong { needed: Needed::Bytes(len as u64) })?;
        place.iter_mut().zip(start.bytes().chain(rest.bytes())).for_each(|(to, from)| *to = from);
        Ok(Some((len, has_prefix)))
    }
}

impl<T: Transport> fmt::Debug for Records<'_, '_, '_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").field("reply", &self.reply).finish_non_exhaustive()
    }
}
