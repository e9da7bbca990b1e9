//! What a request for a token is answered with (RFC 6749, sections 5.1 and 5.2).

use crate::exchange::content::Sought;
use crate::exchange::error::{Failure, Misuse};
use crate::exchange::html::Page;
use crate::exchange::{Exchange, Kind, Own};
use crate::json::members::{self, Hash, Member, Members, Value};
use crate::json::scalar::Scalar;
use crate::json::text::Text;
use crate::request::token::ClientCredentials;
use crate::request::{self, Request};
use crate::session::Session;
use crate::session::authorization::{self, Lifetime};
use crate::site::Site;
use crate::text::again::Again;
use crate::text::numbered::numbered;

/// The answer to a request for a token, which itself is the session's, and secret. Its texts stand in the session's memory
/// until the next exchange begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "the site may have said no, which the verdict tells"]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Token<'s> {
    /// What it means.
    pub verdict: TokenVerdict,
    /// The HTTP status code.
    pub http_status: u16,
    /// `expires_in`: how many seconds the token lives; none where the service does not say it in a whole number.
    pub expires_in: Option<u32>,
    /// `error`: the code of the error, as the service writes it.
    pub error: Option<Text<'s>>,
    /// `error_description`: for people.
    pub error_description: Option<Text<'s>>,
    /// `Retry-After` in seconds. A date is one only if the caller or the reply tells the time.
    pub retry_after: Option<u32>,
}

// The numbers are those of the C interface.
numbered! {
    /// What the answer to a request for a token means. None of these is an error of the exchange.
    #[cfg_attr(feature = "serde", derive(serde::Serialize))]
    pub enum TokenVerdict {
        /// The session has a token.
        Granted = 0, "signed in";
        /// `invalid_client`, or status 401: id or secret are wrong, or the service wants them sent the other way.
        InvalidClient = 1, "the client's id or secret is wrong";
        /// `unauthorized_client`: the client may not use this grant.
        UnauthorizedClient = 2, "the client is not allowed to sign in this way";
        /// `invalid_grant`.
        InvalidGrant = 3, "the identity service refuses the grant";
        /// `invalid_scope`.
        InvalidScope = 4, "the identity service refuses the scope";
        /// `unsupported_grant_type`: the service does not know client credentials.
        UnsupportedGrantType = 5, "the identity service does not know client credentials";
        /// `invalid_request`.
        InvalidRequest = 6, "the identity service does not understand the request";
        /// Another `error`; its text has it.
        OtherError = 7, "the identity service refuses; its error says why";
        /// The application's login page came, as a redirect to it or itself: this is not the identity service. See
        /// [`Site::identity_hint`] for where that usually is.
        WrongHost = 8,
            "this is the application, not its identity service, which has a host of its own; on Creatio's cloud it is \
             NAME-is.creatio.com, elsewhere the system setting OAuth20IdentityServerUrl names it";
        /// A redirect to somewhere else: check the identity service's URL, http or https included.
        Redirect = 9, "a redirect came instead of a token; check the identity service's URL, http or https included";
        /// Another web page came.
        WebPage = 10, "a web page came instead of a token; check the identity service's URL";
        /// Status 404 or 405: nothing issues tokens at this address.
        NotFound = 11, "nothing issues tokens here; check the identity service's URL";
        /// Status 200, but there is no token, an empty one, or one that cannot be sent: with a space, a control character, or
        /// something outside ASCII (RFC 6749, appendix A.12), or of 64 KiB and more.
        NoToken = 12, "the identity service says yes, but sent no token that can be used";
        /// The token is not of the type `Bearer`.
        UnsupportedTokenType = 13, "the token is of another type than Bearer";
        /// Status 429, 502, 503 or 504: try again later; `retry_after` may say when.
        Busy = 14, "the identity service is busy; try again later";
        /// Any other status.
        UnexpectedStatus = 15, "an unexpected HTTP status; check the identity service's URL, http or https included";
    }
}

impl TokenVerdict {
    /// Whether the same request may be sent again: where nobody has judged the client.
    pub const fn again(&self) -> Again {
        if matches!(self, TokenVerdict::Busy) { Again::Yes } else { Again::No }
    }
}

