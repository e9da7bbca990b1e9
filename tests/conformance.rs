//! Rules of RFCs that no other test shows, at every cut where bytes arrive.

mod support;

use std::collections::BTreeSet;
use std::fmt;

use creatio_auth::{
    Call, ClientCredentials, Credentials, Exchange, Method, PasswordChange, Path, Runtime, Session, Site, SiteError,
    TokenVerdict,
};
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use support::fixtures::{chunked, raw, with_length};
use support::{Cut, MEMORY, Read, call, contacts, cookie_field, feed, framework, login, net, pull, signed_in};

/// Requests of each kind, without a body and with one, and what each is called.
fn requests() -> Vec<(String, Vec<u8>)> {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(framework(), &mut memory, &[".ASPXAUTH=t; path=/", "BPMCSRF=c; path=/"]);
    let (who, change) = (all_of_a_login(), PasswordChange::borrowed(all_of_a_login(), "n\u{e9}w \"2\""));
    let [form, basic] = [false, true].map(|by_basic| {
        let client = ClientCredentials::borrowed("id", "secret");
        if by_basic { client.by_basic() } else { client }
    });
    let mut requests = Vec::new();
    let mut add = |name: &str, session: &mut Session<'_>, mut exchange: Exchange<'_>| {
        requests.push((name.to_owned(), pull(session, &mut exchange, 100)));
    };
    let exchange = session.login(&who);
    add("login", &mut session, exchange);
    let exchange = session.change_password(&change);
    add("change", &mut session, exchange);
    for client in [&form, &basic] {
        let exchange = session.token(&framework(), client);
        add("token", &mut session, exchange);
    }
    for method in [Method::Get, Method::Head, Method::Post, Method::Put, Method::Patch, Method::Delete] {
        let bare = Call::new(method, contacts());
        for call in [bare, bare.with_json(b""), bare.with_json(b"{}\r\n"), bare.with_json(b"\r\n\r\n")] {
            let exchange = session.call(&call);
            add(&format!("{call:?}"), &mut session, exchange);
        }
    }
    for call in [Call::logout(), Call::ping(), Call::health_check(Runtime::Net)] {
        let exchange = session.call(&call);
        add(&format!("{call:?}"), &mut session, exchange);
    }
    requests
}

fn all_of_a_login() -> Credentials<'static> {
    Credentials::borrowed("J\u{f6} \"J\" \\", "\u{1}\u{7f}\u{1F511}")
        .with_workspace("Default")
        .with_time_zone_offset(-180)
        .with_borrowed_one_time_code("123456")
        .with_provider_name("Totp")
}

//= 9112-2.2-no-extra-crlf, 9112-2.2-body-crlf, 9112-3.2-host, 9112-6.3-body-framed, 9110-6.2-highest-version
//= 9110-6.2-own-version, 9110-7.2-host-first, 9110-8.6-right
#[test]
fn requests_are_a_head_and_as_many_bytes_as_it_says() {
    for (name, request) in requests() {
        let read = Read::new(&request);
        assert!(
            request.starts_with(format!("{} {} HTTP/1.1\r\nHost: ", read.method, read.target).as_bytes()),
            "{name}"
        );
        let length = read.field("Content-Length").map(|value| String::from_utf8_lossy(value).parse().unwrap());
        assert_eq!(length.unwrap_or(0), read.body.len(), "{name}");
        assert_eq!(read.field("Host"), Some(&b"crm.example.com"[..]), "{name}");
        for none in ["Connection", "Expect", "TE", "Trailer", "Transfer-Encoding", "Upgrade"] {
            assert_eq!(read.field(none), None, "{name}");
        }
    }
}

//= 9112-3-line-length, 9110-4.1-uri-length
#[test]
fn a_request_line_of_8000_bytes_goes_out() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(framework(), &mut memory);
    let path = format!("/odata/{}", "x".repeat(8_000));
    let call = Call::get(Path::site(&path).unwrap());
    for size in [1, 512, 20_000] {
        let mut exchange = session.call(&call);
        let request = pull(&mut session, &mut exchange, size);
        assert_eq!(Read::new(&request).target, format!("/CreatioWebApp/0{path}"));
    }
}

