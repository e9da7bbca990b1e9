//! What people approve, and what comes of it: codes with PKCE (RFC 6749, section 4.1; RFC 7636), refresh tokens (section 6) and
//! their end (RFC 7009). Nobody is asked: whoever comes approves, or does not, as [`Identity::approval`] says.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::options::{Identity, OauthClient, SCOPE, TokenError};
use super::request::TokenRequest;
use super::token;
use crate::expiring::Expiring;
use crate::percent;
use crate::random;
use crate::site::SharedSite;

/// The scope that asks for a refresh token.
const OFFLINE: &str = "offline_access";

/// How long a code is good, "A maximum authorization code lifetime of 10 minutes is RECOMMENDED" (RFC 6749, 4.1.2).
const CODE_LIFETIME: std::time::Duration = std::time::Duration::from_secs(600);

/// What a person has approved. All tokens that come of one approval are a family, which ends as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Approval {
    /// Its name, of which there is no other.
    pub(crate) family: String,
    client_id: String,
    is_offline: bool,
}

/// A code, and what it was given for.
#[derive(Clone, PartialEq)]
struct Code {
    approval: Approval,
    redirect_uri: String,
    challenge: String,
}

/// All codes and refresh tokens.
#[derive(Default)]
pub(crate) struct Approvals {
    codes: Expiring<Code>,
    /// Those that were taken.
    spent_codes: Expiring<Approval>,
    refresh_tokens: Expiring<Approval>,
    /// Those in whose place another was given.
    spent: Expiring<Approval>,
}

