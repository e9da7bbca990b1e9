//! A binary column: the bytes of an image.

use std::num::NonZeroUsize;

use creatio_emulator::Options;
use serde_json::json;

use crate::client::Client;
use crate::start;

const BYTES: [(&str, &str); 1] = [("Content-Type", "application/octet-stream")];

/// Bytes that do not repeat soon.
fn noise(length: usize) -> Vec<u8> {
    let next = |state: &mut u32| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some(state.to_be_bytes()[0])
    };
    std::iter::successors(Some(1_u32), |state| Some(state.wrapping_add(1)))
        .scan(7, |state, _| next(state))
        .take(length)
        .collect()
}

fn create(client: &mut Client) -> String {
    let made = client.json("POST", "/odata/SysImage", &json!({"Name": "Foto ä.png", "MimeType": "image/png"}));
    assert_eq!(made.status, 201);
    made.json()["Id"].as_str().unwrap().to_owned()
}

#[test]
fn bytes_of_any_number_come_back() {
    for (tls, chunk_size) in [(false, None), (true, NonZeroUsize::new(1 << 16))] {
        let emulator = start(Options { tls, chunk_size, ..Options::default() });
        let mut client = Client::signed_in(&emulator);
        let id = create(&mut client);
        let data = format!("/0/odata/SysImage({id})/Data");
        assert_eq!(client.get(&data).status, 204);
        assert_eq!(emulator.image(&id), None);
        for length in [21 << 20, 1, 0] {
            let bytes = noise(length);
            assert_eq!(client.send_with("PUT", &data, &BYTES, &bytes).status, 204);
            assert!(emulator.image(&id.to_uppercase()).unwrap() == bytes);
            let read = client.get(&data);
            assert_eq!((read.status, read.field("Content-Type")), (200, Some("application/octet-stream")));
            assert!(read.bytes == bytes);
        }
        assert_eq!(emulator.counters().writes, 4);
    }
}

#[test]
fn bytes_need_a_record_and_their_type() {
    let emulator = start(Options::default());
    let mut client = Client::signed_in(&emulator);
    let id = create(&mut client);
    let data = format!("/0/odata/SysImage({id})/Data");
    assert_eq!(client.send("PUT", &data, Some("image/png"), "x").status, 415);
    assert_eq!(client.send("PATCH", &data, Some("application/json"), "{}").status, 405);
    let mut put = |target: &str| client.send_with("PUT", target, &BYTES, b"x").status;
    assert_eq!(put(&format!("/0/odata/SysImage({id})/Name")), 404);
    assert_eq!(put("/0/odata/SysImage(0f4bd6c6-1ba2-4f8d-9c1d-0d6f25c5a0aa)/Data"), 404);
    assert_eq!(put("/0/odata/Contact(410006e1-ca4e-4502-a9ec-e54d922d2c00)/Data"), 404);
    assert_eq!(put(&data), 204);
    assert_eq!(client.send("DELETE", &data, None, "").status, 204);
    assert_eq!((client.get(&data).status, emulator.image(&id)), (204, None));
    assert_eq!(client.send_with("PUT", &data, &BYTES, b"x").status, 204);

    assert_eq!(client.send("DELETE", &format!("/0/odata/SysImage({id})"), None, "").status, 204);
    assert_eq!(client.get(&data).status, 404);
    assert_eq!((emulator.image(&id), emulator.image("x")), (None, None));
}
