//! Bodies that read themselves: into memory, by embedded-io, and record by record.

use creatio_auth::client::blocking::Client;
use creatio_auth::client::embedded_io_07::{Error as _, ErrorKind, Read, Write};
use creatio_auth::client::{Error, Needed};
use creatio_auth::{Call, CallVerdict, Malformed, Path, ReplyError, Session};
use creatio_emulator::{Emulator, Options};

use crate::script::{Line, Script};
use crate::support::fixtures::{chunked, with_length};
use crate::support::{MEMORY, contacts, framework, net, signed_in};
use crate::tcp::Tcp;

pub const JSON: &str = "Content-Type: application/json";

pub fn replies(body: &str) -> [Vec<u8>; 2] {
    [with_length(&["HTTP/1.1 200 OK", JSON], body), chunked(&["HTTP/1.1 200 OK", JSON], body, &[1, 7, 3])]
}

/// A client with a buffer of this size, whose next reply comes in pieces of that one.
pub fn with_client<R>(
    reply: &[u8],
    buffer: usize,
    piece: usize,
    test: impl FnOnce(&mut Client<'_, '_, Script>) -> R,
) -> R {
    let (mut memory, mut buffer) = ([0; MEMORY], vec![0; buffer]);
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
    let script = Script::new([Line::new([reply.to_vec()]).pieces(piece)]);
    test(&mut Client::new(&mut session, script, &mut buffer))
}

#[test]
fn a_body_is_read_into_memory_that_is_large_enough_whatever_its_pieces() {
    let body = r#"{"value":[{"Name":"Zoë"}]}"#;
    for reply in replies(body) {
        for (buffer, piece) in [(512, 512), (512, 1), (3, 512), (7, 5)] {
            for room in 0..body.len() + 2 {
                with_client(&reply, buffer, piece, |client| {
                    let (mut memory, call) = (vec![0; room], Call::get(contacts()));
                    let mut reply = client.call(&call).unwrap();
                    match reply.read_to_end(&mut memory) {
                        Ok(read) => assert_eq!(&*read, body.as_bytes()),
                        Err(error) => assert_eq!((error, room < body.len()), (too_long(body.len() as u64), true)),
                    }
                    // What is left is passed over.
                    assert_eq!(reply.answer().unwrap().verdict, CallVerdict::Fine);
                });
            }
        }
    }
}

/// What is left is counted from where the caller has read to; one that does not say how long it is, only to the session's limit.
#[test]
fn a_body_that_does_not_fit_says_how_much_memory_it_takes() {
    let body = format!("[\"{}\"]", "a".repeat(96));
    let [said, chunked] = replies(&body);
    for (reply, limit, expected) in [
        (&said, 10, too_long(90)),
        (&said, 1000, too_long(90)),
        (&chunked, 1000, too_long(90)),
        (&chunked, 85, too_long(90)), // which is as many as may be passed over
        (&chunked, 20, Error::BodyTooLong { needed: Needed::MoreThan(25) }),
    ] {
        for (buffer, piece) in [(512, 512), (512, 1), (3, 512), (7, 5)] {
            with_client(reply, buffer, piece, |client| {
                client.session_mut().set_body_limit(limit);
                let call = Call::get(contacts());
                let mut reply = client.call(&call).unwrap();
                let mut first = [0; 10];
                let mut len = 0;
                while len < 10 {
                    len += reply.read(&mut first[len..]).unwrap();
                }
                assert_eq!(reply.read_to_end(&mut [0; 5]), Err(expected), "buffer {buffer}, pieces {piece}");
                assert_eq!(reply.answer().unwrap().verdict, CallVerdict::Fine);
            });
        }
    }
    // One that is cut off says that, since nobody knows how long it was.
    let cut = chunked[..chunked.len() - 9].to_vec();
    with_client(&cut, 64, 64, |client| {
        let call = Call::get(contacts());
        let error = client.call(&call).unwrap().read_to_end(&mut [0; 5]).map(|_| ());
        assert_eq!(error, Err(Error::Reply(ReplyError::ClosedEarly)));
    });
}

pub fn too_long(needed: u64) -> Error<ErrorKind> {
    Error::BodyTooLong { needed: Needed::Bytes(needed) }
}

#[test]
fn a_heapless_vector_takes_a_body() {
    let [reply, _] = replies("[1,2]");
    with_client(&reply, 64, 64, |client| {
        let mut body = heapless::Vec::<u8, 16>::new();
        body.resize_default(body.capacity()).unwrap();
        let len = client.call(&Call::get(contacts())).unwrap().read_to_end(&mut body).unwrap().len();
        body.truncate(len);
        assert_eq!(body, b"[1,2]");
    });
}

