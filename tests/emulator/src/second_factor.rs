//! What the login page asks beside the login, where one-time codes are wanted.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::auth;
use crate::site::SharedSite;
use crate::users::Login;

/// How long a code that was sent counts.
const CODE_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// `POST /ServiceModel/AuthService.svc/GetAuthenticationSettings`: which kinds of codes there are.
pub(crate) async fn settings(State(site): State<SharedSite>) -> Json<Value> {
    let kind = if site.options.text_code { "SMS" } else { "TOTP" };
    let kinds = if site.users.have_one_time_codes() { vec![kind] } else { vec![] };
    Json(json!({
        "primaryTwoFactorAuthFlowCode": kinds.first(),
        "enabledTwoFactorAuthFlowCodes": kinds,
    }))
}

/// `POST /ServiceModel/AuthService.svc/StartTextCodeAuthFlow`: sends the code to whose password it is.
pub(crate) async fn start_text_code(
    State(site): State<SharedSite>,
    body: Result<Json<Login>, JsonRejection>,
) -> Response {
    let login = match auth::read(body) {
        Ok(login) => login,
        Err(response) => return response,
    };
    let (success, message) = match login.user(&site) {
        Ok(user) if user.one_time_code.is_some() && site.options.text_code => {
            site.text_codes.insert(user.name, (), CODE_LIFETIME);
            site.tally.text_codes.add_one();
            (true, "A code was sent to the number that ends in 42.")
        }
        Ok(_) => (false, "Codes are not sent to this user."),
        Err(_) => (false, "No code was sent: the user name or the password is wrong."),
    };
    Json(json!({"success": success, "message": message})).into_response()
}
