//! What a request for a token is answered with, whatever its grant (RFC 6749, sections 5.1 and 5.2).

use core::ops::Range;

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
use crate::session::attempts;
use crate::session::authorization::{self, Lifetime, RefreshToken};
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
        Granted = 1, "signed in";
        /// `invalid_client`, or status 401: id or secret are wrong, or the service wants them sent the other way.
        InvalidClient = 2, "the client's id or secret is wrong";
        /// `unauthorized_client`: the client may not use this grant.
        UnauthorizedClient = 3, "the client is not allowed to sign in this way";
        /// `invalid_grant`: the refresh token is spent, revoked, over or another client's, which is final: the session has forgotten
        /// it, and the person has to approve again. Or the same of a code.
        InvalidGrant = 4, "the identity service refuses the grant; the person has to approve again";
        /// `invalid_scope`.
        InvalidScope = 5, "the identity service refuses the scope";
        /// `unsupported_grant_type`: the service does not know this grant.
        UnsupportedGrantType = 6, "the identity service does not know this grant";
        /// `invalid_request`.
        InvalidRequest = 7, "the identity service does not understand the request";
        /// Another `error`; its text has it.
        OtherError = 8, "the identity service refuses; its error says why";
        /// The application's login page came, as a redirect to it or itself: this is not the identity service. See
        /// [`Site::identity_hint`] for where that usually is.
        WrongHost = 9,
            "this is the application, not its identity service, which has a host of its own; on Creatio's cloud it is \
             NAME-is.creatio.com, elsewhere the system setting OAuth20IdentityServerUrl names it";
        /// A redirect to somewhere else: check the identity service's URL, http or https included.
        Redirect = 10, "a redirect came instead of a token; check the identity service's URL, http or https included";
        /// Another web page came.
        WebPage = 11, "a web page came instead of a token; check the identity service's URL";
        /// Status 404 or 405: nothing issues tokens at this address.
        NotFound = 12, "nothing issues tokens here; check the identity service's URL";
        /// Status 200, but there is no token, an empty one, or one that cannot be sent: with a space, a control character, or
        /// something outside ASCII (RFC 6749, appendix A.12), or of 64 KiB and more.
        NoToken = 13, "the identity service says yes, but sent no token that can be used";
        /// The token is not of the type `Bearer`.
        UnsupportedTokenType = 14, "the token is of another type than Bearer";
        /// Status 429, 502, 503 or 504: try again later; `retry_after` may say when.
        Busy = 15, "the identity service is busy; try again later";
        /// Any other status.
        UnexpectedStatus = 16, "an unexpected HTTP status; check the identity service's URL, http or https included";
        /// The token is worth nothing any more, and the session has forgotten it ([`Session::revoke`]).
        Revoked = 17, "the token is revoked";
        /// The identity service says where its endpoints are ([`Session::discover`]).
        Found = 18, "the identity service says where its endpoints are";
        /// Status 200, but no token endpoint is named.
        NoEndpoint = 19, "the identity service names no token endpoint; check its URL";
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
    RefreshToken,
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
    ("refresh_token", Value::Text(TokenText::RefreshToken as u8, 0)),
];

/// The last of them is for grants that bring one; with client credentials it is of no interest (RFC 6749, section 4.4.3).
const WITH_REFRESH_TOKEN: usize = MEMBERS.len() + 1;
const WITHOUT_REFRESH_TOKEN: usize = MEMBERS.len();

const TABLE: [Member; WITHOUT_REFRESH_TOKEN] = members::table(MEMBERS.split_at(MEMBERS.len() - 1).0);
const PAIR_TABLE: [Member; WITH_REFRESH_TOKEN] = members::table(MEMBERS);

pub(crate) static ANSWER: Sought =
    Sought { members: Members { table: &TABLE, scalar: Scalar::seconds }, page: Page::look, text: Hash::NONE };

static PAIR_ANSWER: Sought =
    Sought { members: Members { table: &PAIR_TABLE, scalar: Scalar::seconds }, page: Page::look, text: Hash::NONE };

/// What a request for a token does in its own way.
pub(crate) static TOKEN: Kind = KIND;

/// The same of a request by a refresh token.
static REFRESH: Kind = Kind { form: &request::REFRESH, sought: &PAIR_ANSWER, complete: complete_refresh, ..KIND };

/// The same of a request by a code.
pub(super) static CODE: Kind = Kind {
    form: &request::CODE,
    sought: &PAIR_ANSWER,
    complete: |exchange, session| complete_pair(exchange, session, 0..0),
    ..KIND
};

pub(super) const KIND: Kind = Kind {
    form: &request::TOKEN,
    cookie: |_, _, _| {}, // one of the identity service is none of the session's
    field: |exchange, session, field, value| exchange.take_field(session, field, &value),
    reads_body: |_, head| !(300..=399).contains(&head.status),
    sought: &ANSWER,
    answers_by_document: true,
    is_sign_in: true,
    complete,
    verdict: |exchange, session| exchange.token_verdict(session).map(|verdict| verdict as u8 | attempts::TOKEN),
    limits_body: |_| true,
};

/// The reply is complete: the token takes the place of all that the session has.
fn complete(exchange: &mut Exchange<'_>, session: &mut Session<'_>) -> Result<(), Failure> {
    let Some(token) = judge(exchange, session)? else { return Ok(()) };
    authorization::put_token(&mut session.jar, token, lifetime(exchange)).map_err(|needed| exchange.too_small(needed))
}