//= 9112-9.6-close-received, 9110-5.6.1.2-empty-elements
#[test]
fn connection_options_count_in_any_case_and_among_empty_elements() {
    for (version, lines, keeps_alive) in [
        ("1.1", "", true),
        ("1.1", "Connection:\r\n", true),
        ("1.1", "Connection: ,,\r\n", true),
        ("1.1", "Connection: ,CLOSE, \t,\r\n", false),
        ("1.1", "Connection: , \t,close\r\n", false),
        ("1.1", "Connection: x\r\nConnection: Close\r\n", false),
        ("1.1", "Connection: keep-alive, close\r\n", false),
        ("1.1", "Connection: closed, xclose, clos e\r\n", true),
        ("1.0", "", false),
        ("1.0", "Connection: ,Keep-Alive,\r\n", true),
        ("1.0", "Connection: keep-alive\r\nConnection: close\r\n", false),
    ] {
        let reply = format!("HTTP/{version} 200 OK\r\n{lines}Content-Length: 2\r\n\r\n{{}}").into_bytes();
        for cut in Cut::all(reply.len()) {
            let mut memory = [0; 256];
            let mut session = Session::new(net(), &mut memory);
            let outcome = call(&mut session, &Call::get(contacts()), &reply, cut);
            assert_eq!((outcome.result, outcome.keeps_alive), (Ok(()), keeps_alive), "{version} {lines:?} {cut:?}");
        }
    }
}

//= 9112-9.8-complete
#[test]
fn a_reply_is_complete_with_its_last_byte_and_needs_no_end_of_the_connection() {
    let line = ["HTTP/1.1 200 OK"];
    let no_content = raw(&["HTTP/1.1 204 No Content"], "");
    for reply in [with_length(&line, "{}"), with_length(&line, ""), chunked(&line, "{}", &[1, 1]), no_content] {
        for cut in 1..reply.len() {
            let mut memory = [0; 256];
            let mut session = Session::new(net(), &mut memory);
            let mut exchange = session.call(&Call::get(contacts()));
            pull(&mut session, &mut exchange, 512);
            let mut done = Vec::new();
            for piece in [&reply[..cut], &reply[cut..]] {
                let mut rest = piece;
                while !rest.is_empty() {
                    let fed = exchange.feed(&mut session, rest).unwrap();
                    rest = &rest[fed.consumed..];
                    done.push(fed.done);
                }
            }
            let before = done.len() - 1;
            assert!(done[before] && !done[..before].contains(&true), "{}, {cut}", reply.escape_ascii());
            assert!(exchange.keeps_alive());
        }
    }
}

//= 6265bis-5.3-any-status
#[test]
fn cookies_count_with_any_status_but_1xx() {
    let cookie = "Set-Cookie: a=1; path=/";
    for status in
        ["200 OK", "204 None", "299 X", "302 Found", "304 Same", "400 Bad", "403 No", "404 N", "500 X", "503 X"]
    {
        let reply = with_length(&[&format!("HTTP/1.1 {status}"), cookie], "");
        let interim = [raw(&["HTTP/1.1 103 Early", cookie], ""), with_length(&[&format!("HTTP/1.1 {status}")], "")];
        for (reply, expected) in [(reply, "a=1"), (interim.concat(), "")] {
            for cut in Cut::all(reply.len()) {
                let mut memory = [0; 512];
                let mut session = Session::new(net(), &mut memory);
                assert_eq!(
                    call(&mut session, &Call::get(contacts()), &reply, cut).result,
                    Ok(()),
                    "{status} {cut:?}"
                );
                assert_eq!(cookie_field(&session, contacts()), expected, "{status} {cut:?}");
            }
        }
    }
    let refused = with_length(&["HTTP/1.1 401 Unauthorized", cookie], r#"{"Message":"Authentication failed."}"#);
    let mut memory = [0; 512];
    let mut session = Session::new(net(), &mut memory);
    assert_eq!(login(&mut session, &refused, Cut::Pieces(1)).result, Ok(()));
    assert_eq!(cookie_field(&session, contacts()), "a=1");
}

/// The names of an object's members.
struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Vec<String>, M::Error> {
        let mut names = Vec::new();
        while let Some((name, _)) = map.next_entry::<String, IgnoredAny>()? {
            names.push(name);
        }
        Ok(names)
    }
}

