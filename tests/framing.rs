//! Heads and chunked bodies, compared with other implementations.

mod support;

use std::io::Read;

use creatio_auth::{Call, Malformed, Method, ReplyError, Session};
use proptest::prelude::*;
use support::fixtures::raw;
use support::{Cut, MEMORY, Outcome, call, contacts, net};

const HEAD: [&str; 2] = ["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"];

fn read(reply: &[u8], cut: Cut) -> Outcome {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    call(&mut session, &Call::get(contacts()), reply, cut)
}

/// A chunk with its size written in one of many ways.
fn chunk() -> impl Strategy<Value = (Vec<u8>, usize, bool, String)> {
    (
        prop::collection::vec(any::<u8>(), 1..40),
        0usize..4,
        any::<bool>(),
        prop_oneof![Just(String::new()), "[ \t]{0,2};[ !#-~]{0,12}", ";[a-z]{1,3}=\"[ -!#-\\[\\]-~]{0,5}\""],
    )
}

/// A head, more often good than not.
fn head() -> impl Strategy<Value = String> {
    let status_line = prop_oneof![
        4 => Just(String::from("HTTP/1.1 200 OK")),
        1 => "HTTP/1\\.[0-2][ \t]{1,2}[2-9][0-9]{1,3}( [ -~\t]{0,5})?",
        1 => "[HTP/1. 0-9]{0,14}",
    ];
    let field_line = prop_oneof![
        4 => "[!-9;-~]{1,9}:[ \t]{0,2}[ -~\t\u{e9}]{0,9}",
        1 => "[ -~\t\u{e9}\u{1}\u{7f}]{0,9}",
    ];
    let end = || prop_oneof![12 => Just("\r\n"), 1 => Just("\n"), 1 => Just("\r"), 1 => Just("\r\r\n")];
    (status_line, end(), prop::collection::vec((field_line, end()), 0..4)).prop_map(|(status_line, end, fields)| {
        let fields: String = fields.iter().map(|(line, end)| format!("{line}{end}")).collect();
        format!("{status_line}{end}{fields}\r\n")
    })
}

proptest! {
    #[test]
    fn heads_that_are_taken_are_those_that_httparse_reads(head in head()) {
        let mut headers = [httparse::EMPTY_HEADER; 8];
        let mut theirs = httparse::Response::new(&mut headers);
        let read = theirs.parse(head.as_bytes());
        // We are stricter: no line ends with LF alone, and none comes before the first.
        let is_strict = |head: &str| !head.replace("\r\n", "").contains('\n') && !head.starts_with("\r\n");
        let expected = match read {
            Ok(httparse::Status::Complete(len)) if is_strict(&head[..len]) => Some((theirs.code, len)),
            _ => None,
        };
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        let ours = call(&mut session, &Call::new(Method::Head, contacts()), head.as_bytes(), Cut::Whole);
        prop_assert_eq!(ours.result.ok().map(|()| (ours.http_status, ours.consumed)), expected, "{:?}", head);
    }

    #[test]
    fn bodies_agree_with_chunked_transfer(
        chunks in prop::collection::vec(chunk(), 0..6),
        trailers in prop::collection::vec("[A-Za-z-]{1,12}:[ -~]{0,12}", 0..3),
        piece in 1usize..50,
    ) {
        let mut body = Vec::new();
        for (data, zeros, upper, extension) in &chunks {
            let size = if *upper { format!("{:X}", data.len()) } else { format!("{:x}", data.len()) };
            body.extend(format!("{}{size}{extension}\r\n", "0".repeat(*zeros)).into_bytes());
            body.extend([data, &b"\r\n"[..]].concat());
        }
        // Theirs knows no trailers.
        let mut theirs = Vec::new();
        let framed = [&body[..], b"0\r\n\r\n"].concat();
        chunked_transfer::Decoder::new(&framed[..]).read_to_end(&mut theirs).unwrap();

        let trailers: String = trailers.iter().map(|line| format!("{line}\r\n")).collect();
        let reply = raw(&HEAD, [&body[..], b"0\r\n", trailers.as_bytes(), b"\r\n"].concat());
        let outcome = read(&[&reply[..], b"NEXT"].concat(), Cut::Pieces(piece));
        prop_assert_eq!((outcome.result, outcome.consumed, outcome.keeps_alive), (Ok(()), reply.len(), true));
        prop_assert_eq!(outcome.body, theirs);
    }

    #[test]
    fn size_lines_that_are_taken_are_those_that_httparse_reads(
        digits in "[0-9a-fA-F]{1,3}|0{0,12}[0-9a-f]{0,3}|[0-9a-f]{15}",
        rest in "([gx+; \t=\"-][0-9a-gx+; \t=\"-]{0,5})?",
    ) {
        let line = format!("{digits}{rest}\r\n");
        // White space before the end of a size, a size without digits, and a quotation without an end stand in no grammar:
        // we are stricter.
        let space = !rest.contains(';') && rest.ends_with([' ', '\t']);
        let loose = digits.is_empty() || space || rest.matches('"').count() % 2 == 1;
        match httparse::parse_chunk_size(line.as_bytes()) {
            Ok(httparse::Status::Complete((_, size))) if !loose => {
                let data = "x".repeat(size.min(0x10_0000) as usize);
                let last = if size == 0 { "\r\n" } else { "\r\n0\r\n\r\n" };
                let outcome = read(&raw(&HEAD, [&line, &data, last].concat()), Cut::Whole);
                let expected = if size > data.len() as u64 { Err(ReplyError::ClosedEarly) } else { Ok(()) };
                prop_assert_eq!(outcome.result, expected, "{:?}", line);
            }
            _ => {
                let error = ReplyError::Malformed(Malformed::ChunkSize);
                prop_assert_eq!(read(&raw(&HEAD, &line), Cut::Whole).result, Err(error), "{:?}", line);
            }
        }
    }
}
