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
    if name != "BatchQuery" && executing(&name).is_none() {
        return reply::not_found(uri).await;
    }
    let query = match query {
        Ok(Json(query)) => query,
        Err(JsonRejection::MissingJsonContentType(error)) => return error.into_response(),
        Err(error) => return reply::message(StatusCode::BAD_REQUEST, &error.body_text()),
    };
    let result = if name == "BatchQuery" { batch(&site, &query) } else { run(&site, &name, &query) };
    match result {
        Ok(answer) => Json(answer).into_response(),
        Err(Failure(code, message)) => reply::failure(&site, StatusCode::OK, code, &message),
    }
}

type Execute = fn(&mut Collection, &Value) -> Result<Value, Failure>;

/// What a query of this name does.
fn executing(name: &str) -> Option<Execute> {
    Some(match name {
        "SelectQuery" => select,
        "InsertQuery" => insert,
        "UpdateQuery" => update,
        "DeleteQuery" => delete,
        _ => return None,
    })
}

/// Executes one query, and counts it if it is a write.
fn run(site: &Site, name: &str, query: &Value) -> Result<Value, Failure> {
    let execute = executing(name).ok_or_else(|| unknown(&format!("There is no {name}.")))?;
    let result = on_collection(site, query, execute);
    if name != "SelectQuery" {
        site.tally.write(result.is_ok());
    }
    result
}

/// `BatchQuery`: one query after the other, up to the first that fails.
fn batch(site: &Site, query: &Value) -> Result<Value, Failure> {
    let mut results = Vec::new();
    for item in member(query, "items").as_array().into_iter().flatten() {
        let name = item.get("__type").and_then(Value::as_str).and_then(|name| name.rsplit('.').next());
        results.push(run(site, name.unwrap_or_default(), item)?);
    }
    Ok(json!({"queryResults": results, "hasErrors": false, "success": true}))
}

fn on_collection(site: &Site, query: &Value, execute: Execute) -> Result<Value, Failure> {
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
        Some(items) if *member(query, "allColumns") != json!(true) => {
            columns.extend(items.iter().filter_map(|(alias, column)| {
                let path = member(member(column, "expression"), "columnPath").as_str()?;
                Some((alias.as_str(), path))
            }));
        }
        _ => columns.extend(collection.columns().iter().map(|name| (name.as_str(), name.as_str()))),
    }
    if let Some((_, path)) = columns.iter().find(|(_, path)| !collection.columns().iter().any(|name| name == path)) {
        return Err(Failure("ItemNotFoundException", format!("Column {path} was not found.")));
    }
    let row = |record: &Record| -> Record {
        let value = |&(alias, path): &(&str, &str)| (alias.to_owned(), record.get(path).cloned().unwrap_or_default());
        columns.iter().map(value).collect()
    };
    let filter = Filter::of(query)?;
    // The site's own pages send -1 for no limit and for no offset.
    let count = |name| member(query, name).as_u64().and_then(|count| usize::try_from(count).ok());
    let (skip, take) = (count("rowsOffset").unwrap_or(0), count("rowCount").unwrap_or(usize::MAX));
    let matching = collection.records().iter().filter(|record| filter.passes(record));
    let rows: Vec<Record> = matching.skip(skip).take(take).map(row).collect();
    let config = columns.iter().map(|&(alias, path)| {
        let value = collection.records().iter().find_map(|record| record.get(path));
        (alias.to_owned(), json!({"dataValueType": data_value_type(value.unwrap_or(&Value::Null))}))
    });
    Ok(json!({
        "rowConfig": config.collect::<Record>(),
        "rows": rows,
        "notFoundColumns": [],
        "rowsAffected": rows.len(),
        "nextPrcElReady": false,
        "success": true,
    }))
}

/// The type of a column, by one of its values: GUID, text, integer or truth value.
fn data_value_type(value: &Value) -> u8 {
    match value {
        Value::String(text) if guid::parse(text).is_some() => 0,
        Value::Number(_) => 4,
        Value::Bool(_) => 12,
        _ => 1,
    }
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
    let filter = Filter::of(query)?;
    if filter.is_empty() {
        return Err(unknown("Without a filter all records would be changed."));
    }
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

/// Which records are meant.
enum Filter<'a> {
    /// Those that pass each of these.
    All(Vec<Filter<'a>>),
    /// Those that pass one of these.
    Any(Vec<Filter<'a>>),
    /// Those with this value in this column.
    Equal(&'a str, &'a Value),
}

/// `comparisonType` of equality.
const EQUAL: u64 = 3;
/// `logicalOperation` of a group of which one has to pass.
const OR: u64 = 1;
/// `macrosType` of the column `Id`.
const PRIMARY_COLUMN: u64 = 34;

impl<'a> Filter<'a> {
    fn of(query: &'a Value) -> Result<Self, Failure> {
        match member(query, "filters") {
            Value::Null => Ok(Self::All(Vec::new())),
            filters => Self::parse(filters),
        }
    }

    fn parse(filter: &'a Value) -> Result<Self, Failure> {
        if let Some(items) = member(filter, "items").as_object() {
            let enabled = items.values().filter(|item| *member(item, "isEnabled") != json!(false));
            let mut parts = enabled.map(Self::parse).collect::<Result<Vec<_>, _>>()?;
            parts.retain(|part| !part.is_empty());
            let is_or = *member(filter, "logicalOperation") == json!(OR);
            return Ok(if is_or { Self::Any(parts) } else { Self::All(parts) });
        }
        let left = member(filter, "leftExpression");
        let is_primary = *member(left, "macrosType") == json!(PRIMARY_COLUMN);
        let path = if is_primary { Some("Id") } else { member(left, "columnPath").as_str() };
        let value = member(member(member(filter, "rightExpression"), "parameter"), "value");
        match path {
            Some(path) if *member(filter, "comparisonType") == json!(EQUAL) => Ok(Self::Equal(path, value)),
            _ => Err(unknown("The filter does not compare a column with a value.")),
        }
    }

    /// Whether all records are meant.
    fn is_empty(&self) -> bool {
        matches!(self, Self::All(parts) | Self::Any(parts) if parts.is_empty())
    }

    fn passes(&self, record: &Record) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.passes(record)),
            Self::Any(parts) => parts.is_empty() || parts.iter().any(|part| part.passes(record)),
            Self::Equal(path, expected) => {
                let value = record.get(*path).unwrap_or(&Value::Null);
                let guid = |value: &Value| value.as_str().and_then(guid::parse);
                value == *expected || guid(value).is_some_and(|id| guid(expected) == Some(id))
            }
        }
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