#[test]
fn a_reply_reads_and_an_upload_writes_by_embedded_io() {
    let emulator = Emulator::start(Options::default()).unwrap();
    let (url, mut memory, mut buffer) = (emulator.url(), [0; 4096], [0; 50]);
    let site = creatio_auth::Site::parse(&url, creatio_auth::Runtime::NetFramework).unwrap();
    let mut session = Session::new(site, &mut memory);
    let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
    let who = creatio_auth::Credentials::borrowed("Supervisor", "Supervisor");
    let json = r#"{"Name":"Bob"}"#;
    let call = Call::post(contacts()).with_body_of_length("application/json", json.len()).unwrap();
    assert!(client.login(&who).unwrap().verdict.is_authenticated());
    let mut upload = client.upload(&call).unwrap();
    let who_is_new = "Bob";
    let writer: &mut dyn Write<Error = _> = &mut upload;
    write!(writer, "{{\"Name\":{:?}}}", who_is_new).unwrap();
    Write::flush(&mut upload).unwrap();
    assert_eq!(upload.reply().unwrap().answer().unwrap().http_status, 201);

    let call = Call::get(contacts());
    let mut reply = client.call(&call).unwrap();
    let mut start = [0; 12];
    assert_eq!(reply.read(&mut []).unwrap(), 0, "no room takes nothing");
    reply.read_exact(&mut start).unwrap();
    assert!(start.starts_with(b"{\"@odata"));
    let mut rest = Vec::new();
    let mut byte = [0];
    while reply.read(&mut byte).unwrap() > 0 {
        rest.push(byte[0]);
    }
    assert!(String::from_utf8(rest).unwrap().contains("Bob"));
    assert_eq!(reply.read(&mut byte).unwrap(), 0, "and stays at its end");
    assert_eq!(reply.answer().unwrap().verdict, CallVerdict::Fine);
    assert_eq!(too_long(9).kind(), ErrorKind::OutOfMemory);
    assert_eq!(Error::Transport(ErrorKind::TimedOut).kind(), ErrorKind::TimedOut);
}

