//! `…/rest/EchoService/Echo`: a configuration service, which says what it was told.

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::reply;

/// The query parameters, as a JSON object of texts.
pub(crate) async fn query(Query(query): Query<Vec<(String, String)>>) -> Json<Map<String, Value>> {
    Json(query.into_iter().map(|(name, value)| (name, Value::String(value))).collect())
}

/// The JSON that was sent.
pub(crate) async fn body(body: Result<Json<Value>, JsonRejection>) -> Response {
    match body {
        Ok(body) => body.into_response(),
        Err(JsonRejection::MissingJsonContentType(error)) => error.into_response(),
        Err(error) => reply::message(StatusCode::BAD_REQUEST, &error.body_text()),
    }
}
