//! Replies that several parts of the site give.

use std::fmt::Write;

use axum::Json;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::options::{EndedSession, LoginPage, OdataFailure, Runtime, ServiceFailure, TokenEndpoint};
use crate::site::{SharedSite, Site};
use crate::status;

/// What a call without a valid session is answered with.
pub(crate) fn session_ended(site: &Site, uri: &Uri) -> Response {
    match site.options.ended_session {
        EndedSession::Redirect => redirect_to_login(site, uri),
        EndedSession::LoginPage => login_html(site, uri).into_response(),
        EndedSession::Status401 => message(StatusCode::UNAUTHORIZED, AUTHENTICATION_FAILED),
        EndedSession::Status401Empty => StatusCode::UNAUTHORIZED.into_response(),
        EndedSession::Status401Page => {
            let html = "<!DOCTYPE html>\r\n<html>\r\n<head><title>401 - Unauthorized</title></head>\r\n</html>\r\n";
            (StatusCode::UNAUTHORIZED, Html(html)).into_response()
        }
        EndedSession::NoUserConnection => no_user_connection(StatusCode::OK),
        EndedSession::NoUserConnection500 => no_user_connection(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn no_user_connection(status: StatusCode) -> Response {
    let body = json!({
        "responseStatus": {
            "ErrorCode": "ArgumentNullOrEmptyException",
            "Message": "Value for argument \"userConnection\" must be specified",
        },
    });
    (status, Json(body)).into_response()
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
    if site.options.login_page == LoginPage::SspWithoutReturnUrl {
        return site.login_page();
    }
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
    login_html_with(&site, &site.login_page())
}

/// The login page instead of what was asked for, which it is to lead back to.
pub(crate) fn login_html(site: &Site, uri: &Uri) -> Html<String> {
    login_html_with(site, &login_page_for(site, uri))
}

fn login_html_with(site: &Site, action: &str) -> Html<String> {
    match site.options.login_page {
        LoginPage::Shell => login_shell(),
        LoginPage::Form | LoginPage::Ssp | LoginPage::SspWithoutReturnUrl => login_form(action),
    }
}

/// The page of a site on .NET, which is the same for every address: what it shows comes by scripts.
fn login_shell() -> Html<String> {
    let style = ".loading-mask{opacity:0}".repeat(120);
    Html(format!(
        "<!DOCTYPE html>\r\n<html>\r\n<head><title>Creatio</title>\r\n<style>{style}</style>\r\n</head>\r\n<body>\r\n\
         <script>require([\"bootstrap.login\"]);</script>\r\n</body>\r\n</html>\r\n"
    ))
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

/// An error in the shape of OData, with the status that is given to those.
pub(crate) fn odata_failure(site: &Site, status: StatusCode, message: &str) -> Response {
    match site.options.odata_failure {
        OdataFailure::Status200 => odata_error(StatusCode::OK, message),
        OdataFailure::NoResource if status == StatusCode::NOT_FOUND => {
            let detail = "No type was found that matches the controller named in it.";
            Json(json!({"Message": message, "MessageDetail": detail})).into_response()
        }
        _ => odata_error(status, message),
    }
}

/// An error in the shape of OData.
pub(crate) fn odata_error(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"error": {"code": "", "message": message}}))).into_response()
}

/// 400 in the shape of OData, for a record that would not be valid.
pub(crate) fn odata_exception(site: &Site, message: &str) -> Response {
    let exception = |message: &str| {
        json!({
            "message": message,
            "type": "System.ComponentModel.DataAnnotations.ValidationException",
            "stacktrace": status::stack_trace(site.options.stack_trace_size),
        })
    };
    let (status, inner) = match site.options.odata_failure {
        OdataFailure::InternalException => {
            let mut outer = exception("The 'ObjectContent`1' type failed to serialize the response body.");
            outer["internalexception"] = exception("Exception has been thrown by the target of an invocation.");
            outer["internalexception"]["internalexception"] = exception(message);
            (StatusCode::INTERNAL_SERVER_ERROR, outer)
        }
        OdataFailure::Status200 => (StatusCode::OK, exception(message)),
        OdataFailure::Error | OdataFailure::NoResource => (StatusCode::BAD_REQUEST, exception(message)),
    };
    let body = json!({"error": {"code": "", "message": "An error has occurred.", "innererror": inner}});
    (status, Json(body)).into_response()
}

/// A failure in the shape of the services that tell it by `success`, with this status unless it has its own.
pub(crate) fn failure(site: &Site, status: StatusCode, code: &str, message: &str) -> Response {
    let stack_trace = status::stack_trace(site.options.stack_trace_size);
    let error_info = json!({"errorCode": code, "message": message, "stackTrace": stack_trace});
    let response_status = json!({"ErrorCode": code, "Message": message, "Errors": []});
    let (status, body) = match site.options.service_failure {
        ServiceFailure::ErrorInfo => (status, json!({"success": false, "errorInfo": error_info})),
        ServiceFailure::SuccessFalse => (status, json!({"success": false})),
        ServiceFailure::ErrorInfoAlone => (status, json!({"errorInfo": error_info})),
        ServiceFailure::ResponseStatus => (status, json!({"responseStatus": response_status, "success": false})),
        ServiceFailure::ResponseStatus500 => {
            (StatusCode::INTERNAL_SERVER_ERROR, json!({"responseStatus": response_status, "success": false}))
        }
    };
    (status, Json(body)).into_response()
}
