//! A file, uploaded by OData: its record, and then its content as a stream (from Creatio 8.3.2 on).

use std::io::{self, Read};

use anyhow::Result;
use creatio_auth::{Call, Path};
use serde_json::json;

use crate::client::Client;
use crate::guid;
use crate::output::say;

/// The contact that it is attached to: on every site the user Supervisor's.
const CONTACT: &str = "410006e1-ca4e-4502-a9ec-e54d922d2c00";
pub const SIZE: usize = 1_000_000;

/// Both may be repeated: the record has an `Id` of its own, and a `PUT` leaves the same the second time.
pub fn upload(client: &mut Client<'_>) -> Result<String> {
    let id = guid();
    let record =
        json!({"Id": id, "Name": "plan.bin", "RecordSchemaName": "Contact", "RecordId": CONTACT}).to_string();
    client.call(&Call::post(Path::site("/odata/SysFile")?).with_json(record.as_bytes()).with_repeatable())?;
    let path = format!("/odata/SysFile({id})/Data");
    let call = Call::put(Path::site(&path)?).with_body_of_length("application/octet-stream", SIZE)?.with_repeatable();
    client.call_with_body(&call, Content::default)?;
    say!("uploaded  SysFile {id}, {SIZE} bytes")?;
    Ok(id)
}

/// What is in the file at this place.
pub fn byte(at: usize) -> u8 {
    (at % 251) as u8
}

/// The content, made as it is read.
#[derive(Default)]
struct Content(usize);

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = buffer.len().min(SIZE - self.0);
        for (at, place) in buffer.iter_mut().take(len).enumerate() {
            *place = byte(self.0 + at);
        }
        self.0 += len;
        Ok(len)
    }
}
