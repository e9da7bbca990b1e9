//! `…/ServiceModel/EntityDataService.svc/ContactCollection`: OData 3, which older clients speak. It is translated
//! into OData 4, and the answer back. JSON only.

use axum::body::{self, Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::response::Response;
use serde_json::{Value, json};

use super::{Failure, Operation, VERSION, execute};
use crate::options::Runtime;
use crate::site::{SharedSite, Site};
use crate::store::Record;
use crate::{percent, reply};

/// Where the service is, below the prefix of the runtime.
pub(crate) const SERVICE: &str = "/ServiceModel/EntityDataService.svc/";

/// `…/ServiceModel/EntityDataService.svc/…`
pub(crate) async fn serve(
    State(site): State<SharedSite>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let field = |name| headers.get(name).and_then(|field| field.to_str().ok()).unwrap_or_default();
    let Some((collection, target)) = translate(&site, &uri) else {
        return reply::not_found(uri).await;
    };
    let response = if field(ACCEPT).contains("json") {
        // Clients change single columns by any of the three.
        let method = if matches!(method.as_str(), "MERGE" | "PUT") { Method::PATCH } else { method };
        let content_type = field(CONTENT_TYPE);
        execute(&site, &Operation { method: &method, uri: &target, content_type, body: &body })
    } else {
        let message = "The emulator knows no Atom; ask it for application/json.".to_owned();
        Failure::Unknown(message).into_response(&site, &uri)
    };
    translate_back(&site, &collection, response).await
}

/// The collection, and what it is asked for in OData 4.
fn translate(site: &Site, uri: &Uri) -> Option<(String, Uri)> {
    let resource = uri.path().strip_prefix(&site.prefix)?.strip_prefix(SERVICE)?;
    let resource = percent::decode(resource)?;
    let (collection, rest) = resource.trim_end_matches('/').split_once("Collection")?;
    let mut target = format!("{}/odata/{collection}{}?", site.prefix, plain_guids(rest));
    for (name, value) in Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?.0 {
        let (name, value) = match (name.as_str(), value.as_str()) {
            ("$format", _) | ("$inlinecount", "none") => continue,
            ("$inlinecount", "allpages") => ("$count", "true".to_owned()),
            (name, value) => (name, plain_guids(value)),
        };
        target += &format!("{}={}&", reply::escape(name, Runtime::Net), reply::escape(&value, Runtime::Net));
    }
    Some((collection.to_owned(), target.parse().ok()?))
}

/// Each `guid'…'` without what is around it.
fn plain_guids(text: &str) -> String {
    let mut parts = text.split("guid'");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| plain + &part.replacen('\'', "", 1))
}

async fn translate_back(site: &Site, collection: &str, response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let body = body::to_bytes(body, usize::MAX).await.expect("the body is in memory");
    head.headers.remove(VERSION.0);
    let Ok(Value::Object(mut document)) = serde_json::from_slice(&body) else {
        return Response::from_parts(head, Body::from(body));
    };
    let service = format!("{}{SERVICE}{collection}Collection", site.application_url());
    let record = |row: Record| {
        let uri = format!("{service}(guid'{}')", row.get("Id").and_then(Value::as_str).unwrap_or_default());
        let metadata = json!({"uri": uri, "type": format!("Terrasoft.Configuration.{collection}")});
        let mut record = Record::from_iter([("__metadata".to_owned(), metadata)]);
        record.extend(row.into_iter().filter(|(name, _)| !name.contains('@')));
        record
    };
    let document = if let Some(error) = document.get_mut("error") {
        error["message"] = json!({"lang": "en-US", "value": error["message"]});
        json!(document)
    } else if let Some(Value::Array(rows)) = document.remove("value") {
        let rows = rows.into_iter().filter_map(|row| if let Value::Object(row) = row { Some(row) } else { None });
        let mut result = json!({"results": rows.map(record).collect::<Vec<_>>()});
        if let Some(count) = document.get("@odata.count") {
            result["__count"] = json!(count.to_string());
        }
        if let Some(link) = document.get("@odata.nextLink").and_then(Value::as_str) {
            let query = link.split_once('?').map_or("", |(_, query)| query);
            result["__next"] = json!(format!("{service}?{query}"));
        }
        json!({"d": result})
    } else {
        let record = record(document);
        if head.headers.contains_key(LOCATION) {
            let uri = record["__metadata"]["uri"].as_str().and_then(|uri| HeaderValue::from_str(uri).ok());
            head.headers.insert(LOCATION, uri.expect("it is visible ASCII"));
        }
        json!({"d": record})
    };
    head.headers.remove(CONTENT_LENGTH);
    head.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json;odata=verbose;charset=utf-8"));
    Response::from_parts(head, Body::from(document.to_string()))
}
