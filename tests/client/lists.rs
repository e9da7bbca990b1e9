//! How lists of records end, and where they go on.

use creatio_auth::client::Error;
use creatio_auth::client::blocking::Client;
use creatio_auth::client::embedded_io_07::ErrorKind;
use creatio_auth::{Call, CallVerdict, Path, Site};

use crate::bodies::{JSON, replies, too_long, with_client};
use crate::script::{Line, Script};
use crate::support::fixtures::with_length;
use crate::support::{MEMORY, contacts, framework, net, signed_in};

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
                assert_eq!([next(), next(), next()], [Ok(Some(one)), Err(too_long(17)), Ok(Some(three))]);
                assert_eq!([next(), next()], [Err(too_long(11)), Ok(Some("4".to_owned()))]);
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
            assert_eq!(next_page(&reply(link), site, MEMORY, room), Err(too_long(22)), "{room}");
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
