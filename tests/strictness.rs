//! Replies whose framing lenient readers disagree on are refused, at every cut, and nothing of them enters the session.

mod support;

use creatio_auth::{Call, Malformed, ReplyError, Session};
use support::fixtures::{self, SUCCESS, raw, with_length};
use support::{Cut, MEMORY, TICKET, contacts, login, net, signed_in, snapshot};

const HEAD: &str = "HTTP/1.1 200 OK\r\n";

/// The ticket that a refused reply brings in vain.
fn ticket() -> String {
    format!("Set-Cookie: .ASPXAUTH={TICKET}; path=/\r\n")
}

/// A good chunked reply with this in place of its body.
fn with_chunks(chunks: &str) -> Vec<u8> {
    [HEAD, &ticket(), "Transfer-Encoding: chunked\r\n\r\n", chunks].concat().into_bytes()
}

/// A good reply with these lines more, each with its own end.
fn with_lines(lines: &str) -> Vec<u8> {
    format!("{HEAD}{}{lines}Content-Length: {}\r\n\r\n{SUCCESS}", ticket(), SUCCESS.len()).into_bytes()
}

/// A good reply with these lines, the last of which frame the body.
fn framed_by(lines: &str, body: &str) -> Vec<u8> {
    [HEAD, &ticket(), lines, "\r\n", body].concat().into_bytes()
}

/// A good reply with this status line.
fn with_status_line(line: &str) -> Vec<u8> {
    let rest = with_lines("");
    [line.as_bytes(), &rest[HEAD.len()..]].concat()
}

fn is_refused(reply: Vec<u8>, error: impl Into<ReplyError>) {
    let error = error.into();
    for cut in Cut::all(reply.len()) {
        let mut memory = [0; MEMORY];
        let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=old; path=/", "BPMCSRF=csrf; path=/"]);
        let before = snapshot(&session);
        let outcome = login(&mut session, &reply, cut);
        assert_eq!(outcome.result, Err(error), "{cut:?}");
        assert!(!outcome.is_authenticated() && !outcome.keeps_alive, "{cut:?}");
        assert_eq!(snapshot(&session), before, "{cut:?}");
    }
}

fn is_accepted(reply: Vec<u8>) {
    for cut in Cut::all(reply.len()) {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        let outcome = login(&mut session, &reply, cut);
        assert!(outcome.is_authenticated() && outcome.consumed == reply.len(), "{cut:?}: {outcome:?}");
        assert_eq!(support::cookie_field(&session, contacts()), format!(".ASPXAUTH={TICKET}"));
    }
}

/// One test for each kind of reply.
macro_rules! refused {
    ($($name:ident: $error:ident <- $($reply:expr),+;)+) => {$(
        #[test]
        fn $name() {
            $(is_refused($reply, Malformed::$error);)+
        }
    )+};
}

