//! Bodies that read themselves: into memory, by embedded-io, and record by record.

use creatio_auth::client::Error;
use creatio_auth::client::blocking::Client;
use creatio_auth::client::embedded_io_07::{Error as _, ErrorKind, Read, Write};
use creatio_auth::{Call, CallVerdict, Malformed, Path, ReplyError, Session, Site};
use creatio_emulator::{Emulator, Options};

use crate::script::{Line, Script};
use crate::support::fixtures::{chunked, with_length};
use crate::support::{MEMORY, contacts, framework, net, signed_in};
use crate::tcp::Tcp;

const JSON: &str = "Content-Type: application/json";

fn replies(body: &str) -> [Vec<u8>; 2] {
    [with_length(&["HTTP/1.1 200 OK", JSON], body), chunked(&["HTTP/1.1 200 OK", JSON], body, &[1, 7, 3])]
}

/// A client with a buffer of this size, whose next reply comes in pieces of that one.
fn with_client<R>(
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
                        Err(error) => assert_eq!((error, room < body.len()), (Error::BodyTooLong, true)),
                    }
                    // What is left is passed over.
                    assert_eq!(reply.answer().unwrap().verdict, CallVerdict::Fine);
                });
            }
        }
    }
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
    assert_eq!(Error::<ErrorKind>::BodyTooLong.kind(), ErrorKind::OutOfMemory);
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
                assert_eq!(records.next(), Err(Error::BodyTooLong));
                assert_eq!(records.next(), Ok(None), "that was the last one");
                assert_eq!(records.next_page(&mut [0; 4]).unwrap_err(), Error::BodyTooLong, "of the link");
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
        assert_eq!(json(&reply, 20), Err(Error::BodyTooLong));
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

