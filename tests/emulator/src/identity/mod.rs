//! The identity service: access tokens for clients that have a secret, or whom a person has approved (RFC 6749).

pub(crate) mod approval;
mod options;
mod request;
mod token;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderName, PRAGMA, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json as value;

use self::approval::Approval;
use self::options::SCOPE;
pub use self::options::{AuthMethod, Identity, InvalidClient, Member, OauthClient, TokenError};
pub use self::request::TokenRecord;
use self::request::TokenRequest;
use crate::site::{self, SharedSite, Site};

/// Everything the service answers.
pub(crate) fn router(site: SharedSite) -> Router {
    site::finished(routes(Router::new(), ""), site)
}

/// The same below a path.
pub(crate) fn routes(router: Router<SharedSite>, root: &str) -> Router<SharedSite> {
    router
        .route(&format!("{root}/connect/token"), post(answer))
        .route(&format!("{root}/connect/authorize"), get(approval::authorize))
        .route(&format!("{root}/connect/revocation"), post(revoke))
        .route(&format!("{root}/.well-known/openid-configuration"), get(discover))
}

/// `POST …/connect/token`.
pub(crate) async fn answer(State(site): State<SharedSite>, headers: HeaderMap, body: Bytes) -> Response {
    let identity = site.identity.lock().expect("no holder panics").clone();
    let request = TokenRequest::read(&headers, &body);
    let judgement = match (identity.forced_error, &request) {
        (Some(error), _) => Err(error),
        (None, Ok(request)) => judge(&site, &identity, request),
        (None, Err(error)) => Err(*error),
    };
    if let Ok(request) = request {
        *site.last_token_request.lock().expect("no holder panics") = Some(request.into_record());
    }
    match judgement {
        Ok(grant) => issue(&site, &identity, &grant),
        Err(error) => refuse(&site, &identity, error, headers.contains_key(AUTHORIZATION)),
    }
}

/// What a token is issued for: a client alone, or what a person has approved.
struct Grant {
    approval: Option<Approval>,
    by_code: bool,
}

fn judge(site: &Site, identity: &Identity, request: &TokenRequest) -> Result<Grant, TokenError> {
    let grant_type = request.parameter("grant_type").ok_or(TokenError::InvalidRequest)?;
    let client = request.client(identity)?;
    if let kind @ ("authorization_code" | "refresh_token") = grant_type {
        let end = |approval: &Approval| site.tokens.end(&Some(approval.family.clone()));
        let approval = site.approvals.judge(request, client, identity, end)?;
        return Ok(Grant { approval: Some(approval), by_code: kind == "authorization_code" });
    }
    request.judge_client_credentials(client)?;
    Ok(Grant { approval: None, by_code: false })
}

fn issue(site: &Site, identity: &Identity, grant: &Grant) -> Response {
    let token = token::new(identity.token_length);
    let lifetime = if grant.approval.is_some() { identity.approved_lifetime } else { identity.token_lifetime };
    let family = grant.approval.as_ref().map(|approval| approval.family.clone());
    site.tokens.insert(token.clone(), family, lifetime);
    site.tally.tokens_issued.add_one();
    let refresh_token =
        grant.approval.as_ref().and_then(|approval| site.approvals.issue(approval, grant.by_code, identity));
    let refresh_token = refresh_token.map(|token| format!(r#""refresh_token":{}"#, value!(token)));
    let truths = [
        ("access_token", &identity.access_token, value!(token)),
        ("expires_in", &identity.expires_in, value!(lifetime.as_secs())),
        ("token_type", &identity.token_type, value!("Bearer")),
        ("scope", &identity.scope, value!(SCOPE)),
    ];
    let members = truths.into_iter().filter_map(|(name, member, truth)| match member {
        Member::Truth => Some(format!(r#""{name}":{truth}"#)),
        Member::Absent => None,
        Member::Json(text) => Some(format!(r#""{name}":{text}"#)),
    });
    let members: Vec<String> = members.chain(refresh_token).collect();
    json(StatusCode::OK, format!("{{{}}}", members.join(",")))
}

/// `POST …/connect/revocation` (RFC 7009).
async fn revoke(State(site): State<SharedSite>, headers: HeaderMap, body: Bytes) -> Response {
    let identity = site.identity.lock().expect("no holder panics").clone();
    let request = TokenRequest::read(&headers, &body);
    let judgement = match (identity.forced_error, &request) {
        (Some(error), _) => Err(error),
        (None, Ok(request)) => end(&site, &identity, request),
        (None, Err(error)) => Err(*error),
    };
    if let Ok(request) = request {
        *site.last_token_request.lock().expect("no holder panics") = Some(request.into_record());
    }
    match judgement {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => refuse(&site, &identity, error, headers.contains_key(AUTHORIZATION)),
    }
}

/// Ends a token of the client's, and all that came by it; one that is not known is at its end.
fn end(site: &Site, identity: &Identity, request: &TokenRequest) -> Result<(), TokenError> {
    let client = request.client(identity)?;
    let token = request.parameter("token").ok_or(TokenError::InvalidRequest)?;
    match site.approvals.of(token) {
        Some(approval) if !approval.is_of(client) => return Err(TokenError::InvalidGrant),
        Some(approval) => {
            site.approvals.end(&approval);
            site.tokens.end(&Some(approval.family));
        }
        None => site.tokens.remove(token),
    }
    Ok(())
}

/// `GET …/.well-known/openid-configuration`.
async fn discover(State(site): State<SharedSite>, uri: Uri) -> Response {
    let root = match &site.identity_url {
        // The site itself, which says it of itself.
        _ if uri.path() != DISCOVERY => {
            let path = uri.path().strip_suffix(DISCOVERY).and_then(|path| path.strip_prefix(&site.root));
            site.url.clone() + path.unwrap_or_default()
        }
        Some(url) => url.clone(),
        None => String::new(),
    };
    let body = value!({
        "issuer": root,
        "jwks_uri": format!("{root}/.well-known/openid-configuration/jwks"),
        "authorization_endpoint": format!("{root}/connect/authorize"),
        "token_endpoint": format!("{root}/connect/token"),
        "revocation_endpoint": format!("{root}/connect/revocation"),
        "scopes_supported": [SCOPE, "offline_access"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
    });
    json(StatusCode::OK, body.to_string())
}

const DISCOVERY: &str = "/.well-known/openid-configuration";

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
