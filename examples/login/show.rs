//! What the user gets to see.

use anyhow::Result;
use comfy_table::Table;
use comfy_table::presets::ASCII_BORDERS_ONLY_CONDENSED;
use creatio_auth::{Login, Session};
use serde_json::{Map, Value};

use crate::output::say;

pub fn login(login: &Login<'_>, session: &Session<'_>) -> Result<()> {
    say!("verdict   {:?}: {}", login.verdict, login.verdict)?;
    let code = login.code.map_or("none".into(), |code| code.to_string());
    say!("          HTTP status {}, Code {code}", login.http_status)?;
    let texts = [
        ("message", login.message),
        ("exception", login.exception_message),
        ("change at", login.password_change_url),
    ];
    for (name, text) in texts {
        if let Some(text) = text.filter(|text| !text.as_str().is_empty()) {
            say!("{name:<10}{text}")?;
        }
    }
    say!("cookies   {}", cookies(session))?;
    say!("csrf      {}", if session.has_csrf_token() { "present" } else { "none" })
}

/// The names; the values are secrets.
fn cookies(session: &Session<'_>) -> String {
    let names: Vec<_> = session
        .cookies()
        .map(|cookie| format!("{} ({} bytes)", cookie.name().escape_ascii(), cookie.value_len()))
        .collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

pub fn answer(status: u16, body: &[u8]) -> Result<()> {
    say!("answer    HTTP status {status}, {} bytes", body.len())?;
    match status {
        200 => {}
        302 | 401 => say!("          the site does not take the session; were its cookies sent back?")?,
        403 => say!("          the CSRF token is missing or stale, or the user lacks the right")?,
        404 => say!("          no such path; is --runtime right?")?,
        _ => {}
    }
    let document = serde_json::from_slice::<Value>(body).unwrap_or_default();
    let records: Vec<_> = document["value"].as_array().into_iter().flatten().filter_map(Value::as_object).collect();
    match records.first() {
        Some(first) => say!("{}", table(first, &records)),
        None if !body.is_empty() => say!("{}", String::from_utf8_lossy(&body[..body.len().min(2000)])),
        None => Ok(()),
    }
}

/// The first columns of the records of an OData collection.
fn table(first: &Map<String, Value>, records: &[&Map<String, Value>]) -> Table {
    let columns: Vec<_> = first.keys().filter(|name| !name.starts_with('@')).take(4).collect();
    let mut table = Table::new();
    table.load_preset(ASCII_BORDERS_ONLY_CONDENSED).set_header(&columns);
    for record in records {
        table.add_row(columns.iter().map(|name| match &record.get(*name) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        }));
    }
    table
}
