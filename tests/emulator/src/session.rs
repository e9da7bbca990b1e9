//! Sessions, and the calls that are made in one.

use axum::extract::Request;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::expiring::Expiring;
use crate::options::{Options, Runtime};
use crate::site::Site;
use crate::{cookie, reply};

/// What the site knows of somebody signed in.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// The value of `BPMSESSIONID`.
    pub(crate) id: String,
    /// The value of `BPMCSRF`.
    pub(crate) csrf: String,
    /// The value of `CRT_CSRF`, where it is enabled.
    pub(crate) crt_csrf: Option<String>,
    /// The value of `CsrfToken`, on .NET.
    pub(crate) csrf_token: Option<String>,
    /// Who has signed in.
    pub(crate) user_name: String,
}

impl Session {
    /// A session with new random values.
    pub(crate) fn new(options: &Options, user_name: &str) -> Self {
        let net = options.runtime == Runtime::Net;
        Self {
            id: cookie::session_id(),
            csrf: cookie::csrf(),
            crt_csrf: options.crt_csrf.then(cookie::csrf),
            csrf_token: net.then(cookie::csrf),
            user_name: user_name.to_owned(),
        }
    }

    /// Whether all CSRF cookies came back, and the right one of them in its header too.
    fn csrf_holds(&self, headers: &HeaderMap) -> bool {
        let cookie_holds = |name, value: &str| cookie::find(headers, name) == Some(value);
        let (name, value) = match &self.crt_csrf {
            Some(value) => (cookie::CRT_CSRF, value),
            None => (cookie::BPMCSRF, &self.csrf),
        };
        let token = self.csrf_token.as_deref();
        cookie_holds(name, value)
            && token.is_none_or(|token| cookie_holds(cookie::CSRF_TOKEN, token))
            && headers.get(name).is_some_and(|field| field == value)
    }
}

/// All sessions, by ticket. A renewed ticket does not end the older one: calls that were under way
/// at the same time still carry it.
pub(crate) type Sessions = Expiring<Session>;

/// Lets a request through that has a session and its CSRF header. The handler finds the
/// [`Session`] among the request's extensions.
pub(crate) async fn guard(site: &Site, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let ticket = cookie::find(headers, cookie::TICKET).unwrap_or_default();
    let Some(session) = site.sessions.find(ticket) else {
        return reply::session_ended(site, request.uri());
    };
    let reads_only = matches!(*request.method(), Method::GET | Method::HEAD);
    let csrf_needed = site.options.csrf_on_get || !reads_only;
    if csrf_needed && !session.csrf_holds(headers) {
        return reply::message(StatusCode::FORBIDDEN, "Access is denied.");
    }
    let knows_session_id = cookie::find(headers, cookie::SESSION_ID) == Some(&session.id);

    site.tally.calls.add_one();
    let ticket = ticket.to_owned();
    request.extensions_mut().insert(session.clone());
    let mut response = next.run(request).await;

    // A logout has ended the session, and there is nothing to set any more.
    if site.sessions.find(&ticket).is_some() {
        let headers = response.headers_mut();
        if !knows_session_id {
            let field = site.cookies.of_site(cookie::SESSION_ID, &session.id);
            headers.append(SET_COOKIE, field);
        }
        if site.options.sliding {
            let ticket = site.new_ticket(session);
            headers.append(SET_COOKIE, site.cookies.of_site(cookie::TICKET, &ticket));
        }
    }
    site.sessions.call_answered();
    if let Some(calls) = site.options.calls_per_ticket {
        site.sessions.spend(&ticket, calls);
    }
    response
}
