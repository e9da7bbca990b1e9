//! Exchanges that someone else's HTTP client makes: the parts of the request are those of the request that an exchange would give
//! itself, and a reply comes to the same whether its lines are read here or by that client.

mod support;

use creatio_auth::{
    Call, ClientCredentials, Credentials, Exchange, Malformed, Method, Misuse, PasswordChange, Path, ReplyError,
    RequestPart, Runtime, Session, Site, State,
};
use support::fixtures::{self, Ask, SUCCESS, raw, with_length};
use support::{
    Answer, Cut, MEMORY, Outcome, Read, contacts, credentials, feed, framework, net, pull, signed_in, snapshot,
};

const COOKIES: [&str; 3] = [".ASPXAUTH=old; path=/", "BPMCSRF=b/.; path=/", "firewall=f; path=/"];
const PARTS: [RequestPart; 4] = [RequestPart::Method, RequestPart::Target, RequestPart::Fields, RequestPart::Body];

/// A part of a request, in a buffer of just its size; of each smaller one it is told how large it has to be.
fn part(session: &mut Session<'_>, exchange: &mut Exchange<'_>, part: RequestPart) -> Vec<u8> {
    let mut out = vec![0xEE; 4096];
    let len = exchange.request_part(session, part, &mut out).unwrap();
    for size in 0..len {
        let mut small = vec![0xEE; size];
        assert_eq!(exchange.request_part(session, part, &mut small).unwrap_err().needed, len);
        assert!(small.iter().all(|byte| *byte == 0xEE));
    }
    let mut exact = vec![0; len];
    assert_eq!(exchange.request_part(session, part, &mut exact), Ok(len));
    assert_eq!(exact, out[..len]);
    exact
}

/// The parts are those of the request, but for the fields that a client writes itself.
fn parts_are_the_request(session: &mut Session<'_>, mut exchange: Exchange<'_>) {
    let [method, target, fields, body] = PARTS.map(|each| part(session, &mut exchange, each));
    assert_eq!(exchange.state(), State::Ready);
    let request = pull(session, &mut exchange, 512);
    let read = Read::new(&request);
    assert_eq!(method, read.method.as_bytes());
    assert_eq!(target, read.target.as_bytes());
    assert_eq!(body, read.body);
    let lines: Vec<u8> = (read.fields.iter())
        .filter(|(name, _)| !["Host", "Content-Length"].contains(&name.as_str()))
        .flat_map(|(name, value)| [name.as_bytes(), b": ", value, b"\r\n"].concat())
        .collect();
    assert_eq!(fields.escape_ascii().to_string(), lines.escape_ascii().to_string());
    assert_eq!(PARTS.map(|each| part(session, &mut exchange, each)), [method, target, fields, body], "also later");
}

#[test]
fn the_parts_of_a_request_are_those_of_the_request_itself_for_each_door_and_each_call() {
    let mut memory = [0; MEMORY];
    let query = [("$filter", "Name eq 'Ö & Co'"), ("$top", "3")];
    for site in [framework(), net()] {
        let mut session = signed_in(site, &mut memory, &COOKIES);
        let who = Credentials::borrowed("Ünal \"U\"", "\\\u{1}").with_time_zone_offset(-180).with_workspace("W");
        let exchange = session.login(&who);
        parts_are_the_request(&mut session, exchange);
        let change = PasswordChange::borrowed(credentials(), "new");
        let exchange = session.change_password(&change);
        parts_are_the_request(&mut session, exchange);
        let identity = Site::parse("https://crm-is.example.com:8443/is", Runtime::Net).unwrap();
        for client in [ClientCredentials::borrowed("a b", "c&d"), ClientCredentials::borrowed("a", "b").by_basic()] {
            let exchange = session.token(&identity, &client);
            parts_are_the_request(&mut session, exchange);
        }
        for method in [Method::Get, Method::Head, Method::Post, Method::Put, Method::Patch, Method::Delete] {
            let call = Call::new(method, Path::site("/odata/Contact?$count=true").unwrap()).with_query(&query);
            for call in [
                call,
                call.with_json(b"{\"Name\":\"Ann\"}"),
                call.with_body_of_length("image/png", 5_000).unwrap(),
                call.with_field_lines("If-Match: *\r\nPrefer: x\r\n").unwrap(),
                Call::new(method, Path::root("/Login/x").unwrap()),
            ] {
                let exchange = session.call(&call);
                parts_are_the_request(&mut session, exchange);
            }
        }
        session.use_basic(&credentials()).unwrap();
        let exchange = session.call(&Call::post(contacts()));
        parts_are_the_request(&mut session, exchange);
    }
}

