//! What firewalls and old servers write into fields on which neither framing nor a secret hangs is taken, at every cut.

mod support;

use creatio_auth::{Call, CallVerdict, ReplyError, Session};
use support::fixtures::{SUCCESS, raw, with_length};
use support::{Cut, MEMORY, TICKET, call_answer, contacts, cookie_field, login, net, pull, signed_in};

const OK: &str = "HTTP/1.1 200 OK\r\n";

/// The control characters that end a cookie (RFC 6265bis, 5.6), but for NUL, CR and LF, which are no part of a line.
fn controls() -> impl Iterator<Item = char> {
    (1..=0x1F).chain([0x7F]).map(char::from).filter(|byte| !matches!(byte, '\t' | '\r' | '\n'))
}

/// The reply to a login with a ticket and these lines, each with its own end.
fn with_lines(lines: &str) -> Vec<u8> {
    let (ticket, length) = (format!("Set-Cookie: .ASPXAUTH={TICKET}; path=/"), SUCCESS.len());
    format!("{OK}{ticket}\r\n{lines}Content-Length: {length}\r\n\r\n{SUCCESS}").into_bytes()
}

/// The cookies beside the ticket after a login that was answered with these lines.
fn cookies_of(lines: &str, cut: impl Fn(usize) -> Vec<Cut>) -> String {
    let reply = with_lines(lines);
    let mut found = None;
    for cut in cut(reply.len()) {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        let outcome = login(&mut session, &reply, cut);
        assert!(outcome.is_authenticated() && outcome.keeps_alive, "{cut:?} {lines:?} {outcome:?}");
        assert_eq!(outcome.consumed, reply.len(), "{cut:?} {lines:?}");
        let cookies = cookie_field(&session, contacts());
        let ticket = format!(".ASPXAUTH={TICKET}");
        let others = cookies.split("; ").filter(|cookie| *cookie != ticket).collect::<Vec<_>>().join("; ");
        assert_eq!(*found.get_or_insert(others.clone()), others, "{cut:?} {lines:?}");
    }
    found.unwrap()
}

fn at_every_cut(len: usize) -> Vec<Cut> {
    Cut::all(len).collect()
}

#[track_caller]
fn cookies_are(lines: &str, expected: &str) {
    assert_eq!(cookies_of(lines, at_every_cut), expected, "{lines:?}");
}

//= 6265bis-5.6-pair
#[test]
fn a_control_character_in_set_cookie_drops_that_cookie_alone() {
    let around = |line: &str| format!("Set-Cookie: before=1; path=/\r\n{line}\r\nSet-Cookie: after=2; path=/\r\n");
    cookies_are(&around("Set-Cookie: ___utmva=a\x01b; path=/"), "before=1; after=2");
    cookies_are(&around("SET-COOKIE:\x01"), "before=1; after=2");
    cookies_are(&around("Set-Cookie: a=b\r\n \x1F"), "before=1; after=2");
    for control in controls() {
        for value in ["_a=b; path=/", "a_=b; path=/", "a=_b; path=/", "a=b_; path=/", "a=b;_path=/", "a=b; path=/_"] {
            let line = around(&format!("Set-Cookie: {}", value.replace('_', &control.to_string())));
            let cuts = |_| vec![Cut::Whole, Cut::Pieces(1), Cut::Pieces(7)];
            assert_eq!(cookies_of(&line, cuts), "before=1; after=2", "{line:?}");
        }
    }
}

//= 6265bis-5.6-pair
#[test]
fn a_tab_is_no_control_character_of_a_cookie() {
    cookies_are("Set-Cookie: a=b\tc;\tpath=/\t\r\n", "a=b\\tc");
}

#[test]
fn a_cookie_that_is_dropped_neither_deletes_nor_renews() {
    let lines = "Set-Cookie: .ASPXAUTH=; expires=Tue, 12 Oct 1999 00:00:00 GMT; path=/\x01\r\n";
    cookies_are(lines, "");
    cookies_are("Set-Cookie: .ASPXAUTH=x\x01; path=/\r\n", "");
}