refused! {
    two_equal_content_lengths: ContentLength <- with_lines(&format!("Content-Length: {}\r\n", SUCCESS.len()));
    //= 9112-6.3-invalid-length, 9112-6.3-close-and-discard
    two_different_content_lengths: ContentLength <- with_lines("Content-Length: 5\r\n");
    //= 9112-6.3-invalid-length
    a_list_in_content_length: ContentLength <-
        framed_by(&format!("Content-Length: {0}, {0}\r\n", SUCCESS.len()), SUCCESS);
    //= 9112-6.3-invalid-length, 9110-8.6-large
    a_content_length_that_is_no_number: ContentLength <-
        framed_by("Content-Length: -1\r\n", SUCCESS),
        framed_by("Content-Length: +84\r\n", SUCCESS),
        framed_by("Content-Length:\r\n", SUCCESS),
        framed_by("Content-Length: 0x54\r\n", SUCCESS),
        framed_by("Content-Length: 18446744073709551616\r\n", SUCCESS);
    content_length_and_chunked: LengthAndChunked <-
        framed_by("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        framed_by("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n");
    chunked_twice: TransferEncoding <-
        framed_by("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"),
        framed_by("Transfer-Encoding: chunked\r\ntransfer-encoding: chunked\r\n", "0\r\n\r\n");
    //= 9112-7.1-parameters, 9112-7.2-parameters, 9110-5.6.1.2-empty-elements
    codings_other_than_chunked: TransferEncoding <-
        framed_by("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
        framed_by("Transfer-Encoding: identity\r\n", SUCCESS),
        framed_by("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
        framed_by("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"),
        framed_by("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n"),
        framed_by("Transfer-Encoding: gzip;q=1, chunked\r\n", "0\r\n\r\n"),
        framed_by("Transfer-Encoding: chunked,\r\n", "0\r\n\r\n"),
        framed_by("Transfer-Encoding: , chunked\r\n", "0\r\n\r\n"),
        framed_by("Transfer-Encoding:\r\n", SUCCESS);
    //= 9112-6.1-http-1.0
    chunked_in_http_1_0: TransferEncoding <-
        raw(&["HTTP/1.0 200 OK", "Transfer-Encoding: chunked"], "0\r\n\r\n");

    a_chunk_size_with_a_sign: ChunkSize <- with_chunks("+5\r\n"), with_chunks("-5\r\n");
    a_chunk_size_with_0x: ChunkSize <- with_chunks("0x5\r\n");
    an_empty_chunk_size: ChunkSize <- with_chunks("\r\n"), with_chunks(";a=b\r\n");
    a_chunk_size_with_space: ChunkSize <-
        with_chunks(" 5\r\n"), with_chunks("5 \r\n"), with_chunks("5 5\r\n"), with_chunks("\t5\r\n"),
        with_chunks(" ;a\r\n\r\n"), with_chunks("\t;a\r\n\r\n"), with_chunks("0 x;a\r\n\r\n"), with_chunks("0 \";\"\r\n\r\n");
    a_chunk_size_that_is_no_number: ChunkSize <- with_chunks("g\r\n"), with_chunks("5,\r\n"), with_chunks("5\n");
    //= 9112-7.1-large-sizes
    a_chunk_size_beyond_64_bits: ChunkSize <-
        with_chunks("10000000000000000\r\n"), with_chunks("fffffffffffffffff\r\n");
    a_quotation_in_an_extension_that_does_not_end: ChunkSize <-
        with_chunks("5;a=\"\r\n"),
        with_chunks("5;a=\"x\r\ny\"\r\n"),
        with_chunks("5;a=\"x\\\"\r\n"),
        with_chunks("5;a=\"x\\\r\n"),
        with_chunks("0;a=\"x\";b=\"\r\n");
    //= 9112-8-incomplete
    a_missing_end_after_chunk_data: ChunkEnd <-
        with_chunks("1\r\n{0\r\n\r\n"), with_chunks("1\r\n{\n0\r\n\r\n"), with_chunks("1\r\n{\r0\r\n\r\n");

    //= 9112-2.2-bare-cr, 9110-5.5-cr-lf-nul
    a_bare_cr: BareCr <-
        with_status_line("HTTP/1.1 200\rOK\r\n"),
        with_lines("X: a\rb\r\n"),
        with_lines("X: a\r\r\n"),
        with_lines("X: a\r\n \rb\r\n"),
        with_lines("X: a\r b\r\n"),
        with_lines("X: \x01\r\r\n"),
        with_lines("Set-Cookie: a=b\r; path=/\r\n"),
        with_lines("X\r: a\r\n"),
        with_chunks("5\r5\r\n"),
        with_chunks("5;a\rb\r\n"),
        with_chunks("0\r\nX: a\rb\r\n\r\n"),
        with_chunks("0\r\n\rX\r\n");
    //= 9110-5.5-cr-lf-nul
    a_bare_lf: BareLf <-
        with_status_line("HTTP/1.1 200 OK\n"),
        with_lines("X: a\n"),
        with_lines("X: a\nY: b\r\n"),
        with_lines("X: a\n b\n"),
        with_lines("X: a\r\n b\n"),
        with_lines("X: a\n\n"),
        with_lines("Set-Cookie: a=b\n"),
        with_lines("Set-Cookie: a=\x01\n"),
        with_lines("Connection: close\n"),
        with_lines("Connection: close\n , x\r\n"),
        framed_by(&format!("Content-Length: {}\n", SUCCESS.len()), SUCCESS),
        framed_by(&format!("Content-Length: {}\n \r\n", SUCCESS.len()), SUCCESS),
        framed_by("Transfer-Encoding: chunked\n \r\n", "0\r\n\r\n"),
        with_status_line("HTTP/1.1 200 OK\n X: y\r\n"),
        with_lines("X\n: a\r\n"),
        with_lines("\n"),
        with_chunks("5;a\n"),
        with_chunks("5;a=\"\n"),
        with_chunks("0\r\nX: a\n\r\n"),
        with_chunks("0\r\nX: a\n b\r\n\r\n"),
        with_chunks("0\r\n\n");
    control_characters: ControlCharacter <-
        with_status_line("HTTP/1.1 200 O\0K\r\n"),
        with_status_line("HTTP/1.1 200 O\x01K\r\n"),
        with_lines("X\0: a\r\n"),
        with_lines("X\x7F: a\r\n"),
        with_lines("\x0B: a\r\n"),
        with_lines("Connection: close\x01\r\n"),
        framed_by("Content-Length: 8\x084\r\n", SUCCESS),
        framed_by("Content-Length: 84\x0C\r\n", SUCCESS),
        framed_by("Transfer-Encoding: chunked\x0B\r\n", "0\r\n\r\n"),
        framed_by("Transfer-Encoding: \x7Fchunked\r\n", "0\r\n\r\n"),
        with_chunks("5;\0\r\n"),
        with_chunks("5;a=\"\x1F\"\r\n"),
        with_chunks("5;a\x7F\r\n"),
        with_chunks("0\r\nX: \0\r\n\r\n"),
        with_chunks("0\r\nX: \x01\r\n\r\n"),
        with_chunks("0\r\nSet-Cookie: a=\x01\r\n\r\n");
    //= 9110-5.5-cr-lf-nul
    nul_in_any_line: ControlCharacter <-
        with_status_line("HTTP/1.1 200 O\0K\r\n"),
        with_lines("X: a\0b\r\n"),
        with_lines("X: a\r\n \0\r\n"),
        with_lines("X: \x01\0\r\n"),
        with_lines("Set-Cookie: a=\0; path=/\r\n"),
        with_lines("Location: /\0\r\n"),
        with_lines("Content-Encoding: \0\r\n");
    //= 9112-2.2-space-before-fields, 9112-5.2-unfold
    a_fold_where_the_reply_is_framed: ObsoleteFolding <-
        with_lines("Connection: close\r\n , x\r\n"),
        with_lines("connection: keep-alive\r\n\t\r\n"),
        framed_by("Content-Length: 8\r\n 4\r\n", SUCCESS),
        framed_by(&format!("Content-Length: {}\r\n \r\n", SUCCESS.len()), SUCCESS),
        framed_by("Transfer-Encoding: chunked\r\n , chunked\r\n", "0\r\n\r\n"),
        with_status_line("HTTP/1.1 200 OK\r\n X: y\r\n"),
        with_status_line("HTTP/1.1 200 OK\r\n\t\r\n"),
        with_chunks("0\r\n X: a\r\n\r\n"),
        with_chunks("0\r\nX: a\r\n b\r\n\r\n");
    a_field_without_a_colon: FieldName <- with_lines("X\r\n"), with_chunks("0\r\nX\r\n\r\n");
    space_before_a_colon: FieldName <-
        with_lines("Content-Length : 5\r\n"), with_lines("X\t: a\r\n"), with_chunks("0\r\nX : a\r\n\r\n");
    an_empty_field_name: FieldName <- with_lines(": a\r\n"), with_chunks("0\r\n: a\r\n\r\n");
    a_field_name_that_is_no_token: FieldName <-
        with_lines("X@Y: a\r\n"), with_lines("\u{e9}: a\r\n"), with_lines("\"X\": a\r\n");

    switching_protocols: SwitchingProtocols <- raw(&["HTTP/1.1 101 Switching", "Upgrade: h2c"], "");
    //= 9110-6.2-higher-minor
    status_lines_of_other_versions: StatusLine <-
        with_status_line("HTTP/2 200 OK\r\n"),
        with_status_line("HTTP/2.0 200 OK\r\n"),
        with_status_line("HTTP/1.2 200 OK\r\n"),
        with_status_line("HTTP/0.9 200 OK\r\n"),
        with_status_line("http/1.1 200 OK\r\n"),
        with_status_line("HTTP/1.10 200 OK\r\n"),
        with_status_line("ICY 200 OK\r\n");
    status_codes_that_are_none: StatusLine <-
        with_status_line("HTTP/1.1 20 OK\r\n"),
        with_status_line("HTTP/1.1 2000 OK\r\n"),
        with_status_line("HTTP/1.1 200OK\r\n"),
        with_status_line("HTTP/1.1  200 OK\r\n"),
        with_status_line("HTTP/1.1\t200 OK\r\n"),
        with_status_line("HTTP/1.1 +20 OK\r\n"),
        with_status_line("HTTP/1.1 OK\r\n"),
        with_status_line("HTTP/1.1\r\n");
    garbage_before_the_status_line: StatusLine <-
        with_status_line("\r\nHTTP/1.1 200 OK\r\n"),
        with_status_line(" HTTP/1.1 200 OK\r\n"),
        with_status_line("xHTTP/1.1 200 OK\r\n"),
        with_status_line("Set-Cookie: a=b\r\n"),
        with_status_line("\u{15}HTTP/1.1 200 OK\r\n"); // NAK, of which a modem's line knows
    a_tls_record: Tls <-
        b"\x15\x03\x01\x00\x02\x02\x46".to_vec(), // an alert: protocol_version
        b"\x15\x03\x03\x00\x02\x01\x00".to_vec(), // close_notify
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03".to_vec(), // a handshake, without CR LF and with it
        [b"\x16\x03\x03", &*with_lines("")].concat(),
        b"HTTP/1.1 103 Early Hints\r\n\r\n\x15\x03\x03\x00\x02\x01\x00".to_vec();
    what_begins_like_no_tls_record: ControlCharacter <-
        with_status_line("\u{17}\u{3}"),
        with_status_line("\u{14}\u{3}"),
        with_status_line("\u{15}\u{2}"),
        with_status_line("\t\u{3}"),
        with_status_line("\u{16}a\u{3}"),
        with_status_line("H\u{3}"),
        with_status_line("\u{3}"),
        with_lines("\u{15}\u{3}\u{3}\r\n"),
        with_lines("Connection: \u{15}\u{3}\r\n"),
        with_chunks("2\r\n{}\r\n0;\u{15}\u{3}\r\n\r\n");
}

#[test]
fn compression_that_nothing_asked_for() {
    is_refused(with_lines("Content-Encoding: gzip\r\n"), ReplyError::ContentEncoding);
    is_refused(with_lines("content-encoding:BR\r\n"), ReplyError::ContentEncoding);
    is_refused(with_lines("Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n"), ReplyError::ContentEncoding);
    is_refused(with_lines("Content-Encoding: identity\r\nContent-Encoding: gzip\r\n"), ReplyError::ContentEncoding);
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=old; path=/"]);
    let reply = with_lines("Content-Encoding: gzip\r\n");
    let outcome = support::call(&mut session, &creatio_auth::Call::get(contacts()), &reply, Cut::Whole);
    assert_eq!(outcome.result, Err(ReplyError::ContentEncoding));
    for status in ["201 Created", "404 Not Found", "500 Internal Server Error"] {
        let reply = raw(&[&format!("HTTP/1.1 {status}"), "Content-Encoding: gzip"], "\x1F\u{8B}");
        let outcome = support::call(&mut session, &creatio_auth::Call::get(contacts()), &reply, Cut::Pieces(1));
        assert_eq!(outcome.result, Err(ReplyError::ContentEncoding), "{status}");
    }
}

//= 9112-2.2-octets, 9112-7.1-large-sizes, 9112-7.1.1-extensions, 9110-5.5-white-space, 9110-5.6.3-bws
#[test]
fn what_the_grammar_allows_is_taken() {
    let chunk = format!("{:x}", SUCCESS.len());
    is_accepted(framed_by("Transfer-Encoding: \t chunked\t\r\n", &format!("{chunk}\r\n{SUCCESS}\r\n0\r\n\r\n")));
    is_accepted(with_chunks(&format!("{chunk};a=\"b\";c\r\n{SUCCESS}\r\n0;\u{e9}\r\nX:\r\n\r\n")));
    is_accepted(with_chunks(&format!("{chunk} \t;a\r\n{SUCCESS}\r\n0\r\n\r\n")));
    is_accepted(with_chunks(&format!("{chunk};a=\"\\ \\\t\" \t;b\r\n{SUCCESS}\r\n0\r\n\r\n")));
    is_accepted(with_chunks(&format!("{chunk};a=\"\\\"\u{e9};\\\\\";b\r\n{SUCCESS}\r\n0\r\n\r\n")));
    is_accepted(with_chunks(&format!("000000000000000000000{chunk}\r\n{SUCCESS}\r\n000\r\n\r\n")));
    is_accepted(framed_by(&format!("Content-Length: \t00{} \r\n", SUCCESS.len()), SUCCESS));
    is_accepted(with_lines("X:\r\n!#$%&'*+-.^_`|~0aZ: \t \u{e9}\tb \r\n"));
    is_accepted(with_status_line("HTTP/1.1 200 \r\n"));
    is_accepted(with_length(&["HTTP/1.1 200 OK", ticket().trim(), "Content-Encoding: Identity"], SUCCESS));
}

/// A reply without an end, fed until the session has enough of it; how many bytes it took.
fn feeds_without_end(start: &[u8], endless: &[u8]) -> usize {
    const LIMIT: usize = 1000;
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=old; path=/"]);
    session.set_head_limit(LIMIT);
    let before = snapshot(&session);
    let who = support::credentials();
    let mut exchange = session.login(&who);
    support::pull(&mut session, &mut exchange, 512);
    let stream = start.iter().chain(endless.iter().cycle()).take(20 * LIMIT);
    for (at, byte) in stream.enumerate() {
        match exchange.feed(&mut session, &[*byte]) {
            Ok(_) => {}
            Err(error) => {
                assert_eq!(error, ReplyError::HeadTooLarge);
                assert_eq!(snapshot(&session), before);
                return at + 1;
            }
        }
    }
    panic!("there is no end to it");
}

//= 9110-2.3-defensive
#[test]
fn what_has_no_end_stops_at_the_head_limit() {
    let chunks = fixtures::chunked(&["HTTP/1.1 200 OK"], "", &[]);
    let chunks = chunks.strip_suffix(b"0\r\n\r\n").unwrap();
    let after = |more: &[u8]| [chunks, more].concat();
    for (start, endless) in [
        (b"HTTP/1.1 200 ".to_vec(), &b"x"[..]),
        (b"HTTP/1.1 200 OK\r\n".to_vec(), b"x"),
        (b"HTTP/1.1 200 OK\r\nX: ".to_vec(), b"y"),
        (b"HTTP/1.1 200 OK\r\n".to_vec(), b"X: y\r\n"),
        (b"HTTP/1.1 200 OK\r\n".to_vec(), b"Date: x\r\n"),
        (b"HTTP/1.1 200 OK\r\nX:".to_vec(), b"\r\n "),
        (b"HTTP/1.1 200 OK\r\nX:".to_vec(), b"\n\ty"),
        (b"HTTP/1.1 200 OK\r\nX: y\r\n".to_vec(), b" "),
        (b"HTTP/1.1 200 OK\r\nX: ".to_vec(), b"\x01"),
        (Vec::new(), b"HTTP/1.1 100 Continue\r\n\r\n"),
        (after(b"1;"), b"e"),
        (after(b""), b"0"),
        (after(b"0\r\n"), b"X: y\r\n"),
        (after(b"0\r\nX: "), b"y"),
    ] {
        // The last byte of a line that is looked into does not count.
        let taken = feeds_without_end(&start, endless);
        assert!((1001..=1150).contains(&taken), "{taken} of {} {}", start.escape_ascii(), endless.escape_ascii());
    }
}

/// A byte of data that comes with a long extension each time would make the limit of a body as many times as long.
#[test]
fn what_frames_a_body_is_no_longer_than_its_data_are_worth() {
    for (frame, data, is_taken) in [
        (&b"1\r\n"[..], &b" "[..], true),
        (b"1;eeeeeeeeeeeeeeeeeeeeeeeee\r\n", b" ", true),
        (b"1;eeeeeeeeeeeeeeeeeeeeeeeeee\r\n", b" ", false),
        (b"1;eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\r\n", b" ", false),
        (b"2;eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\r\n", b"  ", true),
        (b"2;eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\r\n", b"  ", false),
        (b"000000000000000000000000001\r\n", b" ", true),
        (b"0000000000000000000000000001\r\n", b" ", false),
        (b"1                        \t;\r\n", b" ", true),
        (b"1                          \t;\r\n", b" ", false),
    ] {
        let chunk = [frame, data, b"\r\n"].concat();
        let (start, end) = (with_chunks(""), format!("{:x}\r\n{SUCCESS}\r\n0\r\n\r\n", SUCCESS.len()));
        let reply = [&start[..], &chunk.repeat(2000), end.as_bytes()].concat();
        let call = Call::get(contacts());
        for cut in [1, 2, 7, 1000, reply.len()].map(Cut::Pieces) {
            let mut memory = [0; MEMORY];
            let mut session = Session::new(net(), &mut memory);
            session.set_head_limit(start.len() + 100);
            let expected = if is_taken { Ok(()) } else { Err(ReplyError::HeadTooLarge) };
            assert_eq!(login(&mut session, &reply, cut).result, expected, "{} {cut:?}", chunk.escape_ascii());
            assert_eq!(support::call(&mut session, &call, &reply, cut).result, expected, "{}", chunk.escape_ascii());
        }
    }
}

#[test]
fn what_stands_behind_a_backslash_in_an_extension_is_one_character() {
    for escaped in [" ", "\t", "\"", "\\", ";"] {
        let reply = with_chunks(&format!("{:x};a=\"x\\{escaped}\";b\r\n{SUCCESS}\r\n0\r\n\r\n", SUCCESS.len()));
        for cut in Cut::all(reply.len()) {
            let mut memory = [0; MEMORY];
            let mut session = Session::new(net(), &mut memory);
            assert!(login(&mut session, &reply, cut).is_authenticated(), "{escaped:?} {cut:?}");
        }
    }
}

#[test]
fn a_head_as_long_as_the_limit_is_taken_and_one_byte_more_is_not() {
    let reply = raw(&["HTTP/1.1 204 No Content", "X: y"], "");
    for (limit, expected) in [(reply.len(), Ok(())), (reply.len() - 2, Err(ReplyError::HeadTooLarge))] {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        session.set_head_limit(limit);
        assert_eq!(login(&mut session, &reply, Cut::Whole).result, expected, "{limit}");
    }
}

#[test]
fn at_every_limit_of_a_head_the_same_comes_of_every_cut() {
    let reply = raw(&["HTTP/1.1 503 Service Unavailable", "Retry-After: 1", "Set-Cookie: a=b"], "");
    let at = |limit, cut| {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        session.set_head_limit(limit);
        let who = support::credentials();
        let mut exchange = session.login(&who);
        support::pull(&mut session, &mut exchange, 512);
        let result = support::feed(&mut session, &mut exchange, &reply, cut).result;
        (result, exchange.failed_field().map(<[u8]>::to_vec), session.sign_in_delay())
    };
    for limit in 0..=reply.len() {
        let whole = at(limit, Cut::Whole);
        for cut in Cut::all(reply.len()) {
            assert_eq!(at(limit, cut), whole, "{limit} {cut:?}");
        }
    }
}

#[test]
fn no_limit_of_a_head_is_too_large_for_sums_in_a_word() {
    let reply = raw(&["HTTP/1.1 204 No Content", &format!("X: {}", "y".repeat(1 << 20))], "");
    let expected = if usize::BITS == 32 { Err(ReplyError::HeadTooLarge) } else { Ok(()) };
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    session.set_head_limit(usize::MAX);
    assert_eq!(login(&mut session, &reply, Cut::Pieces(1000)).result, expected);
}

#[test]
fn what_is_too_long_and_what_is_malformed_come_in_the_same_order_at_every_cut() {
    for reply in [
        with_lines("Content-Language: some text\r\nX: a\0b\r\n"),
        with_lines("X: some text\rb\r\n"),
        with_lines("X: some text\nb\r\n"),
        with_lines("X: some\n  \x01 text\r\n \0b\r\n"),
        with_lines("a b\r\n"),
        with_chunks("1;a=some text\0\r\n{\r\n"),
        with_chunks("1\r\n{\r\n0001;a\r\n{\rx"),
        with_chunks("0\r\nX: a\r\nY: some text\n\r\n"),
    ] {
        for limit in 0..reply.len() {
            let result = |cut: Cut| {
                let mut memory = [0; 512];
                let mut session = Session::new(net(), &mut memory);
                session.set_head_limit(limit);
                login(&mut session, &reply, cut).result
            };
            let expected = result(Cut::Pieces(1));
            assert!(expected.is_err());
            for cut in Cut::all(reply.len()) {
                assert_eq!(result(cut), expected, "{limit} {cut:?} {}", reply.escape_ascii());
            }
        }
    }
}

#[test]
fn a_long_body_in_small_chunks_is_not_a_long_head() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    session.set_head_limit(120);
    let reply = fixtures::chunked(&["HTTP/1.1 200 OK"], "x".repeat(2000), &[1; 2000]);
    let call = creatio_auth::Call::get(contacts());
    assert_eq!(support::call(&mut session, &call, &reply, Cut::Whole).body.len(), 2000);
}
