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
        1 => "[ \t]{1,2}[ -~\u{1}]{0,5}",
    ];
    let end = || prop_oneof![12 => Just("\r\n"), 1 => Just("\n"), 1 => Just("\r"), 1 => Just("\r\r\n")];
    (status_line, end(), prop::collection::vec((field_line, end()), 0..4)).prop_map(|(status_line, end, fields)| {
        let fields: String = fields.iter().map(|(line, end)| format!("{line}{end}")).collect();
        format!("{status_line}{end}{fields}\r\n")
    })
}

/// A reply with lines that are folded or spoilt, as RFC 9112, 5.2, and RFC 9110, 5.5, have its head cleaned: a line that
/// begins with white space is a space and the end of the one before it, and `?` stands for control characters in values.
fn cleaned(reply: &[u8]) -> Vec<u8> {
    let (mut lines, mut head_len) = (Vec::<Vec<u8>>::new(), 0);
    for line in reply.split_inclusive(|byte| *byte == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            break;
        }
        head_len += line.len();
        let white = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        match &mut lines[..] {
            [_, .., last] if white > 0 => {
                let text = last.strip_suffix(b"\n").unwrap_or(last);
                let text = text.strip_suffix(b"\r").unwrap_or(text);
                *last = [text, b" ", &line[white..]].concat();
            }
            _ => lines.push(line.to_vec()),
        }
    }
    for line in lines.iter_mut().skip(1) {
        let value = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let controls = line[value..].iter_mut().filter(|byte| matches!(byte, 1..=8 | 11 | 12 | 14..=31 | 127));
        controls.for_each(|byte| *byte = b'?');
    }
    [&lines.concat(), &reply[head_len..]].concat()
}

/// What httparse says of a head: the status, the fields that frame, and how many bytes come behind it.
#[derive(Debug, PartialEq)]
struct Frame {
    status: u16,
    fields: Vec<(String, String)>,
    rest: usize,
}

impl Frame {
    fn read(config: &httparse::ParserConfig, reply: &[u8]) -> Option<Self> {
        let mut headers = [httparse::EMPTY_HEADER; 16];
        let mut read = httparse::Response::new(&mut headers);
        let Ok(httparse::Status::Complete(len)) = config.parse_response(&mut read, reply) else { return None };
        let frames = |name: &str| matches!(name, "content-length" | "transfer-encoding" | "connection");
        let fields = read.headers.iter().map(|field| {
            let value = String::from_utf8_lossy(field.value).trim().to_lowercase();
            (field.name.to_lowercase(), value)
        });
        let fields = fields.filter(|(name, _)| frames(name)).collect();
        Some(Frame { status: read.code?, fields, rest: reply.len() - len })
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.0 == name).map(|field| &*field.1)
    }
}

/// The chunked body that stands behind each sprinkled head, whatever frames it there.
const BEHIND: &str = "4\r\nWiki\r\n0\r\n\r\nNEXT";

/// A reply with folds, line ends and control characters sprinkled over its field lines: the lines, and what goes in at
/// which of their bytes.
fn sprinkled() -> impl Strategy<Value = Vec<u8>> {
    let field = prop_oneof![
        "(Set-Cookie|Location|ETag|Content-Type|Date|X-Any|Retry-After): ?[ -~]{1,12}",
        "(X|Set-Cookie): a (Content-Length: 2|Transfer-Encoding: chunked|Connection: close)",
    ];
    let framing = prop_oneof![
        (0..BEHIND.len()).prop_map(|len| format!("Content-Length: {len}")),
        Just("Transfer-Encoding: chunked".to_string()),
        Just("Connection: close".to_string()),
        Just("Connection: keep-alive\r\nContent-Length: 4".to_string()),
    ];
    let fields = (prop::collection::vec(field, 0..4), framing, prop::collection::vec("X-[a-z]: [ -~]{1,9}", 0..2));
    let sprinkles = prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(ANY)), 0..4);
    (fields, sprinkles).prop_map(|((before, framing, after), sprinkles)| {
        let fields: Vec<_> = before.into_iter().chain([framing]).chain(after).collect();
        let mut head = format!("{}\r\n", fields.join("\r\n"));
        for (place, sprinkle) in sprinkles {
            head.insert_str(place.index(head.len()), sprinkle);
        }
        format!("HTTP/1.1 200 OK\r\n{head}\r\n{BEHIND}").into_bytes()
    })
}

const ANY: &[&str] =
    &["\r\n ", "\r\n\t", "\n ", "\n \t", "\x01", "\x7f", "\x0b", "\r\n  \r\n ", "\n", "\r", "\0", "\r\n", "\r\r\n "];

const LENIENT: &[&str] = &["\r\n ", "\r\n\t", "\n ", "\n \t", "\x01", "\x7f", "\x0b", "\r\n  \r\n "];

