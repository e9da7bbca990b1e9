//! The shapes in which services and OData tell of a failure.

use creatio_emulator::{Emulator, OdataFailure, Options, ServiceFailure};
use serde_json::{Value, json};

use crate::client::Client;
use crate::start;

/// A record without a name, which the data has to have, by DataService.
fn refused_insert(service_failure: ServiceFailure) -> (Emulator, u16, Value) {
    let emulator = start(Options { service_failure, stack_trace_size: 0, ..Options::default() });
    let query = json!({"rootSchemaName": "Contact", "columnValues": {"items": {}}});
    let reply = Client::signed_in(&emulator).json("POST", "/DataService/json/SyncReply/InsertQuery", &query);
    (emulator, reply.status, reply.json())
}

#[test]
fn a_refused_insert_says_so_in_each_shape_and_has_done_nothing() {
    for (kind, status, members) in [
        (ServiceFailure::ErrorInfo, 200, &["errorInfo", "success"][..]),
        (ServiceFailure::SuccessFalse, 200, &["success"]),
        (ServiceFailure::ErrorInfoAlone, 200, &["errorInfo"]),
        (ServiceFailure::ResponseStatus, 200, &["responseStatus", "success"]),
        (ServiceFailure::ResponseStatus500, 500, &["responseStatus", "success"]),
    ] {
        let (emulator, seen, body) = refused_insert(kind);
        let mut names: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!((seen, &*names), (status, members), "{kind:?}");
        assert!(body.get("success").is_none_or(|success| *success == json!(false)));
        let code = body["errorInfo"]["errorCode"].as_str().or(body["responseStatus"]["ErrorCode"].as_str());
        assert_eq!(code, (kind != ServiceFailure::SuccessFalse).then_some("ValidateException"));
        let counters = emulator.counters();
        assert_eq!((counters.writes, counters.writes_refused), (0, 1));
    }
}

/// What a record that is not there, and one that would not be valid, are answered with by OData.
fn odata(odata_failure: OdataFailure) -> [(u16, Value); 2] {
    let emulator = start(Options { odata_failure, stack_trace_size: 0, ..Options::default() });
    let mut client = Client::signed_in(&emulator);
    let replies = [client.get("/0/odata/Nothing"), client.json("POST", "/odata/Contact", &json!({}))];
    assert_eq!((emulator.counters().writes, emulator.counters().writes_refused), (0, 1));
    replies.map(|reply| (reply.status, reply.json()))
}

#[test]
fn odata_has_its_error_with_the_status_or_with_200() {
    for (kind, statuses) in [
        (OdataFailure::Error, [404, 400]),
        (OdataFailure::Status200, [200, 200]),
        (OdataFailure::InternalException, [404, 500]),
        (OdataFailure::NoResource, [200, 400]),
    ] {
        let replies = odata(kind);
        assert_eq!(replies.each_ref().map(|reply| reply.0), statuses, "{kind:?}");
        let has_error = replies.map(|(_, body)| body["error"].is_object());
        assert_eq!(has_error, [kind != OdataFailure::NoResource, true]);
    }
}

#[test]
fn the_cause_lies_two_exceptions_deeper() {
    let [_, (_, body)] = odata(OdataFailure::InternalException);
    let outer = &body["error"]["innererror"];
    let inner = &outer["internalexception"];
    let cause = &inner["internalexception"];
    assert!(cause["message"].as_str().unwrap().contains("Name"), "{body}");
    for exception in [outer, inner] {
        assert!(!exception["message"].as_str().unwrap().contains("Name"), "{body}");
    }
    assert!(cause.get("internalexception").is_none());
}

#[test]
fn an_unknown_entity_is_told_by_message_and_detail_alone() {
    let [(_, body), _] = odata(OdataFailure::NoResource);
    let names: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(names, ["Message", "MessageDetail"]);
    assert!(body["Message"].as_str().unwrap().starts_with("No HTTP resource was found that matches the request URI"));
}