//= 9112-5.2-unfold
#[test]
fn a_folded_cookie_is_one_cookie() {
    for fold in ["\n    ", "\r\n    ", "\n\t", "\r\n\t", "\r\n \t \t", "\n \n \r\n\t"] {
        // Each fold is one space, and the white space behind it is a part of it.
        let spaces = " ".repeat(fold.matches('\n').count());
        let lines = format!("Set-Cookie: ___utmvb=ab{fold}XcD: ef; path=/\r\n");
        cookies_are(&lines, &format!("___utmvb=ab{spaces}XcD: ef"));
    }
    cookies_are("Set-Cookie:\r\n a=b; path=/\r\n", "a=b");
    cookies_are("Set-Cookie: a=b; path=/\r\n \r\n", "a=b");
    cookies_are("Set-Cookie: a=b;\r\n\tpath=/odata\n ;\r\n  Secure\r\n", "a=b");
    cookies_are("Set-Cookie: a=b;\r\n\tpath=/elsewhere\r\n", "");
    cookies_are("Set-Cookie: a=b; \n  Max-Age=0\r\nSet-Cookie: c=d; path=/\r\n", "c=d");
    cookies_are("Set-Cookie: a=b; path=/;\n Set-Cookie: c=d\r\n", "a=b");
}

#[test]
fn what_is_folded_frames_nothing() {
    cookies_are("Set-Cookie: a=b; path=/\r\n Content-Length: 5\r\n", "");
    cookies_are("Set-Cookie: a=b; path=/;\r\n Content-Length: 5\r\n", "a=b");
    cookies_are("X: a\n\tTransfer-Encoding: chunked\r\n", "");
    cookies_are("X: a\r\n Connection: close\r\n", "");
    cookies_are("X: \x01\r\n Content-Length: 5\r\n", "");
}

//= 9110-5.1-unknown-fields
#[test]
fn fields_of_no_interest_are_passed_over() {
    cookies_are(
        "Content-Security-Policy: default-src 'self';\r\n    img-src *;\n\tfont-src *\r\nX: a\x01\x7Fb\r\n",
        "",
    );
    cookies_are("X:\r\n \r\nY:\n\t\r\nZ: \x1B[2J\r\n", "");
    // Too long a name to be of interest, and one that begins like one that is.
    cookies_are(&format!("{}: a\r\n b\r\nContent-Lengths: 5\r\n 6\r\n", "x".repeat(40)), "");
}

//= 9110-15.2-interim
#[test]
fn interim_replies_may_be_folded() {
    for cut in 1..60 {
        let early = raw(&["HTTP/1.1 103 Early", "Link: </a>;\r\n rel=preload", "Set-Cookie: a=\x01"], "");
        let reply = [early, with_lines("X: a\n b\r\n")].concat();
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        assert!(login(&mut session, &reply, Cut::Pieces(cut)).is_authenticated());
        assert_eq!(session.cookies().count(), 1);
    }
}

/// `Content-Type`, `Location` and `ETag` of a reply to a call with these lines; and whether it was taken.
fn kept(lines: &str) -> [Option<String>; 3] {
    let reply = format!("{OK}{lines}Content-Length: 0\r\n\r\n").into_bytes();
    let mut found = None;
    for cut in Cut::all(reply.len()) {
        let mut memory = [0; 256];
        let mut session = Session::new(net(), &mut memory);
        let call = Call::get(contacts()).with_wanted_field("ETag").unwrap();
        let mut exchange = session.call(&call);
        pull(&mut session, &mut exchange, 512);
        let outcome = support::feed(&mut session, &mut exchange, &reply, cut);
        assert_eq!((outcome.result, outcome.consumed), (Ok(()), reply.len()), "{cut:?} {lines:?}");
        let fields = [exchange.content_type(&session), exchange.location(&session), exchange.wanted_field(&session)];
        let fields = fields.map(|field| field.map(|field| field.escape_ascii().to_string()));
        assert_eq!(*found.get_or_insert(fields.clone()), fields, "{cut:?} {lines:?}");
    }
    found.unwrap()
}

//= 9112-5.2-unfold
#[test]
fn kept_fields_are_unfolded_and_those_with_a_control_character_are_not_there() {
    let some = |text: &str| Some(text.to_string());
    let folded = "Content-Type: application/json;\r\n  charset=utf-8\r\nLocation:\n /a\r\nETag: \"a\r\n\t\n b\"\r\n";
    assert_eq!(kept(folded), [some("application/json; charset=utf-8"), some("/a"), some("\\\"a  b\\\"")]);
    for control in controls() {
        let lines = format!("Content-Type: a/{control}\r\nLocation: /{control}\r\nETag:{control}\r\n");
        assert_eq!(kept(&lines), [None, None, None], "{lines:?}");
    }
    // Such a field takes no other's place.
    let lines = "Location: /a\r\nLocation: /b\x01\r\nETag: x\r\n \x7F\r\nETag: 1\r\nContent-Type: a/b\r\n";
    assert_eq!(kept(lines), [some("a/b"), some("/a"), some("1")]);
}

