//! OData 3, in the JSON that older clients ask for.

use std::num::NonZeroUsize;

use creatio_emulator::{Options, Runtime};
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::start;

const CONTACT: &str = "410006e1-ca4e-4502-a9ec-e54d922d2c00";

fn send(client: &mut Client, method: &str, target: &str, body: &str) -> Reply {
    let json = "application/json;odata=verbose";
    let target = format!("/0/ServiceModel/EntityDataService.svc/{target}");
    client.send_with(method, &target, &[("Accept", json), ("Content-Type", json)], body.as_bytes())
}

fn names(page: &Value) -> Vec<&str> {
    page["d"]["results"].as_array().unwrap().iter().map(|row| row["Name"].as_str().unwrap()).collect()
}

#[test]
fn records_are_read() {
    let emulator = start(Options { page_size: NonZeroUsize::new(4), ..Options::default() });
    let mut client = Client::signed_in(&emulator);
    let mut get = |target: &str| send(&mut client, "GET", target, "");
    let service = format!("{}/0/ServiceModel/EntityDataService.svc/ContactCollection", emulator.url());

    let one = get(&format!("ContactCollection(guid'{CONTACT}')"));
    assert_eq!((one.status, one.field("OData-Version")), (200, None));
    assert_eq!(one.field("Content-Type"), Some("application/json;odata=verbose;charset=utf-8"));
    let metadata = json!({"uri": format!("{service}(guid'{CONTACT}')"), "type": "Terrasoft.Configuration.Contact"});
    let email = "supervisor@example.com";
    let record = json!({"__metadata": metadata, "Id": CONTACT, "Name": "Supervisor", "Email": email});
    assert_eq!(one.json(), json!({"d": record}));

    let page = get("ContactCollection/?$select=Name,Id&$inlinecount=allpages&$format=json").json();
    assert_eq!((names(&page).len(), &page["d"]["__count"]), (4, &json!("6")));
    let next = page["d"]["__next"].as_str().unwrap();
    let rest = get(&format!("ContactCollection{}", next.strip_prefix(&service).unwrap())).json();
    assert_eq!((names(&rest).len(), rest["d"].get("__next")), (2, None));

    let filtered = get(&format!("ContactCollection?$filter=Id%20eq%20guid'{CONTACT}'&$top=1")).json();
    assert_eq!((names(&filtered), filtered["d"].get("__count")), (vec!["Supervisor"], None));
    assert_eq!(get("ContactCollection/$count").body, "6");
}

#[test]
fn records_are_written() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let made = send(&mut client, "POST", "ContactCollection/", r#"{"Name":"Ö","Email":"a"}"#);
    let record = &made.json()["d"];
    assert_eq!((made.status, made.field("Location")), (201, record["__metadata"]["uri"].as_str()));
    let one = format!("ContactCollection(guid'{}')", record["Id"].as_str().unwrap());
    for (method, body) in [("MERGE", r#"{"Name":"M"}"#), ("PUT", r#"{"Email":"b"}"#), ("PATCH", r#"{"Age":3}"#)] {
        assert_eq!(send(&mut client, method, &one, body).status, 204, "{method}");
    }
    let record = send(&mut client, "GET", &one, "").json()["d"].clone();
    assert_eq!((&record["Name"], &record["Email"], &record["Age"]), (&json!("M"), &json!("b"), &json!(3)));
    assert_eq!(send(&mut client, "DELETE", &one, "").status, 204);
    assert_eq!((emulator.records("Contact").unwrap().len(), emulator.counters().writes), (6, 5));
}

#[test]
fn errors_have_a_message_in_a_language() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let refused = send(&mut client, "POST", "ContactCollection", r#"{"Email":"a"}"#);
    let error = &refused.json()["error"];
    let message = json!({"lang": "en-US", "value": "An error has occurred."});
    assert_eq!((refused.status, &error["message"]), (400, &message));
    assert_eq!(error["innererror"]["message"], "Name: field is required");
    for (target, status) in [
        ("NothingCollection", 404),
        ("Contact", 404),
        ("ContactCollection(guid'x')", 404),
        ("ContactCollection?$expand=Account", 501),
    ] {
        let reply = send(&mut client, "GET", target, "");
        assert_eq!(reply.status, status, "{target}");
    }
    let atom = client.get("/0/ServiceModel/EntityDataService.svc/ContactCollection");
    assert_eq!((atom.status, atom.json()["error"]["message"]["lang"].as_str()), (501, Some("en-US")));
}

#[test]
fn a_session_or_a_password_is_wanted() {
    let emulator = start(Options { runtime: Runtime::Net, basic: true, ..Options::default() });
    let target = "/ServiceModel/EntityDataService.svc/ContactCollection";
    let json = ("Accept", "application/json");
    let mut client = Client::new(&emulator);
    assert_eq!(client.send_with("GET", target, &[json], b"").status, 302);
    let password = ("Authorization", "Basic U3VwZXJ2aXNvcjpTdXBlcnZpc29y");
    assert_eq!(client.send_with("GET", target, &[json, password], b"").status, 200);
}
