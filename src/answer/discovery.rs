//! Where an identity service has its endpoints: the way to ask it, and what it says (RFC 8414, section 3.2).

use super::token::{self, TokenText, TokenVerdict};
use crate::exchange::content::Sought;
use crate::exchange::error::{Failure, Misuse};
use crate::exchange::html::Page;
use crate::exchange::{Exchange, Kind, Own};
use crate::json::members::{self, Hash, Member, Members, Value};
use crate::json::text::Text;
use crate::request::discovery::DISCOVERY_PATH;
use crate::request::token::ClientCredentials;
use crate::request::{self, Request};
use crate::session::Session;
use crate::site::Site;

/// What an identity service says of itself. Its texts stand in the session's memory until the next exchange begins: copy what is to
/// outlive it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "the service may have said no, which the verdict tells"]
#[non_exhaustive]
pub struct Discovery<'s> {
    /// What it means: [`TokenVerdict::Found`] where a token endpoint is named.
    pub verdict: TokenVerdict,
    /// The HTTP status code.
    pub http_status: u16,
    /// `token_endpoint`, a URL. [`Site::path_of`] has its path where it is at the service's own host, and none elsewhere.
    pub token_endpoint: Option<Text<'s>>,
    /// `authorization_endpoint`, likewise: where people approve.
    pub authorization_endpoint: Option<Text<'s>>,
    /// `revocation_endpoint`, likewise.
    pub revocation_endpoint: Option<Text<'s>>,
    /// `Retry-After` in seconds. A date is one only if the caller or the reply tells the time.
    pub retry_after: Option<u32>,
}

/// The texts that are kept, in the order that they have in C, behind those of a token's answer that may come, too.
#[derive(Clone, Copy)]
enum Endpoint {
    Token = TokenText::TokenType as isize,
    Authorization,
    Revocation,
}

const fn kept(text: Endpoint) -> Value {
    // not covered: run by the compiler
    Value::Text(text as u8, 1)
}

//= 8414-3.2-endpoints
const MEMBERS: &[(&str, Value)] = &[
    ("error", Value::Text(TokenText::Error as u8, 1)),
    ("token_endpoint", kept(Endpoint::Token)),
    ("authorization_endpoint", kept(Endpoint::Authorization)),
    ("revocation_endpoint", kept(Endpoint::Revocation)),
];

const TABLE: [Member; MEMBERS.len() + 1] = members::table(MEMBERS);

static ANSWER: Sought = Sought {
    members: Members { table: &TABLE, scalar: |_, _, _| Ok(()) }, // not covered: there is none
    page: Page::look,
    text: Hash::NONE,
};

/// What a request for the endpoints does in its own way.
static DISCOVERY: Kind = Kind {
    form: &request::DISCOVERY,
    sought: &ANSWER,
    is_sign_in: false,
    complete,
    verdict: |_, _| Err(Misuse::NotALogin),
    ..token::KIND
};

//= 8414-3.3-issuer
/// The reply is complete. The session does not change.
fn complete(exchange: &mut Exchange<'_>, session: &mut Session<'_>) -> Result<(), Failure> {
    exchange.check_document()?;
    let mut verdict = token::verdict(exchange, session.jar.memory);
    if verdict == TokenVerdict::NoToken {
        let is_found = exchange.content.document.has_text(Endpoint::Token as u8);
        verdict = if is_found { TokenVerdict::Found } else { TokenVerdict::NoEndpoint };
    }
    exchange.own = Own::Endpoints(verdict as u8);
    Ok(())
}

impl<'m> Session<'m> {
    /// Begins a request for the endpoints of an identity service, from `/.well-known/openid-configuration`. It ends any exchange
    /// that is under way, and goes to the identity service, as [`Session::token`]. Of the client nothing is sent but its
    /// [lines](ClientCredentials::with_field_lines).
    ///
    /// The document is read while it comes, and of it only the endpoints are kept. [`Exchange::discovery_result`] has them.
    pub fn discover<'c>(&mut self, identity: &Site<'c>, client: &'c ClientCredentials<'_>) -> Exchange<'c>
    where
        'm: 'c,
    {
        self.begin(&DISCOVERY, || Request::Token(client.request(*identity, None).to(DISCOVERY_PATH)))
    }
}

impl Exchange<'_> {
    /// Where the endpoints of an identity service are, when the reply is complete.
    ///
    /// Its texts are views into the session's memory.
    ///
    /// # Errors
    ///
    /// [`Misuse`]: the reply is not complete, or the exchange asks for something else, or the session has gone on.
    pub fn discovery_result<'s>(&self, session: &'s Session<'_>) -> Result<Discovery<'s>, Misuse> {
        let verdict = self.discovery_verdict(session)?;
        let text = |text: Endpoint| self.answer_text(session, text as u8);
        Ok(Discovery {
            verdict,
            http_status: self.reader.head.status,
            token_endpoint: text(Endpoint::Token),
            authorization_endpoint: text(Endpoint::Authorization),
            revocation_endpoint: text(Endpoint::Revocation),
            retry_after: self.retry_after(),
        })
    }

    /// What [`Exchange::discovery_result`] says, one thing after the other: C's struct is filled in its place.
    #[doc(hidden)]
    pub fn discovery_verdict(&self, session: &Session<'_>) -> Result<TokenVerdict, Misuse> {
        self.check(session)?;
        match self.own {
            Own::Endpoints(verdict) => Ok(TokenVerdict::of_number(verdict).unwrap_or(TokenVerdict::UnexpectedStatus)),
            _ if matches!(self.request, Request::Token(_)) => Err(Misuse::OutOfTurn),
            _ => Err(Misuse::NotATokenRequest),
        }
    }

    #[doc(hidden)]
    pub fn endpoint_text<'s>(&self, session: &'s Session<'_>, text: u8) -> Option<Text<'s>> {
        self.answer_text(session, text.wrapping_add(Endpoint::Token as u8))
    }
}