#[test]
fn what_a_field_says_to_the_library_counts_when_folded_and_not_with_a_control_character() {
    let answer = |lines: &str| {
        let reply = format!("HTTP/1.1 503 Busy\r\n{lines}Content-Length: 0\r\n\r\n").into_bytes();
        let mut memory = [0; 256];
        let answers = Cut::all(reply.len()).map(|cut| {
            let mut session = Session::new(net(), &mut memory);
            call_answer(&mut session, &Call::get(contacts()), &reply, cut).1.unwrap()
        });
        let mut answers = answers.collect::<Vec<_>>();
        answers.dedup();
        assert_eq!(answers.len(), 1, "{lines:?}");
        answers.remove(0)
    };
    let retry_after = |lines: &str| answer(lines).retry_after;
    let date = "Date: Sun, 22 Nov 2026 00:00:00 GMT\r\n";
    assert_eq!(retry_after("Retry-After:\r\n 7\r\n"), Some(7));
    assert_eq!(retry_after("Retry-After: 7\x01\r\n"), None);
    assert_eq!(retry_after("Retry-After: 7\r\n 8\r\n"), None);
    let in_a_minute = format!("Retry-After: Sun, 22 Nov\r\n 2026 00:01:00 GMT\r\n{date}");
    assert_eq!(retry_after(&in_a_minute), cfg!(feature = "lifetimes").then_some(60));
    assert_eq!(retry_after(&format!("Retry-After: 7\r\n{}", date.replace('S', "\x01"))), Some(7));

    let page = "HTTP/1.1 302 Found\r\nLocation: /Login/NuiLogin.aspx?ReturnUrl=%2f";
    for (end, verdict) in [("\r\n \r\n", true), ("\x01\r\n", false)] {
        let reply = format!("{page}{end}Content-Length: 0\r\n\r\n").into_bytes();
        let mut memory = [0; 256];
        let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
        let answer = call_answer(&mut session, &Call::get(contacts()), &reply, Cut::Pieces(1)).1.unwrap();
        assert_eq!(matches!(answer.verdict, CallVerdict::SessionEnded(_)), verdict, "{end:?}");
    }
}

#[test]
fn a_coding_that_cannot_be_read_is_one() {
    for coding in ["gzip\x01", "\x01", "identity\x7F", "gz\r\n ip", "iden\r\n tity"] {
        let reply = with_lines(&format!("Content-Encoding: {coding}\r\n"));
        for cut in Cut::all(reply.len()) {
            let mut memory = [0; MEMORY];
            let mut session = Session::new(net(), &mut memory);
            assert_eq!(
                login(&mut session, &reply, cut).result,
                Err(ReplyError::ContentEncoding),
                "{coding:?} {cut:?}"
            );
        }
    }
    cookies_are("Content-Encoding:\r\n identity\r\n", "");
}

//= 9112-9.8-complete
#[test]
fn the_head_is_complete_with_its_last_byte_and_not_one_later() {
    for lines in ["", "X: a\r\n", "X: a\r\n b\r\n", "Set-Cookie: a=\x01\r\n", "Location:\n /x\r\n"] {
        let reply = format!("{OK}Content-Length: 0\r\n{lines}\r\n").into_bytes();
        let mut memory = [0; 256];
        let mut session = Session::new(net(), &mut memory);
        let call = Call::get(contacts());
        let mut exchange = session.call(&call);
        pull(&mut session, &mut exchange, 512);
        let (last, before) = reply.split_last().unwrap();
        assert!(!exchange.feed(&mut session, before).unwrap().done && exchange.http_status().is_none(), "{lines:?}");
        assert!(exchange.feed(&mut session, &[*last]).unwrap().done, "{lines:?}");
    }
}

