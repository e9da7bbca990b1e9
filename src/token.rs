//! OAuth 2.0 with client credentials (RFC 6749, section 4.4): the request for a token, and what it is answered with.

use core::fmt;

use crate::authorization::{self, Lifetime};
use crate::credentials::Secret;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::json::token::{ACCESS_TOKEN, DESCRIPTION, ERROR, MEMBERS, TOKEN_TYPE};
use crate::kind::Kind;
use crate::login::Text;
use crate::request;
use crate::session::Session;
use crate::site::{Site, split_before};
use crate::target::Path;
use crate::window::{self, Base64, Window};

/// Where an identity service issues its tokens (protocol notes, section 5).
const TOKEN_PATH: &str = "/connect/token";

/// The name and the secret of a program that signs in by OAuth 2.0: borrowed, redacted in `Debug`, and the secret wiped
/// when dropped.
///
/// ```
/// use creatio_auth::{ClientCredentials, Runtime, Session, Site};
///
/// // The application, and its identity service, which is elsewhere.
/// let site = Site::parse("https://crm.creatio.com", Runtime::Net)?;
/// let identity = Site::parse("https://crm-is.creatio.com", Runtime::Net)?;
///
/// let mut secret = String::from("B0A1…");
/// let client = ClientCredentials::new("3D2C…", &mut secret);
/// let mut memory = [0; 4096];
/// let mut session = Session::new(site, &mut memory);
/// let exchange = session.token(&identity, &client); // over a connection to the identity service
/// # Ok::<(), creatio_auth::SiteError>(())
/// ```
#[derive(Debug)]
pub struct ClientCredentials<'a> {
    id: &'a str,
    secret: Secret<'a>,
    by_basic: bool,
    path: Path<'a>,
}

impl<'a> ClientCredentials<'a> {
    /// A client's id and its secret, whose memory is overwritten with zeros when the value is dropped.
    pub fn new(id: &'a str, secret: &'a mut str) -> Self {
        Self::with_secret(id, Secret::Wiped(secret))
    }

    /// A client's id and its secret, which is left as it is: one in flash, or one that its owner wipes.
    pub fn borrowed(id: &'a str, secret: &'a str) -> Self {
        Self::with_secret(id, Secret::Kept(secret))
    }

    fn with_secret(id: &'a str, secret: Secret<'a>) -> Self {
        ClientCredentials { id, secret, by_basic: false, path: Path::of_ours(TOKEN_PATH) }
    }

    /// Sends id and secret by HTTP Basic instead of in the form (RFC 6749, section 2.3.1).
    pub fn by_basic(mut self) -> Self {
        self.by_basic = true;
        self
    }

    /// Where tokens are issued, if not at `/connect/token`. The newest sites issue them themselves: at
    /// `Path::site("/connect/token")` of their own site.
    pub fn with_path(mut self, path: Path<'a>) -> Self {
        self.path = path;
        self
    }

    #[inline(never)]
    pub(crate) fn request<'c>(&'c self, identity: Site<'c>) -> TokenRequest<'c> {
        TokenRequest { identity, path: self.path, id: self.id, secret: self.secret.as_str(), by_basic: self.by_basic }
    }
}

/// A request for a token (RFC 6749, section 4.4.2).
#[derive(Clone, Copy)]
pub(crate) struct TokenRequest<'c> {
    pub identity: Site<'c>,
    pub path: Path<'c>,
    id: &'c str,
    secret: &'c str,
    by_basic: bool,
}

impl TokenRequest<'_> {
    pub(crate) fn write_form(&self, out: &mut Window<'_>) {
        out.put_str("grant_type=client_credentials");
        if !self.by_basic {
            out.put_str("&client_id=");
            out.put_form(self.id);
            out.put_str("&client_secret=");
            out.put_form(self.secret);
        }
    }

    /// Id and secret are encoded as parts of a form before they are user name and password.
    pub(crate) fn write_authorization(&self, out: &mut Window<'_>) {
        if self.by_basic {
            out.put_str("Authorization: Basic ");
            let mut base64 = Base64::new(out);
            window::form_encoded(self.id).for_each(|byte| base64.put(byte));
            base64.put(b':');
            window::form_encoded(self.secret).for_each(|byte| base64.put(byte));
            base64.end();
            out.put_str("\r\n");
        }
    }
}

