//! Exchanges in the types of the crate `http`: their requests are those that an exchange would write itself, and their replies
//! come to what their bytes come to.

mod support;

use creatio_auth::http_1::{HeaderMap, Response, StatusCode, header};
use creatio_auth::{
    Call, CallVerdict, ClientCredentials, Credentials, Exchange, MAX_PATH, Method, Misuse, PasswordChange, Path,
    ReplyError, Runtime, Session, Site,
};
use support::fixtures::{self, Ask};
use support::{Answer, Cut, MEMORY, Outcome, Read, contacts, credentials, framework, net, pull, signed_in, snapshot};

const COOKIES: [&str; 3] = [".ASPXAUTH=old; path=/", "BPMCSRF=b/.; path=/", "firewall=f; path=/"];

/// The request of the types is that of the bytes, but for the fields that a client writes itself.
fn is_the_request(session: &mut Session<'_>, mut exchange: Exchange<'_>, origin: &str, callers_body: bool) {
    let request = exchange.http_request(session).unwrap();
    let bytes = pull(session, &mut exchange, 512);
    let read = Read::new(&bytes);
    assert_eq!(request.method().as_str(), read.method);
    assert_eq!(request.uri().to_string(), format!("{origin}{}", read.target));
    assert_eq!(request.body(), &read.body);
    let left_out = if callers_body { vec!["Host"] } else { vec!["Host", "Content-Length"] };
    let mut expected = HeaderMap::new();
    for (name, value) in read.fields.iter().filter(|(name, _)| !left_out.contains(&name.as_str())) {
        let name = header::HeaderName::from_bytes(name.as_bytes()).unwrap();
        expected.append(name, header::HeaderValue::from_bytes(value).unwrap());
    }
    assert_eq!(request.headers(), &expected);
    let debug = format!("{request:?}");
    assert!(!debug.contains("old") && !debug.contains("b/."), "no cookie and no token shows: {debug}");
}

#[test]
fn the_request_is_the_request_itself_for_each_door_and_each_call() {
    let mut memory = [0; MEMORY];
    let query = [("$filter", "Name eq 'Ö & Co'"), ("$top", "3")];
    let with_port = Site::parse("http://[::1]:8080/base", Runtime::Net).unwrap();
    for (site, origin) in [
        (framework(), "https://crm.example.com"),
        (net(), "https://crm.example.com"),
        (with_port, "http://[::1]:8080"),
    ] {
        let mut session = signed_in(site, &mut memory, &COOKIES);
        let who = Credentials::borrowed("Ünal \"U\"", "\\\u{1}").with_time_zone_offset(-180);
        let exchange = session.login(&who);
        is_the_request(&mut session, exchange, origin, false);
        let change = PasswordChange::borrowed(credentials(), "new");
        let exchange = session.change_password(&change);
        is_the_request(&mut session, exchange, origin, false);
        let identity = Site::parse("https://crm-is.example.com:8443/is", Runtime::Net).unwrap();
        for client in [ClientCredentials::borrowed("a b", "c&d"), ClientCredentials::borrowed("a", "b").by_basic()] {
            let exchange = session.token(&identity, &client);
            is_the_request(&mut session, exchange, "https://crm-is.example.com:8443", false);
        }
        for method in [Method::Get, Method::Head, Method::Post, Method::Put, Method::Patch, Method::Delete] {
            let call = Call::new(method, Path::site("/odata/Contact?$count=true").unwrap()).with_query(&query);
            for call in [
                call,
                call.with_json(b"{\"Name\":\"Ann\"}"),
                call.with_field_lines("If-Match: *\r\nPrefer: x\r\nPrefer: y:z\r\nX-Empty: \r\n").unwrap(),
                Call::new(method, Path::root("/Login/x").unwrap()),
            ] {
                let exchange = session.call(&call);
                is_the_request(&mut session, exchange, origin, false);
            }
            let exchange = session.call(&call.with_body_of_length("image/png", 5_000).unwrap());
            is_the_request(&mut session, exchange, origin, true);
        }
        session.use_basic(&credentials()).unwrap();
        let exchange = session.call(&Call::post(contacts()));
        is_the_request(&mut session, exchange, origin, false);
    }
}

#[test]
fn a_uri_that_is_too_long_and_another_session_are_errors() {
    let (mut memory, mut spare) = ([0; MEMORY], [0; MEMORY]);
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    let mut other = signed_in(net(), &mut spare, &COOKIES);
    let mut exchange = session.call(&Call::get(contacts()));
    assert!(exchange.http_request(&mut other).is_err());
    assert!(exchange.http_request(&mut session).is_ok());
    let query = ["x"; 8].map(|name| (name, "y"));
    let long = "%".repeat(MAX_PATH);
    let query = query.map(|(name, _)| (name, long.as_str()));
    let mut exchange = session.call(&Call::get(contacts()).with_query(&query));
    assert!(exchange.http_request(&mut session).is_err());
}

