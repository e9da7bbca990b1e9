//! OData 4: the data by resource paths.

mod batch;
mod query;
mod read;
mod target;
pub(crate) mod version3;
mod write;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

pub(crate) use self::target::is_resource;
use self::target::{Part, Target};
use crate::reply;
use crate::site::{SharedSite, Site};
use crate::store::{Record, Refused};

const VERSION: (HeaderName, &str) = (HeaderName::from_static("odata-version"), "4.0");

/// What is done to the data: a request, or one of those in a batch.
struct Operation<'a> {
    method: &'a Method,
    uri: &'a Uri,
    content_type: &'a str,
    body: &'a Bytes,
}

/// Why an operation was not done.
enum Failure {
    NotFound,
    MethodNotAllowed,
    UnsupportedMediaType,
    /// The request makes no sense.
    Bad(String),
    /// The request makes sense, and the record would not.
    Invalid(String),
    /// A real site would do it. A wrong answer would be worse than none.
    Unknown(String),
}

/// `…/odata/…`
pub(crate) async fn serve(
    State(site): State<SharedSite>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let content_type = headers.get(CONTENT_TYPE).and_then(|field| field.to_str().ok()).unwrap_or_default();
    let operation = Operation { method: &method, uri: &uri, content_type, body: &body };
    if target::is_batch(&site, &uri) {
        return batch::run(&site, &operation, &headers).await;
    }
    execute(&site, &operation)
}

/// Does it, and counts it if it is a write.
fn execute(site: &Site, operation: &Operation<'_>) -> Response {
    let reads_only = matches!(*operation.method, Method::GET | Method::HEAD);
    let result = act(site, operation, reads_only);
    if !reads_only {
        site.tally.write(result.is_ok());
    }
    result.unwrap_or_else(|failure| failure.into_response(site, operation.uri))
}

fn act(site: &Site, operation: &Operation<'_>, reads_only: bool) -> Result<Response, Failure> {
    let Target { collection, part } = Target::parse(site, operation.uri).ok_or(Failure::NotFound)?;
    let mut store = site.store.lock().expect("no holder panics");
    let collection = store.collection_mut(&collection).ok_or(Failure::NotFound)?;
    match (part, operation.method) {
        (Part::All, _) if reads_only => read::collection(site, collection, operation.uri),
        (Part::Count, _) if reads_only => read::count(collection, operation.uri),
        (Part::One(id), _) if reads_only => read::entity(site, collection, &id, operation.uri),
        (Part::Binary { id, column }, _) if reads_only => read::binary(collection, &id, &column),
        (Part::Value { id, column }, _) if reads_only => read::value(collection, &id, &column),
        (Part::All, &Method::POST) => write::create(site, collection, operation),
        (Part::One(id), &Method::PATCH | &Method::PUT | &Method::DELETE) => write::change(collection, &id, operation),
        (Part::Binary { id, column }, &Method::PUT | &Method::DELETE) => {
            write::binary(collection, &id, &column, operation)
        }
        _ => Err(Failure::MethodNotAllowed),
    }
}

impl Operation<'_> {
    /// The body as a record.
    fn record(&self) -> Result<Record, Failure> {
        if !self.content_type.starts_with("application/json") {
            return Err(Failure::UnsupportedMediaType);
        }
        match serde_json::from_slice(self.body) {
            Ok(Value::Object(record)) => Ok(record),
            Ok(_) => Err(Failure::Bad("The body is no JSON object.".to_owned())),
            Err(error) => Err(Failure::Bad(format!("The body is no JSON: {error}."))),
        }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Gone => Self::NotFound,
            Refused::Invalid(message) => Self::Invalid(message),
        }
    }
}

impl Failure {
    fn into_response(self, site: &Site, uri: &Uri) -> Response {
        let response = match self {
            Self::NotFound => {
                let message = format!("No HTTP resource was found that matches the request URI '{}'.", uri.path());
                reply::odata_failure(site, StatusCode::NOT_FOUND, &message)
            }
            Self::MethodNotAllowed => {
                reply::odata_failure(site, StatusCode::METHOD_NOT_ALLOWED, "The resource does not know this method.")
            }
            Self::UnsupportedMediaType => reply::odata_failure(
                site,
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The resource does not take this type.",
            ),
            Self::Bad(message) => reply::odata_failure(site, StatusCode::BAD_REQUEST, &message),
            Self::Invalid(message) => reply::odata_exception(site, &message),
            Self::Unknown(message) => reply::odata_failure(site, StatusCode::NOT_IMPLEMENTED, &message),
        };
        ([VERSION], response).into_response()
    }
}
