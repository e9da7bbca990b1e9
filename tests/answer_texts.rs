//! What is picked out of the body of an answer: messages of errors, and the next page.

mod support;

use creatio_auth::CallVerdict::{self, Fine, Refused, ServerError};
use creatio_auth::{Call, Path, ReplyError, Session, Site};
use support::fixtures::{chunked, with_length};
use support::{CallAnswer, Cut, MEMORY, Read, call_answer, contacts, framework, net, signed_in};

const BAD: &str = "HTTP/1.1 400 Bad Request";
const OK: &str = "HTTP/1.1 200 OK";
const COOKIES: [&str; 2] = [".ASPXAUTH=t; path=/", "BPMCSRF=c; path=/"];

/// The answer to a call in memory of this size.
fn answer_in(size: usize, reply: &[u8], cut: Cut) -> CallAnswer {
    let mut memory = vec![0; size];
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    call_answer(&mut session, &Call::get(contacts()), reply, cut).1.unwrap()
}

/// The answer to a call, which is the same at every cut.
fn answer(line: &str, body: &str) -> CallAnswer {
    let reply = chunked(&[line, "Content-Type: application/json"], body, &[1, 7]);
    let mut answers: Vec<_> = Cut::all(reply.len()).map(|cut| answer_in(MEMORY, &reply, cut)).collect();
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    answers.remove(0)
}

fn refused() -> CallAnswer {
    CallAnswer::new(Refused, 400)
}