proptest! {
    #[test]
    fn heads_that_are_taken_are_those_that_httparse_reads(head in head()) {
        let clean = cleaned(head.as_bytes());
        let theirs = Frame::read(&httparse::ParserConfig::default(), &clean);
        // We are stricter: no line ends with LF alone, and none comes before the first.
        let is_strict = |head: &[u8]| {
            let mut ends = (0..head.len()).filter(|at| head[*at] == b'\n');
            ends.all(|at| head[..at].ends_with(b"\r")) && !head.starts_with(b"\r\n")
        };
        let theirs = theirs.filter(|frame| is_strict(&clean[..clean.len() - frame.rest]));
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        let ours = call(&mut session, &Call::new(Method::Head, contacts()), head.as_bytes(), Cut::Whole);
        let ours = ours.result.ok().map(|()| (ours.http_status, head.len() - ours.consumed));
        prop_assert_eq!(ours, theirs.map(|frame| (Some(frame.status), frame.rest)), "{:?}", head);
    }

    #[test]
    fn what_is_read_leniently_moves_no_frame(reply in sprinkled(), piece in 1usize..40) {
        let outcome = read(&reply, Cut::Pieces(piece));
        if outcome.result.is_ok() {
            // Others, who are given the head cleaned, see the same fields that frame, and the same end of the head.
            let clean = cleaned(&reply);
            let frame = Frame::read(&httparse::ParserConfig::default(), &clean).unwrap();
            let rest = &clean[clean.len() - frame.rest..];
            let (body, left) = match frame.value("content-length") {
                Some(length) => {
                    let (body, after) = rest.split_at(length.parse().unwrap());
                    (body, after.len())
                }
                None if frame.value("transfer-encoding").is_some() => (&b"Wiki"[..], "NEXT".len()),
                None => (rest, 0),
            };
            prop_assert_eq!(outcome.body.as_slice().escape_ascii().to_string(), body.escape_ascii().to_string());
            prop_assert_eq!(reply.len() - outcome.consumed, left);
            let framed = frame.fields.iter().any(|field| field.0 != "connection");
            prop_assert_eq!(outcome.keeps_alive, framed && frame.value("connection") != Some("close"));
            // And so do those who read leniently themselves.
            let mut lenient = httparse::ParserConfig::default();
            lenient.allow_obsolete_multiline_headers_in_responses(true).ignore_invalid_headers_in_responses(true);
            prop_assert_eq!(Frame::read(&lenient, &reply), Some(frame));
        }
    }

    #[test]
    fn what_may_be_read_leniently_is(
        fields in prop::collection::vec(
            (
                "[A-Z][a-z]{1,8}|Set-Cookie|Location|ETag|Date",
                prop::collection::vec(("[ -~]{0,9}", prop::sample::select(LENIENT)), 0..4),
            ),
            1..4,
        ),
        piece in 1usize..40,
    ) {
        let line = |(name, parts): &(String, Vec<(String, &str)>)| {
            let value: String = parts.iter().map(|(text, sprinkle)| format!("{text}{sprinkle}")).collect();
            format!("{name}:{value}\r\n")
        };
        let lines: String = fields.iter().map(line).collect();
        let head = format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: 4\r\n\r\n");
        let outcome = read(format!("{head}WikiNEXT").as_bytes(), Cut::Pieces(piece));
        prop_assert_eq!((outcome.result, outcome.consumed), (Ok(()), head.len() + 4), "{:?}", head);
        prop_assert_eq!((outcome.body, outcome.keeps_alive), (b"Wiki".to_vec(), true));
    }

    //= 9112-6.1-chunked, 9112-7.1-decode, 9112-7.1.1-extensions
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

/// What would be a chunk where one has ended is none in the middle of its data, nor where it should begin.
#[test]
fn a_chunk_is_one_where_it_may_begin_alone() {
    let data = "\r\n2\r\nab\r\n";
    let reply = raw(&HEAD, format!("{:x}\r\n{data}\r\n2\r\nab\r\n0\r\n\r\n", data.len()));
    for cut in Cut::all(reply.len()) {
        let outcome = read(&reply, cut);
        assert_eq!((outcome.result, outcome.body), (Ok(()), format!("{data}ab").into_bytes()), "{cut:?}");
    }
    let reply = raw(&HEAD, data);
    for cut in Cut::all(reply.len()) {
        assert_eq!(read(&reply, cut).result, Err(ReplyError::Malformed(Malformed::ChunkSize)), "{cut:?}");
    }
}

#[test]
fn an_option_that_is_said_twice_is_said() {
    for (version, connection, keeps_alive) in [
        ("1.1", "", true),
        ("1.1", "Connection: close, close\r\n", false),
        ("1.1", "Connection: close\r\nConnection: close\r\n", false),
        ("1.1", "Connection: keep-alive, x, close\r\n", false),
        ("1.0", "", false),
        ("1.0", "Connection: keep-alive, keep-alive\r\n", true),
        ("1.0", "Connection: keep-alive\r\nConnection: x, keep-alive\r\n", true),
    ] {
        let reply = format!("HTTP/{version} 200 OK\r\n{connection}Content-Length: 2\r\n\r\n{{}}").into_bytes();
        for cut in Cut::all(reply.len()) {
            assert_eq!(read(&reply, cut).keeps_alive, keeps_alive, "{version} {connection:?} {cut:?}");
        }
    }
}
