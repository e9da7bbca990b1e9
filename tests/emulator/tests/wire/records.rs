//! Records made, changed and deleted by OData.

use creatio_emulator::{Options, Runtime};
use serde_json::{Value, json};

use crate::client::Client;
use crate::start;

const NAME: &str = "Ганна \"Ä\" O'Neill \\ 🚀\u{1F1FA}\u{1F1E6}";

#[test]
fn a_record_from_its_making_to_its_end_on_both_runtimes() {
    for (runtime, prefix) in [(Runtime::NetFramework, "/0"), (Runtime::Net, "")] {
        let emulator = start(Options { runtime, tls: true, base_path: "/App".to_owned(), ..Options::default() });
        let mut client = Client::signed_in(&emulator);
        let mut send = |method: &str, target: &str, body: Value| {
            let target = format!("{prefix}/odata/{target}");
            let fields = [("Content-Type", "application/json; charset=utf-8")];
            client.send_with(method, &target, &fields, body.to_string().as_bytes())
        };

        let made = send("POST", "Contact", json!({"Name": NAME, "JobTitle": "Über", "@odata.type": "x"}));
        assert_eq!(made.status, 201);
        assert_eq!(made.field("OData-Version"), Some("4.0"));
        let record = made.json();
        let service = format!("{}{prefix}/odata", emulator.url());
        assert_eq!(record["@odata.context"], format!("{service}/$metadata#Contact/$entity"));
        assert_eq!(record["Name"], NAME);
        assert_eq!(record["Email"], Value::Null);
        assert_eq!(record.get("@odata.type"), None);
        let id = record["Id"].as_str().unwrap();
        assert_eq!(made.field("Location"), Some(format!("{service}/Contact({id})").as_str()));

        let one = format!("Contact({id})");
        for form in [one.clone(), format!("Contact({})", id.to_uppercase()), format!("Contact/{id}")] {
            let read = send("GET", &form, json!({}));
            assert_eq!((read.status, read.json()), (200, record.clone()));
        }
        assert_eq!(send("GET", "Contact/$count", json!({})).body, "7");
        let value = send("GET", &format!("{one}/Name/$value"), json!({}));
        assert_eq!((value.status, value.body.as_str()), (200, NAME));
        assert_eq!(value.field("Content-Type"), Some("text/plain; charset=utf-8"));
        assert_eq!(send("GET", &format!("{one}/Email/$value"), json!({})).status, 204);
        assert_eq!(send("GET", &format!("{one}/Age/$value"), json!({})).status, 404);
        assert_eq!(send("GET", &format!("{one}/Name/$value/x"), json!({})).status, 404);
        let selected = send("GET", &format!("{one}?$select=Name"), json!({})).json();
        assert_eq!(selected["@odata.context"], format!("{service}/$metadata#Contact(Name)/$entity"));
        assert_eq!(selected.as_object().unwrap().len(), 2);

        let changed = send("PATCH", &one, json!({"Email": "a@example.com", "Id": id.to_uppercase()}));
        assert_eq!((changed.status, changed.body.as_str()), (204, ""));
        let read = send("GET", &one, json!({})).json();
        assert_eq!(read["Email"], "a@example.com");
        assert_eq!((&read["Name"], &read["JobTitle"]), (&json!(NAME), &json!("Über")));

        assert_eq!(send("PUT", &one, json!({"Name": "山田"})).status, 204);
        let read = send("GET", &one, json!({})).json();
        assert_eq!((&read["Name"], &read["Email"], &read["Id"]), (&json!("山田"), &Value::Null, &json!(id)));

        assert_eq!(send("DELETE", &one, json!({})).status, 204);
        for method in ["GET", "PATCH", "PUT", "DELETE"] {
            assert_eq!(send(method, &one, json!({"Name": "x"})).status, 404);
        }
        assert_eq!(emulator.records("Contact").unwrap().len(), 6);
        let counters = emulator.counters();
        assert_eq!((counters.writes, counters.writes_refused), (4, 3));
    }
}

