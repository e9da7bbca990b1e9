//! `…/rest/EchoService`: a configuration service, which says what it was told by `Echo`, and by whom by `UserName`.

use axum::extract::Query;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::{Map, Value};

use crate::reply;
use crate::session::Session;

/// The query parameters, as a JSON object of texts.
pub(crate) async fn query(Query(query): Query<Vec<(String, String)>>) -> Json<Map<String, Value>> {
    Json(query.into_iter().map(|(name, value)| (name, Value::String(value))).collect())
}

/// Who has signed in, where it was a session that authorised.
pub(crate) async fn user_name(session: Option<Extension<Session>>) -> Json<Option<String>> {
    Json(session.map(|Extension(session)| session.user_name))
}

/// The JSON that was sent.
pub(crate) async fn body(body: Result<Json<Value>, JsonRejection>) -> Response {
    match body {
        Ok(body) => body.into_response(),
        Err(JsonRejection::MissingJsonContentType(error)) => error.into_response(),
        Err(error) => reply::message(StatusCode::BAD_REQUEST, &error.body_text()),
    }
}
