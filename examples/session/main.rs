//! Everything after the login: creates, finds and changes records, sends a batch, uploads an image and a file, and logs
//! out. Without `--url` it does so against the bundled emulator, which ends the session in the middle of the image and
//! cuts the connection in the middle of the file.
//!
//! Bodies are values of serde_json here. Where that is too large a crate, see `creatio_auth::typed` (feature `serde`).

mod client;
#[path = "../login/connection.rs"]
mod connection;
#[path = "../login/output.rs"]
mod output;
#[path = "../login/reach.rs"]
mod reach;
#[path = "../login/secret.rs"]
mod secret;
#[path = "../login/site.rs"]
mod site;
#[path = "../login/trace.rs"]
mod trace;
mod upload;

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use client::Client;
use creatio_auth::{Call, Credentials, Field, Path};
use output::say;
use serde_json::{Value, json};
use site::SiteArguments;

#[derive(Parser)]
#[command(about = "Reads, writes and uploads after a login, and removes what it has created")]
struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
}

fn main() -> ExitCode {
    output::exit_code(run(&Arguments::parse().site).map(|()| true))
}

fn run(arguments: &SiteArguments) -> Result<()> {
    let emulator = arguments.emulator()?;
    let (url, user, mut password) = arguments.login(emulator.as_ref())?;
    let fields = arguments.fields()?;
    let (connection, site) = arguments.connect(&url, &fields)?;
    let mut memory = [0; 4096];
    let mut client = Client {
        connection,
        session: fields.session(site, &mut memory)?,
        credentials: Credentials::new(&user, &mut password),
    };
    client.sign_in()?;

    let contact = create(&mut client)?;
    find(&mut client)?;
    change(&mut client, &contact)?;
    select(&mut client)?;
    batch(&mut client, &contact)?;

    let image = upload::image(&mut client, emulator.as_ref())?;
    let file = upload::file(&mut client, &contact, emulator.as_ref())?;

    for (collection, id) in [("ContactFile", file), ("SysImage", image), ("Contact", contact)] {
        client.call(&Call::delete(Path::site(&format!("/odata/{collection}({id})"))?))?;
        say!("deleted   {collection} {id}")?;
    }
    client.log_out()
}

/// Creates a contact, and gives its Id.
fn create(client: &mut Client<'_>) -> Result<String> {
    let record = json!({"Name": "Zoë O'Brien & Co", "Email": "zoe@example.com"}).to_string();
    let created = client.call(&Call::post(Path::site("/odata/Contact")?).with_json(record.as_bytes()))?;
    let id = created["Id"].as_str().context("a new record has an Id")?.to_owned();
    say!("created   Contact {id}")?;
    Ok(id)
}

/// By a query, which the library encodes. In OData, a quote in a text is doubled.
fn find(client: &mut Client<'_>) -> Result<()> {
    let query = [("$filter", "Name eq 'Zoë O''Brien & Co'"), ("$top", "3")];
    let found = client.call(&Call::get(Path::site("/odata/Contact")?).with_query(&query))?;
    say!("found     {}", names(&found["value"]))
}

fn change(client: &mut Client<'_>, contact: &str) -> Result<()> {
    let path = format!("/odata/Contact({contact})");
    let path = Path::site(&path)?;
    client.call(&Call::patch(path).with_json(json!({"Name": "Zoë Åström 🚀"}).to_string().as_bytes()))?;
    say!("changed   its name to {}", client.call(&Call::get(path))?["Name"])
}

/// By DataService. Its failures come with status 200, and are told from success all the same.
fn select(client: &mut Client<'_>) -> Result<()> {
    let query = json!({
        "rootSchemaName": "Contact",
        "columns": {"items": {"Name": {"expression": {"expressionType": 0, "columnPath": "Name"}}}},
        "rowCount": 3,
    });
    let path = Path::site("/DataService/json/SyncReply/SelectQuery")?;
    let answer = client.call(&Call::post(path).with_json(query.to_string().as_bytes()))?;
    say!("selected  {}", names(&answer["rows"]))
}

/// Several requests in one. Each has a status of its own, and that of the whole says nothing about them.
fn batch(client: &mut Client<'_>, contact: &str) -> Result<()> {
    let headers = json!({"Content-Type": "application/json"});
    let requests = json!({"requests": [
        {"id": "count", "method": "GET", "url": "Contact/$count"},
        {"id": "create", "method": "POST", "url": "Contact", "headers": headers, "body": {"Name": ""}},
        {"id": "change", "method": "PATCH", "url": format!("Contact({contact})"), "headers": headers,
         "body": {"Name": "Batched"}},
    ]});
    let requests = requests.to_string();
    let go_on = [Field::new("Prefer", "continue-on-error")?]; // otherwise the first that fails ends it
    let call = Call::post(Path::site("/odata/$batch")?).with_fields(&go_on).with_json(requests.as_bytes());
    let answer = client.call(&call)?;
    for part in answer["responses"].as_array().context("a batch has responses")? {
        let error = &part["body"]["error"];
        let message = error["innererror"]["message"].as_str().or(error["message"].as_str()).unwrap_or("done");
        say!("batch     {}: status {}, {message}", part["id"].as_str().unwrap_or("?"), part["status"])?;
    }
    Ok(())
}

/// The names of records.
fn names(records: &Value) -> String {
    let records = records.as_array().map(Vec::as_slice).unwrap_or_default();
    records.iter().filter_map(|record| record["Name"].as_str()).collect::<Vec<_>>().join(", ")
}