#[test]
fn a_cookie_that_is_dropped_takes_no_memory_and_leaves_no_trace() {
    let secret = "S".repeat(600);
    for end in ["\x01", "\r\n \x01"] {
        let lines = format!("Set-Cookie: a={secret}{end}\r\nSet-Cookie: b=c\r\n");
        let reply = [OK, &lines, "\r\n"].concat().into_bytes();
        for cut in [Cut::Whole, Cut::Pieces(1), Cut::Pieces(50)] {
            for size in [60, 500, 900, MEMORY] {
                let mut memory = vec![0; size];
                let mut session = Session::new(net(), &mut memory);
                let outcome = support::call(&mut session, &Call::get(contacts()), &reply, cut);
                assert_eq!(outcome.result, Ok(()), "{size}");
                assert_eq!(cookie_field(&session, contacts()), "b=c");
                std::mem::forget(session); // so that nothing is wiped now
                assert!(!memory.contains(&b'S'), "{size} {cut:?}");
            }
        }
    }
    // Nor where the reply fails after it.
    let reply = format!("{OK}Set-Cookie: a={secret}\x01\r\nX: \0\r\n").into_bytes();
    for cut in Cut::all(reply.len()) {
        let mut memory = [0; 900];
        let mut session = Session::new(net(), &mut memory);
        assert!(support::call(&mut session, &Call::get(contacts()), &reply, cut).result.is_err());
        std::mem::forget(session);
        assert!(!memory.contains(&b'S'), "{cut:?}");
    }
}

#[test]
fn an_error_names_its_field() {
    let long = "x".repeat(50);
    for (lines, name) in [
        ("X: a\0\r\n", Some("X")),
        ("Y: b\r\nX-Any: a\rb", Some("X-Any")),
        ("Y: b\r\nX-Any: a\n \nb", Some("X-Any")),
        ("Set-Cookie: a\r\n b\0", Some("Set-Cookie")),
        ("Content-Length: x\r\n", Some("Content-Length")),
        ("Content-Length: 1\r\nX: y\r\nContent-Length: 1\r\n", Some("Content-Length")),
        ("Transfer-Encoding: gzip\r\n", Some("Transfer-Encoding")),
        ("connection: close\r\n x", Some("connection")),
        ("Connection: close\x01", Some("Connection")),
        (&format!("{long}: \0"), Some(&long[..32])),
        (&format!("{long}\0"), Some(&long[..32])),
        // Where the fault is in a name, what was good of it; before it, the line before.
        ("Content-Language: en\r\nX@Y: a", Some("X")),
        ("X: a\r\nNo colon", Some("No")),
        ("X: a\r\nNothing\r\n", Some("Nothing")),
        ("X: a\r\n: b", Some("X")),
        ("X: a\r\n\n", Some("X")),
        // Where it stands in no field, none.
        (": b", None),
        (" b", None),
        ("X: y\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", None),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", None),
        ("X: y\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: \x01", Some("X-Trailer")),
        ("HTTP/1.1 2000 OK\r\n", None),
        ("HTTP/1.1 103 Early\r\nX: a\r\n\r\nnonsense\r\n", None),
        ("HTTP/1.1 103 Early\r\nX: a\r\n\r\nHTTP/1.1 200 \0\r\n", None),
    ] {
        let start = if lines.starts_with("HTTP") { "" } else { OK };
        let reply = format!("{start}{lines}").into_bytes();
        for cut in Cut::all(reply.len()) {
            let mut memory = [0; 256];
            let mut session = Session::new(net(), &mut memory);
            let call = Call::get(contacts());
            let mut exchange = session.call(&call);
            pull(&mut session, &mut exchange, 512);
            assert_eq!(exchange.failed_field(), None);
            let outcome = support::feed(&mut session, &mut exchange, &reply, cut);
            let is_malformed = matches!(outcome.result, Err(ReplyError::Malformed(_)));
            assert!(is_malformed, "{lines:?} {cut:?} {:?}", outcome.result);
            assert_eq!(exchange.failed_field(), name.map(str::as_bytes), "{lines:?} {cut:?}");
        }
    }
}

#[test]
fn a_reply_that_is_taken_or_cut_in_its_body_names_no_field() {
    for (reply, is_good) in [
        (with_length(&["HTTP/1.1 200 OK", "X: a"], "x"), true),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nx".to_vec(), false),
    ] {
        let mut memory = [0; 256];
        let mut session = Session::new(net(), &mut memory);
        let call = Call::get(contacts());
        let mut exchange = session.call(&call);
        pull(&mut session, &mut exchange, 512);
        assert_eq!(support::feed(&mut session, &mut exchange, &reply, Cut::Whole).result.is_ok(), is_good);
        assert_eq!(exchange.failed_field(), None);
    }
}
