//! Query options.

use std::str::FromStr;

use axum::extract::Query as Pairs;
use axum::http::Uri;
use serde_json::Value;

use super::Failure;
use crate::guid;
use crate::store::Record;

/// Which part of the data was asked for.
#[derive(Default)]
pub(super) struct Query {
    /// All options as they came, decoded.
    pub(super) pairs: Vec<(String, String)>,
    pub(super) skip: usize,
    pub(super) top: Option<usize>,
    /// How many records earlier pages have brought.
    pub(super) token: usize,
    /// Whether the number of all records is asked for too.
    pub(super) count: bool,
    /// The columns, in the order of the reply; all of them if `None`.
    pub(super) select: Option<Vec<String>>,
    /// Column and text that must be equal.
    filter: Option<(String, String)>,
    /// A column, and whether the greatest value comes first.
    order: Option<(String, bool)>,
}

impl Query {
    /// Reads the options, of which only `known` ones are admitted.
    pub(super) fn parse(uri: &Uri, known: &[&str], columns: &[String]) -> Result<Self, Failure> {
        let pairs = Pairs::<Vec<(String, String)>>::try_from_uri(uri);
        let pairs = pairs.map_err(|error| Failure::Bad(error.body_text()))?.0;
        let mut query = Self::default();
        for (name, value) in &pairs {
            if name.starts_with('$') && !known.contains(&name.as_str()) {
                return Err(Failure::Unknown(format!("The emulator does not know {name} here.")));
            }
            match name.as_str() {
                "$skip" => query.skip = parse(name, value)?,
                "$top" => query.top = Some(parse(name, value)?),
                "$skiptoken" => query.token = parse(name, value)?,
                "$count" => query.count = parse(name, value)?,
                "$select" => {
                    let column = |part: &str| self::column(part.trim(), name, columns);
                    query.select = Some(value.split(',').map(column).collect::<Result<_, _>>()?);
                }
                "$filter" => {
                    let (part, text) = equality(value)
                        .ok_or_else(|| Failure::Unknown(format!("The emulator does not know the filter {value}.")))?;
                    query.filter = Some((column(part, name, columns)?, text));
                }
                "$orderby" => {
                    let (part, direction) = value.trim().split_once(' ').unwrap_or((value.trim(), "asc"));
                    let descending = match direction.trim() {
                        "asc" if !value.contains(',') => false,
                        "desc" if !value.contains(',') => true,
                        _ => return Err(Failure::Unknown(format!("The emulator does not know the order {value}."))),
                    };
                    query.order = Some((column(part, name, columns)?, descending));
                }
                _ => {}
            }
        }
        query.pairs = pairs;
        Ok(query)
    }

    /// The records that pass the filter, in the order asked for.
    pub(super) fn matching<'a>(&self, records: &'a [Record]) -> Vec<&'a Record> {
        let mut matching: Vec<&Record> = match &self.filter {
            Some((column, text)) => {
                records.iter().filter(|record| self::text(record, column) == Some(text)).collect()
            }
            None => records.iter().collect(),
        };
        if let Some((column, descending)) = &self.order {
            matching.sort_by(|a, b| {
                let order = text(a, column).cmp(&text(b, column));
                if *descending { order.reverse() } else { order }
            });
        }
        matching
    }
}

fn text<'a>(record: &'a Record, column: &str) -> Option<&'a str> {
    record.get(column).and_then(Value::as_str)
}

fn parse<T: FromStr>(name: &str, value: &str) -> Result<T, Failure> {
    value.parse().map_err(|_| Failure::Bad(format!("'{value}' is no {name}.")))
}

fn column(part: &str, name: &str, columns: &[String]) -> Result<String, Failure> {
    let known = columns.iter().find(|column| *column == part);
    known.cloned().ok_or_else(|| Failure::Bad(format!("There is no column '{part}' to {name}.")))
}

/// Reads `Column eq 'text'`, where a quote in the text is doubled, or `Column eq guid`.
fn equality(filter: &str) -> Option<(&str, String)> {
    let (column, rest) = filter.trim().split_once(' ')?;
    let literal = rest.trim_start().strip_prefix("eq ")?.trim_start();
    if let Some(id) = guid::parse(literal) {
        return Some((column, id));
    }
    let text = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    // A single quote ends the text, and something that is not understood follows.
    let whole = !text.replace("''", "").contains('\'');
    whole.then(|| (column, text.replace("''", "'")))
}