/// The answer to a request for a token, which itself is the session's, and secret. Its texts stand in the session's memory
/// until the next exchange begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// What the answer to a request for a token means. None of these is an error of the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum TokenVerdict {
    /// The session has a token.
    Granted,
    /// `invalid_client`, or status 401: id or secret are wrong, or the service wants them sent the other way.
    InvalidClient,
    /// `unauthorized_client`: the client may not use this grant.
    UnauthorizedClient,
    /// `invalid_grant`.
    InvalidGrant,
    /// `invalid_scope`.
    InvalidScope,
    /// `unsupported_grant_type`: the service does not know client credentials.
    UnsupportedGrantType,
    /// `invalid_request`.
    InvalidRequest,
    /// Another `error`; its text has it.
    OtherError,
    /// The application's login page came, as a redirect to it or itself: this is not the identity service. See
    /// [`Site::identity_hint`] for where that usually is.
    WrongHost,
    /// A redirect to somewhere else: check the identity service's URL, http or https included.
    Redirect,
    /// Another web page came.
    WebPage,
    /// Status 404 or 405: nothing issues tokens at this address.
    NotFound,
    /// Status 200, but there is no token, an empty one, or one that cannot be sent: with a space, a control character, or
    /// something outside ASCII (RFC 6749, appendix A.12), or of 64 KiB and more.
    NoToken,
    /// The token is not of the type `Bearer`.
    UnsupportedTokenType,
    /// Status 429 or 503: try again later; `retry_after` may say when.
    Busy,
    /// Any other status.
    UnexpectedStatus,
}

impl TokenVerdict {
    /// What it means and what to do about it, in a sentence, for people.
    pub const fn text(&self) -> &'static str {
        match self {
            TokenVerdict::Granted => "signed in",
            TokenVerdict::InvalidClient => "the client's id or secret is wrong",
            TokenVerdict::UnauthorizedClient => "the client is not allowed to sign in this way",
            TokenVerdict::InvalidGrant => "the identity service refuses the grant",
            TokenVerdict::InvalidScope => "the identity service refuses the scope",
            TokenVerdict::UnsupportedGrantType => "the identity service does not know client credentials",
            TokenVerdict::InvalidRequest => "the identity service does not understand the request",
            TokenVerdict::OtherError => "the identity service refuses; its error says why",
            TokenVerdict::WrongHost => {
                "this is the application, not its identity service, which has a host of its own; on Creatio's cloud it is \
                 NAME-is.creatio.com, elsewhere the system setting OAuth20IdentityServerUrl names it"
            }
            TokenVerdict::Redirect => {
                "a redirect came instead of a token; check the identity service's URL, http or https included"
            }
            TokenVerdict::WebPage => "a web page came instead of a token; check the identity service's URL",
            TokenVerdict::NotFound => "nothing issues tokens here; check the identity service's URL",
            TokenVerdict::NoToken => "the identity service says yes, but sent no token that can be used",
            TokenVerdict::UnsupportedTokenType => "the token is of another type than Bearer",
            TokenVerdict::Busy => "the identity service is busy; try again later",
            TokenVerdict::UnexpectedStatus => "an unexpected HTTP status; is there an identity service at this URL?",
        }
    }
}

/// The [text](TokenVerdict::text).
impl fmt::Display for TokenVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl Site<'_> {
    /// Where the identity service of this site usually is, if the site is in Creatio's cloud: `https://NAME-is.creatio.com`.
    /// Elsewhere it is wherever it was installed; the system setting `OAuth20IdentityServerUrl` has its URL.
    pub fn identity_hint(&self) -> Option<IdentityHint<'_>> {
        let (name, domain) = split_before(self.host(), b'.');
        let is_cloud = domain.eq_ignore_ascii_case(".creatio.com") && !name.as_bytes().ends_with(b"-is");
        is_cloud.then_some(IdentityHint { name, domain })
    }
}

/// The URL that an identity service probably has, as `Display` prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentityHint<'a> {
    name: &'a str,
    domain: &'a str,
}

