//! Reading the data.

use axum::Json;
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::query::Query;
use super::{Failure, VERSION};
use crate::options::Runtime;
use crate::reply;
use crate::site::Site;
use crate::store::{Collection, Record};

const KNOWN: [&str; 7] = ["$skip", "$top", "$skiptoken", "$count", "$select", "$filter", "$orderby"];

/// `GET …/odata/Contact`
pub(super) fn collection(site: &Site, collection: &Collection, uri: &Uri) -> Result<Response, Failure> {
    let query = Query::parse(uri, &KNOWN, collection.columns())?;
    let matching = query.matching(collection.records());
    let page_size = site.options.page_size.map_or(usize::MAX, |size| size.get());
    let top = query.top.unwrap_or(usize::MAX);

    let mut rows = matching.iter().skip(query.skip).take(top).skip(query.token);
    let page: Vec<Value> =
        rows.by_ref().take(page_size).map(|record| Value::Object(row(collection, record, &query))).collect();

    let mut body = Record::new();
    body.insert("@odata.context".to_owned(), json!(context(site, collection, &query)));
    if query.count {
        body.insert("@odata.count".to_owned(), json!(matching.len()));
    }
    let token = query.token + page.len();
    body.insert("value".to_owned(), json!(page));
    if rows.next().is_some() {
        body.insert("@odata.nextLink".to_owned(), json!(next_link(site, collection, &query, token)));
    }
    Ok(json_reply(StatusCode::OK, body))
}

/// `GET …/odata/Contact/$count`
pub(super) fn count(collection: &Collection, uri: &Uri) -> Result<Response, Failure> {
    let query = Query::parse(uri, &["$filter"], collection.columns())?;
    let count = query.matching(collection.records()).len();
    Ok(([VERSION], count.to_string()).into_response())
}

/// `GET …/odata/Contact(guid)`
pub(super) fn entity(site: &Site, collection: &Collection, id: &str, uri: &Uri) -> Result<Response, Failure> {
    let query = Query::parse(uri, &["$select"], collection.columns())?;
    let record = collection.find(id).ok_or(Failure::NotFound)?;
    Ok(json_reply(StatusCode::OK, entity_body(site, collection, record, &query)))
}

/// `GET …/odata/SysImage(guid)/Data`
pub(super) fn binary(collection: &Collection, id: &str, column: &str) -> Result<Response, Failure> {
    if collection.binary != Some(column) {
        return Err(Failure::NotFound);
    }
    collection.find(id).ok_or(Failure::NotFound)?;
    Ok(match collection.content(id) {
        Some(content) => ([VERSION, (CONTENT_TYPE, "application/octet-stream")], content.clone()).into_response(),
        None => ([VERSION], StatusCode::NO_CONTENT).into_response(),
    })
}

/// `GET …/odata/Contact(guid)/Name/$value`
pub(super) fn value(collection: &Collection, id: &str, column: &str) -> Result<Response, Failure> {
    let record = collection.find(id).ok_or(Failure::NotFound)?;
    if !collection.columns().iter().any(|name| name == column) {
        return Err(Failure::NotFound);
    }
    Ok(match record.get(column) {
        None | Some(Value::Null) => ([VERSION], StatusCode::NO_CONTENT).into_response(),
        Some(Value::String(text)) => ([VERSION], text.clone()).into_response(),
        Some(value) => ([VERSION], value.to_string()).into_response(),
    })
}

/// The document for one record.
pub(super) fn entity_body(site: &Site, collection: &Collection, record: &Record, query: &Query) -> Record {
    let context = format!("{}/$entity", context(site, collection, query));
    let mut body = Record::from_iter([("@odata.context".to_owned(), json!(context))]);
    body.extend(row(collection, record, query));
    body
}

/// A reply in the JSON of OData.
pub(super) fn json_reply(status: StatusCode, body: Record) -> Response {
    let content_type = "application/json; odata.metadata=minimal";
    (status, [VERSION, (CONTENT_TYPE, content_type)], Json(body)).into_response()
}

fn row(collection: &Collection, record: &Record, query: &Query) -> Record {
    let columns = query.select.as_deref().unwrap_or(collection.columns());
    columns.iter().map(|name| (name.clone(), record.get(name).cloned().unwrap_or_default())).collect()
}

fn context(site: &Site, collection: &Collection, query: &Query) -> String {
    let shape = match &query.select {
        Some(columns) if columns.len() < collection.columns().len() => format!("({})", columns.join(",")),
        _ => String::new(),
    };
    format!("{}/odata/$metadata#{}{shape}", site.application_url(), collection.name)
}

/// The URL of the next page: the same query, from another record on.
fn next_link(site: &Site, collection: &Collection, query: &Query, token: usize) -> String {
    let mut link = format!("{}/odata/{}?", site.application_url(), collection.name);
    for (name, value) in query.pairs.iter().filter(|(name, _)| name != "$skiptoken") {
        // The dollar may stand as it is, and is easier to read.
        let escaped = reply::escape(name, Runtime::Net).replacen("%24", "$", 1);
        link += &format!("{escaped}={}&", reply::escape(value, Runtime::Net));
    }
    link + &format!("$skiptoken={token}")
}