#[test]
fn another_session_has_no_parts_of_the_request() {
    let (mut memory, mut spare) = ([0; MEMORY], [0; MEMORY]);
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    let mut other = signed_in(net(), &mut spare, &COOKIES);
    let mut exchange = session.call(&Call::get(contacts()));
    for part in PARTS {
        assert_eq!(exchange.request_part(&mut other, part, &mut [0xEE; 500]), Ok(0));
        session.clear();
        assert_eq!(exchange.request_part(&mut session, part, &mut [0xEE; 500]), Ok(0));
    }
}

/// The data of a chunked body.
fn without_chunks(mut body: &[u8]) -> Vec<u8> {
    let mut data = vec![];
    loop {
        let line = body.windows(2).position(|two| two == b"\r\n").unwrap();
        let size = std::str::from_utf8(&body[..line]).unwrap().split(';').next().unwrap().trim();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return data;
        }
        data.extend_from_slice(&body[line + 2..line + 2 + size]);
        body = &body[line + 2 + size + 2..];
    }
}

type Fields = Vec<(String, Vec<u8>)>;

/// A reply as a client hands it out: for each head its fields and status, and the body without its framing.
struct Parts {
    heads: Vec<(Fields, u16)>,
    body: Vec<u8>,
}

impl Parts {
    fn of(reply: &[u8], is_head: bool) -> Self {
        let (mut heads, mut rest) = (vec![], reply);
        loop {
            let mut headers = [httparse::EMPTY_HEADER; 64];
            let mut read = httparse::Response::new(&mut headers);
            let len = read.parse(rest).unwrap().unwrap();
            let fields: Fields = read.headers.iter().map(|field| (field.name.into(), field.value.into())).collect();
            let status = read.code.unwrap();
            rest = &rest[len..];
            let is_chunked = fields.iter().any(|(name, _)| name.eq_ignore_ascii_case("transfer-encoding"));
            heads.push((fields, status));
            if status >= 200 {
                let mut body = rest.to_vec();
                if is_head || [204, 304].contains(&status) {
                    body.clear();
                } else if is_chunked {
                    body = without_chunks(rest);
                }
                return Parts { heads, body };
            }
        }
    }

    /// Feeds all of it, the body in pieces, and tells the end.
    fn feed(
        &self,
        session: &mut Session<'_>,
        exchange: &mut Exchange<'_>,
        piece: usize,
    ) -> Result<Vec<u8>, ReplyError> {
        for (fields, status) in &self.heads {
            for (name, value) in fields {
                exchange.feed_field(session, name.as_bytes(), value)?;
            }
            exchange.end_head(session, *status)?;
        }
        let mut body = vec![];
        for piece in self.body.chunks(piece) {
            let fed = exchange.feed(session, piece)?;
            assert_eq!((fed.consumed, fed.done), (piece.len(), false));
            body.extend_from_slice(fed.body);
        }
        exchange.close(session)?;
        Ok(body)
    }
}

/// What comes of a fixture whose exchange is not filled, but answered in some way.
fn outcome_of(
    fixture: &fixtures::Fixture,
    answer: impl FnOnce(&mut Session<'_>, &mut Exchange<'_>) -> Outcome,
) -> (Outcome, support::Snapshot) {
    let mut memory = [0; MEMORY];
    let mut session = fixture.session(&mut memory);
    let who = credentials();
    let mut exchange = match &fixture.ask {
        Ask::Login => session.login(&who),
        Ask::Call(call) => session.call(call),
    };
    let outcome = answer(&mut session, &mut exchange);
    assert!(!exchange.keeps_alive(), "whose connection it is not");
    (outcome, snapshot(&session))
}

/// What comes of it in the usual way.
fn expected(fixture: &fixtures::Fixture) -> (Outcome, support::Snapshot) {
    let mut memory = [0; MEMORY];
    let mut session = fixture.session(&mut memory);
    let outcome = fixture.exchange(&mut session, &fixture.reply, Cut::Whole);
    (Outcome { keeps_alive: false, ..outcome }, snapshot(&session))
}

#[test]
fn a_reply_to_an_exchange_that_was_not_filled_comes_to_the_same_however_it_is_cut() {
    for fixture in fixtures::all() {
        let expected = expected(&fixture);
        for cut in Cut::all(fixture.reply.len()) {
            let found = outcome_of(&fixture, |session, exchange| feed(session, exchange, &fixture.reply, cut));
            assert!(found == expected, "{}, {cut:?}", fixture.name);
        }
    }
}