//= 8259-4-unique, 8259-8.1-utf-8, 8259-8.1-no-mark, 8259-10-grammar
#[test]
fn documents_that_are_sent_are_json_in_utf8_with_each_name_once() {
    let documents = requests().into_iter().filter(|(name, _)| ["login", "change"].contains(&name.as_str()));
    let mut counts = Vec::new();
    for (name, request) in documents {
        let body = Read::new(&request).body;
        let text = std::str::from_utf8(&body).unwrap();
        assert!(text.starts_with('{') && text.ends_with('}'), "no byte order mark: {name}");
        let mut document = serde_json::Deserializer::from_str(text);
        let names = document.deserialize_map(Names).unwrap();
        document.end().unwrap();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{name}");
        counts.push(names.len());
    }
    assert_eq!(counts, [6, 8]);
}

//= 6749-3.2-query
#[test]
fn the_query_of_a_token_endpoint_is_kept() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let client = ClientCredentials::borrowed("id", "secret").with_path(Path::root("/token?tenant=a%20b&c").unwrap());
    for size in [1, 512] {
        let mut exchange = session.token(&net(), &client);
        assert_eq!(Read::new(&pull(&mut session, &mut exchange, size)).target, "/token?tenant=a%20b&c");
    }
}

//= 6749-5.1-unknown
#[test]
fn members_of_a_token_s_answer_that_are_not_known_count_for_nothing() {
    let body = r#"{"id_token":{"access_token":"x","error":"y"},"scope":["a"],"access_token":"T0KEN","refresh_token":"z",
        "Error":"invalid_client","token_type":"Bearer","errors":null,"expires":-1}"#;
    let reply = with_length(&["HTTP/1.1 200 OK", "Content-Type: application/json"], body);
    let client = ClientCredentials::borrowed("id", "secret");
    for cut in Cut::all(reply.len()) {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        let mut exchange = session.token(&net(), &client);
        pull(&mut session, &mut exchange, 512);
        assert_eq!(feed(&mut session, &mut exchange, &reply, cut).result, Ok(()));
        assert_eq!(exchange.token_result(&session).unwrap().verdict, TokenVerdict::Granted, "{cut:?}");
        assert_eq!(support::authorization(&session, contacts()), b"Authorization: Bearer T0KEN\r\n");
    }
}

//= 3986-2.1-upper-case, 3986-2.2-conflicts, 3986-2.2-reserved, 3986-2.3-unreserved, 3986-2.4-percent, 3986-2.4-once
#[test]
fn a_query_is_encoded_once_in_upper_case_and_where_it_has_to_be() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let query = [("a&b=c#d", "100%25 [~-._] \u{20ac}+/?"), ("$filter", "Name eq 'a,(b):@*!;'")];
    let call = Call::get(contacts()).with_query(&query);
    for size in [1, 512] {
        let mut exchange = session.call(&call);
        let target = Read::new(&pull(&mut session, &mut exchange, size)).target;
        let expected = "/odata/Contact?a%26b%3Dc%23d=100%2525%20%5B~-._%5D%20%E2%82%AC%2B/%3F\
                        &$filter=Name%20eq%20'a,(b):@*!%3B'";
        assert_eq!(target, expected);
    }
}

//= 3986-3-scheme-in-lower-case, 3986-3.2-empty-port, 3986-3.2.3-default-port
#[test]
fn a_site_is_written_in_its_shortest_form() {
    for (url, written) in [
        ("HTTPS://crm.example.com:443/a/", "https://crm.example.com/a"),
        ("HttP://crm.example.com:80", "http://crm.example.com"),
        ("http://crm.example.com:443/", "http://crm.example.com:443"),
    ] {
        assert_eq!(Site::parse(url, Runtime::Net).unwrap().to_string(), written);
    }
}

//= 3986-3.2.1-not-shown, 3986-3.2.1-not-stored, 3986-7.5-no-secrets
#[test]
fn a_password_in_a_url_is_refused_and_not_shown() {
    for url in ["https://me:s3cret@crm.example.com", "http://s3cret@crm.example.com/a", "https://:s3cret@[::1]:1"] {
        let error = Site::parse(url, Runtime::Net).unwrap_err();
        assert_eq!(error, SiteError::UserInfo, "{url}");
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }
}

//= 3986-3.2.2-no-version, 3986-3.2.2-unknown-version
#[test]
fn a_host_of_another_kind_is_an_error() {
    for host in ["[v1.fe80::a]", "[V6.::1]", "[v6::1]", "[vF.a]"] {
        let url = format!("https://{host}/");
        assert_eq!(Site::parse(&url, Runtime::Net), Err(SiteError::Host), "{url}");
    }
}
