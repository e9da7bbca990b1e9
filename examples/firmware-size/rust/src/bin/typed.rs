//! A firmware with the blocking client, and with bodies that are values of Rust types.
#![no_std]
#![no_main]

use creatio_auth::client::blocking::Client;
use creatio_auth::{Call, Path, typed};
use firmware_size::{BUFFER_SIZE, Peer, WHO, session};

#[derive(serde::Serialize)]
#[serde(rename_all = "PascalCase")]
struct NewContact<'a> {
    name: &'a str,
    age: u32,
}

#[derive(serde::Deserialize)]
struct Contacts<'a> {
    #[serde(borrow)]
    value: [Contact<'a>; 1],
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Contact<'a> {
    name: &'a str,
    age: Option<u32>,
}

#[unsafe(no_mangle)]
fn run(memory: &'static mut [u8]) -> bool {
    live(memory).is_some()
}

/// The same as the other clients do, with bodies that are values.
fn live(memory: &'static mut [u8]) -> Option<()> {
    let mut session = session(memory)?;
    let mut buffer = [0; BUFFER_SIZE];
    let mut client = Client::new(&mut session, Peer::new(), &mut buffer);
    if !client.login(&WHO).ok()?.verdict.is_authenticated() {
        return None;
    }
    let mut json = [0; 64];
    let json = typed::write(&NewContact { name: "Ann", age: 42 }, &mut json).ok()?;
    let call = Call::post(Path::site("/odata/Contact").ok()?).with_json(json);
    let mut body = [0; 64];
    let contacts: Contacts<'_> = client.call_renewed(&call, &WHO).ok()?.json(&mut body, &mut [0; 32]).ok()?;
    let [Contact { name, age }] = contacts.value;
    client.logout().ok()?;
    (name == "Supervisor" && age.is_none()).then_some(())
}

#[unsafe(no_mangle)]
fn signs_in(memory: &'static mut [u8]) -> bool {
    let Some(mut session) = session(memory) else { return false };
    let mut buffer = [0; BUFFER_SIZE];
    let mut client = Client::new(&mut session, Peer::new(), &mut buffer);
    let login = client.login(&WHO);
    login.is_ok_and(|login| login.verdict.is_authenticated())
}
