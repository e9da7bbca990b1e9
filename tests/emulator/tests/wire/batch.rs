//! Several operations in one request.

use creatio_emulator::Options;
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::start;

fn batch(client: &mut Client, fields: &[(&str, &str)], requests: Value) -> Reply {
    let fields = [&[("Content-Type", "application/json")], fields].concat();
    let body = json!({"requests": requests}).to_string();
    client.send_with("POST", "/0/odata/$batch", &fields, body.as_bytes())
}

fn statuses(reply: &Reply) -> Vec<u64> {
    assert_eq!(reply.status, 200);
    reply.json()["responses"].as_array().unwrap().iter().map(|r| r["status"].as_u64().unwrap()).collect()
}

#[test]
fn each_request_has_its_response() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let id = "0f4bd6c6-1ba2-4f8d-9c1d-0d6f25c5a0aa";
    let one = format!("Contact({id})");
    let json = json!({"Content-Type": "application/json;odata=verbose"});
    let requests = json!([
        {"id": "a", "method": "POST", "url": "Contact", "headers": json, "body": {"Id": id, "Name": "Ünal 🚀"}},
        {"id": "b", "method": "patch", "url": format!("/0/odata/{one}"), "body": {"Email": "u@example.com"}},
        {"id": "c", "method": "GET", "url": format!("{}/0/odata/{one}?$select=Name,Email", emulator.url())},
        {"id": "d", "method": "GET", "url": "Contact/$count", "headers": {}},
        {"id": "e", "method": "DELETE", "url": one},
    ]);
    let reply = batch(&mut client, &[], requests);
    assert_eq!(statuses(&reply), [201, 204, 200, 200, 204]);
    let responses = &reply.json()["responses"];
    assert_eq!((&responses[0]["id"], &responses[0]["body"]["Name"]), (&json!("a"), &json!("Ünal 🚀")));
    let location = format!("{}/0/odata/{one}", emulator.url());
    assert_eq!(responses[0]["headers"]["location"], location);
    assert_eq!(responses[1].get("body"), None);
    assert_eq!(responses[2]["body"]["Email"], "u@example.com");
    assert_eq!(responses[3]["body"], "7");
    assert_eq!(responses[4]["id"], "e");
    let counters = emulator.counters();
    assert_eq!((counters.writes, counters.calls), (3, 1));
}

#[test]
fn the_first_failure_ends_it_unless_it_is_to_go_on() {
    let requests = json!([
        {"id": "1", "method": "POST", "url": "Account", "body": {"Name": "One"}},
        {"id": "2", "method": "POST", "url": "Account", "body": {}},
        {"id": "3", "method": "POST", "url": "Account", "body": {"Name": "Three"}},
    ]);
    for (prefer, expected, writes) in [
        (vec![], vec![201, 400], 1),
        (vec![("Prefer", "continue-on-error")], vec![201, 400, 201], 2),
        (vec![("Prefer", "return=minimal, odata.continue-on-error")], vec![201, 400, 201], 2),
    ] {
        let emulator = start(Options::default());
        let mut client = Client::signed_in(&emulator);
        let reply = batch(&mut client, &prefer, requests.clone());
        assert_eq!(statuses(&reply), expected);
        let error = &reply.json()["responses"][1]["body"]["error"];
        assert_eq!(error["innererror"]["message"], "Name: field is required");
        let counters = emulator.counters();
        assert_eq!((counters.writes, counters.writes_refused), (writes, 1));
    }
}

