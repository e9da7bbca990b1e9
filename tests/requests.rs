//! Requests come out the same through a buffer of any size, and say what was asked.

mod support;

use creatio_auth::{BufferTooSmall, Call, Credentials, Exchange, Method, Path, PathError, Runtime, Session, Site};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{
    MEMORY, Read, authorization, contacts, cookie_field, credentials, field, framework, net, pull, set_cookies,
    signed_in,
};

fn login_request(site: Site<'_>, credentials: &Credentials<'_>) -> Vec<u8> {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(site, &mut memory);
    let mut exchange = session.login(credentials);
    pull(&mut session, &mut exchange, MEMORY)
}

fn begin<'m: 'c, 'c>(session: &mut Session<'m>, who: &'c Credentials<'_>, login: bool) -> Exchange<'c> {
    if login { session.login(who) } else { session.call(&Call::get(contacts())) }
}

#[test]
fn every_buffer_size_gives_the_same_bytes() {
    let mut memory = [0; MEMORY];
    let cookies = [".ASPXAUTH=ticket; path=/", "BPMCSRF=a; path=/", "UserName=83, 117|112; path=/"];
    let mut session = signed_in(framework(), &mut memory, &cookies);
    let who = Credentials::borrowed("Jos\u{e9} \"J\" \\ \u{1}", "\u{1F511}").with_time_zone_offset(-180);
    for login in [true, false] {
        let mut exchange = begin(&mut session, &who, login);
        let len = exchange.request_len(&session);
        let whole = pull(&mut session, &mut exchange, len);
        assert_eq!(whole.len(), len);
        for size in 1..=len + 1 {
            let mut exchange = begin(&mut session, &who, login);
            assert_eq!(pull(&mut session, &mut exchange, size), whole, "{size}");
        }
    }
}

#[test]
fn a_time_zone_has_a_sign_where_it_is_negative() {
    for minutes in [i16::MIN, -1, 0, 1, i16::MAX] {
        let who = credentials().with_time_zone_offset(minutes);
        let body = Read::new(&login_request(net(), &who)).body;
        assert!(String::from_utf8(body).unwrap().ends_with(&format!(",\"TimeZoneOffset\":{minutes}}}")), "{minutes}");
    }
}

#[test]
fn bytes_behind_the_end_of_the_request_are_left_alone() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let mut exchange = session.call(&Call::get(contacts()));
    let mut buffer = [0xEE; 512];
    let len = exchange.fill(&mut session, &mut buffer).unwrap();
    assert!(len == exchange.request_len(&session) && buffer[len..].iter().all(|b| *b == 0xEE));
}

//= 9110-7.2-host-first, 9110-8.3-content-type, 9110-10.1.2-not-by-itself, 9110-12.5.4-language
#[test]
fn a_login_asks_what_the_documentation_says() {
    let read = Read::new(&login_request(framework(), &credentials()));
    assert_eq!((&*read.method, &*read.target), ("POST", "/CreatioWebApp/ServiceModel/AuthService.svc/Login"));
    assert_eq!(read.names(), ["Host", "User-Agent", "Accept", "Content-Type", "Content-Length", "ForceUseSession"]);
    assert_eq!(read.field("Host"), Some(&b"crm.example.com"[..]));
    assert_eq!(read.field("Content-Type"), Some(&b"application/json; charset=utf-8"[..]));
    assert_eq!(read.field("ForceUseSession"), Some(&b"true"[..]));
    let document: Value = serde_json::from_slice(&read.body).unwrap();
    assert_eq!(document, json!({"UserName": "Supervisor", "UserPassword": "hunter2"}));
}

