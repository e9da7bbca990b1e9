//! DataService and a configuration service.

use creatio_emulator::{Options, Runtime};
use serde_json::{Value, json};

use crate::client::Client;
use crate::start;

fn query(client: &mut Client, name: &str, query: &Value) -> Value {
    let reply = client.json("POST", &format!("/DataService/json/SyncReply/{name}"), query);
    assert_eq!(reply.status, 200);
    reply.json()
}

fn filter(column: &str, value: &str) -> Value {
    json!({"items": {"f": {
        "filterType": 1,
        "comparisonType": 3,
        "leftExpression": {"expressionType": 0, "columnPath": column},
        "rightExpression": {"expressionType": 2, "parameter": {"dataValueType": 1, "value": value}},
    }}})
}

fn values(name: &str, value: &str) -> Value {
    json!({"items": {name: {"expressionType": 2, "parameter": {"dataValueType": 1, "value": value}}}})
}

#[test]
fn records_by_data_service() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let all = query(&mut client, "SelectQuery", &json!({"rootSchemaName": "Contact", "allColumns": true}));
    assert_eq!((&all["success"], &all["rowsAffected"]), (&json!(true), &json!(6)));
    assert_eq!(all["rows"][1]["Name"], "Олена Шевченко");
    assert_eq!(all["rows"][1]["Email"], "olena@example.com");

    let name = "Zoë \"Z\" O'Brien 🚀";
    let select = json!({
        "rootSchemaName": "Contact",
        "columns": {"items": {"Mail": {"expression": {"expressionType": 0, "columnPath": "Email"}}}},
        "filters": filter("Name", name),
        "rowCount": -1,
    });
    let some = query(&mut client, "SelectQuery", &select);
    let row = json!({"Id": "0d7e2b53-5f9c-4a41-9b1e-6c1f5f3a7a10", "Mail": "zoe@example.com"});
    assert_eq!(some["rows"], json!([row]));
    let config = json!({"Id": {"dataValueType": 0}, "Mail": {"dataValueType": 1}});
    assert_eq!((&some["rowConfig"], &some["notFoundColumns"]), (&config, &json!([])));
    let two = query(&mut client, "SelectQuery", &json!({"rootSchemaName": "Contact", "rowCount": 2}));
    assert_eq!(two["rowsAffected"], 2);
    let page = json!({"rootSchemaName": "Contact", "isPageable": true, "rowCount": 4, "rowsOffset": 4});
    assert_eq!(query(&mut client, "SelectQuery", &page)["rows"], json!(all["rows"].as_array().unwrap()[4..]));
    let no_columns = json!({"rootSchemaName": "Contact", "allColumns": true, "columns": {"items": {}}});
    assert_eq!(query(&mut client, "SelectQuery", &no_columns), all);

    // The documentation writes names in PascalCase, the site's own pages do not.
    let insert = json!({
        "RootSchemaName": "Contact",
        "ColumnValues": {"Items": {"Name": {"ExpressionType": 2, "Parameter": {"Value": "Нова"}}}},
    });
    let made = query(&mut client, "InsertQuery", &insert);
    assert_eq!((&made["success"], &made["rowsAffected"]), (&json!(true), &json!(1)));
    let id = made["id"].as_str().unwrap();

    let by_id = filter("Id", &id.to_uppercase());
    let update = json!({"rootSchemaName": "Contact", "columnValues": values("Name", "Інша"), "filters": by_id});
    assert_eq!(query(&mut client, "UpdateQuery", &update)["rowsAffected"], 1);
    assert_eq!(client.get(&format!("/0/odata/Contact({id})")).json()["Name"], "Інша");
    let delete = json!({"rootSchemaName": "Contact", "filters": by_id});
    assert_eq!(query(&mut client, "DeleteQuery", &delete)["rowsAffected"], 1);
    assert_eq!(query(&mut client, "DeleteQuery", &delete)["rowsAffected"], 0);
    assert_eq!(emulator.records("Contact").unwrap().len(), 6);
    assert_eq!(emulator.counters().writes, 4);
}

