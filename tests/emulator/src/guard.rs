//! The guard in front of everything that needs to be authorised: by a session, by a bearer token,
//! or by a password with the call itself.

use axum::extract::{Request, State};
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::authorization::Authorization;
use crate::options::EndedToken;
use crate::site::{SharedSite, Site};
use crate::{reply, session};

/// Lets a request through that is authorised.
pub(crate) async fn guard(State(site): State<SharedSite>, request: Request, next: Next) -> Response {
    match Authorization::of(request.headers()) {
        Authorization::Repeated => challenge(StatusCode::BAD_REQUEST, r#"Bearer error="invalid_request""#),
        Authorization::Bearer(token) => bearer(&site, &token, request, next).await,
        Authorization::Absent | Authorization::Basic(..) | Authorization::Other => {
            session::guard(&site, request, next).await
        }
    }
}

/// A token needs no cookies and no CSRF header, and brings none.
async fn bearer(site: &Site, token: &str, request: Request, next: Next) -> Response {
    if site.tokens.find(token).is_none() {
        return token_ended(site, request.uri());
    }
    site.tally.calls.add_one();
    let response = next.run(request).await;
    site.tokens.call_answered();
    response
}

fn token_ended(site: &Site, uri: &Uri) -> Response {
    let mut response = match site.options.ended_token {
        EndedToken::Empty => StatusCode::UNAUTHORIZED.into_response(),
        EndedToken::Message => reply::message(StatusCode::UNAUTHORIZED, reply::AUTHENTICATION_FAILED),
        EndedToken::LikeSession => reply::session_ended(site, uri),
    };
    if response.status() == StatusCode::UNAUTHORIZED {
        let challenge = axum::http::HeaderValue::from_static(r#"Bearer error="invalid_token""#);
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

fn challenge(status: StatusCode, challenge: &'static str) -> Response {
    (status, [(WWW_AUTHENTICATE, challenge)]).into_response()
}