/// All records of a reply, and how they end, to the blocking client and to the other.
fn listed(reply: &[u8], call: &Call<'_>, piece: usize) -> (Vec<String>, Result<(), Error<ErrorKind>>) {
    let text = |record: &[u8]| String::from_utf8(record.to_vec()).unwrap();
    let outcome = with_client(reply, 9, piece, |client| {
        let (mut memory, mut found) = ([0; 64], Vec::new());
        let mut records = client.call(call).unwrap().records(&mut memory);
        let end = loop {
            match records.next() {
                Ok(Some(record)) => found.push(text(record)),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        if !matches!(end, Err(Error::Reply(_))) {
            assert_eq!(records.next().map(|record| assert_eq!(record, None)), end, "and so it stays");
        }
        (found, end)
    });
    #[cfg(feature = "embedded-io-async-07")]
    {
        use crate::slow::{Slow, wait};
        use creatio_auth::client::asynch;
        let (mut memory, mut buffer, mut place, mut found) = ([0; MEMORY], [0; 9], [0; 64], Vec::new());
        let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
        let script = Script::new([Line::new([reply.to_vec()]).pieces(piece)]);
        let mut client = asynch::Client::new(&mut session, Slow(script), &mut buffer);
        let mut records = wait(client.call(call)).unwrap().records(&mut place);
        let end = loop {
            match wait(records.next()) {
                Ok(Some(record)) => found.push(text(record)),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        assert_eq!((found, end), outcome, "the asynchronous client does the same");
    }
    outcome
}

#[test]
fn a_list_that_is_cut_or_broken_or_none_is_an_error_and_no_end() {
    let get = Call::get(contacts());
    let whole = r#"{"value":[{"Id":1},{"Id":"]"}],"x":[{}]} "#;
    for piece in [1, 7, 512] {
        for len in 0..=whole.len() {
            let end = if len < whole.len() - 1 { Err(Error::NoList) } else { Ok(()) };
            for reply in replies(&whole[..len]) {
                assert_eq!(listed(&reply, &get, piece).1, end, "{}", &whole[..len]);
            }
        }
        for (body, count) in [
            ("{}", 0),
            ("[]", 0),
            ("7", 0),
            (r#"[{"value":[1]}]"#, 0),
            (r#"{"value":{"value":[1]}}"#, 0),
            (r#"{"value":null}"#, 0),
            (r#"{"value":[{"Id":1},}"#, 1),
            (r#"{"value":[{"Id":1},]}"#, 1),
            (r#"{"value":[{"Id":1}}}"#, 1),
            (r#"{"value":[{"Id":1} {"Id":2}]}"#, 2),
            (r#"{"value":[{"Id":1},,{"Id":2}]}"#, 2),
            (r#"{"value":[{"Id":1}]}x"#, 1),
            (r#"{"value":[{"Id":1}]}{}"#, 1),
        ] {
            for reply in replies(body) {
                let (found, end) = listed(&reply, &get, piece);
                assert_eq!((found.len(), end), (count, Err(Error::NoList)), "{body}");
            }
        }
        assert_eq!(listed(b"HTTP/1.1 204 No Content\r\n\r\n", &get, piece).1, Err(Error::NoList));
        for (status, verdict) in [
            ("400 Bad Request", CallVerdict::Refused),
            ("404 Not Found", CallVerdict::NotFound),
            ("500 Internal Server Error", CallVerdict::ServerError),
            ("503 Service Unavailable", CallVerdict::Busy),
        ] {
            for body in [r#"{"error":{"message":"no"}}"#, r#"{"error":{},"value":[{"Id":1}]}"#] {
                let reply = with_length(&[&format!("HTTP/1.1 {status}"), JSON], body);
                assert_eq!(listed(&reply, &get, piece), (vec![], Err(Error::Verdict(verdict))), "{status}");
            }
        }
        let page = with_length(&["HTTP/1.1 200 OK", "Content-Type: text/html"], "<html>moved</html>");
        assert_eq!(listed(&page, &get, piece).1, Err(Error::Verdict(CallVerdict::NotJson)));
        let failed = &replies(r#"{"value":[{"Id":1}],"error":{"message":"no more"}}"#)[0];
        let one = vec![r#"{"Id":1}"#.to_owned()];
        assert_eq!(listed(failed, &get, piece), (one.clone(), Err(Error::Verdict(CallVerdict::Failed))));
        // Into the body of a raw call nobody looks but for its list.
        let raw = get.with_raw_body();
        assert_eq!(listed(&replies(r#"{"value":[{"Id":1}]}"#)[1], &raw, piece), (one.clone(), Ok(())));
        assert_eq!(listed(&replies(r#"{"value":[{"Id":1}"#)[1], &raw, piece), (one, Err(Error::NoList)));
    }
}

#[test]
fn a_record_that_is_too_long_does_not_end_them() {
    let body = r#"{"value":[{"Id":1},{"Id":"too long"},{"Id":3},77777777777,4]}"#;
    for reply in replies(body) {
        for piece in [1, 7, 512] {
            with_client(&reply, 9, piece, |client| {
                let (mut memory, call) = ([0; 8], Call::get(contacts()));
                let mut records = client.call(&call).unwrap().records(&mut memory);
                let mut next = || records.next().map(|record| record.map(|record| record.escape_ascii().to_string()));
                let (one, three) = (r#"{\"Id\":1}"#.to_owned(), r#"{\"Id\":3}"#.to_owned());
                assert_eq!([next(), next(), next()], [Ok(Some(one)), Err(Error::BodyTooLong), Ok(Some(three))]);
                assert_eq!([next(), next()], [Err(Error::BodyTooLong), Ok(Some("4".to_owned()))]);
                assert_eq!([next(), next()], [Ok(None), Ok(None)]);
            });
        }
    }
}

/// Where the next page is, to both clients.
fn next_page(
    reply: &[u8],
    site: Site<'static>,
    memory: usize,
    room: usize,
) -> Result<Option<String>, Error<ErrorKind>> {
    let (mut session_memory, mut buffer, mut link) = (vec![0; memory], [0; 64], vec![0; room]);
    let script = || Script::new([Line::new([reply.to_vec()])]);
    let call = Call::get(Path::site("/odata/Contact?$top=2").unwrap());
    let text = |path: Option<Path<'_>>| path.map(|path| format!("{path:?}"));
    let mut session = signed_in(site, &mut session_memory, &[".ASPXAUTH=t; path=/"]);
    let mut client = Client::new(&mut session, script(), &mut buffer);
    let page = client.call(&call).unwrap().records(&mut []).next_page(&mut link).map(|(_, page)| text(page));
    drop(client);
    #[cfg(feature = "embedded-io-async-07")]
    {
        use crate::slow::{Slow, wait};
        let mut client = creatio_auth::client::asynch::Client::new(&mut session, Slow(script()), &mut buffer);
        let records = wait(client.call(&call)).unwrap().records(&mut []);
        assert_eq!(wait(records.next_page(&mut link)).map(|(_, page)| text(page)), page);
    }
    page
}

#[test]
fn a_next_page_is_found_or_is_an_error_and_never_taken_for_none() {
    let reply = |link: &str| replies(&format!(r#"{{"value":[],"@odata.nextLink":"{link}"}}"#))[1].clone();
    for (site, base) in [(net(), ""), (framework(), "/CreatioWebApp/0")] {
        let below = if base.is_empty() { "" } else { "/0" };
        let root = |path: &str| Ok(Some(format!("{:?}", Path::root(path).unwrap())));
        let relative = |path: &str| Ok(Some(format!("{:?}", Path::site(path).unwrap())));
        let page = format!("{below}/odata/Contact?$skip=1");
        for (link, expected) in [
            (format!("https://crm.example.com{base}/odata/Contact?$skip=1"), root(&page)),
            (format!("{base}/odata/Contact?$skip=1"), root(&page)),
            ("Contact?$skip=1".to_owned(), relative("/odata/Contact?$skip=1")),
            ("?$skip=1".to_owned(), relative("/odata/Contact?$skip=1")),
            (format!("http://crm.example.com{base}/odata/Contact"), Err(Error::LinkElsewhere)),
            (format!("//crm.example.com{base}/odata/Contact"), Err(Error::LinkElsewhere)),
            ("https://elsewhere.example.com/odata/Contact".to_owned(), Err(Error::LinkElsewhere)),
            ("../Contact?$skip=1".to_owned(), Err(Error::LinkElsewhere)),
            ("Contact?$filter=a b".to_owned(), Err(Error::LinkElsewhere)),
            (String::new(), Err(Error::LinkElsewhere)),
        ] {
            assert_eq!(next_page(&reply(&link), site, MEMORY, 64), expected, "{link}");
        }
        let link = "Contact?$skip=1";
        for room in 0.."/odata/".len() + link.len() {
            assert_eq!(next_page(&reply(link), site, MEMORY, room), Err(Error::BodyTooLong), "{room}");
        }
        let long = format!("Contact?$skiptoken={}", "a".repeat(MEMORY));
        assert_eq!(next_page(&reply(&long), site, MEMORY, 2 * MEMORY), Err(Error::LinkCut));
        for body in [r#"{"value":[]}"#, r#"{"value":[{"@odata.nextLink":"x"}]}"#] {
            assert_eq!(next_page(&replies(body)[0], site, MEMORY, 64), Ok(None), "{body}");
        }
        assert_eq!(next_page(&replies(r#"{"value":[{"Id":1}"#)[0], site, MEMORY, 64), Err(Error::NoList));
    }
    let refused = with_length(&["HTTP/1.1 404 Not Found", JSON], r#"{"error":{"message":"no"}}"#);
    assert_eq!(next_page(&refused, net(), MEMORY, 64), Ok(None), "which the verdict tells");
}