/// The names of the contacts that pass the filters of a group.
fn names(client: &mut Client, operation: u8, items: &Value) -> Vec<String> {
    let filters = json!({"filterType": 6, "logicalOperation": operation, "isEnabled": true, "items": items});
    let select = json!({"rootSchemaName": "Contact", "allColumns": true, "filters": filters});
    let rows = query(client, "SelectQuery", &select)["rows"].as_array().unwrap().clone();
    rows.iter().map(|row| row["Name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn filters_come_in_groups() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let one = |column, value| filter(column, value)["items"]["f"].clone();
    let (supervisor, olena) = (one("Name", "Supervisor"), one("Email", "olena@example.com"));
    let disabled = json!({"isEnabled": false, "comparisonType": 3});
    let by_primary_column = json!({
        "comparisonType": 3,
        "leftExpression": {"expressionType": 1, "functionType": 1, "macrosType": 34},
        "rightExpression": {"expressionType": 2, "parameter": {"value": "76929F8C-7E15-4C64-BDB0-ADC62D383727"}},
    });
    let (and, or) = (0, 1);
    for (operation, items, expected) in [
        (and, json!({"a": supervisor, "b": olena}), &[][..]),
        (or, json!({"a": supervisor, "b": olena}), &["Supervisor", "Олена Шевченко"]),
        (and, json!({"a": {"items": {"b": {"items": {"c": supervisor}}}}, "d": disabled}), &["Supervisor"]),
        (and, json!({"a": by_primary_column, "b": olena}), &["Олена Шевченко"]),
    ] {
        assert_eq!(names(&mut client, operation, &items), expected, "{items}");
    }
    assert_eq!(names(&mut client, or, &json!({"a": {"items": {}}})).len(), 6);
}

#[test]
fn data_service_has_more_than_one_spelling() {
    for (runtime, prefix) in [(Runtime::NetFramework, "/0"), (Runtime::Net, "")] {
        let emulator = start(Options { runtime, ..Options::default() });
        let mut client = Client::signed_in(&emulator);
        for service in ["DataService", "dataservice"] {
            for reply in ["SyncReply", "reply"] {
                let target = format!("{prefix}/{service}/json/{reply}/SelectQuery");
                let body = r#"{"RootSchemaName":"Contact"}"#;
                assert_eq!(client.send("POST", &target, Some("application/json"), body).status, 200, "{target}");
            }
        }
    }
}

#[test]
fn failures_of_data_service_come_with_200() {
    let emulator = start(Options { stack_trace_size: 3000, ..Options::default() });
    let mut client = Client::signed_in(&emulator);
    let contact = |more: Value| {
        let mut query = json!({"rootSchemaName": "Contact"});
        query.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        query
    };
    let mut other = filter("Name", "x");
    other["items"]["f"]["comparisonType"] = json!(4);
    let cases = [
        ("SelectQuery", json!({"rootSchemaName": "Nothing"}), "ItemNotFoundException"),
        ("DeleteQuery", json!({}), "ItemNotFoundException"),
        ("SelectQuery", contact(json!({"filters": other})), "NotSupportedException"),
        (
            "SelectQuery",
            contact(json!({"columns": {"items": {"Age": {"expression": {"columnPath": "Age"}}}}})),
            "ItemNotFoundException",
        ),
        ("InsertQuery", contact(json!({"columnValues": values("Email", "x")})), "ValidateException"),
        (
            "UpdateQuery",
            contact(json!({"columnValues": values("Name", ""), "filters": filter("Name", "Supervisor")})),
            "ValidateException",
        ),
        ("UpdateQuery", contact(json!({"columnValues": values("Name", "x")})), "NotSupportedException"),
        ("DeleteQuery", contact(json!({})), "NotSupportedException"),
        ("DeleteQuery", contact(json!({"filters": {"items": {"a": {"items": {}}}}})), "NotSupportedException"),
    ];
    for (name, body, code) in cases {
        let failure = query(&mut client, name, &body);
        assert_eq!(failure["success"], false);
        assert_eq!(failure["errorInfo"]["errorCode"], code);
        assert!(failure["errorInfo"]["message"].is_string());
        assert_eq!(failure["errorInfo"]["stackTrace"].as_str().unwrap().len(), 3000);
    }
    let counters = emulator.counters();
    assert_eq!((counters.writes, counters.writes_refused), (0, 6));

    let path = "/DataService/json/SyncReply";
    assert_eq!(client.json("POST", &format!("{path}/OtherQuery"), &json!({})).status, 404);
    let select = format!("/0{path}/SelectQuery");
    assert_eq!(client.send("POST", &select, Some("application/json"), "{").status, 400);
    assert_eq!(client.send("POST", &select, None, "{}").status, 415);
}

#[test]
fn a_configuration_service_echoes() {
    for (runtime, prefix) in [(Runtime::NetFramework, "/0"), (Runtime::Net, "")] {
        let emulator = start(Options { runtime, ..Options::default() });
        let mut client = Client::signed_in(&emulator);
        let echo = format!("{prefix}/rest/EchoService/Echo");
        let json = Some("application/json");
        let body = r#"{"b":["ü \" \\ 🚀",null],"a":{"x":1.5}}"#;
        let reply = client.send("POST", &echo, json, body);
        assert_eq!((reply.status, reply.body.as_str()), (200, body));
        assert_eq!(reply.field("Content-Type"), json);
        let reply = client.get(&format!("{echo}?name=O%27Brien+%C3%BC&empty="));
        assert_eq!(reply.json(), json!({"name": "O'Brien ü", "empty": ""}));
        assert_eq!(client.send("POST", &echo, json, "{").status, 400);
        assert_eq!(client.send("POST", &echo, None, "{}").status, 415);
        assert_eq!(client.get(&format!("{prefix}/rest/EchoService/UserName")).json(), "Supervisor");
        assert_eq!(client.get(&format!("{prefix}/rest/EchoService/Other")).status, 404);
        client.fields.clear();
        assert_eq!(client.send("POST", &echo, json, body).status, 403);
    }
}

#[test]
fn several_queries_go_in_one_and_the_first_that_fails_ends_them() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let item = |kind: &str, column: &str, value: &str| {
        let name = format!("Terrasoft.Nui.ServiceModel.DataContract.{kind}");
        json!({"__type": name, "rootSchemaName": "Account", "columnValues": values(column, value)})
    };
    let batch = |client: &mut Client, items: Value| {
        let reply = client.json("POST", "/dataservice/json/reply/BatchQuery", &json!({"items": items}));
        assert_eq!(reply.status, 200);
        reply.json()
    };
    let answer = batch(&mut client, json!([item("InsertQuery", "Name", "A"), item("InsertQuery", "Name", "B")]));
    assert_eq!((&answer["success"], answer["queryResults"].as_array().unwrap().len()), (&json!(true), 2));
    assert_eq!(answer["queryResults"][0]["rowsAffected"], 1);
    let items =
        json!([item("InsertQuery", "Name", "C"), item("InsertQuery", "Name", " "), item("InsertQuery", "Name", "D")]);
    assert_eq!(batch(&mut client, items)["success"], false);
    assert_eq!(batch(&mut client, json!([item("MergeQuery", "Name", "E")]))["success"], false);
    assert_eq!(batch(&mut client, json!([{}]))["success"], false);
    let counters = emulator.counters();
    assert_eq!((counters.writes, counters.writes_refused), (3, 1));
}

#[test]
fn a_process_runs_and_gives_its_results() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let mut run = |schema: &str| {
        let run = json!({
            "schemaName": schema,
            "parameterValues": [{"name": "Text", "value": "Zoë"}],
            "resultParameterNames": ["Text", "Length", "Other"],
        });
        client.json("POST", "/ServiceModel/ProcessEngineService.svc/RunProcess", &run).json()
    };
    let done = run("UsrEcho");
    assert_eq!((&done["success"], &done["processStatus"]), (&json!(true), &json!(2)));
    assert_eq!(done["resultParameterValues"], json!({"Text": "Zoë", "Length": 3, "Other": null}));
    assert_eq!(done["processId"].as_str().unwrap().len(), 36);
    assert_eq!((run("UsrNone")["success"].clone(), emulator.counters().writes), (json!(false), 1));
    let target = "/0/ServiceModel/ProcessEngineService.svc/RunProcess";
    assert_eq!(client.send("POST", target, Some("application/json"), "{}").status, 400);
}
