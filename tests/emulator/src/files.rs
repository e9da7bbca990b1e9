//! The file API: a file sent in pieces.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_RANGE, ETAG, IF_RANGE, RANGE};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::guid;
use crate::options::Runtime;
use crate::reply;
use crate::site::{SharedSite, Site};
use crate::store::{Record, Refused};

/// A file as it was sent to the file API.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadedFile {
    /// What was said about it.
    pub parameters: FileParameters,
    /// The pieces so far; all of them if it is as long as `parameters.total_file_length`.
    pub content: Vec<u8>,
    /// Where the pieces begin, in ascending order.
    pub piece_offsets: Vec<usize>,
}

/// The query parameters of an upload, by their own names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FileParameters {
    /// Becomes the `Id` of the file's record.
    pub file_id: String,
    /// How long the whole file is.
    pub total_file_length: usize,
    /// What the file is; empty if that was not said.
    #[serde(default)]
    pub mime_type: String,
    /// Becomes the `Name` of the file's record.
    pub file_name: String,
    /// The binary column of the file's record.
    pub column_name: String,
    /// The collection of the file's record, such as `ContactFile`.
    pub entity_schema_name: String,
    /// The column of the file's record that names what the file belongs to, without `Id`.
    pub parent_column_name: String,
    /// The `Id` of what the file belongs to.
    pub parent_column_value: String,
}

/// All files by their Id, complete or not.
pub(crate) type Files = HashMap<String, UploadedFile>;

/// `POST …/rest/FileApiService/UploadFile`.
pub(crate) async fn upload(
    State(site): State<SharedSite>,
    parameters: Result<Query<FileParameters>, QueryRejection>,
    headers: HeaderMap,
    piece: Bytes,
) -> Response {
    let result = match parameters {
        Ok(Query(parameters)) => add(&site, parameters, &headers, &piece),
        Err(error) => Err(error.body_text()),
    };
    match result {
        Ok(is_new) => {
            if is_new {
                site.tally.write(true);
            }
            Json(json!({"success": true, "errorInfo": null})).into_response()
        }
        Err(message) => {
            site.tally.write(false);
            reply::failure(&site, StatusCode::BAD_REQUEST, "ArgumentException", &message)
        }
    }
}

/// Adds a piece, unless it is there already.
fn add(site: &Site, parameters: FileParameters, headers: &HeaderMap, piece: &[u8]) -> Result<bool, String> {
    let id = guid::parse(&parameters.file_id).ok_or("fileId: this is no GUID.")?;
    let field = |name| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes())).unwrap_or_default();
    let disposition = field(CONTENT_DISPOSITION);
    // Not every client sends it, and a real site takes the name from the query.
    if headers.contains_key(CONTENT_DISPOSITION)
        && disposition.strip_prefix("attachment; filename=").is_none_or(str::is_empty)
    {
        return Err(format!("Content-Disposition: '{disposition}' names no file."));
    }
    let range = field(CONTENT_RANGE);
    let (first, last, total) = parse_range(&range).ok_or_else(|| format!("Content-Range: '{range}' is no range."))?;
    if last >= total || last - first + 1 != piece.len() || total != parameters.total_file_length {
        return Err(format!("Content-Range: '{range}' does not fit a piece of {} bytes.", piece.len()));
    }

    let mut store = site.store.lock().expect("no holder panics");
    let name = &parameters.entity_schema_name;
    let collection = store.collection_mut(name).ok_or_else(|| format!("Schema {name} was not found."))?;
    if collection.binary != Some(&parameters.column_name) {
        return Err(format!("Column {} was not found.", parameters.column_name));
    }
    let mut files = site.files.lock().expect("no holder panics");
    let known = files.get(&id);
    if known.is_some_and(|file| file.parameters != parameters) {
        return Err("The parameters are not those of the first piece.".to_owned());
    }
    if known.is_some_and(|file| file.holds(first, piece)) {
        return Ok(false);
    }
    let received = known.map_or(0, |file| file.content.len());
    if first != received {
        return Err(format!("A piece at {first} does not follow {received} bytes."));
    }
    let complete = last + 1 == total;
    if complete {
        // Some clients make the record first, and give the file its Id.
        let record = record(&id, &parameters);
        let result = match collection.find(&id) {
            Some(_) => collection.update(&id, record),
            None => collection.insert(record).map(drop),
        };
        result.map_err(Refused::into_message)?;
    }
    let new = || UploadedFile { parameters, content: Vec::new(), piece_offsets: Vec::new() };
    let file = files.entry(id.clone()).or_insert_with(new);
    file.piece_offsets.push(first);
    file.content.extend_from_slice(piece);
    if complete {
        let content = Bytes::copy_from_slice(&file.content);
        collection.set_content(&id, content).map_err(Refused::into_message)?;
    }
    Ok(true)
}

