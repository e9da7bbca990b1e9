//! The data, in memory: collections of records, and the binary column that some of them have.

use std::collections::HashMap;

use axum::body::Bytes;
use serde_json::{Map, Value, json};

use crate::guid;

/// Columns and values.
pub(crate) type Record = Map<String, Value>;

/// The images, whose binary column is `Data`.
pub(crate) const IMAGES: &str = "SysImage";

/// All collections.
#[derive(Clone)]
pub(crate) struct Store(Vec<Collection>);

/// One collection. A column that is written for the first time is a column of all records from then on.
#[derive(Clone)]
pub(crate) struct Collection {
    pub(crate) name: &'static str,
    /// The column whose value is a stream of bytes.
    pub(crate) binary: Option<&'static str>,
    /// Whether a record has to have a `Name`.
    name_required: bool,
    columns: Vec<String>,
    records: Vec<Record>,
    /// The values of the binary column, by `Id`.
    contents: HashMap<String, Bytes>,
}

/// Why a write was refused.
pub(crate) enum Refused {
    /// There is no such record.
    Gone,
    /// The record would not be valid.
    Invalid(String),
}

impl Refused {
    pub(crate) fn into_message(self) -> String {
        match self {
            Self::Gone => "There is no such record.".to_owned(),
            Self::Invalid(message) => message,
        }
    }
}

const CONTACTS: [[&str; 3]; 6] = [
    ["410006e1-ca4e-4502-a9ec-e54d922d2c00", "Supervisor", "supervisor@example.com"],
    ["76929f8c-7e15-4c64-bdb0-adc62d383727", "Олена Шевченко", "olena@example.com"],
    ["c4ed336c-3e9b-40fe-8b82-5632476472b4", "José Núñez", "jose@example.com"],
    ["98dae6f4-70ae-4f4b-9db5-e4fcb659ef19", "山田 太郎", "yamada@example.com"],
    ["0d7e2b53-5f9c-4a41-9b1e-6c1f5f3a7a10", "Zoë \"Z\" O'Brien 🚀", "zoe@example.com"],
    ["e2a1c5d4-1b7f-4f0e-8a53-2d9b6c7e8f01", "Łukasz Żółć", ""],
];

const ACCOUNTS: [[&str; 2]; 2] = [
    ["e308b781-3c5b-4ecb-89ef-5c1ed4da488e", "Our company"],
    ["8ecab4a1-0ca3-4515-9399-efe0a19390bd", "Müller & Söhne"],
];

impl Store {
    /// The data that a site begins with.
    pub(crate) fn new() -> Self {
        let columns = ["Id", "Name"];
        let contacts = Collection::new("Contact", ["Id", "Name", "Email"], &CONTACTS);
        let accounts = Collection::new("Account", columns, &ACCOUNTS);
        let images = Collection::new(IMAGES, columns, &[]);
        let files = Collection::new("ContactFile", columns, &[]);
        let all_files = Collection::new("SysFile", columns, &[]);
        Self(vec![
            Collection { name_required: true, ..contacts },
            Collection { name_required: true, ..accounts },
            Collection { binary: Some("Data"), ..images },
            Collection { binary: Some("Data"), ..files },
            Collection { binary: Some("Data"), ..all_files },
        ])
    }

    pub(crate) fn collection(&self, name: &str) -> Option<&Collection> {
        self.0.iter().find(|collection| collection.name == name)
    }

    pub(crate) fn collection_mut(&mut self, name: &str) -> Option<&mut Collection> {
        self.0.iter_mut().find(|collection| collection.name == name)
    }
}

impl Collection {
    fn new<const N: usize>(name: &'static str, columns: [&str; N], rows: &[[&str; N]]) -> Self {
        let columns = columns.map(str::to_owned);
        let record = |row: &[&str; N]| columns.iter().cloned().zip(row.map(Value::from)).collect();
        Self {
            name,
            binary: None,
            name_required: false,
            records: rows.iter().map(record).collect(),
            columns: columns.to_vec(),
            contents: HashMap::new(),
        }
    }