#[test]
fn a_reply_in_parts_comes_to_the_same_as_its_bytes() {
    for fixture in fixtures::all() {
        let expected = expected(&fixture);
        let is_head = matches!(&fixture.ask, Ask::Call(call) if format!("{call:?}").contains("method: Head"));
        let parts = Parts::of(&fixture.reply, is_head);
        for piece in [1, 7, usize::MAX] {
            let found = outcome_of(&fixture, |session, exchange| {
                let body = parts.feed(session, exchange, piece);
                Outcome {
                    result: body.as_ref().map(|_| ()).map_err(|error| *error),
                    http_status: exchange.http_status(),
                    answer: exchange.login_result(session).ok().map(|login| Answer::of(&login)),
                    body: body.unwrap_or_default(),
                    consumed: fixture.reply.len(),
                    keeps_alive: false,
                }
            });
            assert_eq!(found.0, expected.0, "{}, {piece}", fixture.name);
            assert!(found.1 == expected.1, "{}, {piece}", fixture.name);
        }
    }
}

/// A call to which these fields are fed, with status 200 and a body; the body that came back.
fn call_with(session: &mut Session<'_>, call: &Call<'_>, fields: &[(&str, &[u8])], body: &[u8]) -> Vec<u8> {
    let mut exchange = session.call(call);
    for (name, value) in fields {
        exchange.feed_field(session, name.as_bytes(), value).unwrap();
    }
    exchange.end_head(session, 200).unwrap();
    let body = exchange.feed(session, body).unwrap().body.to_vec();
    exchange.close(session).unwrap();
    assert_eq!(exchange.call_result(session).unwrap().http_status, 200);
    body
}

#[test]
fn what_the_other_client_has_made_of_the_body_is_not_made_once_more() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    for fields in [
        &[("Content-Encoding", &b"gzip"[..]), ("Content-Length", b"20")][..],
        &[("content-length", b"5"), ("Content-Length", b"7"), ("Transfer-Encoding", b"chunked")],
        &[("Transfer-Encoding", b"gzip, chunked"), ("Content-Encoding", b"br")],
        &[("Content-Length", b"-1"), ("Connection", b"close"), ("Transfer-Encoding", b"")],
    ] {
        let body = call_with(&mut session, &Call::get(contacts()), fields, b"5\r\n{\"value\":[]}");
        assert_eq!(body, b"5\r\n{\"value\":[]}");
    }
    // Who wants to see such a field sees it.
    for name in ["Content-Length", "Content-Encoding", "Transfer-Encoding", "Connection"] {
        let call = Call::get(contacts()).with_wanted_field(name).unwrap();
        let mut exchange = session.call(&call);
        exchange.feed_field(&mut session, name.to_ascii_lowercase().as_bytes(), b" seen \r\n").unwrap();
        exchange.end_head(&mut session, 200).unwrap();
        assert_eq!(exchange.wanted_field(&session), Some(&b"seen"[..]));
    }
}

#[test]
fn what_could_end_a_line_of_a_request_enters_no_session() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    let before = snapshot(&session);
    for byte in (0..32).chain([127]).filter(|byte| *byte != b'\t') {
        let cookie = [&b"a=b"[..], &[byte], b"X: y; path=/"].concat();
        call_with(&mut session, &Call::get(contacts()), &[("Set-Cookie", &cookie)], b"{}");
        assert_eq!(snapshot(&session), before, "{byte}");
    }
    call_with(&mut session, &Call::get(contacts()), &[("Set-Cookie", b" \ta=b; path=/\r\n")], b"{}");
    assert!(support::cookie_field(&session, contacts()).ends_with("; a=b"), "the end of its line is none of a value");
}

#[test]
fn nothing_enters_the_session_before_the_end_is_told() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    let before = snapshot(&session);
    let mut exchange = session.call(&Call::get(contacts()));
    exchange.feed_field(&mut session, b"Set-Cookie", b".ASPXAUTH=new; path=/").unwrap();
    assert_eq!(snapshot(&session), before);
    exchange.end_head(&mut session, 200).unwrap();
    let _ = exchange.feed(&mut session, b"{}").unwrap();
    assert_eq!(snapshot(&session), before);
    let _next = session.call(&Call::get(contacts())); // the first is given up, for the transfer failed
    assert_eq!(snapshot(&session), before);

    let mut exchange = session.call(&Call::get(contacts()));
    exchange.feed_field(&mut session, b"Set-Cookie", b".ASPXAUTH=new; path=/").unwrap();
    assert_eq!(exchange.close(&mut session), Err(ReplyError::ClosedEarly), "without the end of its head");
    assert_eq!(snapshot(&session), before);
}