impl<'a> IdentityHint<'a> {
    /// The URL, in the pieces it is made of.
    pub const fn pieces(&self) -> [&'a str; 4] {
        ["https://", self.name, "-is", self.domain]
    }
}

impl fmt::Display for IdentityHint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().iter().try_for_each(|piece| f.write_str(piece))
    }
}

/// What a request for a token does in its own way.
pub(crate) static TOKEN: Kind = Kind {
    write: request::write_token_request,
    cookie: |_, _, _| {}, // one of the identity service is none of the session's
    field: |exchange, session, field, value| exchange.take_field(session, field, &value),
    reads_body: |_, head| !(300..=399).contains(&head.status),
    members: &MEMBERS,
    answers_by_document: true,
    complete,
    is_signed_in: |exchange, session| {
        exchange.token_result(session).map(|token| token.verdict == TokenVerdict::Granted)
    },
};

/// The reply is complete: the token takes the place of all that the session has.
fn complete(exchange: &mut Exchange<'_>, session: &mut Session<'_>) -> Result<(), Failure> {
    exchange.check_document()?;
    let document = &exchange.content.document;
    if [ACCESS_TOKEN, TOKEN_TYPE, ERROR].iter().any(|text| document.text(*text).is_some_and(|place| place.truncated))
    {
        return Err(exchange.too_small(session.jar.used().saturating_add(exchange.needed)));
    }
    let verdict = verdict(exchange, session.jar.memory);
    let Some(token) = document.text(ACCESS_TOKEN).map(|token| token.start..token.start + token.len) else {
        exchange.token = verdict;
        return Ok(());
    };
    if verdict == TokenVerdict::Granted {
        let lifetime = exchange.now.known().zip(seconds(exchange)).map(|(now, seconds)| Lifetime::new(now, seconds));
        authorization::put_token(&mut session.jar, token, lifetime).map_err(|needed| exchange.too_small(needed))?;
    } else {
        session.jar.wipe(token); // of no use here, but perhaps to others
    }
    exchange.token = verdict;
    Ok(())
}

/// `expires_in`
fn seconds(exchange: &Exchange<'_>) -> Option<u32> {
    exchange.content.document.number().and_then(|seconds| seconds.try_into().ok())
}

fn verdict(exchange: &Exchange<'_>, memory: &[u8]) -> TokenVerdict {
    let (head, content) = (&exchange.reader.head, &exchange.content);
    let text = |text| content.text(text, memory);
    match (head.status, text(ERROR)) {
        (429 | 503, _) => TokenVerdict::Busy,
        (_, Some(error)) => error_verdict(error.as_bytes()),
        (200..=499, _) if content.is_login_page() => TokenVerdict::WrongHost,
        (200, _) if head.html || content.is_html() => TokenVerdict::WebPage,
        (200, _) if !text(ACCESS_TOKEN).is_some_and(is_token) => TokenVerdict::NoToken,
        (200, _) if !text(TOKEN_TYPE).is_some_and(is_bearer) => TokenVerdict::UnsupportedTokenType,
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

/// `access-token = 1*VSCHAR` (RFC 6749, appendix A.12), without the space, which would part it in a field's value.
fn is_token(text: Text<'_>) -> bool {
    (1..=authorization::MAX_TOKEN).contains(&text.as_bytes().len())
        && text.as_bytes().iter().all(u8::is_ascii_graphic)
}

/// "Value is case insensitive" (RFC 6749, section 5.1).
fn is_bearer(text: Text<'_>) -> bool {
    text.as_bytes().eq_ignore_ascii_case(b"Bearer")
}

pub(crate) fn answer<'s>(exchange: &Exchange<'_>, session: &'s Session<'_>) -> Token<'s> {
    let head = &exchange.reader.head;
    let is_granted = exchange.token == TokenVerdict::Granted;
    // Of an answer that brought a token nothing else is left in the memory.
    let text = |text| exchange.content.text(text, session.jar.memory).filter(|_| !is_granted);
    Token {
        verdict: exchange.token,
        http_status: head.status,
        expires_in: seconds(exchange).filter(|_| is_granted),
        error: text(ERROR),
        error_description: text(DESCRIPTION),
        retry_after: head.retry_after(exchange.now),
    }
}