#[test]
fn a_sign_in_whose_request_is_taken_is_one_that_goes_out() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let who = credentials();
    for _ in 0..2 {
        let mut exchange = session.login(&who);
        exchange.http_request(&mut session).unwrap();
        let response = Response::builder().status(200).body(r#"{"Code":1,"Message":"no"}"#).unwrap();
        exchange.feed_response(&mut session, &response).unwrap();
    }
    assert_eq!(session.sign_in_delay(), None, "as after one that was filled");
}

/// A reply in the types: none for one that those cannot hold.
fn response_of(reply: &[u8]) -> Option<Response<Vec<u8>>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut read = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(len) = read.parse(reply).ok()? else { return None };
    let is_framed_otherwise = read.headers.iter().any(|field| field.name.eq_ignore_ascii_case("transfer-encoding"));
    let status = read.code.filter(|status| *status >= 200 && ![204, 304].contains(status) && !is_framed_otherwise)?;
    let mut response = Response::builder().status(status);
    for field in read.headers.iter() {
        response = response.header(field.name, field.value);
    }
    response.body(reply[len..].to_vec()).ok()
}

#[test]
fn a_reply_in_the_types_comes_to_the_same_as_its_bytes_in_whole_and_in_pieces() {
    let mut compared = 0;
    for fixture in fixtures::all() {
        let is_head = matches!(&fixture.ask, Ask::Call(call) if format!("{call:?}").contains("method: Head"));
        let Some(response) = response_of(&fixture.reply).filter(|_| !is_head) else { continue };
        let mut memory = [0; MEMORY];
        let expected = {
            let mut session = fixture.session(&mut memory);
            let outcome = fixture.exchange(&mut session, &fixture.reply, Cut::Whole);
            (Outcome { keeps_alive: false, ..outcome }, snapshot(&session))
        };
        for in_pieces in [false, true] {
            let mut session = fixture.session(&mut memory);
            let who = credentials();
            let mut exchange = match &fixture.ask {
                Ask::Login => session.login(&who),
                Ask::Call(call) => session.call(call),
            };
            let mut body = response.body().clone();
            let result = if in_pieces {
                exchange.feed_head(&mut session, response.status(), response.headers()).and_then(|()| {
                    body.clear();
                    for byte in response.body().chunks(1) {
                        body.extend_from_slice(exchange.feed(&mut session, byte)?.body);
                    }
                    exchange.close(&mut session)
                })
            } else {
                exchange.feed_response(&mut session, &response)
            };
            if matches!(fixture.ask, Ask::Login) || result.is_err() {
                body.clone_from(&expected.0.body);
            }
            let found = Outcome {
                result,
                http_status: exchange.http_status(),
                answer: exchange.login_result(&session).ok().map(|login| Answer::of(&login)),
                body,
                consumed: fixture.reply.len(),
                keeps_alive: false,
            };
            assert_eq!(found, expected.0, "{}, in pieces: {in_pieces}", fixture.name);
            assert!(snapshot(&session) == expected.1, "{}, in pieces: {in_pieces}", fixture.name);
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn cookies_are_renewed_one_for_each_field_and_an_end_of_the_session_is_told() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &COOKIES);
    let mut exchange = session.call(&Call::get(contacts()));
    let response = Response::builder()
        .header("set-cookie", ".ASPXAUTH=new; path=/")
        .header("set-cookie", "second=2; path=/")
        .body(b"{}")
        .unwrap();
    exchange.feed_response(&mut session, &response).unwrap();
    assert_eq!(exchange.call_result(&session).unwrap().verdict, CallVerdict::Fine);
    let field = support::cookie_field(&session, contacts());
    assert!(field.contains(".ASPXAUTH=new") && field.contains("second=2"), "{field}");

    let mut exchange = session.call(&Call::get(contacts()));
    let response = Response::builder().status(StatusCode::UNAUTHORIZED).body("").unwrap();
    exchange.feed_response(&mut session, &response).unwrap();
    assert!(matches!(exchange.call_result(&session).unwrap().verdict, CallVerdict::SessionEnded(_)));
    let out_of_turn = Err(ReplyError::Misuse(Misuse::OutOfTurn));
    assert_eq!(exchange.feed_response(&mut session, &response), out_of_turn, "it has had its reply");
}
