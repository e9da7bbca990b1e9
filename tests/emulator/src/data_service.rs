//! DataService: the data by queries in JSON.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::guid;
use crate::reply;
use crate::site::{SharedSite, Site};
use crate::store::{Collection, Record, Refused};

/// A code and a message.
struct Failure(&'static str, String);

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self("ValidateException", refused.into_message())
    }
}

/// `POST …/DataService/json/SyncReply/SelectQuery` and the like.
pub(crate) async fn serve(
    State(site): State<SharedSite>,
    Path(name): Path<String>,
    uri: Uri,
    query: Result<Json<Value>, JsonRejection>,
) -> Response {
    let execute = match name.as_str() {
        "SelectQuery" => select,
        "InsertQuery" => insert,
        "UpdateQuery" => update,
        "DeleteQuery" => delete,
        _ => return reply::not_found(uri).await,
    };
    let query = match query {
        Ok(Json(query)) => query,
        Err(JsonRejection::MissingJsonContentType(error)) => return error.into_response(),
        Err(error) => return reply::message(StatusCode::BAD_REQUEST, &error.body_text()),
    };
    let result = on_collection(&site, &query, execute);
    if name != "SelectQuery" {
        site.tally.write(result.is_ok());
    }
    match result {
        Ok(answer) => Json(answer).into_response(),
        Err(Failure(code, message)) => reply::failure(&site, code, &message).into_response(),
    }
}

fn on_collection(
    site: &Site,
    query: &Value,
    execute: fn(&mut Collection, &Value) -> Result<Value, Failure>,
) -> Result<Value, Failure> {
    let name = member(query, "rootSchemaName").as_str().unwrap_or_default();
    let mut store = site.store.lock().expect("no holder panics");
    let collection = store.collection_mut(name);
    let collection =
        collection.ok_or_else(|| Failure("ItemNotFoundException", format!("Schema {name} was not found.")))?;
    execute(collection, query)
}

fn select(collection: &mut Collection, query: &Value) -> Result<Value, Failure> {
    let mut columns: Vec<(&str, &str)> = vec![("Id", "Id")];
    match member(member(query, "columns"), "items").as_object() {
        Some(items) => columns.extend(items.iter().filter_map(|(alias, column)| {
            let path = member(member(column, "expression"), "columnPath").as_str()?;
            Some((alias.as_str(), path))
        })),
        None => columns.extend(collection.columns().iter().map(|name| (name.as_str(), name.as_str()))),
    }
    if let Some((_, path)) = columns.iter().find(|(_, path)| !collection.columns().iter().any(|name| name == path)) {
        return Err(Failure("ItemNotFoundException", format!("Column {path} was not found.")));
    }
    let row = |record: &Record| -> Record {
        let value = |&(alias, path): &(&str, &str)| (alias.to_owned(), record.get(path).cloned().unwrap_or_default());
        columns.iter().map(value).collect()
    };
    let filter = Filter::parse(query)?;
    let limit = member(query, "rowCount").as_u64().and_then(|count| usize::try_from(count).ok());
    let matching = collection.records().iter().filter(|record| filter.as_ref().is_none_or(|f| f.passes(record)));
    // The site's own pages send -1 for no limit.
    let rows: Vec<Record> = matching.take(limit.unwrap_or(usize::MAX)).map(row).collect();
    Ok(json!({"rowsAffected": rows.len(), "rows": rows, "success": true}))
}

fn insert(collection: &mut Collection, query: &Value) -> Result<Value, Failure> {
    let id = collection.insert(values(query))?;
    Ok(json!({"id": id, "rowsAffected": 1, "nextPrcElReady": false, "success": true}))
}

fn update(collection: &mut Collection, query: &Value) -> Result<Value, Failure> {
    let values = values(query);
    change(collection, query, |collection, id| collection.update(id, values.clone()))
}

fn delete(collection: &mut Collection, query: &Value) -> Result<Value, Failure> {
    change(collection, query, Collection::remove)
}

/// Does it to each record that passes the filter.
fn change(
    collection: &mut Collection,
    query: &Value,
    change: impl Fn(&mut Collection, &str) -> Result<(), Refused>,
) -> Result<Value, Failure> {
    let filter = Filter::parse(query)?.ok_or_else(|| unknown("Without a filter all records would be changed."))?;
    let records = collection.records().iter().filter(|record| filter.passes(record));
    let ids: Vec<String> = records.filter_map(|record| record["Id"].as_str()).map(str::to_owned).collect();
    for id in &ids {
        change(collection, id)?;
    }
    Ok(json!({"rowsAffected": ids.len(), "nextPrcElReady": false, "success": true}))
}

/// The values to write.
fn values(query: &Value) -> Record {
    let items = member(member(query, "columnValues"), "items").as_object();
    let value = |(name, item): (&String, &Value)| (name.clone(), member(member(item, "parameter"), "value").clone());
    items.into_iter().flatten().map(value).collect()
}

/// A column and the value it must have.
struct Filter<'a> {
    path: &'a str,
    value: &'a Value,
}

/// `comparisonType` of equality.
const EQUAL: u64 = 3;

impl<'a> Filter<'a> {
    /// `None` if there is no filter.
    fn parse(query: &'a Value) -> Result<Option<Self>, Failure> {
        let items = member(member(query, "filters"), "items").as_object();
        let mut items = items.into_iter().flatten().map(|(_, item)| item);
        let Some(item) = items.next() else { return Ok(None) };
        let path = member(member(item, "leftExpression"), "columnPath").as_str();
        let value = member(member(member(item, "rightExpression"), "parameter"), "value");
        match path {
            Some(path) if items.next().is_none() && *member(item, "comparisonType") == json!(EQUAL) => {
                Ok(Some(Self { path, value }))
            }
            _ => Err(unknown("The filter is no single comparison of a column with a value.")),
        }
    }

    fn passes(&self, record: &Record) -> bool {
        let value = record.get(self.path).unwrap_or(&Value::Null);
        let guid = |value: &Value| value.as_str().and_then(guid::parse);
        value == self.value || guid(value).is_some_and(|id| guid(self.value) == Some(id))
    }
}

fn unknown(message: &str) -> Failure {
    Failure("NotSupportedException", format!("{message} The emulator does not know how to do that."))
}

/// A member by its name in camelCase, or the same in PascalCase; null if there is neither.
fn member<'a>(value: &'a Value, name: &str) -> &'a Value {
    let pascal = name[..1].to_ascii_uppercase() + &name[1..];
    value.get(name).or_else(|| value.get(pascal)).unwrap_or(&Value::Null)
}
