//! Replies that several parts of the site give.

use std::fmt::Write;

use axum::Json;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use crate::options::{EndedSession, Runtime, TokenEndpoint};
use crate::site::{SharedSite, Site};
use crate::status;

/// What a call without a valid session is answered with.
pub(crate) fn session_ended(site: &Site, uri: &Uri) -> Response {
    match site.options.ended_session {
        EndedSession::Redirect => redirect_to_login(site, uri),
        EndedSession::LoginPage => login_html(site, uri).into_response(),
        EndedSession::Status401 => message(StatusCode::UNAUTHORIZED, AUTHENTICATION_FAILED),
    }
}

/// 302 to the login page, which is to lead back to `uri`.
pub(crate) fn redirect_to_login(site: &Site, uri: &Uri) -> Response {
    let location = login_page_for(site, uri);
    let html = format!(
        "<html><head><title>Object moved</title></head><body>\r\n\
         <h2>Object moved to <a href=\"{location}\">here</a>.</h2>\r\n</body></html>\r\n"
    );
    (StatusCode::FOUND, [(LOCATION, location)], Html(html)).into_response()
}

/// The login page, and where it is to lead back to.
fn login_page_for(site: &Site, uri: &Uri) -> String {
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let target = escape(target, site.options.runtime);
    format!("{}?ReturnUrl={target}", site.login_page())
}

/// Percent-encodes a query value. The .NET Framework writes the hexadecimal digits in lower case.
pub(crate) fn escape(text: &str, runtime: Runtime) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let result = match runtime {
                Runtime::NetFramework => write!(escaped, "%{byte:02x}"),
                Runtime::Net => write!(escaped, "%{byte:02X}"),
            };
            result.expect("a String takes everything");
        }
    }
    escaped
}

/// The login page, asked for by its own path.
pub(crate) async fn login_page(State(site): State<SharedSite>) -> Html<String> {
    login_form(&site.login_page())
}

/// The login page instead of what was asked for, which it is to lead back to.
pub(crate) fn login_html(site: &Site, uri: &Uri) -> Html<String> {
    login_form(&login_page_for(site, uri))
}

fn login_form(action: &str) -> Html<String> {
    Html(format!(
        "<!DOCTYPE html>\r\n<html>\r\n<head><title>Login</title></head>\r\n<body>\r\n\
         <form method=\"post\" action=\"{action}\">\r\n\
         <input name=\"UserName\"><input name=\"UserPassword\" type=\"password\">\r\n\
         </form>\r\n</body>\r\n</html>\r\n"
    ))
}

/// What the application answers who asks it for a token, which is not its business.
pub(crate) async fn no_token(State(site): State<SharedSite>, uri: Uri) -> Response {
    match site.options.token_endpoint {
        TokenEndpoint::LoginPage => login_html(&site, &uri).into_response(),
        TokenEndpoint::Redirect | TokenEndpoint::Served => redirect_to_login(&site, &uri),
    }
}

/// The message by which a 401 says that there is no session.
pub(crate) const AUTHENTICATION_FAILED: &str = "Authentication failed.";

/// 401, as a service gives it that was asked without a ticket.
pub(crate) async fn authentication_failed() -> Response {
    message(StatusCode::UNAUTHORIZED, AUTHENTICATION_FAILED)
}

/// An error in the shape of the site's own services.
pub(crate) fn message(status: StatusCode, message: &str) -> Response {
    let body = json!({
        "Message": message,
        "StackTrace": null,
        "ExceptionType": "System.InvalidOperationException",
    });
    (status, Json(body)).into_response()
}

/// 404 for a path of neither service nor page, such as one of the other runtime: IIS has a page for it, and .NET nothing.
pub(crate) async fn nowhere(State(site): State<SharedSite>) -> Response {
    match site.options.runtime {
        Runtime::NetFramework => {
            let title = "404 - File or directory not found.";
            let html = format!("<!DOCTYPE html>\r\n<html>\r\n<head><title>{title}</title></head>\r\n</html>\r\n");
            (StatusCode::NOT_FOUND, Html(html)).into_response()
        }
        Runtime::Net => StatusCode::NOT_FOUND.into_response(),
    }
}

/// 404 of a service, for what it does not have.
pub(crate) async fn not_found(uri: Uri) -> Response {
    let message = format!("No resource was found at '{}'.", uri.path());
    odata_error(StatusCode::NOT_FOUND, &message)
}

/// An error in the shape of OData.
pub(crate) fn odata_error(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"error": {"code": "", "message": message}}))).into_response()
}

/// 400 in the shape of OData, for a record that would not be valid.
pub(crate) fn odata_exception(site: &Site, message: &str) -> Response {
    let body = json!({
        "error": {
            "code": "",
            "message": "An error has occurred.",
            "innererror": {
                "message": message,
                "type": "System.ComponentModel.DataAnnotations.ValidationException",
                "stacktrace": status::stack_trace(site.options.stack_trace_size),
            },
        },
    });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

/// A failure in the shape of the services that tell it by `success`.
pub(crate) fn failure(site: &Site, code: &str, message: &str) -> Json<Value> {
    Json(json!({
        "success": false,
        "errorInfo": {
            "errorCode": code,
            "message": message,
            "stackTrace": status::stack_trace(site.options.stack_trace_size),
        },
    }))
}
