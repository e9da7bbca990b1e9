//! Everything after the login: reads, creates and changes records, uploads an image, sends a batch, outlives the end of
//! its session in the middle, and logs out. It does so against the bundled emulator.

mod client;
#[path = "../login/connection.rs"]
mod connection;
#[path = "../login/trace.rs"]
mod trace;

use std::cell::Cell;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use client::Client;
use connection::Connection;
use creatio_auth::{Call, Path, Runtime, Session, Site};
use creatio_emulator::{Emulator, Options};
use serde_json::{Value, json};

const IMAGE_SIZE: usize = 5_000_000;
const PIECE: usize = 1024;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error     {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<()> {
    let emulator = Emulator::start(Options::default()).context("cannot start the emulator")?;
    let url = emulator.url();
    println!("emulator  started at {url}");
    let site = Site::parse(&url, Runtime::NetFramework)?;
    let mut memory = [0; 4096];
    let mut session = Session::new(site, &mut memory);
    session.set_time(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs());
    let mut client = Client {
        connection: Connection::open(&site, None, false)?,
        session,
        user: "Supervisor",
        password: "Supervisor",
    };

    client.sign_in()?;
    let contacts = Path::site("/odata/Contact")?;
    let answer = client.call(&Call::get(contacts).with_query(&[("$filter", "Name eq 'Олена Шевченко'")]))?;
    println!("found     {}", names(&answer));

    let id = create(&mut client, contacts)?;
    let path = format!("/odata/Contact({id})");
    let one = Path::site(&path)?;
    client.call(&Call::patch(one).with_json(json!({"Name": "Zoë Åström 🚀"}).to_string().as_bytes()))?;
    println!("changed   its name to {}", client.call(&Call::get(one))?["Name"]);

    upload(&mut client)?;
    batch(&mut client)?;

    emulator.expire_sessions();
    println!("ended     the session, behind the client's back");
    let logins = emulator.counters().logins;
    client.call(&Call::delete(one))?;
    println!("deleted   the record, after {} silent login", emulator.counters().logins - logins);

    client.log_out()?;
    println!("left      with {} cookies", client.session.cookies().count());
    Ok(())
}

/// The names of the records of a collection.
fn names(collection: &Value) -> String {
    let records = collection["value"].as_array().map(Vec::as_slice).unwrap_or_default();
    records.iter().filter_map(|record| record["Name"].as_str()).collect::<Vec<_>>().join(", ")
}

fn create(client: &mut Client<'_>, contacts: Path<'_>) -> Result<String> {
    let record = json!({"Name": "Zoë", "Email": "zoe@example.com"}).to_string();
    let created = client.call(&Call::post(contacts).with_json(record.as_bytes()))?;
    let id = created["Id"].as_str().context("a new record has an Id")?.to_owned();
    println!("created   {id}");
    Ok(id)
}

/// In two steps: a record for the image, and its data, which is never in memory as a whole.
fn upload(client: &mut Client<'_>) -> Result<()> {
    let record = json!({"Name": "picture.png", "MimeType": "image/png"}).to_string();
    let image = client.call(&Call::post(Path::site("/odata/SysImage")?).with_json(record.as_bytes()))?;
    let path = format!("/odata/SysImage({})/Data", image["Id"].as_str().context("a new image has an Id")?);
    let call = Call::put(Path::site(&path)?).with_body_of_length("application/octet-stream", IMAGE_SIZE)?;

    let sent = Cell::new(0);
    client.call_with_body(&call, || {
        sent.set(0);
        Picture { sent: &sent }
    })?;
    println!("\ruploaded  {} bytes in pieces of {PIECE}", sent.get());
    Ok(())
}

/// A picture that is made as it is read, piece by piece.
struct Picture<'p> {
    sent: &'p Cell<usize>,
}

impl Read for Picture<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let sent = self.sent.get();
        let len = buffer.len().min(PIECE).min(IMAGE_SIZE - sent);
        buffer[..len].fill(0x5A);
        self.sent.set(sent + len);
        if sent / (IMAGE_SIZE / 10) != (sent + len) / (IMAGE_SIZE / 10) {
            print!("\rupload    {} %", 100 * (sent + len) / IMAGE_SIZE);
            io::stdout().flush()?;
        }
        Ok(len)
    }
}

fn batch(client: &mut Client<'_>) -> Result<()> {
    let requests = json!({"requests": [
        {"id": "1", "method": "GET", "url": "Contact/$count"},
        {"id": "2", "method": "POST", "url": "Contact", "headers": {"Content-Type": "application/json"},
         "body": {"Name": "Batched"}},
    ]});
    let answers =
        client.call(&Call::post(Path::site("/odata/$batch")?).with_json(requests.to_string().as_bytes()))?;
    let answers = answers["responses"].as_array().map(Vec::as_slice).unwrap_or_default();
    let statuses: Vec<_> = answers.iter().map(|one| one["status"].to_string()).collect();
    println!("batch     answered with {}", statuses.join(", "));
    Ok(())
}