/// The texts that are kept of an answer, in the order that they have in C.
#[derive(Clone, Copy)]
pub(crate) enum TokenText {
    Error,
    Description,
    AccessToken,
    TokenType,
}

const fn kept(text: TokenText) -> Value {
    // not covered: run by the compiler
    Value::Text(text as u8, 1)
}

//= 6749-5.1-unknown
const MEMBERS: &[(&str, Value)] = &[
    ("access_token", Value::Text(TokenText::AccessToken as u8, 0)),
    ("token_type", kept(TokenText::TokenType)),
    ("expires_in", Value::Scalar),
    ("error", kept(TokenText::Error)),
    ("error_description", kept(TokenText::Description)),
];

const TABLE: [Member; MEMBERS.len() + 1] = members::table(MEMBERS);

pub(crate) static ANSWER: Sought =
    Sought { members: Members { table: &TABLE, scalar: Scalar::seconds }, page: Page::look, text: Hash::NONE };

/// What a request for a token does in its own way.
pub(crate) static TOKEN: Kind = Kind {
    form: &request::TOKEN,
    cookie: |_, _, _| {}, // one of the identity service is none of the session's
    field: |exchange, session, field, value| exchange.take_field(session, field, &value),
    reads_body: |_, head| !(300..=399).contains(&head.status),
    sought: &ANSWER,
    answers_by_document: true,
    complete,
    is_signed_in: |exchange, session| exchange.token_verdict(session).map(|verdict| verdict == TokenVerdict::Granted),
    limits_body: |_| true,
};

/// The reply is complete: the token takes the place of all that the session has.
fn complete(exchange: &mut Exchange<'_>, session: &mut Session<'_>) -> Result<(), Failure> {
    exchange.check_document()?;
    let document = &exchange.content.document;
    let is_cut = |text: &TokenText| document.text(*text as u8).is_some() && document.is_cut(*text as u8);
    if [TokenText::AccessToken, TokenText::TokenType, TokenText::Error].iter().any(is_cut) {
        return Err(exchange.too_small(session.jar.used().saturating_add(exchange.needed)));
    }
    let verdict = verdict(exchange, session.jar.memory);
    let Some(token) = document.text(TokenText::AccessToken as u8) else {
        exchange.own = Own::Token(verdict as u8);
        return Ok(());
    };
    if verdict == TokenVerdict::Granted {
        let lifetime = exchange.now.known().zip(seconds(exchange)).map(|(now, seconds)| Lifetime::new(now, seconds));
        authorization::put_token(&mut session.jar, token, lifetime).map_err(|needed| exchange.too_small(needed))?;
    } else {
        session.jar.wipe(token); // of no use here, but perhaps to others
    }
    exchange.own = Own::Token(verdict as u8);
    Ok(())
}

/// `expires_in`
fn seconds(exchange: &Exchange<'_>) -> Option<u32> {
    exchange.content.document.scalar.number().and_then(|seconds| seconds.try_into().ok())
}

fn verdict(exchange: &Exchange<'_>, memory: &[u8]) -> TokenVerdict {
    let (head, content) = (&exchange.reader.head, &exchange.content);
    let text = |text: TokenText| content.text(text as u8, memory);
    match (head.status, text(TokenText::Error)) {
        (429 | 502..=504, _) => TokenVerdict::Busy,
        (_, Some(error)) => error_verdict(error.as_bytes()),
        (200..=499, _) if content.is_login_page() => TokenVerdict::WrongHost,
        (200, _) if head.html || content.is_html() => TokenVerdict::WebPage,
        (200, _) if !text(TokenText::AccessToken).is_some_and(is_token) => TokenVerdict::NoToken,
        (200, _) if !text(TokenText::TokenType).is_some_and(is_bearer) => TokenVerdict::UnsupportedTokenType,
        (200, _) => TokenVerdict::Granted,
        (300..=399, _) if head.to_login_page => TokenVerdict::WrongHost,
        (301..=303 | 307 | 308, _) => TokenVerdict::Redirect,
        (401, _) => TokenVerdict::InvalidClient,
        (404 | 405, _) => TokenVerdict::NotFound,
        _ => TokenVerdict::UnexpectedStatus,
    }
}