#[test]
fn a_record_can_bring_its_id_once() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let id = "0f4bd6c6-1ba2-4f8d-9c1d-0d6f25c5a0aa";
    let account = json!({"Id": id.to_uppercase(), "Name": "Twice"});
    assert_eq!(client.json("POST", "/odata/Account", &account).json()["Id"], id);
    assert_eq!(client.json("POST", "/odata/Account", &account).status, 400);
    assert_eq!(client.json("POST", "/odata/Account", &json!({"Id": "1", "Name": "x"})).status, 400);
    let other = json!({"Id": "1f4bd6c6-1ba2-4f8d-9c1d-0d6f25c5a0aa"});
    assert_eq!(client.json("PATCH", &format!("/odata/Account({id})"), &other).status, 400);
    assert_eq!(emulator.records("Account").unwrap().len(), 3);
    assert_eq!(emulator.counters().writes, 1);
}

#[test]
fn a_record_without_a_name_is_refused() {
    let emulator = start(Options { stack_trace_size: 5000, ..Options::default() });
    let mut client = Client::signed_in(&emulator);
    let one = "/odata/Contact(410006e1-ca4e-4502-a9ec-e54d922d2c00)";
    let cases = [
        ("POST", "/odata/Contact", json!({"Email": "a@example.com"})),
        ("POST", "/odata/Contact", json!({"Name": " "})),
        ("PATCH", one, json!({"Name": null})),
        ("PUT", one, json!({})),
    ];
    for (method, target, body) in cases {
        let reply = client.json(method, target, &body);
        assert_eq!(reply.status, 400);
        let error = &reply.json()["error"];
        assert_eq!((&error["code"], &error["message"]), (&json!(""), &json!("An error has occurred.")));
        assert_eq!(error["innererror"]["message"], "Name: field is required");
        assert!(error["innererror"]["type"].is_string());
        assert_eq!(error["innererror"]["stacktrace"].as_str().unwrap().len(), 5000);
    }
    let records = emulator.records("Contact").unwrap();
    assert_eq!((records.len(), &records[0]["Name"]), (6, &json!("Supervisor")));
    assert_eq!((emulator.counters().writes, emulator.counters().writes_refused), (0, 4));
}

#[test]
fn writes_need_a_session_and_the_csrf_header() {
    let emulator = start(Options { csrf_on_get: false, ..Options::default() });
    let mut client = Client::signed_in(&emulator);
    client.fields.clear();
    let one = "/odata/Contact(410006e1-ca4e-4502-a9ec-e54d922d2c00)";
    for (method, target) in [("POST", "/odata/Contact"), ("PATCH", one), ("PUT", one), ("DELETE", one)] {
        assert_eq!(client.json(method, target, &json!({"Name": "x"})).status, 403);
    }
    for target in ["/odata/$batch", "/DataService/json/SyncReply/DeleteQuery", "/rest/FileApiService/UploadFile"] {
        assert_eq!(client.json("POST", target, &json!({})).status, 403);
    }
    emulator.expire_sessions();
    assert_eq!(client.json("DELETE", one, &json!({})).status, 302);
    let counters = emulator.counters();
    assert_eq!((counters.writes, counters.writes_refused, counters.calls), (0, 0, 0));
    assert_eq!(emulator.records("Contact").unwrap().len(), 6);
}

#[test]
fn unreadable_writes_are_refused() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let contact = "/0/odata/Contact";
    let json = Some("application/json");
    assert_eq!(client.send("POST", contact, json, "{\"Name\":").status, 400);
    assert_eq!(client.send("POST", contact, json, "[]").status, 400);
    assert_eq!(client.send("POST", contact, Some("text/plain"), "{}").status, 415);
    assert_eq!(client.send("DELETE", contact, None, "").status, 405);
    assert_eq!(client.send("POST", "/0/odata/Contact/$count", json, "{}").status, 405);
    for target in
        ["Nothing", "Contact(1)", "Contact(410006e1-ca4e-4502-a9ec-e54d922d2c00)/Data", "Contact/a/b", "%ff"]
    {
        assert_eq!(client.send("PUT", &format!("/0/odata/{target}"), json, "{}").status, 404, "{target}");
    }
    assert_eq!(emulator.counters().writes, 0);
}
