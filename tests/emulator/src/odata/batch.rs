//! `POST …/odata/$batch`: several operations in one request, in JSON.

use std::collections::HashSet;

use axum::body::{self, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Failure, Operation, act, read};
use crate::guid;
use crate::reply::odata_failure;
use crate::site::Site;

/// A real site takes no more requests at once.
const LIMIT: usize = 100;

#[derive(Deserialize)]
struct Batch {
    requests: Vec<Request>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    id: String,
    method: String,
    url: String,
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(default)]
    body: Value,
    atomicity_group: Option<String>,
    #[serde(default)]
    depends_on: Vec<String>,
}

/// Executes the requests in turn, up to the first that fails unless `Prefer: continue-on-error` was sent. Those of an atomicity
/// group are done all or not at all; of a group that fails one response comes, that of the request which did. What depends on
/// a request that has failed, or on its group, fails with 424.
pub(super) async fn run(site: &Site, operation: &Operation<'_>, headers: &HeaderMap) -> Response {
    let requests = match requests(operation) {
        Ok(requests) => requests,
        Err(failure) => return failure.into_response(site, operation.uri),
    };
    let prefer = headers.get("Prefer").and_then(|field| field.to_str().ok()).unwrap_or_default();
    let goes_on =
        prefer.split([',', ';']).any(|part| part.trim().trim_start_matches("odata.") == "continue-on-error");

    let (mut done, mut failures) = (Vec::new(), HashSet::new());
    let mut rest = &requests[..];
    while let Some(first) = rest.first() {
        let is_of_it = |request: &&Request| request.atomicity_group == first.atomicity_group;
        let size = if first.atomicity_group.is_some() { rest.iter().take_while(is_of_it).count() } else { 1 };
        let (group, others) = rest.split_at(size);
        rest = others;
        let failed = execute(site, group, &failures, &mut done);
        if failed {
            failures.extend(
                group.iter().flat_map(|request| [Some(&*request.id), request.atomicity_group.as_deref()]).flatten(),
            );
        }
        if failed && !goes_on {
            break;
        }
    }
    let mut responses = Vec::new();
    for (id, group, response) in done {
        let mut document = document(id, response).await;
        if let Some(group) = group {
            document["atomicityGroup"] = json!(group);
        }
        responses.push(document);
    }
    let body = Map::from_iter([("responses".to_owned(), Value::Array(responses))]);
    read::json_reply(StatusCode::OK, body)
}

fn requests(operation: &Operation<'_>) -> Result<Vec<Request>, Failure> {
    if *operation.method != Method::POST {
        return Err(Failure::MethodNotAllowed);
    }
    let batch = Value::Object(operation.record()?);
    let Batch { requests } = Batch::deserialize(batch).map_err(|error| Failure::Bad(error.to_string()))?;
    if requests.len() > LIMIT {
        return Err(Failure::Bad(format!("A batch holds {LIMIT} requests at most.")));
    }
    let mut before = HashSet::new();
    for request in &requests {
        if let Some(unknown) = request.depends_on.iter().find(|id| !before.contains(&***id)) {
            return Err(Failure::Bad(format!("No request before {} is {unknown}.", request.id)));
        }
        before.extend([Some(&*request.id), request.atomicity_group.as_deref()].into_iter().flatten());
    }
    Ok(requests)
}

/// A request's id, the name of its group in the answer, which is the site's own, and the response.
type Done<'r> = (&'r str, Option<String>, Response);

/// Executes a group, or a single request; whether it fails.
fn execute<'r>(site: &Site, group: &'r [Request], failures: &HashSet<&str>, done: &mut Vec<Done<'r>>) -> bool {
    let store = || site.store.lock().expect("no holder panics");
    let before = group.iter().any(|request| request.atomicity_group.is_some()).then(|| store().clone());
    let name = before.is_some().then(guid::new);
    let (start, mut writes) = (done.len(), 0);
    for request in group {
        let (response, is_write) = match request.depends_on.iter().any(|id| failures.contains(&**id)) {
            true => (odata_failure(site, StatusCode::FAILED_DEPENDENCY, "What it depends on has failed."), false),
            false => request.execute(site),
        };
        let failed = response.status().as_u16() >= 400;
        if failed {
            if is_write {
                site.tally.write(false);
            }
            if let Some(before) = before {
                *store() = before;
                done.truncate(start);
            }
            done.push((&request.id, name, response));
            return true;
        }
        writes += u32::from(is_write);
        done.push((&request.id, name.clone(), response));
    }
    (0..writes).for_each(|_| site.tally.write(true));
    false
}

impl Request {
    /// The response, and whether it is one to a write.
    fn execute(&self, site: &Site) -> (Response, bool) {
        let bad = |message: &str| {
            let response = Failure::Bad(message.to_owned()).into_response(site, &Uri::from_static("/"));
            (response, false)
        };
        let Ok(method) = Method::from_bytes(self.method.to_ascii_uppercase().as_bytes()) else {
            return bad("This is no method.");
        };
        // Either a URL, or a path from the root, or one that follows `…/odata/`.
        let url = match self.url.strip_prefix('/') {
            None if !self.url.contains("://") => format!("{}/odata/{}", site.prefix, self.url),
            _ => self.url.clone(),
        };
        let Ok(uri) = url.parse::<Uri>() else {
            return bad("This is no URL.");
        };
        let mut headers = self.headers.iter();
        let content_type = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let content_type = content_type.and_then(|(_, value)| value.as_str()).unwrap_or("application/json");
        let body = Bytes::from(self.body.to_string());
        let reads_only = matches!(method, Method::GET | Method::HEAD);
        let result = act(site, &Operation { method: &method, uri: &uri, content_type, body: &body }, reads_only);
        (result.unwrap_or_else(|failure| failure.into_response(site, &uri)), !reads_only)
    }
}

/// The response as a member of the batch's own.
async fn document(id: &str, response: Response) -> Value {
    let (head, body) = response.into_parts();
    let body = body::to_bytes(body, usize::MAX).await.expect("the body is in memory");
    let field = |name: &HeaderName| head.headers.get(name).and_then(|value| value.to_str().ok());
    let headers: Map<String, Value> =
        head.headers.keys().filter_map(|name| Some((name.to_string(), json!(field(name)?)))).collect();

    let content_type = field(&CONTENT_TYPE).unwrap_or_default();
    let body = match std::str::from_utf8(&body) {
        _ if body.is_empty() => Value::Null,
        Ok(text) if content_type.starts_with("application/json") => serde_json::from_str(text).expect("our own JSON"),
        Ok(text) if content_type.starts_with("text/plain") => json!(text),
        _ => {
            let error = json!({"code": "", "message": "The emulator sends no bytes in a batch."});
            return json!({"id": id, "status": 501, "headers": {}, "body": {"error": error}});
        }
    };
    let mut document = json!({"id": id, "status": head.status.as_u16(), "headers": headers});
    if !body.is_null() {
        document["body"] = body;
    }
    document
}
