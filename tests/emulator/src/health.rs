//! The health checks, that of OAuth among them, and the content type of ASP.NET's short answers.

use std::sync::atomic::{AtomicU32, Ordering};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::options::Runtime;
use crate::site::{SharedSite, Site};

/// How many health checks of the application still find it starting.
pub(crate) struct Starting(AtomicU32);

impl Starting {
    pub(crate) fn new(checks: u32) -> Self {
        Self(AtomicU32::new(checks))
    }

    /// Whether it still is.
    fn next(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }
}

/// That of the application, which is below `/0` on .NET Framework.
pub(crate) async fn of_the_application(State(site): State<SharedSite>) -> Response {
    if site.starting.next() {
        let html = "<html><head><title>Service Unavailable</title></head></html>\r\n";
        return (StatusCode::SERVICE_UNAVAILABLE, Html(html)).into_response();
    }
    short(&site, "Pong")
}

/// That of the loader, which a site on .NET Framework has at the root, and which is up before the application is.
pub(crate) async fn of_the_loader(State(site): State<SharedSite>) -> Response {
    short(&site, "Pong")
}

/// How the site's own connection to its identity service is, without a session: good where there is one.
pub(crate) async fn of_oauth(State(site): State<SharedSite>) -> Response {
    let is_good = site.options.identity.is_some();
    let message = if is_good { "" } else { "OAuth20IdentityServerUrl is not filled in." };
    let answer = json!({
        "HasProblem": !is_good, "IsSystemSettingsFilledIn": is_good, "IsIdentityServiceAvailable": is_good,
        "IsAccessTokenRetrievableForSystemActions": is_good, "Message": message,
    });
    (if is_good { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR }, Json(answer)).into_response()
}

/// What keeps a session alive.
pub(crate) async fn ping(State(site): State<SharedSite>) -> Response {
    short(&site, "")
}

/// A short answer. To ASP.NET on .NET Framework all is HTML that is not said to be anything else.
pub(crate) fn short(site: &Site, text: &'static str) -> Response {
    match site.options.runtime {
        Runtime::NetFramework => Html(text).into_response(),
        Runtime::Net => text.into_response(),
    }
}
