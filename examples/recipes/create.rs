//! A record that is created once, whatever becomes of the connection.

use anyhow::Result;
use creatio_auth::{Call, Path};
use creatio_emulator::Emulator;
use serde_json::json;

use crate::client::Client;
use crate::output::say;
use crate::{delete, guid};

/// The `Id` is made here, and so a second sending makes no second record: the call is said to be repeatable, and is sent again where
/// nobody knows whether it was done. Where the site then refuses it, one look says whether the record is there.
pub fn create(client: &mut Client<'_>, emulator: Option<&Emulator>) -> Result<()> {
    let id = guid();
    let record = json!({"Id": id, "Name": "Zoë Åström"}).to_string();
    let create = Call::post(Path::site("/odata/Contact")?).with_json(record.as_bytes()).with_repeatable();
    if let Some(emulator) = emulator {
        emulator.cut_after(0); // when the site has done it, and before it says so
    }
    match client.call(&create) {
        Ok(_) => say!("created   Contact {id}")?,
        Err(refusal) => {
            let path = format!("/odata/Contact({id})?$select=Id");
            // Where it is not there, what the site has said first is what there is to tell.
            client.call(&Call::get(Path::site(&path)?)).map_err(|_| refusal)?;
            say!("created   Contact {id}, as a look at it shows")?;
        }
    }
    delete(client, "Contact", &id)
}
