//! What a site has sent, as people like to see it.

use anyhow::Result;
use comfy_table::Table;
use comfy_table::presets::ASCII_BORDERS_ONLY_CONDENSED;
use serde_json::{Map, Value};

use crate::output::say;

/// Shows the records of an OData collection as a table, and the beginning of anything else.
pub fn show(body: &[u8]) -> Result<()> {
    let document = serde_json::from_slice::<Value>(body).unwrap_or_default();
    let records: Vec<_> = document["value"].as_array().into_iter().flatten().filter_map(Value::as_object).collect();
    match records.first() {
        Some(first) => table(first, &records).lines().try_for_each(|line| say!("{line}")),
        None if !body.is_empty() => say!("{}", String::from_utf8_lossy(&body[..body.len().min(2000)])),
        None => Ok(()),
    }
}

/// The first columns of the records.
fn table(first: &Map<String, Value>, records: &[&Map<String, Value>]) -> Table {
    let columns: Vec<_> = first.keys().filter(|name| !name.starts_with('@')).take(4).collect();
    let mut table = Table::new();
    table.load_preset(ASCII_BORDERS_ONLY_CONDENSED).set_header(&columns);
    for record in records {
        table.add_row(columns.iter().map(|name| match &record.get(*name) {
            Some(Value::String(text)) => text.replace(char::is_control, " "),
            Some(other) => other.to_string(),
            None => String::new(),
        }));
    }
    table
}