#[test]
fn a_group_is_done_as_a_whole_or_not_at_all() {
    let group = |id: &str, name: Option<&str>, group: &str| {
        let body = name.map_or(json!({}), |name| json!({"Name": name}));
        json!({"id": id, "method": "POST", "url": "Account", "atomicityGroup": group, "body": body})
    };
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let count = || emulator.records("Account").unwrap().len();
    let reply = batch(&mut client, &[], json!([group("a", Some("A"), "g"), group("b", Some("B"), "g")]));
    assert_eq!((statuses(&reply), count()), (vec![201, 201], 4));
    let responses = &reply.json()["responses"];
    assert_eq!(responses[0]["atomicityGroup"], responses[1]["atomicityGroup"]);
    assert_ne!(responses[0]["atomicityGroup"], "g"); // but one of the site's own

    let requests = json!([
        group("c", Some("C"), "1"), group("d", None, "1"), group("e", Some("E"), "1"), group("f", Some("F"), "2"),
        {"id": "g", "method": "GET", "url": "Account/$count"},
    ]);
    let reply = batch(&mut client, &[], requests.clone());
    assert_eq!((statuses(&reply), count()), (vec![400], 4));
    assert_eq!(reply.json()["responses"][0]["id"], "d");
    let reply = batch(&mut client, &[("Prefer", "continue-on-error")], requests);
    assert_eq!((statuses(&reply), count()), (vec![400, 201, 200], 5));
    assert_eq!(reply.json()["responses"][2]["body"], "5");
    let counters = emulator.counters();
    assert_eq!((counters.writes, counters.writes_refused), (3, 2));
}

#[test]
fn what_depends_on_a_request_or_a_group_that_has_failed_is_not_done() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let account = |id: &str, body: Value, more: Value| {
        let mut request = json!({"id": id, "method": "POST", "url": "Account", "body": body});
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request
    };
    let name = json!({"Name": "x"});
    let requests = json!([
        account("1", name.clone(), json!({})),
        account("2", json!({}), json!({"dependsOn": ["1"]})),
        account("3", name.clone(), json!({"dependsOn": ["1"]})),
        account("4", name.clone(), json!({"dependsOn": ["1", "2"]})),
        account("5", name.clone(), json!({"dependsOn": ["4"]})),
        account("6", json!({}), json!({"atomicityGroup": "g"})),
        account("7", name, json!({"dependsOn": ["g"]})),
    ]);
    let reply = batch(&mut client, &[("Prefer", "continue-on-error")], requests);
    assert_eq!(statuses(&reply), [201, 400, 201, 424, 424, 400, 424]);
    assert_eq!(emulator.counters().writes, 2);
}

#[test]
fn what_a_batch_cannot_hold_is_refused() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let one = json!({"id": "1", "method": "GET", "url": "Contact/$count"});
    assert_eq!(statuses(&batch(&mut client, &[], Value::Array(vec![one.clone(); 100]))).len(), 100);
    assert_eq!(batch(&mut client, &[], Value::Array(vec![one; 101])).status, 400);
    assert_eq!(batch(&mut client, &[], json!([{"id": "1"}])).status, 400);
    assert_eq!(client.send("POST", "/0/odata/$batch", Some("multipart/mixed"), "--b").status, 415);
    assert_eq!(client.get("/0/odata/$batch").status, 405);
    for (member, status) in [("atomicityGroup", 400), ("dependsOn", 400)] {
        let mut request = json!({"id": "1", "method": "POST", "url": "Account", "body": {"Name": "x"}});
        request[member] = json!(["g"]);
        assert_eq!(batch(&mut client, &[], json!([request])).status, status);
    }
    let made = client.json("POST", "/odata/SysImage", &json!({})).json();
    let data = format!("SysImage({})/Data", made["Id"].as_str().unwrap());
    let bytes = [("Content-Type", "application/octet-stream")];
    assert_eq!(client.send_with("PUT", &format!("/0/odata/{data}"), &bytes, b"x").status, 204);
    for method in ["GET", "PUT"] {
        let reply = batch(&mut client, &[], json!([{"id": "1", "method": method, "url": data, "body": "eQ"}]));
        assert_eq!(statuses(&reply), [if method == "GET" { 501 } else { 415 }]);
    }
    for (method, url, status) in
        [("GET", "$batch", 404), ("G T", "Contact", 400), ("GET", "a b", 400), ("GET", "/odata/Contact", 404)]
    {
        let reply = batch(&mut client, &[], json!([{"id": "1", "method": method, "url": url}]));
        assert_eq!(statuses(&reply), [status], "{url}");
    }
    assert_eq!(emulator.counters().writes, 2);
}