//= 9110-15.5-shown, 9110-15.6-shown
#[test]
fn an_error_of_each_service_has_its_message() {
    for (body, expected) in [
        (
            r#"{"error":{"code":"","message":"Outer","innererror":{"message":"Inner \"x\"","type":"T","stacktrace":"at"}}}"#,
            refused().message("Outer").inner_message("Inner \"x\""),
        ),
        (
            r#"{"error":{"innererror":{"x":{"message":"no"},"message":"Inner"},"message":"Outer"}}"#,
            refused().message("Outer").inner_message("Inner"),
        ),
        (r#"{"error":{"message":{"lang":"ru-RU","value":"Нет \u041d"}}}"#, refused().message("Нет Н")),
        (r#"{"error":{"message":{"value":"a","lang":{"value":"no"}}}}"#, refused().message("a")),
        (r#"{"errorInfo":{"message":"Why"},"success":false}"#, refused().message("Why")),
        (r#"{"responseStatus":{"ErrorCode":"","Message":"Why","message":"no"}}"#, refused().message("Why")),
        (
            r#"{"Message":"An error has occurred.","ExceptionMessage":"Null \/ reference","ExceptionType":"System.X"}"#,
            refused().message("An error has occurred.").inner_message("Null / reference"),
        ),
        (r#"{"error":{"message":null,"innererror":null}}"#, refused()),
        (r#"{"error":"invalid","x":{"error":{"message":"no"}},"value":[{"Message":"no"}]}"#, refused()),
        (r#"{"error":[{"message":"no"}],"Message":["no"],"massage":"no"}"#, refused()),
    ] {
        assert_eq!(answer(BAD, body), expected, "{body}");
    }
}

#[test]
fn a_text_of_what_is_no_document_is_none() {
    for body in [
        r#"{"Message":"a""#,
        r#"{"Message":"a"} x"#,
        r#"{"Message":"a","Message":"b"}"#,
        r#"{"Message":"a","x":'y'}"#,
        r#"[{"Message":"a"}]"#,
        r#""Message""#,
        "<html>{\"Message\":\"a\"}",
        "",
    ] {
        assert_eq!(answer(BAD, body), refused(), "{body}");
        assert_eq!(answer(OK, body).message, None, "{body}");
    }
}

#[test]
fn messages_behind_a_stack_trace_of_1_mb_are_found_in_1_kib() {
    let trace = "   at Terrasoft.A.B(String c) in D:\\\\x\\/y.cs:line 7\\r\\n".repeat(480_000 / 52);
    let body = format!(
        r#"{{"error":{{"innererror":{{"stacktrace":"{trace}","message":"Inner"}},"target":"{trace}","message":"Outer"}}}}"#
    );
    let line = "HTTP/1.1 500 Internal Server Error";
    let expected = CallAnswer::new(ServerError, 500).message("Outer").inner_message("Inner");
    for cut in [Cut::Whole, Cut::Pieces(1460), Cut::Pieces(1)] {
        assert_eq!(answer_in(1024, &with_length(&[line], &body), cut), expected);
    }
}

#[test]
fn the_next_page_is_found_wherever_its_link_stands() {
    let record = r#"{"Id":"c4ed336c","@odata.nextLink":"no","Name":"Ann \"A\" \\ {","List":[1,-2.5e3,null,true]}"#;
    let records = [record].repeat(10_000).join(",");
    for (site, base) in
        [(framework(), "https://CRM.example.com:443/CreatioWebApp"), (net(), "https://crm.example.com")]
    {
        let link = format!("{base}{}/odata/Contact?$filter=a%20eq%20'x'&$skiptoken=20", site.runtime().prefix());
        let member = format!(r#""@odata.nextLink":"{}""#, link.replace('/', "\\/"));
        for body in [
            format!(r#"{{{member},"value":[{records}]}}"#),
            format!(r#"{{"@odata.context":"x","value":[{records}],{member}}}"#),
            format!(r#"{{"value":[{records}],{member},"more":[{records}]}}"#),
        ] {
            let mut memory = [0; 1024];
            let mut session = signed_in(site, &mut memory, &COOKIES);
            let reply = with_length(&[OK, "Content-Type: application/json"], &body);
            let call = Call::get(contacts());
            let (outcome, answer) = call_answer(&mut session, &call, &reply, Cut::Pieces(1460));
            assert_eq!(answer, Some(CallAnswer::new(Fine, 200).next_link(&link)));
            assert!(outcome.body == body.as_bytes());
            let next = Read::call(&mut session, &Call::get(site.path_of(&link).unwrap()));
            let expected = format!("{}{}/odata/Contact", site.base_path(), site.runtime().prefix());
            let query = [("$filter".into(), "a eq 'x'".into()), ("$skiptoken".into(), "20".into())];
            assert_eq!(next.path_and_query(), (&*expected, query.to_vec()));
        }
    }
}

//= 9110-4.2.4-error
#[test]
fn a_link_to_elsewhere_is_no_path() {
    let site = Site::parse("https://crm.example.com/app", creatio_auth::Runtime::NetFramework).unwrap();
    for url in [
        "",
        "Contact?$skip=1",
        "/app/0/odata/Contact",
        "//crm.example.com/app/0/odata",
        "http://crm.example.com/app/0/odata",
        "https://crm.example.com:444/app/0/odata",
        "https://crm.example.com.evil.org/app/0/odata",
        "https://crm.example.com@evil.org/app/0/odata",
        "https://user@crm.example.com/app/0/odata",
        "https://crm.example.com",
        "https://crm.example.com/app",
        "https://crm.example.com/appendix/0/odata",
        "https://crm.example.com/APP/0/odata",
        "https://crm.example.com/0/odata",
        "https://crm.example.com/app/0/odata#x",
        "https://crm.example.com/app/../0/odata",
        "https://crm.example.com/app/0/%2E%2e/x",
        "https://crm.example.com/app/.",
        "https://crm.example.com/app/0/o data",
        "https://crm.example.com/app/0/odata\r\nX: y",
        "https://crm.example.com/app/ö",
        "https://crm.example.com/a\u{e9}pp/0/odata",
    ] {
        assert_eq!(site.path_of(url), None, "{url:?}");
    }
    let dots = "https://crm.example.com/app/0/...?a=/../b";
    assert_eq!(site.path_of(dots), Path::root("/0/...?a=/../b").ok());
}

#[test]
fn in_memory_of_any_size_a_text_is_whole_or_marked_and_the_verdict_the_same() {
    let (long, inner, link) = ("Нет 😀".repeat(20), "Почему ".repeat(9), "https://crm.example.com/odata?a=b");
    let body = format!(
        r#"{{"error":{{"message":"{long}","innererror":{{"message":"{inner}"}}}},"@odata.nextLink":"{link}"}}"#
    );
    let full = CallAnswer::new(CallVerdict::Refused, 400).message(&long).inner_message(&inner).next_link(link);
    let reply = with_length(&[BAD, "Content-Type: application/json"], body);
    let run = |size: usize| {
        let mut memory = vec![0; size];
        let (outcome, answer) =
            call_answer(&mut Session::new(net(), &mut memory), &Call::get(contacts()), &reply, Cut::Pieces(9));
        (outcome.result, answer)
    };
    let mut marked = 0;
    for size in 0..1200 {
        let answer = match run(size) {
            (Ok(()), answer) => answer.unwrap(),
            (Err(ReplyError::MemoryTooSmall { needed }), None) if needed > size => {
                assert_eq!(run(needed).0, Ok(()), "{needed} were said to be enough in {size} bytes");
                continue;
            }
            other => panic!("{other:?} in {size} bytes"),
        };
        assert_eq!(answer.verdict, full.verdict);
        for (text, full) in [
            (&answer.message, &full.message),
            (&answer.inner_message, &full.inner_message),
            (&answer.next_link, &full.next_link),
        ] {
            let (text, full) = (text.as_deref().unwrap(), full.as_deref().unwrap());
            let is_marked = text.strip_suffix('…').is_some_and(|start| full.starts_with(start));
            assert!(text == full || is_marked, "{text:?} in {size} bytes");
            marked += usize::from(is_marked);
        }
    }
    assert!(marked > 0);
    assert_eq!(run(1200), (Ok(()), Some(full)));
}

#[test]
fn a_text_that_is_cut_says_so() {
    let body = format!(r#"{{"Message":"{}"}}"#, "😀".repeat(1000));
    let reply = with_length(&[BAD], body);
    let mut memory = [0; 1024];
    let mut session = Session::new(net(), &mut memory);
    let call = Call::get(contacts());
    let mut exchange = session.call(&call);
    support::pull(&mut session, &mut exchange, 64);
    assert_eq!(support::feed(&mut session, &mut exchange, &reply, Cut::Pieces(1)).result, Ok(()));
    let message = exchange.call_result(&session).unwrap().message.unwrap();
    assert!(message.is_truncated() && message.as_str().chars().all(|c| c == '😀') && message.as_str().len() > 400);
    assert_eq!(message.to_string(), format!("{}…", message.as_str()));
    assert_eq!(format!("{message:?}"), format!("{:?}…", message.as_str()));
}