#[test]
fn a_call_asks_for_json_and_names_its_path_with_the_prefix_of_its_runtime() {
    for (site, expected) in [(framework(), "/CreatioWebApp/0/odata/Contact?$top=3"), (net(), "/odata/Contact?$top=3")]
    {
        for (method, name) in [(Method::Get, "GET"), (Method::Head, "HEAD")] {
            let mut memory = [0; MEMORY];
            let mut session = Session::new(site, &mut memory);
            let read = Read::call(&mut session, &Call::new(method, Path::site("/odata/Contact?$top=3").unwrap()));
            assert_eq!((&*read.method, &*read.target, &*read.body), (name, expected, &b""[..]));
            assert_eq!(read.names(), ["Host", "User-Agent", "Accept", "ForceUseSession"]);
            assert_eq!(read.field("Accept"), Some(&b"application/json"[..]));
        }
    }
}

#[test]
fn a_root_path_has_no_prefix() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(framework(), &mut memory);
    let read = Read::call(&mut session, &Call::get(Path::root("/Login/NuiLogin.aspx").unwrap()));
    assert_eq!(read.target, "/CreatioWebApp/Login/NuiLogin.aspx");
}

//= 9112-3.2-host, 9112-3.2-host-is-authority, 9110-7.2-host, 3986-3.2.3-default-port
#[test]
#[cfg_attr(not(feature = "ipv6"), ignore)]
fn the_host_field_names_a_port_that_is_not_the_scheme_s() {
    for (url, host) in [
        ("https://crm.example.com:443", "crm.example.com"),
        ("http://crm.example.com:80", "crm.example.com"),
        ("https://crm.example.com:80", "crm.example.com:80"),
        ("http://10.0.0.1:8080/app", "10.0.0.1:8080"),
        ("https://[2001:db8::1]:8443", "[2001:db8::1]:8443"),
        ("https://[2001:db8::1]", "[2001:db8::1]"),
    ] {
        let site = Site::parse(url, Runtime::Net).unwrap();
        assert_eq!(Read::new(&login_request(site, &credentials())).field("Host"), Some(host.as_bytes()), "{url}");
    }
}

#[test]
fn a_login_over_an_existing_session_carries_its_cookies() {
    let mut memory = [0; MEMORY];
    let mut session =
        signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/", "BPMCSRF=c; path=/", "x=y; path=/other"]);
    let who = credentials();
    let mut exchange = session.login(&who);
    let read = Read::new(&pull(&mut session, &mut exchange, 100));
    assert_eq!(read.field("Cookie"), Some(&b".ASPXAUTH=t; BPMCSRF=c"[..]));
}

#[test]
fn a_call_carries_cookies_and_each_csrf_token_under_its_own_name() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/", "CRT_CSRF=n/w.; path=/"]);
    let read = Read::call(&mut session, &Call::get(contacts()));
    assert_eq!(read.field("Cookie"), Some(&b".ASPXAUTH=t; CRT_CSRF=n/w."[..]));
    assert_eq!((read.field("CRT_CSRF"), read.field("BPMCSRF")), (Some(&b"n/w."[..]), None));
    set_cookies(&mut session, contacts(), &["BPMCSRF=old; path=/"]);
    let read = Read::call(&mut session, &Call::get(contacts()));
    assert_eq!((read.field("CRT_CSRF"), read.field("BPMCSRF")), (Some(&b"n/w."[..]), Some(&b"old"[..])));
}

#[test]
fn the_csrf_token_is_read_from_the_newest_cookie_each_time() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/", "BPMCSRF=one; path=/"]);
    let csrf = |session: &Session<'_>| field(&authorization(session, contacts()), "BPMCSRF");
    set_cookies(&mut session, contacts(), &["BPMCSRF=two; path=/odata"]);
    assert_eq!(csrf(&session).unwrap(), b"two");
    set_cookies(&mut session, contacts(), &["BPMCSRF=three; path=/"]);
    assert_eq!(csrf(&session).unwrap(), b"three");
    assert_eq!(cookie_field(&session, contacts()), "BPMCSRF=two; .ASPXAUTH=t; BPMCSRF=three");
    set_cookies(&mut session, contacts(), &["BPMCSRF=; Max-Age=0; path=/"]);
    assert_eq!(csrf(&session).unwrap(), b"two");
    assert!(!session.has_csrf_token(), "the one that is left goes to /odata only");
}

