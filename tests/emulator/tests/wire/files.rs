//! The file API.

use creatio_emulator::{Emulator, Options};
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::start;

const ID: &str = "0f4bd6c6-1ba2-4f8d-9c1d-0d6f25c5a0aa";
const CONTACT: &str = "410006e1-ca4e-4502-a9ec-e54d922d2c00";

fn target(id: &str, total: usize) -> String {
    format!(
        "/0/rest/FileApiService/UploadFile?fileId={id}&totalFileLength={total}&mimeType=text%2Fplain\
         &fileName=%D1%84%D0%B0%D0%B9%D0%BB%20%26%20co.txt&columnName=Data&entitySchemaName=ContactFile\
         &parentColumnName=Contact&parentColumnValue={CONTACT}"
    )
}

fn send(client: &mut Client, target: &str, range: &str, piece: &[u8]) -> Reply {
    let fields = [
        ("Content-Type", "application/octet-stream"),
        ("Content-Disposition", "attachment; filename=file.txt"),
        ("Content-Range", range),
    ];
    client.send_with("POST", target, &fields, piece)
}

fn assert_accepted(reply: &Reply) {
    assert_eq!((reply.status, reply.json()), (200, json!({"success": true, "errorInfo": null})));
}

fn assert_refused(reply: &Reply) {
    assert_eq!((reply.status, &reply.json()["success"]), (400, &json!(false)));
    assert!(reply.json()["errorInfo"]["message"].as_str().is_some_and(|message| !message.is_empty()));
}

fn record(emulator: &Emulator) -> Option<serde_json::Map<String, Value>> {
    emulator.records("ContactFile").unwrap().pop()
}

#[test]
fn a_file_comes_in_pieces() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let target = target(ID, 10);
    assert_eq!(emulator.file(ID), None);
    assert_accepted(&send(&mut client, &target, "bytes 0-3/10", b"0123"));
    assert_accepted(&send(&mut client, &target, "bytes 4-4/10", b"4"));
    let file = emulator.file(ID).unwrap();
    assert_eq!((file.content, file.piece_offsets), (b"01234".to_vec(), vec![0, 4]));
    assert_eq!(record(&emulator), None);

    // A piece whose answer got lost is sent again.
    assert_accepted(&send(&mut client, &target, "bytes 4-4/10", b"4"));
    assert_accepted(&send(&mut client, &target, "bytes 0-3/10", b"0123"));
    assert_accepted(&send(&mut client, &target, "bytes 5-9/10", b"56789"));
    assert_accepted(&send(&mut client, &target, "bytes 5-9/10", b"56789"));
    assert_eq!((emulator.counters().writes, emulator.counters().calls), (3, 6));

    let file = emulator.file(&ID.to_uppercase()).unwrap();
    assert_eq!(file.content, b"0123456789");
    assert_eq!(file.parameters.file_name, "файл & co.txt");
    assert_eq!(file.parameters.mime_type, "text/plain");
    let record = record(&emulator).unwrap();
    assert_eq!((&record["Id"], &record["Name"]), (&json!(ID), &json!("файл & co.txt")));
    assert_eq!((&record["Size"], &record["ContactId"]), (&json!(10), &json!(CONTACT)));
    assert_eq!(client.get(&format!("/0/odata/ContactFile({ID})/Data")).bytes, b"0123456789");
}

#[test]
fn a_file_is_downloaded_under_its_name() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let download = format!("/0/rest/FileService/Download/ContactFile/{}", ID.to_uppercase());
    assert_eq!(client.get(&download).status, 404);
    assert_accepted(&send(&mut client, &target(ID, 4), "bytes 0-3/4", b"\0\xFF\r\n"));
    let reply = client.get(&download);
    assert_eq!((reply.status, &reply.bytes[..]), (200, &b"\0\xFF\r\n"[..]));
    let name = "attachment; filename*=UTF-8''%D1%84%D0%B0%D0%B9%D0%BB%20%26%20co.txt";
    assert_eq!(reply.field("Content-Disposition"), Some(name));
    assert_eq!(client.get(&download.replace("ContactFile", "Nothing")).status, 404);
}

