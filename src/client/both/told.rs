use core::ops::Range;

use crate::client::sign_in::Door;
use crate::exchange::Exchange;
use crate::http::line::MAX_NAME;
use crate::json::text::Text;
use crate::session::{ExchangeId, Session};
use crate::text::bytes::put;

/// What is told of the last exchange when it is gone.
#[derive(Default)]
pub(super) struct Told {
    refused: Option<Refused>,
    /// The name of the field in which a reply was malformed.
    field: [u8; MAX_NAME + 1],
    field_len: usize,
}

/// Where the message of a sign-in that was refused stands.
struct Refused {
    exchange: ExchangeId,
    place: Range<usize>,
    is_cut: bool,
}

impl Told {
    /// Keeps where a sign-in that is complete, and not good, says why.
    pub fn refused<D: Door>(&mut self, exchange: &Exchange<'_>, session: &Session<'_>) {
        let document = &exchange.content.document;
        let text = D::MESSAGES.into_iter().find(|text| document.has_text(*text));
        self.refused = text.filter(|_| exchange.content.is_document()).and_then(|text| {
            let (exchange, is_cut) = (session.exchange_id(), document.is_cut(text));
            Some(Refused { exchange, place: document.text(text)?, is_cut })
        });
    }

    pub fn message<'s>(&self, session: &'s Session<'_>) -> Option<Text<'s>> {
        let refused = self.refused.as_ref().filter(|refused| refused.exchange == session.exchange_id())?;
        Some(Text::new(session.jar.memory.get(refused.place.clone())?, refused.is_cut))
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
