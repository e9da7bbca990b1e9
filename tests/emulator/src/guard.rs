//! The guard in front of everything that needs to be authorised: by a session, by a bearer token,
//! or by a password with the call itself.

use axum::extract::{Request, State};
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::authorization::Authorization;
use crate::options::{EndedToken, Outcome};
use crate::site::{SharedSite, Site};
use crate::users::{Judgement, Login};
use crate::{odata, reply, session};

/// Lets a request through that is authorised.
pub(crate) async fn guard(State(site): State<SharedSite>, request: Request, next: Next) -> Response {
    match Authorization::of(request.headers()) {
        Authorization::Repeated => {
            challenged(StatusCode::BAD_REQUEST.into_response(), r#"Bearer error="invalid_request""#)
        }
        Authorization::Bearer(token) => bearer(&site, &token, request, next).await,
        Authorization::Basic(name, password) if site.options.basic && odata::is_resource(&site, request.uri()) => {
            basic(&site, Login::new(name, password), request, next).await
        }
        // A site that does not know the scheme does not see the field.
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

/// A password with the call itself needs no cookies and no CSRF header, and brings none.
async fn basic(site: &Site, login: Login, request: Request, next: Next) -> Response {
    match login.judge(site) {
        Judgement::Outcome(Outcome::Accepted | Outcome::PasswordChangeAdvised) => {
            site.tally.calls.add_one();
            next.run(request).await
        }
        Judgement::Outcome(Outcome::Denied) => reply::message(StatusCode::FORBIDDEN, "Access is denied."),
        _ => challenged(
            reply::message(StatusCode::UNAUTHORIZED, reply::AUTHENTICATION_FAILED),
            r#"Basic realm="Creatio", charset="UTF-8""#,
        ),
    }
}

fn token_ended(site: &Site, uri: &Uri) -> Response {
    let response = match site.options.ended_token {
        EndedToken::Empty => StatusCode::UNAUTHORIZED.into_response(),
        EndedToken::Message => reply::message(StatusCode::UNAUTHORIZED, reply::AUTHENTICATION_FAILED),
        EndedToken::LikeSession => return reply::session_ended(site, uri),
    };
    challenged(response, r#"Bearer error="invalid_token""#)
}

fn challenged(response: Response, challenge: &'static str) -> Response {
    ([(WWW_AUTHENTICATE, challenge)], response).into_response()
}