    /// The names of the columns, `Id` first.
    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// All records in the order they were made. Columns that were never written are not in them.
    pub(crate) fn records(&self) -> &[Record] {
        &self.records
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Record> {
        self.records.iter().find(|record| record["Id"] == id)
    }

    /// Adds a record, and gives its `Id`: the one it brings, or else a new one.
    pub(crate) fn insert(&mut self, mut values: Record) -> Result<String, Refused> {
        let id = match values.shift_remove("Id") {
            None | Some(Value::Null) => guid::new(),
            Some(value) => identifier(&value)?,
        };
        if self.find(&id).is_some() {
            return Err(Refused::Invalid(format!("Id: there is a record {id} already")));
        }
        let record = self.record(&id, values)?;
        self.records.push(record);
        Ok(id)
    }

    /// Gives the record only the values named here.
    pub(crate) fn replace(&mut self, id: &str, values: Record) -> Result<(), Refused> {
        let values = without_id(id, values)?;
        let index = self.index(id)?;
        self.records[index] = self.record(id, values)?;
        Ok(())
    }

    /// Gives the record the values named here, and leaves the rest as it is.
    pub(crate) fn update(&mut self, id: &str, values: Record) -> Result<(), Refused> {
        let values = without_id(id, values)?;
        let index = self.index(id)?;
        let mut merged = self.records[index].clone();
        merged.shift_remove("Id");
        merged.extend(values);
        self.records[index] = self.record(id, merged)?;
        Ok(())
    }

    pub(crate) fn remove(&mut self, id: &str) -> Result<(), Refused> {
        let index = self.index(id)?;
        self.records.remove(index);
        self.contents.remove(id);
        Ok(())
    }

    /// The value of the binary column, once it was written.
    pub(crate) fn content(&self, id: &str) -> Option<&Bytes> {
        self.contents.get(id)
    }

    /// Writes the binary column.
    pub(crate) fn set_content(&mut self, id: &str, content: Bytes) -> Result<(), Refused> {
        self.index(id)?;
        self.contents.insert(id.to_owned(), content);
        Ok(())
    }

    /// Leaves nothing in the binary column.
    pub(crate) fn remove_content(&mut self, id: &str) -> Result<(), Refused> {
        self.index(id)?;
        self.contents.remove(id);
        Ok(())
    }

    fn index(&self, id: &str) -> Result<usize, Refused> {
        self.records.iter().position(|record| record["Id"] == id).ok_or(Refused::Gone)
    }

    /// A valid record, whose columns the collection knows from now on.
    fn record(&mut self, id: &str, values: Record) -> Result<Record, Refused> {
        let named = values.get("Name").and_then(Value::as_str).is_some_and(|name| !name.trim().is_empty());
        if self.name_required && !named {
            return Err(Refused::Invalid("Name: field is required".to_owned()));
        }
        let mut record = Record::from_iter([("Id".to_owned(), json!(id))]);
        // A name with an @ is not that of a column, but an annotation.
        record.extend(values.into_iter().filter(|(name, _)| !name.contains('@')));
        for name in record.keys() {
            if !self.columns.contains(name) {
                self.columns.push(name.clone());
            }
        }
        Ok(record)
    }
}

/// The values without an `Id`, which must not be changed.
fn without_id(id: &str, mut values: Record) -> Result<Record, Refused> {
    match values.shift_remove("Id") {
        Some(value) if identifier(&value)? != id => Err(Refused::Invalid("Id: cannot be changed".to_owned())),
        _ => Ok(values),
    }
}

fn identifier(value: &Value) -> Result<String, Refused> {
    let guid = value.as_str().and_then(guid::parse);
    guid.ok_or_else(|| Refused::Invalid(format!("Id: {value} is no GUID")))
}
