//! What stands in front of the site, and of its identity service: a firewall, a gateway, and the protection of the host's name.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{HOST, USER_AGENT};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::site::{SharedSite, Site};

/// Lets a request through that says who sends it, has the gateway's key, and is for a host that is allowed; where that is asked for.
pub(crate) async fn pass(State(site): State<SharedSite>, request: Request, next: Next) -> Response {
    if !has_allowed_host(&site, request.headers()) {
        return (StatusCode::BAD_REQUEST, Html(INVALID_HOST)).into_response();
    }
    if site.options.user_agent_required && !has_user_agent(request.headers()) {
        return (StatusCode::FORBIDDEN, Html(BLOCKED)).into_response();
    }
    if !has_key(&site, request.headers()) {
        let body = json!({"statusCode": 401, "message": "Access denied due to missing or invalid key."});
        return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
    }
    next.run(request).await
}

pub(crate) const BLOCKED: &str = "<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body><h1>Request blocked</h1></body>\r\n\
                       </html>\r\n";

const INVALID_HOST: &str =
    "<html>\r\n<head><title>Bad Request</title></head>\r\n<body><h2>Invalid Hostname</h2></body>\r\n</html>\r\n";

/// The pattern follows the rule "contains".
fn has_allowed_host(site: &Site, headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    site.options.allowed_host.as_ref().is_none_or(|allowed| host.contains(allowed))
}

fn has_user_agent(headers: &HeaderMap) -> bool {
    headers.get(USER_AGENT).is_some_and(|value| !value.as_bytes().trim_ascii().is_empty())
}

/// Whether the key stands there once.
fn has_key(site: &Site, headers: &HeaderMap) -> bool {
    let Some((name, key)) = &site.options.gateway_key else {
        return true;
    };
    let mut values = headers.get_all(name).iter();
    values.next().is_some_and(|value| value.as_bytes() == key.as_bytes()) && values.next().is_none()
}
