//! Lists that go on over several pages, in one piece of memory.

use std::num::NonZeroUsize;

use creatio_auth::client::blocking::{Client, Pages};
use creatio_auth::client::embedded_io_07::ErrorKind;
use creatio_auth::client::{Error, Needed};
use creatio_auth::{Call, CallVerdict, Credentials, Field, Path, Runtime, Session, Site};
use creatio_emulator::{Emulator, Options};

use crate::bodies::{JSON, too_long};
use crate::renewal::let_in;
use crate::script::{Line, Script};
use crate::support::fixtures::with_length;
use crate::support::{MEMORY, contacts, credentials, framework, net, signed_in};
use crate::tcp::Tcp;

#[test]
fn all_records_of_the_emulator_come_whatever_its_pages_also_where_the_session_ends_between_two() {
    for (page, runtime) in
        [(1, Runtime::NetFramework), (3, Runtime::Net), (4, Runtime::NetFramework), (100, Runtime::Net)]
    {
        let page_size = NonZeroUsize::new(page);
        let site_runtime = match runtime {
            Runtime::Net => creatio_emulator::Runtime::Net,
            _ => creatio_emulator::Runtime::NetFramework,
        };
        let options = Options { page_size, runtime: site_runtime, ..Options::default() };
        let emulator = Emulator::start(options).unwrap();
        let (url, mut memory, mut buffer) = (emulator.url(), [0; 4096], [0; 256]);
        let mut session = Session::new(Site::parse(&url, runtime).unwrap(), &mut memory);
        let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
        let who = Credentials::borrowed("Supervisor", "Supervisor");
        let mut expected = Vec::new();
        for nth in 0..12 {
            let json = format!(r#"{{"Name":"paged {nth:02}"}}"#);
            let create = Call::post(contacts()).with_json(json.as_bytes());
            assert_eq!(client.call_renewed(&create, &who).unwrap().answer().unwrap().verdict, CallVerdict::Fine);
            expected.push(format!("paged {nth:02}"));
        }
        let query = [("$select", "Name"), ("$orderby", "Name")];
        let (mut memory, mut names, mut count, mut all) = ([0; 512], Vec::new(), 0, 0);
        let mut pages = Pages::new(Call::get(contacts()).with_query(&query), &mut memory);
        while let Some(mut records) = pages.next(&mut client, &who).unwrap() {
            while let Some(record) = records.next().unwrap() {
                let record = String::from_utf8(record.to_vec()).unwrap();
                all += 1;
                names.extend(record.split("\"Name\":\"paged ").nth(1).map(|name| format!("paged {}", &name[..2])));
            }
            count += 1;
            if count % 3 == 0 {
                emulator.expire_sessions();
            }
        }
        assert_eq!((names, count), (expected, usize::div_ceil(all, page)));
    }
}

/// What comes of a list, and the first lines of its requests; to both clients.
type Seen = (Vec<String>, Result<usize, Error<ErrorKind>>, Vec<String>);

fn page(records: &str, link: Option<&str>) -> Vec<u8> {
    let link = link.map(|link| format!(r#","@odata.nextLink":"{link}""#)).unwrap_or_default();
    with_length(&["HTTP/1.1 200 OK", JSON], format!(r#"{{"value":[{records}]{link}}}"#))
}

fn listed(site: Site<'static>, replies: &[Vec<u8>], piece: usize, room: usize) -> Seen {
    let call = Call::get(Path::site("/odata/Contact?$top=9").unwrap());
    let fields = [Field::new("Prefer", "odata.maxpagesize=2").unwrap()];
    let call = call.with_fields(&fields);
    let cookies = [".ASPXAUTH=t; path=/"];
    let lines = |script: &Script| {
        let sent = String::from_utf8(script.notes(|notes| notes.sent.concat())).unwrap();
        assert_eq!(sent.matches("\r\nPrefer: ").count(), sent.matches("GET ").count(), "{sent}");
        let lines = sent.lines().filter(|line| line.starts_with("GET "));
        lines.map(|line| line.trim_end_matches(" HTTP/1.1").to_owned()).collect::<Vec<_>>()
    };
    let script = Script::new([Line::new(replies.to_vec()).pieces(piece).goes_on()]);
    let (mut memory, mut buffer, mut place) = ([0; MEMORY], [0; 100], vec![0; room]);
    let mut session = signed_in(site, &mut memory, &cookies);
    let mut client = Client::new(&mut session, script.clone(), &mut buffer);
    let (mut found, mut count) = (Vec::new(), 0);
    let mut pages = Pages::new(call, &mut place);
    assert!(format!("{pages:?}").starts_with("Pages { call: "));
    let end = loop {
        match pages.next(&mut client, &credentials()) {
            Ok(None) => break Ok(count),
            Err(error) => break Err(error),
            Ok(Some(mut records)) => match loop {
                match records.next() {
                    Ok(Some(record)) => found.push(String::from_utf8(record.to_vec()).unwrap()),
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(error),
                }
            } {
                Ok(()) => count += 1,
                Err(error) => break Err(error),
            },
        }
    };
    if end.is_err() {
        assert!(pages.next(&mut client, &credentials()).unwrap().is_none(), "an error is the end");
    }
    let seen = (found, end, lines(&script));
    #[cfg(feature = "embedded-io-async-07")]
    {
        use crate::slow::{Slow, wait};
        use creatio_auth::client::asynch;
        let script = Script::new([Line::new(replies.to_vec()).pieces(piece).goes_on()]);
        let (mut memory, mut buffer, mut place) = ([0; MEMORY], [0; 100], vec![0; room]);
        let mut session = signed_in(site, &mut memory, &cookies);
        let mut client = asynch::Client::new(&mut session, Slow(script.clone()), &mut buffer);
        let (mut found, mut count) = (Vec::new(), 0);
        let mut pages = asynch::Pages::new(call, &mut place);
        let end = loop {
            match wait(pages.next(&mut client, &credentials())) {
                Ok(None) => break Ok(count),
                Err(error) => break Err(error),
                Ok(Some(mut records)) => match loop {
                    match wait(records.next()) {
                        Ok(Some(record)) => found.push(String::from_utf8(record.to_vec()).unwrap()),
                        Ok(None) => break Ok(()),
                        Err(error) => break Err(error),
                    }
                } {
                    Ok(()) => count += 1,
                    Err(error) => break Err(error),
                },
            }
        };
        assert_eq!((found, end, lines(&script)), seen, "the asynchronous client does the same");
    }
    seen
}

#[test]
fn links_of_every_form_and_length_are_followed_whatever_the_pieces() {
    for (site, prefix) in [(net(), ""), (framework(), "/CreatioWebApp/0")] {
        let absolute = format!("https://crm.example.com{prefix}/odata/Contact?$skiptoken=longer-than-the-next");
        let replies = [
            page(r#"{"Id":1},{"Id":2}"#, Some(&absolute)),
            page("", Some("Contact?$skip=2")),
            page(r#"{"Id":3}"#, Some("?$skip=a%20much%20longer%20one%20than%20any%20that%20was%20before%20it")),
            page(r#"{"Id":4}"#, None),
        ];
        for piece in [1, 7, 512] {
            let (found, count, lines) = listed(site, &replies, piece, 120);
            assert_eq!(found, [1, 2, 3, 4].map(|id| format!("{{\"Id\":{id}}}")));
            assert_eq!(count, Ok(4));
            let queries = [
                "$top=9",
                "$skiptoken=longer-than-the-next",
                "$skip=2",
                "$skip=a%20much%20longer%20one%20than%20any%20that%20was%20before%20it",
            ];
            assert_eq!(lines, queries.map(|query| format!("GET {prefix}/odata/Contact?{query}")));
        }
    }
}

#[test]
fn a_list_whose_next_page_is_not_to_be_had_is_an_error_and_no_end() {
    let first = |link: &str| page(r#"{"Id":1}"#, Some(link));
    let cases = [
        (first("https://elsewhere.example.com/odata/Contact"), Error::LinkElsewhere),
        (first("//crm.example.com/odata/Contact"), Error::LinkElsewhere),
        (first(""), Error::LinkElsewhere),
        (first(&format!("Contact?{}", "a".repeat(MEMORY))), Error::LinkCut),
        (first(&format!("Contact?{}", "a".repeat(200))), too_long(215)),
        (page(r#"{"Id":1},,"#, None), Error::NoList),
    ];
    for piece in [1, 7, 512] {
        for (reply, error) in &cases {
            let (found, end, lines) = listed(net(), std::slice::from_ref(reply), piece, 60);
            assert_eq!((found.len(), end, lines.len()), (1, Err(*error), 1));
        }
        // The second page is none.
        let failed = with_length(&["HTTP/1.1 500 Oops", JSON], r#"{"error":{"message":"no"}}"#);
        let (found, end, _) = listed(net(), &[first("?$skip=1"), failed], piece, 60);
        assert_eq!((found.len(), end), (1, Err(Error::Verdict(CallVerdict::ServerError))));
        let (found, end, _) = listed(net(), &[first("?$skip=1")], piece, 60);
        assert_eq!((found.len(), end.is_err()), (1, true));
    }
    // Behind the link there has to be room for a record.
    let replies = [first("?$skip=1"), page(r#"{"Id":1}"#, None)];
    let (_, end, _) = listed(net(), &replies, 512, 30);
    assert_eq!(end, Ok(2));
    let (_, end, _) = listed(net(), &replies, 512, 29);
    assert_eq!(end, Err(Error::BodyTooLong { needed: Needed::Bytes(8) }));
}

#[test]
fn a_page_that_is_not_read_to_its_end_is_the_last_one() {
    let script = Script::new([
        Line::new([let_in(), page(r#"{"Id":1},{"Id":2}"#, Some("?$skip=2"))]),
        Line::new([page(r#"{"Id":3}"#, None)]),
    ]);
    let (mut memory, mut buffer, mut place) = ([0; MEMORY], [0; 100], [0; 100]);
    let mut session = Session::new(net(), &mut memory);
    let mut client = Client::new(&mut session, script.clone(), &mut buffer);
    let mut pages = Pages::new(Call::get(contacts()), &mut place);
    let mut records = pages.next(&mut client, &credentials()).unwrap().unwrap();
    assert!(records.next().unwrap().is_some());
    drop(records);
    assert!(pages.next(&mut client, &credentials()).unwrap().is_none());
    assert_eq!(script.connects(), 1);
}