#[test]
fn a_download_goes_on_where_it_stopped_unless_the_file_is_another_by_then() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let download = format!("/0/rest/FileService/Download/ContactFile/{ID}");
    assert_accepted(&send(&mut client, &target(ID, 10), "bytes 0-9/10", b"0123456789"));
    let whole = client.get(&download);
    let etag = whole.field("ETag").unwrap().to_owned();
    assert_eq!(
        (whole.field("Accept-Ranges"), whole.field("Content-Type")),
        (Some("bytes"), Some("application/octet-stream"))
    );
    let mut part = |range: &str, if_range: &str| {
        let fields = [("Range", range), ("If-Range", if_range)];
        let reply = client.send_with("GET", &download, &fields[..if if_range.is_empty() { 1 } else { 2 }], b"");
        let content_range = reply.field("Content-Range").map(str::to_owned);
        (reply.status, String::from_utf8(reply.bytes).unwrap(), content_range)
    };
    let range = |text: &str| Some(format!("bytes {text}/10"));
    assert_eq!(part("bytes=4-", &etag), (206, "456789".to_owned(), range("4-9")));
    assert_eq!(part("bytes=0-0", ""), (206, "0".to_owned(), range("0-0")));
    assert_eq!(part("bytes=8-99", ""), (206, "89".to_owned(), range("8-9")));
    assert_eq!(part("bytes=10-", ""), (416, String::new(), range("*")));
    for (other, if_range) in [("bytes=4-", "\"0\""), ("bytes=5-4", ""), ("bytes=-4", ""), ("lines=1-", "")] {
        assert_eq!(part(other, if_range), (200, "0123456789".to_owned(), None), "{other}");
    }
}

#[test]
fn the_record_may_come_before_its_file_and_little_be_said_about_it() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let made = client.json("POST", "/odata/ContactFile", &json!({"Name": "file.txt", "TypeId": CONTACT}));
    let id = made.json()["Id"].as_str().unwrap().to_owned();
    let target = target(&id, 4).replace("mimeType=text%2Fplain&", "");
    let reply = client.send_with("POST", &target, &[("Content-Range", "bytes 0-3/4")], b"0123");
    assert_accepted(&reply);
    assert_eq!(emulator.records("ContactFile").unwrap().len(), 1);
    let record = record(&emulator).unwrap();
    assert_eq!((&record["Id"], &record["TypeId"], &record["Size"]), (&json!(id), &json!(CONTACT), &json!(4)));
    assert_eq!(client.get(&format!("/0/odata/ContactFile({id})/Data")).bytes, b"0123");
}

#[test]
fn gaps_and_overlaps_are_refused() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let target = target(ID, 10);
    assert_refused(&send(&mut client, &target, "bytes 1-3/10", b"123"));
    assert_accepted(&send(&mut client, &target, "bytes 0-3/10", b"0123"));
    assert_accepted(&send(&mut client, &target, "bytes 4-5/10", b"45"));
    for (range, piece) in [
        ("bytes 7-9/10", &b"789"[..]),
        ("bytes 5-9/10", b"56789"),
        ("bytes 3-6/10", b"3456"),
        ("bytes 0-2/10", b"012"),
        ("bytes 0-5/10", b"012345"),
        ("bytes 4-5/10", b"4x"),
    ] {
        assert_refused(&send(&mut client, &target, range, piece));
    }
    assert_accepted(&send(&mut client, &target, "bytes 6-9/10", b"6789"));
    assert_eq!(emulator.file(ID).unwrap().content, b"0123456789");
    assert_eq!((emulator.counters().writes, emulator.counters().writes_refused), (3, 7));
}

#[test]
fn a_piece_must_be_what_it_says() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let good = target(ID, 4);
    for range in [
        "bytes 0-1/4",
        "bytes 0-4/4",
        "bytes 0-3/5",
        "bytes 3-0/4",
        "bytes 0-18446744073709551615/4",
        "0-3/4",
        "bytes */4",
        "",
    ] {
        assert_refused(&send(&mut client, &good, range, b"0123"));
    }
    for (from, to) in [
        ("fileId=0f", "fileId=xx"),
        ("totalFileLength=4", "totalFileLength=5"),
        ("totalFileLength=4", "totalFileLength=-1"),
        ("&fileName", "&x"),
        ("=ContactFile", "=Nothing"),
        ("=ContactFile", "=Contact"),
        ("columnName=Data", "columnName=Name"),
    ] {
        assert_refused(&send(&mut client, &good.replacen(from, to, 1), "bytes 0-3/4", b"0123"));
    }
    for disposition in ["inline", "attachment; filename="] {
        let fields = [("Content-Range", "bytes 0-3/4"), ("Content-Disposition", disposition)];
        assert_refused(&client.send_with("POST", &good, &fields, b"0123"));
    }
    assert_eq!(emulator.file(ID), None);

    assert_accepted(&send(&mut client, &good, "bytes 0-1/4", b"01"));
    let renamed = good.replace("co.txt", "co.png");
    assert_refused(&send(&mut client, &renamed, "bytes 2-3/4", b"23"));
    assert_accepted(&send(&mut client, &good, "bytes 2-3/4", b"23"));
    assert_eq!(emulator.counters().writes, 2);
}
