//! Windows authentication, with an acceptor that is scripted: what it takes is told from what it does not, and belongs to the
//! connection, as in IIS. It knows neither NTLM nor Kerberos.
//!
//! The first token is anything. The challenge is `CHALLENGE ` and a number that is new each time. The second token is that number, a
//! space, the user's name, a line feed and the password.

use std::sync::{Arc, Mutex};

use axum::Extension;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONNECTION, CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::options::{Outcome, Runtime, WindowsDoor};
use crate::site::{SharedSite, Site};
use crate::status::Status;
use crate::{auth, random, reply};

/// What a connection has been challenged with. Among the extensions of its requests.
#[derive(Clone, Default)]
pub(crate) struct Handshake(Arc<Mutex<Option<String>>>);

/// `GET /Login/NuiLogin.aspx?ntlmlogin` on .NET Framework, beside the page.
pub(crate) async fn login_page(
    state: State<SharedSite>,
    handshake: Option<Extension<Handshake>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    match handshake {
        Some(handshake) if uri.query() == Some("ntlmlogin") && is_open(&state) => {
            let mut response = accept(&state, &handshake, &headers);
            if response.status().is_success() {
                *response.status_mut() = StatusCode::FOUND;
                *response.body_mut() = axum::body::Body::empty();
                let shell = HeaderValue::try_from(state.shell()).expect("paths are visible ASCII");
                response.headers_mut().insert(LOCATION, shell);
                response.headers_mut().remove(CONTENT_TYPE);
            }
            response
        }
        _ => reply::login_page(state).await.into_response(),
    }
}

/// `POST /ServiceModel/AuthService.svc/DomainLogin` on .NET.
pub(crate) async fn domain_login(
    State(site): State<SharedSite>,
    Extension(handshake): Extension<Handshake>,
    headers: HeaderMap,
    body: String,
) -> Response {
    match is_open(&site) && site.options.runtime == Runtime::Net && body == "{}" {
        true => accept(&site, &handshake, &headers),
        false => StatusCode::NOT_FOUND.into_response(),
    }
}

fn is_open(site: &Site) -> bool {
    site.options.windows != WindowsDoor::Shut
}

fn accept(site: &Site, Handshake(challenged): &Handshake, headers: &HeaderMap) -> Response {
    let door = site.options.windows;
    if door == WindowsDoor::Basic {
        return unauthorized(&["Basic realm=\"corp, NTLM\""]);
    }
    let field = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, token) = field.split_once(' ').unwrap_or_default();
    let token = BASE64_STANDARD.decode(token).unwrap_or_default();
    let mut challenged = challenged.lock().expect("no holder panics");
    if !["Negotiate", "NTLM"].contains(&scheme) || token.is_empty() {
        return unauthorized(&["Negotiate", "NTLM"]);
    }
    let Some(number) = challenged.take().filter(|_| door != WindowsDoor::Endless) else {
        let number = random::text(b"0123456789", 200);
        let challenge = BASE64_STANDARD.encode(format!("CHALLENGE {number}"));
        *challenged = Some(number);
        let mut response = unauthorized(&[&format!("{scheme} {challenge}")]);
        if door == WindowsDoor::Closing {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        return response;
    };
    site.tally.logins.add_one();
    let answer = String::from_utf8_lossy(&token).into_owned();
    let who = answer.strip_prefix(&format!("{number} ")).and_then(|who| who.split_once('\n'));
    let user = who.and_then(|(name, password)| {
        let is_it = |user: &&crate::User| user.name == name && user.password == password;
        site.options.users.iter().find(is_it).filter(|user| user.outcome == Outcome::Accepted)
    });
    match user {
        None => unauthorized(&["Negotiate", "NTLM"]),
        Some(user) => {
            site.tally.logins_accepted.add_one();
            auth::accept(site, &Status::accepted(site), &user.name)
        }
    }
}

fn unauthorized(challenges: &[&str]) -> Response {
    let page = "<html><h2>401 - Unauthorized: Access is denied due to invalid credentials.</h2></html>";
    let mut response = (StatusCode::UNAUTHORIZED, axum::response::Html(page)).into_response();
    for challenge in challenges {
        let value = HeaderValue::try_from(*challenge).expect("it is visible ASCII");
        response.headers_mut().append(WWW_AUTHENTICATE, value);
    }
    response
}
