//! Batches of OData: their bodies in buffers of every size, and their answers cut everywhere.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use creatio_auth::{
    BatchAnswer, BatchError, BatchOutcome, BatchPart, BatchReader, BatchWriter, DocumentError, Fault, FieldError,
    MAX_BATCH_PARTS, Method,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use BatchOutcome::{Answered, NotDone, Unknown};

/// The body of a batch, written into buffers of this size, and that it is as long as is said.
fn written(parts: &[BatchPart<'_>], size: usize) -> String {
    let (mut body, mut buffer) = (Vec::new(), vec![0xEE; size]);
    let (mut writer, mut measure) = (BatchWriter::new(), BatchWriter::new());
    for part in parts.iter().map(Some).chain([None]) {
        let before = body.len();
        loop {
            let len = writer.fill(part, &mut buffer).unwrap();
            if len == 0 {
                break;
            }
            body.extend_from_slice(&buffer[..len]);
        }
        assert_eq!(measure.skip(part).unwrap(), body.len() - before);
    }
    String::from_utf8(body).unwrap()
}

fn create(name: &[u8]) -> BatchPart<'_> {
    BatchPart::new(Method::Post, "Contact").with_json(name)
}

#[test]
fn a_batch_is_what_odata_has_it_to_be_in_buffers_of_every_size() {
    let parts = [
        create(br#"{"Name":"Ann"}"#).with_group("g\"1"),
        BatchPart::new(Method::Patch, "Contact(410006e1-ca4e-4502-a9ec-e54d922d2c00)")
            .with_json(b"{}")
            .with_group("g\"1"),
        BatchPart::new(Method::Get, "Contact?$filter=Name%20eq%20'\u{d6}\"\\'"),
        BatchPart::new(Method::Delete, "$p0").with_field_lines("if-match: \"7\t\"\r\nx: y\r\n").unwrap(),
        create(b"7")
            .with_depends_on(r#"["p2","g\"1"]"#)
            .with_field_lines("if-none-match:*\r\nprefer:  return=minimal\r\nx-empty:\r\n")
            .unwrap(),
    ];
    let headers = json!({"content-type": "application/json"});
    let expected = json!({"requests": [
        {"id": "p0", "method": "POST", "url": "Contact", "atomicityGroup": "g\"1", "headers": headers, "body": {"Name": "Ann"}},
        {"id": "p1", "method": "PATCH", "url": "Contact(410006e1-ca4e-4502-a9ec-e54d922d2c00)", "atomicityGroup": "g\"1",
         "headers": headers, "body": {}},
        {"id": "p2", "method": "GET", "url": "Contact?$filter=Name%20eq%20'\u{d6}\"\\'"},
        {"id": "p3", "method": "DELETE", "url": "$p0", "headers": {"if-match": "\"7\t\"", "x": "y"}},
        {"id": "p4", "method": "POST", "url": "Contact", "dependsOn": ["p2", "g\"1"], "headers":
         {"content-type": "application/json", "if-none-match": "*", "prefer": "return=minimal", "x-empty": ""}, "body": 7},
    ]});
    let whole = written(&parts, 4096);
    assert_eq!(serde_json::from_str::<Value>(&whole).unwrap(), expected);
    for size in 1..=whole.len() {
        assert_eq!(written(&parts, size), whole, "{size}");
    }
    assert_eq!(written(&[], 3), r#"{"requests":[]}"#);
    let said = format!("{:?}", parts[0]);
    assert!(said.starts_with("BatchPart { method: ") && !said.contains("Ann"), "{said}");
}

#[test]
fn a_batch_has_a_hundred_parts_and_no_more() {
    let parts = [create(b"{}"); MAX_BATCH_PARTS];
    let body: Value = serde_json::from_str(&written(&parts, 50)).unwrap();
    assert_eq!(body["requests"].as_array().unwrap().len(), 100);
    assert_eq!(body["requests"][99]["id"], "p99");
    let (mut writer, mut buffer) = (BatchWriter::new(), [0; 256]);
    for part in &parts {
        while writer.fill(Some(part), &mut buffer).unwrap() > 0 {}
    }
    assert_eq!(writer.fill(Some(&parts[0]), &mut buffer), Err(BatchError::TooManyParts));
    assert_eq!(writer.skip(Some(&parts[0])), Err(BatchError::TooManyParts));
    assert_eq!(BatchError::TooManyParts.fault(), Fault::Caller);
    assert_eq!(writer.fill(None, &mut []), Err(BatchError::EmptyBuffer));
    assert_eq!(writer.fill(None, &mut buffer), Ok(2)); // which it is not too late for
    assert_eq!(&buffer[..2], b"]}");
}

#[test]
fn fields_that_no_request_of_its_own_takes_no_part_takes() {
    for (lines, expected) in [
        ("if-match: *", FieldError::Value),
        ("if-match: *\n", FieldError::Value),
        ("if match: *\r\n", FieldError::Name),
        ("if-match: *\r\n\r\n", FieldError::Name),
        ("Cookie: a=b\r\n", FieldError::Reserved),
        ("content-type: text/plain\r\n", FieldError::Reserved),
        ("x: a\u{1}\r\n", FieldError::Value),
    ] {
        let part = BatchPart::new(Method::Get, "Contact").with_field_lines(lines);
        assert_eq!(part.err(), Some(expected), "{lines:?}");
    }
    let part = create(b"{}").with_field_lines("if-match: secret\r\n").unwrap();
    assert!(!format!("{part:?}").contains("secret"));
}

/// An answer to a part: which, whether it is fine, the status, its id, message and inner message.
type Seen = (usize, bool, u16, String, String, String);

fn seen(answer: BatchAnswer<'_>) -> Seen {
    let text = |text: Option<creatio_auth::Text<'_>>| text.map_or(String::from("-"), |text| text.to_string());
    let (id, message) = (text(answer.id), text(answer.message));
    (answer.part, answer.is_fine, answer.http_status, id, message, text(answer.inner_message))
}

struct Read {
    answers: Vec<Seen>,
    outcomes: Vec<BatchOutcome>,
    error: Option<DocumentError>,
}

fn read_pieces<'p>(parts: usize, room: usize, pieces: impl IntoIterator<Item = &'p [u8]>) -> Read {
    let (mut memory, mut answers, mut error) = (vec![0xEE; room], Vec::new(), None);
    let mut reader = BatchReader::new(parts, &mut memory);
    for mut piece in pieces {
        while !piece.is_empty() {
            match reader.feed(piece) {
                Ok(fed) => {
                    piece = &piece[fed.consumed..];
                    assert!(fed.answer.is_some() || piece.is_empty());
                    answers.extend(fed.answer.map(seen));
                }
                Err(told) => {
                    assert!(error.is_none_or(|before| before == told));
                    error = Some(told);
                    break;
                }
            }
        }
    }
    Read { answers, outcomes: (0..parts).map(|part| reader.outcome(part)).collect(), error }
}

/// Reads it whole, byte by byte, and cut at every place.
fn read(parts: usize, body: &str) -> Read {
    let body = body.as_bytes();
    let whole = read_pieces(parts, 1024, [body]);
    let same = |other: Read| {
        assert_eq!(
            (other.answers, other.outcomes, other.error),
            (whole.answers.clone(), whole.outcomes.clone(), whole.error)
        );
    };
    same(read_pieces(parts, 1024, body.chunks(1)));
    for at in 0..body.len() {
        same(read_pieces(parts, 1024, [&body[..at], &body[at..]]));
    }
    whole
}

fn answer(part: usize, is_fine: bool, status: u16, id: &str, message: &str, inner: &str) -> Seen {
    (part, is_fine, status, id.into(), message.into(), inner.into())
}

const THREE: &str = r#" {"@odata.context":"responses","responses": [
    {"id":"p0","status":201,"headers":{"location":"x"},"atomicityGroup":"a","body":{"Id":"]},{","status":7,"id":"no"}} ,
    {"status":204,"id":"p1","headers":{}},{"id":"p2","status":400,"headers":{},"body":{"error":{"code":"E1","message":"No \"x\"",
    "innererror":{"message":"Näme","type":"","internalexception":{"message":"deeper"}}}}}], "x": [{"id":"p3"}] } "#;

