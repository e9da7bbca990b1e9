//! A site, or a proxy in front of it, that has too much to do.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use clap::ValueEnum;

use crate::site::{SharedSite, Site};

/// The status by which an overloaded site, or a proxy in front of it, refuses a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Overload {
    /// 429, too many requests.
    #[default]
    #[value(name = "429")]
    TooManyRequests,
    /// 502, bad gateway: what a proxy says while the site restarts.
    #[value(name = "502")]
    BadGateway,
    /// 503, service unavailable.
    #[value(name = "503")]
    ServiceUnavailable,
    /// 504, gateway timeout.
    #[value(name = "504")]
    GatewayTimeout,
}

/// What `Retry-After` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RetryAfter {
    /// The header is missing.
    #[default]
    Absent,
    /// A number of seconds.
    Seconds(u32),
    /// The date so many seconds after the reply's own.
    Date(u32),
}

/// The requests that are still to be refused.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<(u32, Overload, RetryAfter)>);

impl Refusals {
    pub(crate) fn set(&self, calls: u32, status: Overload, retry_after: RetryAfter) {
        *self.0.lock().expect("no holder panics") = (calls, status, retry_after);
    }

    fn next(&self) -> Option<(Overload, RetryAfter)> {
        let mut refusals = self.0.lock().expect("no holder panics");
        let (calls, status, retry_after) = &mut *refusals;
        *calls = calls.checked_sub(1)?;
        Some((*status, *retry_after))
    }
}

/// Lets a call through unless it is to be refused. It needs no session for that.
pub(crate) async fn refuse(State(site): State<SharedSite>, request: Request, next: Next) -> Response {
    match site.refusals.next() {
        Some(refusal) => refused(&site, refusal),
        None => next.run(request).await,
    }
}

/// Lets a login through unless it is to be refused.
pub(crate) async fn refuse_login(State(site): State<SharedSite>, request: Request, next: Next) -> Response {
    match site.login_refusals.next() {
        Some(refusal) => refused(&site, refusal),
        None => next.run(request).await,
    }
}

fn refused(site: &Site, (status, retry_after): (Overload, RetryAfter)) -> Response {
    site.tally.overloaded.add_one();
    let status = match status {
        Overload::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        Overload::BadGateway => StatusCode::BAD_GATEWAY,
        Overload::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        Overload::GatewayTimeout => StatusCode::GATEWAY_TIMEOUT,
    };
    let html =
        format!("<html>\r\n<head><title>{status}</title></head>\r\n<body><h1>{status}</h1></body>\r\n</html>\r\n");
    let value = match retry_after {
        RetryAfter::Absent => None,
        RetryAfter::Seconds(seconds) => Some(seconds.to_string()),
        RetryAfter::Date(seconds) => {
            let date = SystemTime::now() + Duration::from_secs(seconds.into());
            Some(httpdate::fmt_http_date(date))
        }
    };
    (status, value.map(|value| [(RETRY_AFTER, value)]), Html(html)).into_response()
}