#[test]
fn parts_and_bytes_are_not_mixed_and_each_has_its_turn() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    let out_of_turn = Err(ReplyError::Misuse(Misuse::OutOfTurn));
    let field = |session: &mut Session<'_>, exchange: &mut Exchange<'_>| {
        [exchange.feed_field(session, b"Set-Cookie", b"a=b"), exchange.end_head(session, 200)]
    };
    let reply = with_length(&["HTTP/1.1 200 OK"], "{}");
    for cut in 1..reply.len() {
        let mut exchange = session.call(&Call::get(contacts()));
        let before = snapshot(&session);
        let _ = exchange.feed(&mut session, &reply[..cut]).unwrap();
        assert_eq!(field(&mut session, &mut exchange), [out_of_turn, out_of_turn], "{cut}");
        let fed = exchange.feed(&mut session, &reply[cut..]).unwrap();
        let _ = exchange.feed(&mut session, &reply[cut + fed.consumed..]);
        assert_eq!((exchange.state(), snapshot(&session)), (State::Done, before), "it went on");
        assert_eq!(field(&mut session, &mut exchange), [out_of_turn, out_of_turn]);
    }
    let mut exchange = session.call(&Call::get(contacts()));
    exchange.end_head(&mut session, 200).unwrap();
    assert_eq!(field(&mut session, &mut exchange), [out_of_turn, out_of_turn]);
    assert_eq!(exchange.close(&mut session), Ok(()));

    let mut exchange = session.call(&Call::get(contacts()));
    assert_eq!(exchange.end_head(&mut session, 101), Err(Malformed::SwitchingProtocols.into()));
    assert_eq!(field(&mut session, &mut exchange), [out_of_turn, out_of_turn]);

    let mut spare = [0; MEMORY];
    let mut other = signed_in(net(), &mut spare, &COOKIES);
    let mut exchange = session.call(&Call::get(contacts()));
    assert_eq!(field(&mut other, &mut exchange), [Err(ReplyError::Misuse(Misuse::OtherSession)); 2]);
}

#[test]
fn an_interim_reply_says_nothing() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    let before = snapshot(&session);
    let mut exchange = session.call(&Call::get(contacts()));
    exchange.feed_field(&mut session, b"Set-Cookie", b"early=x").unwrap();
    exchange.feed_field(&mut session, b"Location", b"/early").unwrap();
    exchange.end_head(&mut session, 103).unwrap();
    assert_eq!(exchange.http_status(), None);
    exchange.end_head(&mut session, 204).unwrap();
    assert_eq!((exchange.state(), exchange.http_status()), (State::Done, Some(204)), "for it has no body");
    assert_eq!((exchange.location(&session), snapshot(&session)), (None, before));
    assert_eq!(exchange.close(&mut session), Ok(()));
}

#[test]
fn a_sign_in_goes_out_with_its_fields_and_not_with_its_method_or_target() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    for (part, delay) in PARTS.into_iter().zip([Some(0), Some(0), Some(30), Some(30)]) {
        session.allow_sign_in();
        let who = credentials();
        let mut exchange = session.login(&who);
        exchange.request_part(&mut session, part, &mut [0; 500]).unwrap();
        assert_eq!(session.sign_in_delay(), delay, "{part:?}");
        exchange.request_part(&mut session, RequestPart::Fields, &mut [0; 500]).unwrap();
        assert_eq!(session.sign_in_delay(), Some(30), "once, whatever else is taken");
    }
}

#[test]
fn a_sign_in_that_was_not_filled_counts_with_the_first_bytes_of_its_reply() {
    for cut in [Cut::Whole, Cut::Pieces(1), Cut::At(3)] {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        let who = credentials();
        let mut exchange = session.login(&who);
        assert_eq!(feed(&mut session, &mut exchange, b"HTTP/1.1 ", cut).result, Err(ReplyError::ClosedEarly));
        assert_eq!(session.sign_in_delay(), Some(30), "{cut:?}");
    }
}

#[test]
fn the_value_of_a_field_is_wiped_whatever_its_length() {
    for len in 0..40 {
        for name in ["Set-Cookie", "Location", "Content-Type", "Retry-After", "Date", "X-Other"] {
            let mut memory = [0; MEMORY];
            let mut session = Session::new(net(), &mut memory);
            let mut exchange = session.call(&Call::get(contacts()));
            exchange.feed_field(&mut session, name.as_bytes(), &vec![b'S'; len]).unwrap();
            drop(session);
            assert!(memory.iter().all(|byte| *byte == 0), "{name} of {len}");
        }
    }
}

