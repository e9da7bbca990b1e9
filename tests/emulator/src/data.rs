//! The data: a few contacts, read by OData 4.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::reply;
use crate::site::{SharedSite, Site};

const VERSION: [(HeaderName, &str); 1] = [(HeaderName::from_static("odata-version"), "4.0")];
const COLUMNS: [&str; 3] = ["Id", "Name", "Email"];

/// The rows, in the order of [`COLUMNS`].
const CONTACTS: [[&str; 3]; 6] = [
    ["410006e1-ca4e-4502-a9ec-e54d922d2c00", "Supervisor", "supervisor@example.com"],
    ["76929f8c-7e15-4c64-bdb0-adc62d383727", "Олена Шевченко", "olena@example.com"],
    ["c4ed336c-3e9b-40fe-8b82-5632476472b4", "José Núñez", "jose@example.com"],
    ["98dae6f4-70ae-4f4b-9db5-e4fcb659ef19", "山田 太郎", "yamada@example.com"],
    ["0d7e2b53-5f9c-4a41-9b1e-6c1f5f3a7a10", "Zoë \"Z\" O'Brien 🚀", "zoe@example.com"],
    ["e2a1c5d4-1b7f-4f0e-8a53-2d9b6c7e8f01", "Łukasz Żółć", ""],
];

/// `GET …/odata/Contact` and `GET …/odata/Contact/$count`.
pub(crate) async fn read(
    State(site): State<SharedSite>,
    Path(resource): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    uri: Uri,
) -> Response {
    match resource.as_str() {
        "Contact" => match Selection::parse(&query) {
            Ok(selection) => collection(&site, &selection),
            Err((status, message)) => reply::odata_error(status, &message),
        },
        "Contact/$count" => (VERSION, CONTACTS.len().to_string()).into_response(),
        _ => reply::not_found(uri).await,
    }
}

fn collection(site: &Site, selection: &Selection) -> Response {
    let rows: Vec<Value> = CONTACTS
        .iter()
        .skip(selection.skip)
        .take(selection.top)
        .map(|row| {
            let column = |&index: &usize| (COLUMNS[index].to_owned(), json!(row[index]));
            Value::Object(selection.columns.iter().map(column).collect::<Map<_, _>>())
        })
        .collect();
    let names: Vec<&str> = selection.columns.iter().map(|&i| COLUMNS[i]).collect();
    let shape = match names.len() {
        all if all == COLUMNS.len() => String::new(),
        _ => format!("({})", names.join(",")),
    };
    let service = site.application_url();
    let body = json!({
        "@odata.context": format!("{service}/odata/$metadata#Contact{shape}"),
        "value": rows,
    });
    let content_type = "application/json; odata.metadata=minimal";
    (VERSION, [(CONTENT_TYPE, content_type)], Json(body)).into_response()
}

/// Which part of the table was asked for.
struct Selection {
    skip: usize,
    top: usize,
    /// Indices into [`COLUMNS`].
    columns: Vec<usize>,
}

impl Selection {
    fn parse(query: &[(String, String)]) -> Result<Self, (StatusCode, String)> {
        let mut selection = Self { skip: 0, top: usize::MAX, columns: (0..COLUMNS.len()).collect() };
        for (name, value) in query {
            let bad = || (StatusCode::BAD_REQUEST, format!("'{value}' is no {name}."));
            match name.as_str() {
                "$skip" => selection.skip = value.parse().map_err(|_| bad())?,
                "$top" => selection.top = value.parse().map_err(|_| bad())?,
                "$select" => {
                    let index = |name: &str| COLUMNS.iter().position(|&column| column == name);
                    selection.columns =
                        value.split(',').map(|name| index(name.trim()).ok_or_else(bad)).collect::<Result<_, _>>()?;
                }
                // Wrong rows would be worse than none.
                _ if name.starts_with('$') => {
                    let message = format!("The emulator does not know {name}.");
                    return Err((StatusCode::NOT_IMPLEMENTED, message));
                }
                _ => {}
            }
        }
        Ok(selection)
    }
}