/// `GET …/connect/authorize`.
pub(crate) async fn authorize(State(site): State<SharedSite>, RawQuery(query): RawQuery) -> Response {
    let identity = site.identity.lock().expect("no holder panics").clone();
    let parameters = percent::parse_form(&query.unwrap_or_default()).unwrap_or_default();
    let parameter = |name: &str| {
        let mut values = parameters.iter().filter(|(known, value)| known == name && !value.is_empty());
        values.next().map(|(_, value)| value.as_str()).filter(|_| values.next().is_none())
    };
    // Section 4.1.2.1: where the client or the URI is not right, nobody is sent there.
    let client = parameter("client_id").and_then(|id| identity.clients.iter().find(|client| client.id == id));
    let redirect_uri = parameter("redirect_uri").unwrap_or_default();
    let Some(client) = client.filter(|client| client.is_redirect_uri(redirect_uri)) else {
        return (StatusCode::BAD_REQUEST, "The client, or the URI to come back to, is not known.").into_response();
    };
    let scopes: Vec<&str> =
        parameter("scope").unwrap_or_default().split(' ').filter(|scope| !scope.is_empty()).collect();
    let challenge = parameter("code_challenge").filter(|challenge| challenge.len() == 43);
    let answer = match (parameter("response_type"), challenge, identity.approval) {
        (None, ..) => Err("invalid_request"),
        (Some(kind), ..) if kind != "code" => Err("unsupported_response_type"),
        // RFC 7636, 4.4.1.
        _ if parameter("code_challenge_method") != Some("S256") => Err("invalid_request"),
        (_, None, _) => Err("invalid_request"),
        _ if scopes.iter().any(|scope| ![SCOPE, OFFLINE].contains(scope)) => Err("invalid_scope"),
        (_, _, Some(error)) => Err(error),
        (_, Some(challenge), None) => Ok(challenge),
    };
    let mut location = redirect_uri.to_owned();
    location.push(if redirect_uri.contains('?') { '&' } else { '?' });
    match answer {
        Ok(challenge) => {
            let approval = Approval {
                family: random::text(b"0123456789abcdef", 16),
                client_id: client.id.clone(),
                is_offline: scopes.contains(&OFFLINE),
            };
            // With what has to be encoded.
            let code = format!("{}+/=", random::text(b"0123456789ABCDEF", 32));
            location += &format!("code={}", code.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"));
            let (redirect_uri, challenge) = (redirect_uri.to_owned(), challenge.to_owned());
            site.approvals.codes.insert(code, Code { approval, redirect_uri, challenge }, CODE_LIFETIME);
        }
        Err(error) => location += &format!("error={error}&error_description=This+is%20the%20emulator%27s."),
    }
    if let Some(state) = parameter("state") {
        location += &format!("&state={}", state.replace('&', "%26").replace('+', "%2B"));
    }
    (StatusCode::FOUND, [(LOCATION, location)]).into_response()
}

impl Approvals {
    /// What a request for a token by a code, or by a refresh token, is given for.
    pub(super) fn judge(
        &self,
        request: &TokenRequest,
        client: &OauthClient,
        identity: &Identity,
        end: impl Fn(&Approval),
    ) -> Result<Approval, TokenError> {
        if request.parameter("grant_type") == Some("authorization_code") {
            let (code, verifier) = (request.parameter("code"), request.parameter("code_verifier"));
            let (Some(code), Some(verifier)) = (code, verifier) else { return Err(TokenError::InvalidRequest) };
            // "If an authorization code is used more than once, the authorization server MUST deny the request and SHOULD
            // revoke (when possible) all tokens previously issued based on that authorization code." (4.1.2)
            if let Some(approval) = self.spent_codes.find(code) {
                self.end(&approval);
                end(&approval);
            }
            let found = self.codes.find(code).ok_or(TokenError::InvalidGrant)?;
            let is_its = found.approval.client_id == client.id
                && request.parameter("redirect_uri") == Some(&found.redirect_uri)
                && BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == found.challenge;
            if !is_its {
                return Err(TokenError::InvalidGrant);
            }
            self.codes.remove(code);
            self.spent_codes.insert(code.to_owned(), found.approval.clone(), CODE_LIFETIME);
            return Ok(found.approval);
        }
        let token = request.parameter("refresh_token").ok_or(TokenError::InvalidRequest)?;
        // RFC 9700, 4.14.2: one that comes again was stolen, from whoever comes first or last.
        if let Some(approval) = self.spent.find(token) {
            self.end(&approval);
            end(&approval);
        }
        let approval = self.refresh_tokens.find(token).ok_or(TokenError::InvalidGrant)?;
        if approval.client_id != client.id {
            return Err(TokenError::InvalidGrant);
        }
        if identity.rotates {
            self.refresh_tokens.remove(token);
            self.spent.insert(token.to_owned(), approval.clone(), identity.refresh_lifetime);
        }
        Ok(approval)
    }

    /// The refresh token that goes with a token, if one does.
    pub(super) fn issue(&self, approval: &Approval, by_code: bool, identity: &Identity) -> Option<String> {
        let goes_along = approval.is_offline && (by_code || identity.rotates);
        goes_along.then(|| {
            let token = token::new(64);
            self.refresh_tokens.insert(token.clone(), approval.clone(), identity.refresh_lifetime);
            token
        })
    }

    /// Whose refresh token it is.
    pub(super) fn of(&self, token: &str) -> Option<Approval> {
        self.refresh_tokens.find(token)
    }

    /// Ends a family.
    pub(super) fn end(&self, approval: &Approval) {
        self.refresh_tokens.end(approval);
    }

    /// Ends all refresh tokens, as if their time had passed.
    pub(crate) fn expire(&self) {
        self.refresh_tokens.clear();
    }
}

impl OauthClient {
    /// One of those that are registered; on loopback with any port (RFC 8252, section 7.3).
    fn is_redirect_uri(&self, uri: &str) -> bool {
        let without_port = |uri: &str| {
            let rest = uri.strip_prefix("http://127.0.0.1:")?;
            Some(rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).to_owned())
        };
        self.redirect_uris.iter().any(|known| {
            known == uri || known.strip_prefix("http://127.0.0.1").map(str::to_owned) == without_port(uri)
        })
    }
}

impl Approval {
    /// Whether it was given to this client.
    pub(super) fn is_of(&self, client: &OauthClient) -> bool {
        self.client_id == client.id
    }
}
