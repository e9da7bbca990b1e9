//! What a client tells of the last exchange.

use core::ops::Range;

use crate::client::sign_in::Door;
use crate::exchange::Exchange;
use crate::http::line::MAX_NAME;
use crate::json::text::Text;
use crate::session::{ExchangeId, Session};
use crate::text::bytes::put;

/// What is told of the last exchange when it is gone.
pub(super) struct Told {
    refused: Option<Refused>,
    /// The name of the field in which a reply was malformed.
    field: [u8; MAX_NAME + 1],
    field_len: usize,
}

/// What is told of a sign-in that was refused.
struct Refused {
    exchange: ExchangeId,
    /// Where its message stands, and whether it is cut.
    message: Option<(Range<usize>, bool)>,
    retry_after: Option<u32>,
}

impl Told {
    pub const NONE: Self = Told { refused: None, field: [0; MAX_NAME + 1], field_len: 0 };

    /// Keeps what a sign-in that is complete, and not good, says.
    pub fn refused<D: Door>(&mut self, exchange: &Exchange<'_>, session: &Session<'_>) {
        let document = &exchange.content.document;
        let text = D::MESSAGES.into_iter().find(|text| document.has_text(*text));
        let message = text
            .filter(|_| exchange.content.is_document())
            .and_then(|text| Some((document.text(text)?, document.is_cut(text))));
        let (id, retry_after) = (session.exchange_id(), exchange.retry_after());
        self.refused = Some(Refused { exchange: id, message, retry_after });
    }

    pub fn message<'s>(&self, session: &'s Session<'_>) -> Option<Text<'s>> {
        let (place, is_cut) = self.last(session)?.message.clone()?;
        Some(Text::new(session.jar.memory.get(place)?, is_cut))
    }

    pub fn retry_after(&self, session: &Session<'_>) -> Option<u32> {
        self.last(session)?.retry_after
    }

    /// The sign-in that was refused, if nothing has come after it.
    fn last(&self, session: &Session<'_>) -> Option<&Refused> {
        self.refused.as_ref().filter(|refused| refused.exchange == session.exchange_id())
    }

    /// Keeps the name of the field at which the exchange has failed, if it has.
    pub fn failed(&mut self, exchange: &Exchange<'_>) {
        let name = exchange.failed_field().unwrap_or_default();
        put(&mut self.field, 0, name);
        self.field_len = name.len();
    }

    pub fn field(&self) -> Option<&[u8]> {
        self.field.get(..self.field_len).filter(|name| !name.is_empty())
    }
}
