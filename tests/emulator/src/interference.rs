//! What comes between a client and the application for a while.

use std::sync::Mutex;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use clap::ValueEnum;

use crate::site::SharedSite;
use crate::{gate, reply};

/// What comes between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Interference {
    /// The site warms up: health checks are answered and logins accepted, and calls are answered as without a session.
    #[default]
    WarmUp,
    /// A firewall refuses every request, a login as well: 403, with a page.
    Firewall,
    /// A captive portal redirects every request, a login as well, to the login page on its own host.
    Portal,
}

/// Where the portal has its login page.
const PORTAL: &str = "http://portal.example.net/login/";

/// How many requests it still comes upon.
#[derive(Default)]
pub(crate) struct Interfering(Mutex<(u32, Interference)>);

impl Interfering {
    pub(crate) fn set(&self, requests: u32, interference: Interference) {
        *self.0.lock().expect("no holder panics") = (requests, interference);
    }

    /// Whether it comes upon one more, and what it is, if it is one of those that are asked for.
    fn next(&self, is_asked_for: impl Fn(Interference) -> bool) -> Option<Interference> {
        let mut interfering = self.0.lock().expect("no holder panics");
        let (requests, interference) = &mut *interfering;
        if !is_asked_for(*interference) {
            return None;
        }
        *requests = requests.checked_sub(1)?;
        Some(*interference)
    }
}

/// Lets a request through that nothing comes upon before it reaches the site.
pub(crate) async fn before_the_site(State(site): State<SharedSite>, request: Request, next: Next) -> Response {
    match site.interfering.next(|interference| interference != Interference::WarmUp) {
        Some(Interference::Firewall) => (StatusCode::FORBIDDEN, Html(gate::BLOCKED)).into_response(),
        Some(Interference::Portal) => {
            let html = format!("<html><body><a href=\"{PORTAL}\">Log in</a></body></html>\r\n");
            (StatusCode::FOUND, [(LOCATION, PORTAL)], Html(html)).into_response()
        }
        Some(Interference::WarmUp) | None => next.run(request).await,
    }
}

/// Lets a call through unless the site warms up.
pub(crate) async fn in_the_site(State(site): State<SharedSite>, request: Request, next: Next) -> Response {
    match site.interfering.next(|interference| interference == Interference::WarmUp) {
        Some(_) => reply::session_ended(&site, request.uri()),
        None => next.run(request).await,
    }
}
