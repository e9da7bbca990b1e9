//! `ProcessEngineService.svc`: business processes, run from outside.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::guid;
use crate::reply;
use crate::site::SharedSite;

/// The one process there is. Its parameters come back as they went in, and `Length` is how long `Text` is.
const PROCESS: &str = "UsrEcho";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Run {
    schema_name: String,
    #[serde(default)]
    parameter_values: Vec<Parameter>,
    #[serde(default)]
    result_parameter_names: Vec<String>,
}

#[derive(Deserialize)]
struct Parameter {
    name: String,
    value: Value,
}

/// `POST …/ServiceModel/ProcessEngineService.svc/RunProcess`
pub(crate) async fn run(State(site): State<SharedSite>, run: Result<Json<Run>, JsonRejection>) -> Response {
    let run = match run {
        Ok(Json(run)) => run,
        Err(error) => return reply::message(StatusCode::BAD_REQUEST, &error.body_text()),
    };
    let is_known = run.schema_name == PROCESS;
    site.tally.write(is_known);
    if !is_known {
        let message = format!("Process {} was not found.", run.schema_name);
        return reply::failure(&site, StatusCode::OK, "ItemNotFoundException", &message);
    }
    let value =
        |name: &str| run.parameter_values.iter().find(|parameter| parameter.name == name).map(|found| &found.value);
    let result = |name: &String| {
        let length = value("Text").and_then(Value::as_str).map(|text| json!(text.chars().count()));
        let result = if name == "Length" { length } else { value(name).cloned() };
        (name.clone(), result.unwrap_or_default())
    };
    let results: Map<_, _> = run.result_parameter_names.iter().map(result).collect();
    Json(json!({
        "processId": guid::new(),
        "processStatus": 2,
        "resultParameterValues": results,
        "executionData": null,
        "success": true,
        "errorInfo": null,
    }))
    .into_response()
}
