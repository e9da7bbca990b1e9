//! What the identity service can be told to be and do.

use std::fmt;
use std::time::Duration;

use clap::ValueEnum;

/// The scope of every token.
pub(crate) const SCOPE: &str = "ApplicationAccess_6d3f1c0a9b7e4e52a1c4f08d2b6e9a35";

/// A client of the identity service (RFC 6749, section 2). `Debug` does not show the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct OauthClient {
    /// Compared with `client_id`.
    pub id: String,
    /// Compared with `client_secret`.
    pub secret: String,
    /// Whether it may ask for a token by its own credentials. If not, it is told so by
    /// `unauthorized_client`.
    pub authorized: bool,
    /// Where a browser may be sent back to when a person has approved the client; on loopback the port is any. Empty: it may
    /// not ask people.
    pub redirect_uris: Vec<String>,
}

impl OauthClient {
    /// A client that gets tokens.
    pub fn new(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { id: id.into(), secret: secret.into(), authorized: true, redirect_uris: Vec::new() }
    }
}

impl OauthClient {
    /// A client without a secret, whom people may approve. A token by its own credentials it does not get.
    pub fn public(id: impl Into<String>) -> Self {
        Self { authorized: false, ..Self::new(id, "") }.with_redirect_uri("http://127.0.0.1/")
    }

    /// With one more URI to come back to.
    pub fn with_redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uris.push(uri.into());
        self
    }
}

impl fmt::Debug for OauthClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OauthClient")
            .field("id", &self.id)
            .field("authorized", &self.authorized)
            .finish_non_exhaustive()
    }
}

/// How a client sends its secret (RFC 6749, section 2.3.1). The names are those of RFC 7591.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum AuthMethod {
    /// `Authorization: Basic`, id and secret being form-urlencoded first.
    ClientSecretBasic,
    /// `client_id` and `client_secret` in the body.
    ClientSecretPost,
}

/// Why a token request is refused (RFC 6749, section 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum TokenError {
    /// A parameter is missing or doubled, the body is no form, or the secret comes in two ways.
    InvalidRequest,
    /// The client is unknown, its secret is wrong or missing, or came in a way that is not allowed.
    InvalidClient,
    /// The code or the refresh token is not known, over, spent or another client's; or the code came with another verifier
    /// or redirect URI.
    InvalidGrant,
    /// The client may not ask by its own credentials.
    UnauthorizedClient,
    /// `grant_type` is none of `client_credentials`, `authorization_code` and `refresh_token`.
    UnsupportedGrantType,
    /// A `scope` is asked for that the client does not have.
    InvalidScope,
}

impl TokenError {
    /// The value of `error`.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
        }
    }
}

/// The status of `invalid_client`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum InvalidClient {
    /// As RFC 6749 wants it: 401 if `Authorization` was sent, otherwise 400.
    #[default]
    Standard,
    /// Always 400.
    #[value(name = "400")]
    Status400,
    /// Always 401.
    #[value(name = "401")]
    Status401,
}

/// A member of the answer that brings a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Member {
    /// It says what is so.
    #[default]
    Truth,
    /// It is missing.
    Absent,
    /// It is this JSON, spelt like this: `"\u000d\u000a"` or `1e99`, for example. Whether it is JSON
    /// at all is not checked.
    Json(String),
}

/// The identity service. The default is one on any free port, with the client `client` whose secret
/// is `secret`.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Who may ask for a token.
    pub clients: Vec<OauthClient>,
    /// The one way to send the secret; both are allowed if `None`.
    pub auth_method: Option<AuthMethod>,
    /// Characters of a token. Fewer than 64 become 64.
    pub token_length: usize,
    /// How long a token is valid, and the truth of `expires_in`. Zero makes every token end at once.
    pub token_lifetime: Duration,
    /// The same of one that a person has approved.
    pub approved_lifetime: Duration,
    /// How long a refresh token is valid.
    pub refresh_lifetime: Duration,
    /// Whether each refresh brings another refresh token. One that comes again then ends all tokens of its approval.
    pub rotates: bool,
    /// What a person who is asked to approve says: yes, or this `error`.
    pub approval: Option<&'static str>,
    /// What `access_token` says. Any token is still issued, though the client may not get it.
    pub access_token: Member,
    /// What `expires_in` says. The truth is [`token_lifetime`](Self::token_lifetime) in seconds.
    pub expires_in: Member,
    /// What `token_type` says. The truth is `Bearer`.
    pub token_type: Member,
    /// What `scope` says.
    pub scope: Member,
    /// Refuses every token request so.
    pub forced_error: Option<TokenError>,
    /// `error_description` of every refusal, which has none otherwise.
    pub error_description: Option<String>,
    /// The status of `invalid_client`.
    pub invalid_client: InvalidClient,
}

impl Default for Identity {
    fn default() -> Self {
        Self {
            port: 0,
            clients: vec![OauthClient::new("client", "secret")],
            auth_method: None,
            token_length: 1150,
            token_lifetime: Duration::from_secs(3600),
            approved_lifetime: Duration::from_secs(180),
            refresh_lifetime: Duration::from_secs(48 * 3600),
            rotates: true,
            approval: None,
            access_token: Member::Truth,
            expires_in: Member::Truth,
            token_type: Member::Truth,
            scope: Member::Truth,
            forced_error: None,
            error_description: None,
            invalid_client: InvalidClient::Standard,
        }
    }
}
