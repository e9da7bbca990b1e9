//! The fields of a reply that a call keeps: there from the end of the head to the next exchange, whatever the cut.

mod support;

use creatio_auth::{Call, Exchange, FieldError, MAX_WANTED_FIELD, Method, ReplyError, Session};
use support::fixtures::{chunked, raw, with_length};
use support::{Cut, MEMORY, call, contacts, cookie_field, credentials, net, pull, signed_in, snapshot};

const OK: &str = "HTTP/1.1 200 OK";

/// What a call has kept of a reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Kept {
    content_type: Option<String>,
    location: Option<String>,
    wanted: Option<String>,
    length: Option<u64>,
}

impl Kept {
    fn of(exchange: &Exchange<'_>, session: &Session<'_>) -> Self {
        let text = |value: Option<&[u8]>| value.map(|value| value.escape_ascii().to_string());
        Kept {
            content_type: text(exchange.content_type(session)),
            location: text(exchange.location(session)),
            wanted: text(exchange.wanted_field(session)),
            length: exchange.content_length(),
        }
    }

    fn wanted(value: &str) -> Option<String> {
        Some(value.into())
    }
}

/// A reply with each field, and cookies and interim replies around them.
fn reply() -> Vec<u8> {
    let early = ["HTTP/1.1 103 Early", "Location: /early", "Content-Type: x/early", "ETag: early"];
    let cookies: Vec<_> =
        (0..8).map(|n| format!("Set-Cookie: c{n}={}; path=/; HttpOnly", "v".repeat(n * 9))).collect();
    let lines = [
        OK,
        &cookies[0],
        &cookies[1],
        "content-type:application/json; charset=utf-8",
        &cookies[2],
        "Location: \t/odata/Contact(410006e1-ca4e-4502-a9ec-e54d922d2c00)\t ",
        &cookies[3],
        "Set-Cookie: c0=deleted; Max-Age=0; path=/",
        "Set-Cookie: stranger=x; Domain=example.org",
        &cookies[4],
        "ETAG: W/\"first, which the next replaces\"",
        &cookies[5],
        "etag: W/\"\u{e9}1\"",
        "ETag2: other",
        &cookies[6],
        "Date: Sun, 22 Nov 2026 00:52:54 GMT",
        &cookies[7],
    ];
    [raw(&early, ""), with_length(&lines, r#"{"Id":"1"}"#)].concat()
}

fn wanting(name: &str) -> Call<'_> {
    Call::get(contacts()).with_wanted_field(name).unwrap()
}

fn expected() -> Kept {
    Kept {
        content_type: Kept::wanted("application/json; charset=utf-8"),
        location: Kept::wanted("/odata/Contact(410006e1-ca4e-4502-a9ec-e54d922d2c00)"),
        wanted: Kept::wanted("W/\\\"\\xc3\\xa91\\\""),
        length: Some(10),
    }
}

/// What a call keeps of a reply, and how that ended.
fn keep(session: &mut Session<'_>, call: &Call<'_>, reply: &[u8], cut: Cut) -> (Result<(), ReplyError>, Kept) {
    let mut exchange = session.call(call);
    pull(session, &mut exchange, 512);
    let result = support::feed(session, &mut exchange, reply, cut).result;
    (result, Kept::of(&exchange, session))
}

fn kept(call: &Call<'_>, reply: &[u8]) -> Kept {
    let mut memory = [0; MEMORY];
    let (result, kept) = keep(&mut Session::new(net(), &mut memory), call, reply, Cut::Pieces(3));
    assert_eq!(result, Ok(()));
    kept
}

#[test]
fn what_an_interim_reply_had_kept_is_no_room_lost_to_cookies() {
    let interim = raw(&["HTTP/1.1 103 Early Hints", &format!("Location: /{}", "x".repeat(60))], "");
    let cookie = format!("a={}", "v".repeat(60));
    let reply = [interim, with_length(&["HTTP/1.1 200 OK", &format!("Set-Cookie: {cookie}; Path=/")], "")].concat();
    let mut memory = [0; 120];
    let mut session = Session::new(net(), &mut memory);
    let ask = Call::get(contacts());
    assert_eq!(call(&mut session, &ask, &reply, Cut::Whole).result, Ok(()));
    session.call(&ask); // wipes what is no cookie
    assert_eq!(cookie_field(&session, contacts()), cookie);
}

#[test]
fn the_fields_are_the_same_at_every_cut() {
    let reply = reply();
    for cut in Cut::all(reply.len()) {
        let mut memory = [0; MEMORY];
        let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/", "c3=old; path=/"]);
        assert_eq!(keep(&mut session, &wanting("eTag"), &reply, cut), (Ok(()), expected()), "{cut:?}");
        assert_eq!(session.cookies().count(), 8); // the ticket, and c1 to c7
    }
}

#[test]
fn the_fields_are_there_from_the_end_of_the_head_to_the_next_exchange() {
    let reply = reply();
    let head = reply.len() - r#"{"Id":"1"}"#.len();
    let call = wanting("ETag");
    let ends: [fn(&mut Session<'_>); 3] = [
        |session| {
            session.call(&Call::get(contacts()));
        },
        |session| {
            session.login(&credentials());
        },
        |session| session.clear(),
    ];
    for end in ends {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        let mut exchange = session.call(&call);
        pull(&mut session, &mut exchange, 64);
        for (at, byte) in reply.iter().enumerate() {
            let now = if at < head { Kept::default() } else { expected() };
            assert_eq!(Kept::of(&exchange, &session), now, "{at}");
            let _ = exchange.feed(&mut session, &[*byte]).unwrap();
        }
        assert_eq!(Kept::of(&exchange, &session), expected());
        exchange.close(&mut session).unwrap();
        assert_eq!(Kept::of(&exchange, &session), expected());
        end(&mut session);
        assert_eq!(Kept::of(&exchange, &session), Kept { length: Some(10), ..Kept::default() });
    }
}

#[test]
fn memory_of_every_size_is_enough_or_the_size_that_is_enough_is_named() {
    let long = format!("ETag: {}", "e".repeat(300));
    let replies = [
        reply(),
        with_length(&[OK, "Location: /a", &long, "Content-Type: a/b", "Set-Cookie: a=b"], ""),
        with_length(&[OK, "Set-Cookie: a=b", &long, &long, "Location:", "Content-Type: a/b"], "{}"),
        chunked(&[OK, &long, "Location: /a", "Location: /b"], r#"{"error":{"message":"texts, too"}}"#, &[3]),
        raw(&[OK, "Content-Type: a/b"], "x"),
    ];
    for (reply, piece) in replies.iter().flat_map(|reply| [(reply, 7), (reply, 1)]) {
        let run = |size: usize| {
            let mut memory = vec![0; size];
            let mut session = Session::new(net(), &mut memory);
            let before = snapshot(&session);
            let (result, kept) = keep(&mut session, &wanting("ETag"), reply, Cut::Pieces(piece));
            let after = snapshot(&session);
            assert!(result.is_ok() || before == after, "in {size} bytes");
            (result, kept, after)
        };
        let full = run(MEMORY);
        assert_eq!(full.0, Ok(()));
        let mut enough = false;
        for size in 0..1600 {
            match run(size) {
                (Err(ReplyError::MemoryTooSmall { needed }), ..) => {
                    assert!(!enough && needed > size, "{needed} in {size} bytes, and less was enough");
                    assert_eq!(run(needed), full, "{needed} were said to be enough in {size} bytes");
                }
                outcome => {
                    enough = true;
                    assert_eq!(outcome, full, "in {size} bytes");
                }
            }
        }
        assert!(enough);
    }
}

#[test]
fn fields_of_interim_replies_take_no_memory() {
    let long = "x".repeat(500);
    let early = [format!("Location: {long}"), format!("ETag: {long}"), format!("Set-Cookie: a={long}")];
    let early = raw(&["HTTP/1.1 103 Early", &early[0], &early[1], &early[2]], "");
    let reply = [&early[..], &early, &with_length(&[OK, "ETag: x"], "")].concat();
    let mut memory = [0; 64];
    let (result, kept) = keep(&mut Session::new(net(), &mut memory), &wanting("ETag"), &reply, Cut::Pieces(5));
    assert_eq!(result, Ok(()));
    assert_eq!(kept, Kept { wanted: Kept::wanted("x"), length: Some(0), ..Kept::default() });
}

#[test]
fn after_a_failure_no_field_is_shown() {
    let reply = reply();
    let cut_off = &reply[..reply.len() - 1];
    for (reply, size) in [(cut_off, MEMORY), (&reply, 200), (&reply, 20)] {
        let mut memory = vec![0; size];
        let mut session = Session::new(net(), &mut memory);
        let (result, kept) = keep(&mut session, &wanting("ETag"), reply, Cut::Whole);
        assert!(result.is_err());
        assert_eq!(Kept { length: None, ..kept }, Kept::default(), "in {size} bytes");
    }
}

#[test]
fn a_wanted_field_may_have_any_name_but_that_of_the_cookies() {
    let longest = "X".repeat(MAX_WANTED_FIELD);
    for (name, value) in [
        ("x", "1"),
        ("OData-EntityId", "https://crm.example.com/odata/Contact(1)"),
        ("Content-Disposition", "attachment; filename=Ö"),
        (&longest, "longest"),
        ("Date", "Sun, 22 Nov 2026 00:52:54 GMT"),
        ("Retry-After", "3"),
        ("Content-Type", "a/b"),
        ("Location", "/x"),
        ("Connection", "keep-alive"),
        ("Content-Encoding", "identity"),
        ("Content-Length", "0"),
        ("Empty", ""),
    ] {
        let line = format!("{}: {value}", name.to_uppercase());
        let others = ["Y: no", &format!("{name}x: no"), "XX: no"];
        let lines = [&[OK, &line], &others[..]].concat();
        let reply = if name == "Content-Length" { raw(&lines, "") } else { with_length(&lines, "") };
        let value = value.as_bytes().escape_ascii().to_string();
        assert_eq!(kept(&wanting(name), &reply).wanted, Some(value), "{name}");
    }
    assert_eq!(kept(&wanting("Transfer-Encoding"), &chunked(&[OK], "{}", &[])).wanted, Kept::wanted("chunked"));
    for name in ["Set-Cookie", "set-cookie", "SET-COOKIE"] {
        assert_eq!(Call::get(contacts()).with_wanted_field(name).err(), Some(FieldError::Reserved));
    }
}

//= 9112-7.1.2-apart, 9112-7.1.2-no-merge, 9110-6.5.1-no-merge
#[test]
fn a_field_that_does_not_come_is_none() {
    assert_eq!(kept(&wanting("ETag"), &chunked(&[OK, "ETagg: x", "XETag: x"], "{}", &[])), Kept::default());
    let reply = with_length(&[OK, "ETag: x"], "");
    assert_eq!(kept(&Call::get(contacts()), &reply), Kept { length: Some(0), ..Kept::default() });
    let trailers = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nETag: x\r\nLocation: /x\r\n\r\n";
    assert_eq!(kept(&wanting("ETag"), trailers), Kept::default());
}

//= 9110-6-request-known
#[test]
fn fields_of_replies_without_a_body_are_kept() {
    let location = "Location: /odata/Contact(1)";
    let full = Kept { location: Kept::wanted("/odata/Contact(1)"), ..Kept::default() };
    let created = raw(&["HTTP/1.1 204 No Content", location], "");
    assert_eq!(kept(&Call::post(contacts()), &created), full);
    let head = raw(&[OK, location, "Content-Length: 5000000000"], "");
    let expected = Kept { length: Some(5_000_000_000), ..full };
    assert_eq!(kept(&Call::new(Method::Head, contacts()), &head), expected);
}

#[test]
fn a_login_keeps_no_fields() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let who = credentials();
    let mut exchange = session.login(&who);
    pull(&mut session, &mut exchange, 64);
    let lines = [OK, "Content-Type: application/json", "Location: /x", "Set-Cookie: .ASPXAUTH=t; path=/"];
    let reply = with_length(&lines, support::fixtures::SUCCESS);
    assert!(support::feed(&mut session, &mut exchange, &reply, Cut::Whole).is_authenticated());
    let length = Some(support::fixtures::SUCCESS.len() as u64);
    assert_eq!(Kept::of(&exchange, &session), Kept { length, ..Kept::default() });
}

#[test]
fn a_value_is_what_came_whatever_its_length_and_what_stands_in_it() {
    for len in 0..40 {
        for at in 0..len {
            let mut value = vec![b'v'; len];
            value[at] = [b'\t', b' ', 0x80, 0xFF][(len + at) % 4];
            let line = [b"X-Any:", &value[..], b"\r\n"].concat();
            let reply = [&b"HTTP/1.1 204 No\x80\tContent\r\n"[..], &line, b"\r\n"].concat();
            let value = Kept::wanted(&value.trim_ascii().escape_ascii().to_string());
            for cut in Cut::all(reply.len()).chain([Cut::Pieces(17)]) {
                let mut memory = [0; 256];
                let mut session = Session::new(net(), &mut memory);
                let (result, kept) = keep(&mut session, &wanting("x-any"), &reply, cut);
                assert_eq!((result, &kept.wanted), (Ok(()), &value), "{len} {at} {cut:?}");
            }
        }
    }
}

#[test]
fn a_longer_name_is_another_one() {
    let longest = "x".repeat(MAX_WANTED_FIELD);
    let call = wanting(&longest);
    for len in [MAX_WANTED_FIELD - 1, MAX_WANTED_FIELD, MAX_WANTED_FIELD + 1, MAX_WANTED_FIELD + 2, 100] {
        let reply = raw(&["HTTP/1.1 204 No Content", &format!("{}: v", "X".repeat(len))], "");
        let expected = if len == MAX_WANTED_FIELD { Kept::wanted("v") } else { None };
        for cut in Cut::all(reply.len()) {
            let mut memory = [0; 256];
            let (result, kept) = keep(&mut Session::new(net(), &mut memory), &call, &reply, cut);
            assert_eq!((result, &kept.wanted), (Ok(()), &expected), "{len} {cut:?}");
        }
    }
}