#[test]
fn the_lines_for_another_client_are_those_of_a_call() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(framework(), &mut memory, &[".ASPXAUTH=t; path=/CreatioWebApp", "BPMCSRF=c; path=/"]);
    let lines = authorization(&session, contacts());
    assert_eq!(lines, b"ForceUseSession: true\r\nCookie: .ASPXAUTH=t; BPMCSRF=c\r\nBPMCSRF: c\r\n");
    let mut exchange = session.call(&Call::get(contacts()));
    assert!(pull(&mut session, &mut exchange, MEMORY).ends_with(&[&lines[..], b"\r\n"].concat()));
}

#[test]
fn a_buffer_too_small_for_the_lines_is_left_alone_and_the_size_is_named() {
    let mut memory = [0; MEMORY];
    let session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
    let needed = authorization(&session, contacts()).len();
    for size in 0..needed {
        let mut out = vec![0xEE; size];
        assert_eq!(session.authorization_lines(contacts(), &mut out), Err(BufferTooSmall { needed }));
        assert!(out.iter().all(|b| *b == 0xEE));
    }
}

#[test]
fn a_request_under_way_stays_whole_when_the_time_is_told() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    session.set_time(1_000_000_000);
    let cookies = &[".ASPXAUTH=t; path=/; Max-Age=60", "BPMCSRF=c; path=/; Max-Age=60"];
    set_cookies(&mut session, contacts(), cookies);
    let mut exchange = session.call(&Call::get(contacts()));
    let whole = pull(&mut session, &mut exchange, MEMORY);

    let mut exchange = session.call(&Call::get(contacts()));
    let mut start = [0; 40];
    assert_eq!(exchange.fill(&mut session, &mut start), Ok(40));
    session.set_time(1_000_000_061);
    let rest = pull(&mut session, &mut exchange, 40);
    assert_eq!([&start[..], &rest].concat().escape_ascii().to_string(), whole.escape_ascii().to_string());
}

//= 9112-2.2-no-bare-cr
#[test]
fn nothing_that_would_break_a_request_gets_into_a_path() {
    for text in ["/a\r\nX: y", "/a b", "/a\n", "/a\0", "/a#b", "/\u{e9}"] {
        assert_eq!(Path::site(text), Err(PathError::Character));
    }
    assert_eq!(Path::root(&"/".repeat(creatio_auth::MAX_PATH + 1)), Err(PathError::TooLong));
}

proptest! {
    //= 8259-7-escaped, 8259-10-grammar
    #[test]
    fn credentials_of_any_text_read_back_the_same(
        user in any::<String>(),
        password in any::<String>(),
        workspace in proptest::option::of(any::<String>()),
        offset in proptest::option::of(any::<i16>()),
        code in proptest::option::of(any::<String>()),
        provider in proptest::option::of(any::<String>()),
        size in 1usize..100,
    ) {
        let mut expected = json!({"UserName": user, "UserPassword": password});
        let mut who = Credentials::borrowed(&user, &password);
        if let Some(name) = &workspace {
            who = who.with_workspace(name);
            expected["WorkspaceName"] = json!(name);
        }
        if let Some(minutes) = offset {
            who = who.with_time_zone_offset(minutes);
            expected["TimeZoneOffset"] = json!(minutes);
        }
        if let Some(code) = &code {
            who = who.with_borrowed_one_time_code(code);
            expected["ClaimList"] = json!([{"Key": "token", "Value": code}]);
        }
        if let Some(name) = &provider {
            who = who.with_provider_name(name);
            expected["ProviderName"] = json!(name);
        }
        let mut memory = [0; 64];
        let mut session = Session::new(net(), &mut memory);
        let mut exchange = session.login(&who);
        let read = Read::new(&pull(&mut session, &mut exchange, size));
        let len = read.body.len().to_string();
        prop_assert_eq!(read.field("Content-Length"), Some(len.as_bytes()));
        prop_assert_eq!(serde_json::from_slice::<Value>(&read.body).unwrap(), expected);
    }
}
