//! DataService: queries in JSON, one by one and several at once.

use anyhow::Result;
use creatio_auth::{Call, Path};
use serde_json::{Value, json};

use crate::client::Client;
use crate::output::say;
use crate::{delete, guid};

pub fn several(client: &mut Client<'_>) -> Result<()> {
    let [ann, bob, cid] = [guid(), guid(), guid()];
    let inserted = query(client, "InsertQuery", &insert(&ann, "Ann"))?;
    say!("inserted  {} record", inserted["rowsAffected"])?;

    let item = |id: &str, name: &str| {
        let mut item = json!({"__type": "Terrasoft.Nui.ServiceModel.DataContract.InsertQuery"});
        let (to, from) = (item.as_object_mut(), insert(id, name));
        if let (Some(to), Value::Object(from)) = (to, from) {
            to.extend(from); // behind the type, which has to come first
        }
        item
    };
    query(client, "BatchQuery", &json!({"items": [item(&bob, "Bob"), item(&cid, "Cid")]}))?;

    let names = json!({"items": {"Name": {"expression": {"expressionType": 0, "columnPath": "Name"}}}});
    let selected = query(client, "SelectQuery", &json!({"rootSchemaName": "Contact", "columns": names}))?;
    let rows = selected["rows"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ours = rows.iter().filter(|row| [&ann, &bob, &cid].iter().any(|id| row["Id"] == id.as_str()));
    say!("selected  {} of {} records are new", ours.count(), rows.len())?;
    [ann, bob, cid].iter().try_for_each(|id| delete(client, "Contact", id))
}

/// A failure comes with status 200, and is told from success by the verdict all the same.
fn query(client: &mut Client<'_>, name: &str, query: &Value) -> Result<Value> {
    let path = format!("/DataService/json/SyncReply/{name}");
    client.call(&Call::post(Path::site(&path)?).with_json(query.to_string().as_bytes()))
}

fn insert(id: &str, name: &str) -> Value {
    let value =
        |kind: u8, value: &str| json!({"expressionType": 2, "parameter": {"dataValueType": kind, "value": value}});
    json!({"rootSchemaName": "Contact", "columnValues": {"items": {"Id": value(0, id), "Name": value(1, name)}}})
}
