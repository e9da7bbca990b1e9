//! Writing the data.

use axum::http::header::LOCATION;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::query::Query;
use super::{Failure, Operation, VERSION, read};
use crate::site::Site;
use crate::store::Collection;

/// `POST …/odata/Contact`
pub(super) fn create(
    site: &Site,
    collection: &mut Collection,
    operation: &Operation<'_>,
) -> Result<Response, Failure> {
    let id = collection.insert(operation.record()?)?;
    let location = format!("{}/odata/{}({id})", site.application_url(), collection.name);
    let record = collection.find(&id).expect("it was just made");
    let body = read::entity_body(site, collection, record, &Query::default());
    Ok(([(LOCATION, location)], read::json_reply(StatusCode::CREATED, body)).into_response())
}

/// `PATCH`, `PUT` or `DELETE …/odata/Contact(guid)`
pub(super) fn change(collection: &mut Collection, id: &str, operation: &Operation<'_>) -> Result<Response, Failure> {
    match *operation.method {
        Method::DELETE => collection.remove(id)?,
        Method::PUT => collection.replace(id, operation.record()?)?,
        _ => collection.update(id, operation.record()?)?,
    }
    Ok(no_content())
}

/// `PUT` or `DELETE …/odata/SysImage(guid)/Data`
pub(super) fn binary(
    collection: &mut Collection,
    id: &str,
    column: &str,
    operation: &Operation<'_>,
) -> Result<Response, Failure> {
    if collection.binary != Some(column) {
        return Err(Failure::NotFound);
    }
    if *operation.method == Method::DELETE {
        collection.remove_content(id)?;
        return Ok(no_content());
    }
    if !operation.content_type.starts_with("application/octet-stream") {
        return Err(Failure::UnsupportedMediaType);
    }
    collection.set_content(id, operation.body.clone())?;
    Ok(no_content())
}

fn no_content() -> Response {
    ([VERSION], StatusCode::NO_CONTENT).into_response()
}
