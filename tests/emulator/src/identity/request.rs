//! Token requests, read and judged by RFC 6749.

use std::fmt;

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

use super::options::{AuthMethod, Identity, OauthClient, SCOPE, TokenError};
use crate::authorization::Authorization;
use crate::percent;

/// What a token request asked for, the secret apart. `Debug` does not show the values of `parameters`,
/// of which another grant's could be a password.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenRecord {
    /// The client, wherever it was named.
    pub client_id: Option<String>,
    /// How the secret was sent, if it was.
    pub auth_method: Option<AuthMethod>,
    /// Names and values of the other parameters in the body, as they came.
    pub parameters: Vec<(String, String)>,
}

impl fmt::Debug for TokenRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.parameters.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("TokenRecord")
            .field("client_id", &self.client_id)
            .field("auth_method", &self.auth_method)
            .field("parameters", &names)
            .finish()
    }
}

/// A token request that is a form, and names no parameter twice.
pub(super) struct TokenRequest {
    parameters: Vec<(String, String)>,
    authorization: Authorization,
}

impl TokenRequest {
    pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, TokenError> {
        let kind = headers.get(CONTENT_TYPE).and_then(|field| field.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(TokenError::InvalidRequest);
        }
        let body = str::from_utf8(body).map_err(|_| TokenError::InvalidRequest)?;
        let mut parameters = percent::parse_form(body).ok_or(TokenError::InvalidRequest)?;
        // Section 3.2: a parameter without a value counts as omitted, and none comes twice.
        parameters.retain(|(_, value)| !value.is_empty());
        let mut names: Vec<&str> = parameters.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(TokenError::InvalidRequest);
        }
        match Authorization::of(headers) {
            Authorization::Repeated => Err(TokenError::InvalidRequest),
            authorization => Ok(Self { parameters, authorization }),
        }
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let (_, value) = self.parameters.iter().find(|(known, _)| known == name)?;
        Some(value)
    }

    /// Who asks.
    pub(super) fn client<'i>(&self, identity: &'i Identity) -> Result<&'i OauthClient, TokenError> {
        let credentials = self.credentials()?;
        if identity.auth_method.is_some_and(|method| method != credentials.method) {
            return Err(TokenError::InvalidClient);
        }
        let mut clients = identity.clients.iter();
        clients
            .find(|client| client.id == credentials.id && client.secret == credentials.secret)
            .ok_or(TokenError::InvalidClient)
    }

    /// Whether a token may be issued to the client itself.
    pub(super) fn judge_client_credentials(&self, client: &OauthClient) -> Result<(), TokenError> {
        let grant_type = self.parameter("grant_type").ok_or(TokenError::InvalidRequest)?;
        if grant_type != "client_credentials" {
            return Err(TokenError::UnsupportedGrantType);
        }
        if !client.authorized {
            return Err(TokenError::UnauthorizedClient);
        }
        match self.parameter("scope") {
            Some(scope) if scope.split(' ').any(|scope| scope != SCOPE) => Err(TokenError::InvalidScope),
            _ => Ok(()),
        }
    }

    fn credentials(&self) -> Result<Credentials, TokenError> {
        let (id, secret) = (self.parameter("client_id"), self.parameter("client_secret"));
        match &self.authorization {
            Authorization::Absent => match (id, secret) {
                // A secret that is the empty text may be left out.
                (Some(id), secret) => Ok(Credentials {
                    id: id.to_owned(),
                    secret: secret.unwrap_or_default().to_owned(),
                    method: AuthMethod::ClientSecretPost,
                }),
                (None, Some(_)) => Err(TokenError::InvalidRequest),
                (None, None) => Err(TokenError::InvalidClient),
            },
            _ if secret.is_some() => Err(TokenError::InvalidRequest),
            Authorization::Basic(name, password) => {
                let name = percent::decode_form(name).ok_or(TokenError::InvalidClient)?;
                let secret = percent::decode_form(password).ok_or(TokenError::InvalidClient)?;
                match id {
                    Some(id) if id != name => Err(TokenError::InvalidRequest),
                    _ => Ok(Credentials { id: name, secret, method: AuthMethod::ClientSecretBasic }),
                }
            }
            Authorization::Bearer(_) | Authorization::Other | Authorization::Repeated => {
                Err(TokenError::InvalidClient)
            }
        }
    }

    pub(super) fn into_record(self) -> TokenRecord {
        let by_body = self.parameter("client_secret").is_some();
        let (basic_id, by_basic) = match &self.authorization {
            Authorization::Basic(name, _) => (percent::decode_form(name), true),
            _ => (None, false),
        };
        let client_id = basic_id.or_else(|| self.parameter("client_id").map(str::to_owned));
        let auth_method = match (by_basic, by_body) {
            (true, _) => Some(AuthMethod::ClientSecretBasic),
            (false, true) => Some(AuthMethod::ClientSecretPost),
            (false, false) => None,
        };
        let mut parameters = self.parameters;
        parameters.retain(|(name, _)| name != "client_id" && name != "client_secret");
        TokenRecord { client_id, auth_method, parameters }
    }
}

struct Credentials {
    id: String,
    secret: String,
    method: AuthMethod,
}