#[test]
fn records_come_one_at_a_time_whatever_the_pieces_and_the_next_page_is_told() {
    let link = "https://crm.example.com/odata/Contact?$skiptoken=9";
    let body =
        format!(r#"{{"@odata.context":"x","value":[{{"Id":1}},{{"Id":"]\"}}"}}],"@odata.nextLink":"{link}"}}"#);
    let expected = [r#"{"Id":1}"#, r#"{"Id":"]\"}"}"#];
    for reply in replies(&body) {
        for (buffer, piece) in [(512, 512), (512, 1), (3, 512), (7, 5)] {
            with_client(&reply, buffer, piece, |client| {
                let (mut memory, mut link) = ([0; 14], [0; 64]);
                let call = Call::get(contacts());
                let mut records = client.call(&call).unwrap().records(&mut memory);
                assert!(format!("{records:?}").starts_with("Records { reply: "));
                let mut found = Vec::new();
                while let Some(record) = records.next().unwrap() {
                    found.push(String::from_utf8(record.to_vec()).unwrap());
                }
                assert_eq!(found, expected);
                let (answer, page) = records.next_page(&mut link).unwrap();
                assert_eq!(answer.verdict, CallVerdict::Fine);
                assert_eq!(page.map(|page| page.as_str()), Some("/odata/Contact?$skiptoken=9"));
            });
            with_client(&reply, buffer, piece, |client| {
                let (mut memory, call) = ([0; 10], Call::get(contacts()));
                let mut records = client.call(&call).unwrap().records(&mut memory);
                assert_eq!(records.next().unwrap(), Some(expected[0].as_bytes()));
                assert_eq!(records.next(), Err(too_long(expected[1].len() as u64)));
                assert_eq!(records.next(), Ok(None), "that was the last one");
                assert_eq!(records.next_page(&mut [0; 4]).unwrap_err(), too_long(27), "of the link");
            });
        }
    }
}

/// Page after page, with a place for each link: absolute links of either runtime, which have the prefix already.
#[test]
fn pages_are_followed_to_the_last_one() {
    for (site, prefix) in [(net(), ""), (framework(), "/CreatioWebApp/0")] {
        let page = |id: u32, next: Option<u32>| {
            let next = next.map(|skip| format!("https://crm.example.com{prefix}/odata/Contact?$skip={skip}"));
            let next = next.map(|next| format!(r#","@odata.nextLink":"{next}""#)).unwrap_or_default();
            with_length(&["HTTP/1.1 200 OK", JSON], format!(r#"{{"value":[{{"Id":{id}}},{{"Id":{id}0}}]{next}}}"#))
        };
        let script = Script::new([Line::new([page(1, Some(2)), page(2, Some(4)), page(3, None)])]);
        let (mut memory, mut buffer) = ([0; MEMORY], [0; 100]);
        let mut session = signed_in(site, &mut memory, &[".ASPXAUTH=t; path=/"]);
        let mut client = Client::new(&mut session, script.clone(), &mut buffer);

        let mut found = Vec::new();
        let (mut record, mut links) = ([0; 32], [[0; 64]; 3]);
        let mut links = links.iter_mut();
        let mut next = Some(Path::site("/odata/Contact").unwrap());
        while let Some(path) = next {
            let mut records = client.call(&Call::get(path)).unwrap().records(&mut record);
            while let Some(record) = records.next().unwrap() {
                found.push(String::from_utf8(record.to_vec()).unwrap());
            }
            let (answer, page) = records.next_page(links.next().unwrap()).unwrap();
            assert_eq!(answer.verdict, CallVerdict::Fine);
            next = page;
        }
        assert_eq!(found, [1, 10, 2, 20, 3, 30].map(|id| format!("{{\"Id\":{id}}}")));
        let sent = String::from_utf8(script.notes(|notes| notes.sent.concat())).unwrap();
        let lines: Vec<_> = sent.lines().filter(|line| line.starts_with("GET ")).collect();
        let expected =
            ["", "?$skip=2", "?$skip=4"].map(|query| format!("GET {prefix}/odata/Contact{query} HTTP/1.1"));
        assert_eq!(lines, expected);
    }
}

#[derive(serde::Deserialize, Debug, PartialEq)]
struct Record<'a> {
    #[serde(rename = "Id")]
    id: u32,
    #[serde(rename = "Name")]
    name: &'a str,
}

#[test]
fn a_body_is_a_value_where_the_call_was_answered_well() {
    let json = |reply: &[u8], memory: usize| {
        with_client(reply, 64, 5, |client| {
            let (mut memory, call) = (vec![0; memory], Call::get(contacts()));
            let reply = client.call(&call).unwrap();
            reply.json::<Record<'_>>(&mut memory, &mut [0; 8]).map(|record| (record.id, record.name.to_owned()))
        })
    };
    for reply in replies(r#"{"Id":7,"Name":"Ann"}"#) {
        assert_eq!(json(&reply, 64), Ok((7, "Ann".to_owned())));
        assert_eq!(json(&reply, 20), Err(too_long(21)));
    }
    let error = json(&replies(r#"{"Id":"7","Name":"Ann"}"#)[0], 64).unwrap_err();
    assert!(matches!(error, Error::Typed(typed) if typed.member() == Some("Id")), "{error}");
    let missing = with_length(&["HTTP/1.1 404 Not Found", JSON], r#"{"error":{"message":"no such record"}}"#);
    for memory in [64, 3] {
        assert_eq!(json(&missing, memory), Err(Error::Verdict(CallVerdict::NotFound)));
    }
}

#[test]
fn what_fails_while_a_body_is_read_is_told_whichever_way_it_is_read() {
    let cut = format!("HTTP/1.1 200 OK\r\n{JSON}\r\nContent-Length: 200\r\n\r\n{{\"Id\":1,\"a").into_bytes();
    let malformed = format!("HTTP/1.1 200 OK\r\n{JSON}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{{}} \r\nx");
    let bad_chunk = Error::Reply(Malformed::ChunkSize.into());
    for (reply, error) in [(cut, Error::Reply(ReplyError::ClosedEarly)), (malformed.into_bytes(), bad_chunk)] {
        for (buffer, piece) in [(512, 512), (512, 1), (3, 512), (7, 5)] {
            with_client(&reply, buffer, piece, |client| {
                let (mut memory, call) = ([0; 300], Call::get(contacts()));
                let json = client.call(&call).unwrap().json::<Record<'_>>(&mut memory, &mut []);
                assert_eq!(json, Err(error), "buffer {buffer}, pieces {piece}");
            });
        }
    }
}

#[test]
fn records_are_values_one_at_a_time_and_a_bad_one_does_not_end_them() {
    let body = r#"{"value":[{"Id":1,"Name":"a"},{"Id":2},{"Id":3,"Name":"c"}]}"#;
    for reply in replies(body) {
        with_client(&reply, 9, 4, |client| {
            let (mut memory, call) = ([0; 24], Call::get(contacts()));
            let mut records = client.call(&call).unwrap().records(&mut memory);
            let mut next = || records.next_as::<Record<'_>>(&mut []).map(|record| record.map(|record| record.id));
            assert_eq!(next(), Ok(Some(1)));
            assert!(matches!(next(), Err(Error::Typed(error)) if error.member() == Some("Name")));
            assert_eq!([next(), next(), next()], [Ok(Some(3)), Ok(None), Ok(None)]);
            assert_eq!(records.answer().unwrap().verdict, CallVerdict::Fine);
        });
    }
}