//= 6749-6-refresh, 6749-10.4-refresh
/// The same with the refresh token that comes, or the one that there is where none comes. One that is refused is forgotten.
fn complete_refresh(exchange: &mut Exchange<'_>, session: &mut Session<'_>) -> Result<(), Failure> {
    let old = authorization::refresh_token_at(&session.jar);
    complete_pair(exchange, session, old.clone())?;
    if matches!(exchange.own, Own::Token(verdict) if verdict == TokenVerdict::InvalidGrant as u8) {
        session.jar.wipe(old);
    }
    Ok(())
}

/// Lets the session have a token and the refresh token that comes with it, or else the other.
fn complete_pair(exchange: &mut Exchange<'_>, session: &mut Session<'_>, other: Range<usize>) -> Result<(), Failure> {
    const REFRESH: u8 = TokenText::RefreshToken as u8;
    let document = &exchange.content.document;
    let new = document.text(REFRESH).filter(|new| !new.is_empty());
    if document.is_cut(REFRESH) {
        exchange.check_document()?;
        return Err(exchange.too_small(session.jar.used().saturating_add(exchange.needed_for_texts())));
    }
    match judge(exchange, session)? {
        Some(token) => authorization::put_tokens(&mut session.jar, token, new.unwrap_or(other), lifetime(exchange))
            .map_err(|needed| exchange.too_small(needed)),
        None => {
            session.jar.wipe(new.unwrap_or_default());
            Ok(())
        }
    }
}

/// Where the token is, if it is granted. What is not is wiped: of no use here, but perhaps to others.
fn judge(exchange: &mut Exchange<'_>, session: &mut Session<'_>) -> Result<Option<Range<usize>>, Failure> {
    exchange.check_document()?;
    let document = &exchange.content.document;
    let is_cut = |text: &TokenText| document.text(*text as u8).is_some() && document.is_cut(*text as u8);
    if [TokenText::AccessToken, TokenText::TokenType, TokenText::Error].iter().any(is_cut) {
        return Err(exchange.too_small(session.jar.used().saturating_add(exchange.needed_for_texts())));
    }
    let token = document.text(TokenText::AccessToken as u8);
    let verdict = verdict(exchange, session.jar.memory);
    exchange.own = Own::Token(verdict as u8);
    if verdict == TokenVerdict::Granted {
        return Ok(token);
    }
    session.jar.wipe(token.unwrap_or_default());
    Ok(None)
}

/// How long the token lives, as far as it is known.
fn lifetime(exchange: &Exchange<'_>) -> Option<Lifetime> {
    exchange.now.known().zip(seconds(exchange)).map(|(now, seconds)| Lifetime::new(now, seconds))
}

/// `expires_in`
fn seconds(exchange: &Exchange<'_>) -> Option<u32> {
    exchange.content.document.scalar.number().and_then(|seconds| seconds.try_into().ok())
}

pub(super) fn verdict(exchange: &Exchange<'_>, memory: &[u8]) -> TokenVerdict {
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
    /// Begins a request for a token by client credentials (RFC 6749, section 4.4). It ends any exchange that is under way.
    ///
    /// It goes to the **identity service**, which has a host of its own: connect to `identity`, not to the session's site.
    /// The token that it brings authorises each later call, instead of all cookies, which the session then forgets. While
    /// the new token comes, the memory holds the old one, too: 4 KiB serve two tokens of 1,500 characters.
    pub fn token<'c>(&mut self, identity: &Site<'c>, client: &'c ClientCredentials<'_>) -> Exchange<'c>
    where
        'm: 'c,
    {
        self.begin(&TOKEN, || Request::Token(client.request(*identity, None)))
    }

    /// Begins a request for a token by the session's refresh token (RFC 6749, section 6); none where the session
    /// [has none](Session::refresh_token). It ends any exchange that is under way.
    ///
    /// The pair that comes takes the place of the one that there is, wholly or not at all; where no refresh token comes, the old one
    /// stays. With [`TokenVerdict::InvalidGrant`] the session has forgotten it, and the person has to approve again.
    ///
    /// Services that *rotate* take a refresh token once. Save a [snapshot](Session::write_snapshot) before the next exchange, and
    /// have memory for two pairs of tokens: where the answer is cut off, or does not fit, the old one
    /// [may be spent](RefreshToken::MaybeSpent). It is still there, and asking again tells.
    pub fn token_by_refresh<'c>(
        &mut self,
        identity: &Site<'c>,
        client: &'c ClientCredentials<'_>,
    ) -> Option<Exchange<'c>>
    where
        'm: 'c,
    {
        if self.refresh_token() == RefreshToken::None {
            return None;
        }
        Some(self.token_by_refresh_for_c(identity, client))
    }

    /// As [`Session::token_by_refresh`], for C, which has asked whether there is one.
    #[doc(hidden)]
    #[inline(always)] // so that the exchange is made where it is to be
    pub fn token_by_refresh_for_c<'c>(
        &mut self,
        identity: &Site<'c>,
        client: &'c ClientCredentials<'_>,
    ) -> Exchange<'c>
    where
        'm: 'c,
    {
        self.begin(&REFRESH, || Request::Token(client.request(*identity, None)))
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
            _ => Err(Misuse::NotATokenRequest),
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