#[test]
fn the_limit_of_a_head_is_that_of_its_fields_as_well() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    session.set_head_limit(100);
    let mut exchange = session.call(&Call::get(contacts()));
    exchange.feed_field(&mut session, b"X-Long", &[b'x'; 94]).unwrap();
    assert_eq!(exchange.feed_field(&mut session, b"X", b""), Err(ReplyError::HeadTooLarge));
    assert_eq!(exchange.state(), State::Failed);
}

#[test]
fn memory_of_every_size_serves_a_login_in_parts_or_the_size_that_does_is_named() {
    let cookies = [".ASPXAUTH=0A1B2C3D4E5F; path=/; HttpOnly", "BPMCSRF=c; path=/", "a=b"];
    let reply = raw(
        &[
            "HTTP/1.1 200 OK",
            &format!("Set-Cookie: {}", cookies[0]),
            &format!("Set-Cookie: {}", cookies[1]),
            "Set-Cookie: a=b",
        ],
        SUCCESS,
    );
    let parts = Parts::of(&reply, false);
    let run = |size: usize| {
        let mut memory = vec![0; size];
        let mut session = Session::new(net(), &mut memory);
        let who = credentials();
        let mut exchange = session.login(&who);
        let result = parts.feed(&mut session, &mut exchange, 9).map(|_| ());
        (result, session.cookies().count())
    };
    let mut enough = false;
    for size in 0..400 {
        match run(size) {
            (Ok(()), count) => {
                assert_eq!(count, 3);
                enough = true;
            }
            (Err(ReplyError::MemoryTooSmall { needed }), 0) => {
                assert!(!enough && needed > size, "{needed} in {size} bytes");
                assert_eq!(run(needed).0, Ok(()));
            }
            other => panic!("{other:?} in {size} bytes"),
        }
    }
    assert!(enough);
}

//= 9110-9.2.2-no-retry
#[test]
fn a_request_may_be_sent_again_where_no_byte_of_a_reply_came_and_twice_does_no_more_than_once() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(framework(), &mut memory, &COOKIES);
    let who = credentials();
    let change = PasswordChange::borrowed(credentials(), "new");
    let client = ClientCredentials::borrowed("id", "secret");
    let identity = net();
    let of_the_site = |path| Call::post(Path::site(path).unwrap());
    let calls = [
        (Call::get(contacts()), true),
        (Call::new(Method::Head, contacts()), true),
        (Call::logout(), true),
        (of_the_site("/rest/MainMenuService/Logout"), true),
        (of_the_site("/rest/MainMenuService/LogoutAll"), false),
        (Call::post(Path::root("/rest/MainMenuService/Logout").unwrap()), false),
        (Call::ping(), true),
        (Call::post(contacts()).with_json(b"{}"), false),
        (Call::put(contacts()), false),
        (Call::patch(contacts()), false),
        (Call::delete(contacts()), false),
        (Call::get(contacts()).with_body_of_length("text/plain", 3).unwrap(), false),
    ];
    for (call, may) in calls {
        let mut exchange = session.call(&call);
        assert_eq!(exchange.may_be_sent_again(), may, "{call:?}");
        pull(&mut session, &mut exchange, 64);
        assert_eq!(exchange.may_be_sent_again(), may, "{call:?}");
        assert_eq!(exchange.close(&mut session), Err(ReplyError::ClosedEarly));
        assert_eq!(exchange.may_be_sent_again(), may, "{call:?}");
        for first in [b"H", b"x"] {
            let mut exchange = session.call(&call);
            pull(&mut session, &mut exchange, 64);
            let _ = exchange.feed(&mut session, first);
            assert!(!exchange.may_be_sent_again(), "{call:?}");
        }
        let mut exchange = session.call(&call);
        pull(&mut session, &mut exchange, 64);
        let _ = exchange.feed(&mut session, b"HTTP/1.1 100 Continue\r\n\r\n").unwrap();
        assert!(!exchange.may_be_sent_again(), "{call:?}");
        let mut exchange = session.call(&call);
        exchange.end_head(&mut session, 100).unwrap();
        assert!(!exchange.may_be_sent_again(), "{call:?}");
        let mut exchange = session.call(&call);
        let _ = exchange.feed(&mut session, &with_length(&["HTTP/1.1 200 OK"], "")).unwrap();
        assert!(!exchange.may_be_sent_again(), "{call:?}");
    }
    assert!(!session.login(&who).may_be_sent_again());
    assert!(!session.change_password(&change).may_be_sent_again());
    assert!(!session.token(&identity, &client).may_be_sent_again());
}