#[test]
fn each_part_is_told_as_it_comes_wherever_the_answer_is_cut() {
    let read = read(3, THREE);
    assert_eq!(read.error, None);
    let expected = [
        answer(0, true, 201, "p0", "-", "-"),
        answer(1, true, 204, "p1", "-", "-"),
        answer(2, false, 400, "p2", "No \"x\"", "deeper"),
    ];
    assert_eq!((&read.answers[..], &read.outcomes[..]), (&expected[..], &[Answered; 3][..]));
}

#[test]
fn what_has_no_answer_was_not_done_once_all_have_come_and_nobody_knows_before() {
    assert_eq!(read(5, THREE).outcomes, [Answered, Answered, Answered, NotDone, NotDone]);
    let end = THREE.find("], \"x\"").unwrap();
    for cut in 0..=THREE.len() {
        let read = read_pieces(5, 1024, [&THREE.as_bytes()[..cut]]);
        let rest = if cut > end { NotDone } else { Unknown };
        let mut expected = vec![Answered; read.answers.len()];
        expected.resize(5, rest);
        assert_eq!(read.outcomes, expected, "{cut}");
    }
    // No answer to a batch at all.
    for body in ["", "{}", r#"{"error":{"message":"no"}}"#, "<html>", r#"{"responses":null}"#, "[]"] {
        assert_eq!(read(2, body).outcomes, [Unknown; 2], "{body}");
    }
    assert_eq!(read(2, r#"{"responses":[]}"#).outcomes, [NotDone; 2]);
}

/// One answer for an atomicity group that was refused, and answers in another order.
#[test]
fn an_answer_is_for_the_part_whose_id_it_has() {
    let group = r#"{"responses":[{"id":"p0","status":200},{"id":"p3","status":400},{"id":"p4","status":200}]}"#;
    let read_group = read(5, group);
    assert_eq!(read_group.answers.iter().map(|answer| answer.0).collect::<Vec<_>>(), [0, 3, 4]);
    assert_eq!(read_group.outcomes, [Answered, NotDone, NotDone, Answered, Answered]);
    let turned = r#"{"responses":[{"id":"p1","status":200},{"id":"p0","status":404}]}"#;
    assert_eq!(
        read(2, turned).answers.iter().map(|answer| (answer.0, answer.2)).collect::<Vec<_>>(),
        [(1, 200), (0, 404)]
    );
}

#[test]
fn an_answer_with_another_id_or_with_one_that_comes_again_is_for_the_part_at_its_place() {
    for [first, second] in [
        ["t3", "t3"],
        ["p2", "p2"],
        ["p9", "p09x"],
        ["p0", "p0"],
        ["", "1"],
        ["p", "q1"],
        ["p99999999999999999999", "p-1"],
    ] {
        let body = format!(r#"{{"responses":[{{"id":"{first}","status":201}},{{"id":"{second}","status":204}}]}}"#);
        let read = read(2, &body);
        let told: Vec<_> = read.answers.iter().map(|answer| (answer.0, answer.2)).collect();
        assert_eq!((told, read.error), (vec![(0, 201), (1, 204)], None), "{body}");
    }
    assert_eq!(read(1, r#"{"responses":[{"status":201}]}"#).answers, [answer(0, true, 201, "-", "-", "-")]);
}

#[test]
fn more_answers_than_parts_and_what_is_no_answer_are_errors_after_which_nothing_is_known() {
    for (body, expected) in [
        (r#"{"responses":[{"id":"p0"},{"id":"p1"},{"id":"p2"}]}"#, DocumentError::Doubled),
        (r#"{"responses":[{"id":"p1"},{"id":"x"},{"id":"p0"}]}"#, DocumentError::Doubled), // the second one has p1's place
        (r#"{"responses":[{"id":"p0","id":"p1"}]}"#, DocumentError::Doubled),
        (r#"{"responses":[7]}"#, DocumentError::NotAnObject),
        (r#"{"responses":[[]]}"#, DocumentError::NotAnObject),
        (r#"{"responses":[{"id":"p0",}]}"#, DocumentError::NotJson),
        (r#"{"responses":[,{"id":"p0"}]}"#, DocumentError::NotJson),
        (r#"{"responses":[{"id":"p0"},]}"#, DocumentError::NotJson),
        (r#"{"responses":[{"id":"p0"} , ,{"id":"p1"}]}"#, DocumentError::NotJson),
        (r#"{"responses":[{"id":"p0"}{"id":"p1"}]}"#, DocumentError::NotJson),
        (r#"{"responses":[{"id":"p0"} {"id":"p1"}]}"#, DocumentError::NotJson),
        (r#"{"responses":[{"id":"p0"}"x"]}"#, DocumentError::NotJson),
        (r#"{"responses":[,]}"#, DocumentError::NotJson),
        (r#"{"responses":[7,,8]}"#, DocumentError::NotAnObject),
        (r#"{"responses":[{"id":"p0"]]}"#, DocumentError::NotJson),
        ("{\"responses\":[{\"id\":\"p0\",\"x\":\"\u{1}\"}]}", DocumentError::NotJson),
    ] {
        let read = read(2, body);
        assert_eq!(read.error, Some(expected), "{body}");
        assert!(!read.outcomes.contains(&NotDone), "{body}");
    }
    let deep = format!(r#"{{"responses":[{{"body":{}{}}}]}}"#, "[".repeat(200), "]".repeat(200));
    assert_eq!(read_pieces(1, 64, [deep.as_bytes()]).error, Some(DocumentError::TooDeep));
}

#[test]
fn a_status_is_a_number_and_fine_where_no_error_stands_beside_it() {
    for (status, body, expected) in [
        ("200", "{}", (200, true)),
        ("299", "null", (299, true)),
        ("200", r#"{"error":{"message":"no"}}"#, (200, false)),
        ("200", r#"{"error":null}"#, (200, true)),
        ("199", "{}", (199, false)),
        ("300", "{}", (300, false)),
        ("\"200\"", "{}", (0, false)),
        ("null", "{}", (0, false)),
        ("2e2", "{}", (0, false)),
        ("-200", "{}", (0, false)),
        ("65736", "{}", (0, false)), // 200 and 65536
    ] {
        let body = format!(r#"{{"responses":[{{"status":{status},"body":{body}}}]}}"#);
        let read = read(1, &body);
        assert_eq!((read.answers[0].2, read.answers[0].1), expected, "{body}");
    }
}

#[test]
fn memory_of_any_size_serves_and_texts_are_cut_to_it() {
    for room in 0..200 {
        let read = read_pieces(3, room, [THREE.as_bytes()]);
        assert_eq!((read.answers.len(), read.error), (3, None), "{room}");
        assert_eq!(
            read.answers.iter().map(|answer| (answer.0, answer.1)).collect::<Vec<_>>(),
            [(0, true), (1, true), (2, false)]
        );
    }
    // A cut `id` is none of another part.
    let twelve = r#"{"responses":[{"id":"p12","status":200}]}"#;
    for (room, part) in [(0, 0), (1, 0), (2, 0), (4, 0), (5, 0), (6, 12), (7, 12)] {
        assert_eq!(read_pieces(13, room, [twelve.as_bytes()]).answers[0].0, part, "{room}");
    }
    let cut = &read_pieces(3, 20, [THREE.as_bytes()]).answers[2];
    assert_eq!((&*cut.3, &*cut.4), ("p2", "No \"x\"")); // each has half of what is left
}

/// odatapy (`tests/other_clients/batch.py`): it reads what is written here, and what it answers is read here.
#[test]
#[ignore = "needs other clients; run by cargo xtask test"]
fn a_library_that_others_have_written_reads_what_is_written_and_is_read() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let run = |parts: &[BatchPart<'_>], prefer: &str| {
        let mut command = Command::new(target.join("other-clients/bin/python"));
        command.args([concat!(env!("CARGO_MANIFEST_DIR"), "/tests/other_clients/batch.py"), prefer]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it is installed by cargo xtask test");
        child.stdin.take().unwrap().write_all(written(parts, 7).as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        let output = String::from_utf8(output.stdout).unwrap();
        let (done, answer) = output.split_once('\n').unwrap();
        (serde_json::from_str::<Value>(done).unwrap(), read(parts.len(), answer))
    };
    let get = BatchPart::new(Method::Get, "Contact?$filter=Name%20eq%20'x'");
    let (name, none) = (create(br#"{"Name":"\u00d6"}"#), create(b"{}"));
    let parts = [get, name, none.with_group("g"), name.with_group("g"), name];
    let refused = answer(2, false, 400, "p2", "No \"Name\"", "Name: required");

    let (done, stopped) = run(&parts, "");
    assert_eq!(
        done,
        json!([["GET", "Contact", "$filter=Name%20eq%20'x'"], ["POST", "Contact", null], ["POST", "Contact", null]])
    );
    assert_eq!(stopped.error, None);
    assert_eq!(
        stopped.answers,
        [answer(0, true, 200, "p0", "-", "-"), answer(1, true, 204, "p1", "-", "-"), refused.clone()]
    );
    assert_eq!(stopped.outcomes, [Answered, Answered, Answered, NotDone, NotDone]);

    let (_, went_on) = run(&parts, "continue-on-error");
    assert_eq!(went_on.answers.last(), Some(&answer(4, true, 204, "p4", "-", "-")));
    assert_eq!(went_on.outcomes, [Answered, Answered, Answered, NotDone, Answered]);
}

proptest! {
    #[test]
    fn what_is_written_is_what_serde_json_reads(
        urls in prop::collection::vec(any::<String>(), 0..5),
        group in any::<String>(),
        size in 1..40_usize,
    ) {
        let parts: Vec<_> = urls.iter().map(|url| BatchPart::new(Method::Post, url).with_json(b"[1]").with_group(&group)).collect();
        let body: Value = serde_json::from_str(&written(&parts, size)).unwrap();
        for (at, url) in urls.iter().enumerate() {
            let part = &body["requests"][at];
            prop_assert_eq!(&part["url"], &json!(url));
            prop_assert_eq!(part["id"].clone(), json!(format!("p{at}")));
            prop_assert_eq!(part.get("atomicityGroup").cloned(), (!group.is_empty()).then(|| json!(group)));
        }
    }

    /// Whatever comes, nothing is told of a part that has no answer, and no part has two.
    #[test]
    fn no_part_has_two_answers_whatever_comes(
        ids in prop::collection::vec("p[0-4]|t3|", 0..6),
        damage in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        is_damaged in any::<bool>(),
        chunk in 1..30_usize,
    ) {
        let answers: Vec<_> = ids.iter().map(|id| json!({"id": id, "status": 200})).collect();
        let mut body = json!({"responses": answers}).to_string().into_bytes();
        if is_damaged {
            let at = damage.index(body.len());
            body[at] = byte;
        }
        let read = read_pieces(4, 64, body.chunks(chunk));
        let mut parts: Vec<_> = read.answers.iter().map(|answer| answer.0).collect();
        parts.sort_unstable();
        let count = parts.len();
        parts.dedup();
        prop_assert_eq!(parts.len(), count);
        let answered: Vec<_> = (0..4).filter(|part| read.outcomes[*part] == Answered).collect();
        prop_assert_eq!(parts, answered);
    }
}
