//! A list of OData from page to page.

use core::fmt;

use super::client::Client;
use super::records::{Next, Records, path_of};
use super::sign_in::SignIn;
use super::transport::Transport;
use crate::client::Error;
use crate::request::call::Call;

/// The pages of a list of OData, one after the other along `@odata.nextLink`, in one piece of memory: the link that leads to a page
/// stands at its front, and behind it one record at a time.
///
#[doc = example!(pages)]
///
/// Each page is a call of its own, which signs in where the session has ended. A link is only followed within the session's site.
/// Where a site's links lead in a circle the list has no end: it is for the caller to say how many pages are enough.
pub struct Pages<'b> {
    call: Call<'b>,
    memory: &'b mut [u8],
    /// How long the link is that stands at the front.
    front: usize,
    next: Next,
}

impl<'b> Pages<'b> {
    /// The pages of what this call asks for. The memory is for the longest record and the link before it.
    ///
    /// The link has the query in it. All else of the call goes with each page.
    pub const fn new(call: Call<'b>, memory: &'b mut [u8]) -> Self {
        Pages { call, memory, front: 0, next: Next::First }
    }

    waiting! {
    /// The records of the next page; none after the last one, and after one that was not read to its end.
    ///
    /// # Errors
    ///
    /// [`Error`], as [`call_renewed`](Client::call_renewed) has it. What the link is worth is told by the records, at their end: see
    /// [`Records::next_page`].
    pub fn next<'r, 'm, T: Transport>(
        &'r mut self,
        client: &'r mut Client<'_, 'm, T>,
        sign_in: impl SignIn,
    ) -> Result<Option<Records<'r, 'm, 'r, T>>, Error<T::Error>> {
        let (call, memory) = match core::mem::replace(&mut self.next, Next::Nowhere) {
            Next::Nowhere => return Ok(None),
            Next::First => (self.call, &mut *self.memory),
            Next::Link { len, has_prefix } => {
                for at in 0..len {
                    let byte = self.memory.get(self.front.saturating_add(at)).copied();
                    self.memory.get_mut(at).zip(byte).into_iter().for_each(|(to, byte)| *to = byte);
                }
                self.front = len;
                let (link, rest) = self.memory.split_at_mut_checked(len).unwrap_or_default();
                (self.call.at(path_of(link, has_prefix)?), rest)
            }
        };
        let reply = wait!(client.call_renewed(&call, sign_in))?;
        Ok(Some(reply.records_before(memory, &mut self.next)))
    }
    }
}

impl fmt::Debug for Pages<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("call", &self.call).finish_non_exhaustive()
    }
}