/// `GET …/rest/FileService/Download/ContactFile/guid`, or a part of it (RFC 9110, 14).
pub(crate) async fn download(
    State(site): State<SharedSite>,
    Path((schema, id)): Path<(String, String)>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let file = {
        let store = site.store.lock().expect("no holder panics");
        let collection = store.collection(&schema);
        guid::parse(&id).zip(collection).and_then(|(id, collection)| {
            let name = collection.find(&id)?.get("Name")?.as_str()?.to_owned();
            Some((name, collection.content(&id)?.clone()))
        })
    };
    let Some((name, content)) = file else {
        return reply::not_found(uri).await;
    };
    let disposition = format!("attachment; filename*=UTF-8''{}", reply::escape(&name, Runtime::Net));
    let etag = format!("\"{:016x}\"", sum(&content));
    let mut fields =
        vec![(CONTENT_DISPOSITION, disposition), (ACCEPT_RANGES, "bytes".to_owned()), (ETAG, etag.clone())];
    let field = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let range = field(RANGE).filter(|_| field(IF_RANGE).is_none_or(|known| known == etag));
    let (status, content) = match range.and_then(parse_bytes) {
        None => (StatusCode::OK, content),
        Some((first, last)) if first < content.len() => {
            let end = last.map_or(content.len(), |last| content.len().min(last.saturating_add(1)));
            fields.push((CONTENT_RANGE, format!("bytes {first}-{}/{}", end - 1, content.len())));
            (StatusCode::PARTIAL_CONTENT, content.slice(first..end))
        }
        Some(_) => {
            fields.push((CONTENT_RANGE, format!("bytes */{}", content.len())));
            (StatusCode::RANGE_NOT_SATISFIABLE, Bytes::new())
        }
    };
    (status, AppendHeaders(fields), content).into_response()
}

/// Another one for another content.
fn sum(content: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    hasher.finish()
}

/// Reads `bytes=5-9` or `bytes=5-`. Anything else is as if it were not there.
fn parse_bytes(range: &str) -> Option<(usize, Option<usize>)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let first = first.parse().ok()?;
    let last = if last.is_empty() { None } else { Some(last.parse().ok()?) };
    last.is_none_or(|last| first <= last).then_some((first, last))
}

impl UploadedFile {
    /// Whether this very piece has arrived before.
    fn holds(&self, first: usize, piece: &[u8]) -> bool {
        let Ok(index) = self.piece_offsets.binary_search(&first) else { return false };
        let end = self.piece_offsets.get(index + 1).copied().unwrap_or(self.content.len());
        self.content[first..end] == *piece
    }
}

/// The record of a file.
fn record(id: &str, parameters: &FileParameters) -> Record {
    Record::from_iter([
        ("Id".to_owned(), json!(id)),
        ("Name".to_owned(), json!(parameters.file_name)),
        ("Size".to_owned(), json!(parameters.total_file_length)),
        (format!("{}Id", parameters.parent_column_name), json!(parameters.parent_column_value)),
    ])
}

/// Reads `bytes 0-122/123`. The first is not greater than the last.
fn parse_range(range: &str) -> Option<(usize, usize, usize)> {
    let (range, total) = range.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last).then_some((first, last, total.parse().ok()?))
}
