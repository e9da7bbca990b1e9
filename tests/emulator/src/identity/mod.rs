//! The identity service: access tokens for clients that have a secret (RFC 6749, section 4.4).

mod options;
mod request;
mod token;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderName, PRAGMA, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::json as value;

use self::options::SCOPE;
pub use self::options::{AuthMethod, Identity, InvalidClient, Member, OauthClient, TokenError};
pub use self::request::TokenRecord;
use self::request::TokenRequest;
use crate::site::{self, SharedSite, Site};

/// Everything the service answers.
pub(crate) fn router(site: SharedSite) -> Router {
    site::finished(Router::new().route("/connect/token", post(answer)), site)
}

/// `POST …/connect/token`.
pub(crate) async fn answer(State(site): State<SharedSite>, headers: HeaderMap, body: Bytes) -> Response {
    let identity = site.identity.lock().expect("no holder panics").clone();
    let request = TokenRequest::read(&headers, &body);
    let judgement = match (identity.forced_error, &request) {
        (Some(error), _) => Err(error),
        (None, Ok(request)) => request.judge(&identity),
        (None, Err(error)) => Err(*error),
    };
    if let Ok(request) = request {
        *site.last_token_request.lock().expect("no holder panics") = Some(request.into_record());
    }
    match judgement {
        Ok(()) => issue(&site, &identity),
        Err(error) => refuse(&site, &identity, error, headers.contains_key(AUTHORIZATION)),
    }
}

fn issue(site: &Site, identity: &Identity) -> Response {
    let token = token::new(identity.token_length);
    site.tokens.insert(token.clone(), (), identity.token_lifetime);
    site.tally.tokens_issued.add_one();
    let truths = [
        ("access_token", &identity.access_token, value!(token)),
        ("expires_in", &identity.expires_in, value!(identity.token_lifetime.as_secs())),
        ("token_type", &identity.token_type, value!("Bearer")),
        ("scope", &identity.scope, value!(SCOPE)),
    ];
    let members = truths.into_iter().filter_map(|(name, member, truth)| match member {
        Member::Truth => Some(format!(r#""{name}":{truth}"#)),
        Member::Absent => None,
        Member::Json(text) => Some(format!(r#""{name}":{text}"#)),
    });
    let members: Vec<String> = members.collect();
    json(StatusCode::OK, format!("{{{}}}", members.join(",")))
}

fn refuse(site: &Site, identity: &Identity, error: TokenError, authorization_sent: bool) -> Response {
    site.tally.token_requests_refused.add_one();
    let unauthorized = error == TokenError::InvalidClient
        && match identity.invalid_client {
            InvalidClient::Standard => authorization_sent,
            InvalidClient::Status400 => false,
            InvalidClient::Status401 => true,
        };
    let status = if unauthorized { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    let mut body = value!({"error": error.code()});
    if let Some(description) = &identity.error_description {
        body["error_description"] = value!(description);
    }
    let mut response = json(status, body.to_string());
    if unauthorized {
        let challenge = HeaderValue::from_static("Basic realm=\"identity\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

/// Section 5.1 wants both fields against caches.
fn json(status: StatusCode, body: String) -> Response {
    const FIELDS: [(HeaderName, &str); 3] =
        [(CONTENT_TYPE, "application/json; charset=UTF-8"), (CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")];
    (status, FIELDS, body).into_response()
}