/// RFC 6749, section 5.2
const ERRORS: [(&str, TokenVerdict); 6] = [
    ("invalid_request", TokenVerdict::InvalidRequest),
    ("invalid_client", TokenVerdict::InvalidClient),
    ("invalid_grant", TokenVerdict::InvalidGrant),
    ("unauthorized_client", TokenVerdict::UnauthorizedClient),
    ("unsupported_grant_type", TokenVerdict::UnsupportedGrantType),
    ("invalid_scope", TokenVerdict::InvalidScope),
];

fn error_verdict(error: &[u8]) -> TokenVerdict {
    let known = ERRORS.iter().find(|(name, _)| name.as_bytes() == error);
    known.map_or(TokenVerdict::OtherError, |(_, verdict)| *verdict)
}

//= 6749-10.14-sanitized
/// `access-token = 1*VSCHAR` (RFC 6749, appendix A.12), without the space, which would part it in a field's value.
fn is_token(text: Text<'_>) -> bool {
    (1..=authorization::MAX_TOKEN).contains(&text.as_bytes().len())
        && text.as_bytes().iter().all(u8::is_ascii_graphic)
}

//= 6749-7.1-type
/// "Value is case insensitive" (RFC 6749, section 5.1).
fn is_bearer(text: Text<'_>) -> bool {
    text.as_bytes().eq_ignore_ascii_case(b"Bearer")
}

impl<'m> Session<'m> {
    /// Begins a request for a token. It ends any exchange that is under way.
    ///
    /// It goes to the **identity service**, which has a host of its own: connect to `identity`, not to the session's site.
    /// The token that it brings authorises each later call, instead of all cookies, which the session then forgets. While
    /// the new token comes, the memory holds the old one, too: 4 KiB serve two tokens of 1,500 characters.
    pub fn token<'c>(&mut self, identity: &Site<'c>, client: &'c ClientCredentials<'_>) -> Exchange<'c>
    where
        'm: 'c,
    {
        self.begin(&TOKEN, || Request::Token(client.request(*identity)))
    }
}

impl Exchange<'_> {
    /// The answer to a request for a token, when the reply is complete.
    ///
    /// Its texts are views into the session's memory.
    ///
    /// # Errors
    ///
    /// [`Misuse`]: the reply is not complete, or the exchange asks for no token, or the session has gone on.
    pub fn token_result<'s>(&self, session: &'s Session<'_>) -> Result<Token<'s>, Misuse> {
        let verdict = self.token_verdict(session)?;
        let text = |text: TokenText| self.token_text(session, verdict, text as u8);
        Ok(Token {
            verdict,
            http_status: self.reader.head.status,
            expires_in: self.expires_in(verdict),
            error: text(TokenText::Error),
            error_description: text(TokenText::Description),
            retry_after: self.retry_after(),
        })
    }

    /// What [`Exchange::token_result`] says, one thing after the other: C's struct is filled in its place.
    #[doc(hidden)]
    pub fn token_verdict(&self, session: &Session<'_>) -> Result<TokenVerdict, Misuse> {
        self.check(session)?;
        let Request::Token(_) = self.request else {
            return Err(Misuse::NotATokenRequest);
        };
        self.check_done()?;
        match self.own {
            Own::Token(verdict) => Ok(TokenVerdict::of_number(verdict).unwrap_or(TokenVerdict::UnexpectedStatus)),
            _ => Err(Misuse::OutOfTurn), // not covered: what is complete has a verdict
        }
    }

    #[doc(hidden)]
    pub fn expires_in(&self, verdict: TokenVerdict) -> Option<u32> {
        seconds(self).filter(|_| verdict == TokenVerdict::Granted)
    }

    #[doc(hidden)]
    pub fn token_text<'s>(&self, session: &'s Session<'_>, verdict: TokenVerdict, text: u8) -> Option<Text<'s>> {
        // Of an answer that brought a token nothing else is left in the memory.
        self.answer_text(session, text).filter(|_| verdict != TokenVerdict::Granted)
    }
}
