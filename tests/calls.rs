//! Calls of every method read back as what was asked, through a buffer of any size.

mod support;

use creatio_auth::{Call, Field, FieldError, MAX_WANTED_FIELD, Method, Path, Runtime, Session, State};
use proptest::prelude::*;
use support::{MEMORY, Read, authorization, contacts, framework, net, pull, signed_in};

const METHODS: [(Method, &str, bool); 6] = [
    (Method::Get, "GET", false),
    (Method::Head, "HEAD", false),
    (Method::Post, "POST", true),
    (Method::Put, "PUT", true),
    (Method::Patch, "PATCH", true),
    (Method::Delete, "DELETE", false),
];

const COOKIES: [&str; 3] = [".ASPXAUTH=ticket; path=/", "BPMCSRF=b/.; path=/", "CRT_CSRF=c; path=/"];
const COOKIE_FIELD: &[u8] = b".ASPXAUTH=ticket; BPMCSRF=b/.; CRT_CSRF=c";

const AUTHORIZATION: [&str; 4] = ["ForceUseSession", "Cookie", "BPMCSRF", "CRT_CSRF"];

/// The request of a call in a session with a ticket and both CSRF tokens, on the .NET site.
fn sent(call: &Call<'_>) -> Read {
    let mut memory = [0; MEMORY];
    Read::call(&mut signed_in(net(), &mut memory, &COOKIES), call)
}

/// The request of a call without a session, on both sites.
fn sent_to_both(call: &Call<'_>) -> [Read; 2] {
    [framework(), net()].map(|site| {
        let mut memory = [0; MEMORY];
        Read::call(&mut Session::new(site, &mut memory), call)
    })
}

fn every_byte() -> Vec<u8> {
    (0..=255).collect()
}

fn own(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

//= 9112-3.2.1-origin-form
#[test]
fn each_method_goes_to_its_path_with_the_prefix_of_the_runtime() {
    let site_path = Path::site("/odata/Contact(410006e1-ca4e-4502-a9ec-e54d922d2c00)/Data").unwrap();
    let root_path = Path::root("/odata/Contact(410006e1-ca4e-4502-a9ec-e54d922d2c00)/Data").unwrap();
    for (method, name, _) in METHODS {
        let [first, second] = sent_to_both(&Call::new(method, site_path));
        let path = "/odata/Contact(410006e1-ca4e-4502-a9ec-e54d922d2c00)/Data";
        assert_eq!((&*first.method, first.target), (name, format!("/CreatioWebApp/0{path}")));
        assert_eq!((&*second.method, &*second.target), (name, path));
        let [first, second] = sent_to_both(&Call::new(method, root_path));
        assert_eq!((first.target, &*second.target), (format!("/CreatioWebApp{path}"), path));
    }
}

#[test]
fn each_method_has_a_constructor_but_head() {
    let path = contacts();
    for (call, name) in [
        (Call::get(path), "GET"),
        (Call::post(path), "POST"),
        (Call::put(path), "PUT"),
        (Call::patch(path), "PATCH"),
        (Call::delete(path), "DELETE"),
    ] {
        assert_eq!(sent(&call).method, name);
    }
}

//= 9110-8.6-sent, 9110-8.6-not-sent
#[test]
fn without_a_body_only_a_method_that_expects_one_has_a_length() {
    for (method, name, expects_body) in METHODS {
        let read = sent(&Call::new(method, contacts()));
        let length = expects_body.then_some(&b"0"[..]);
        assert_eq!((read.field("Content-Length"), read.field("Content-Type")), (length, None), "{name}");
        assert_eq!((read.field("Transfer-Encoding"), &*read.body), (None, &b""[..]), "{name}");
        assert_eq!(read.field("Accept"), Some(&b"application/json"[..]));
    }
}

//= 9112-6.3-body-framed, 9110-8.3-content-type
#[test]
fn a_body_comes_after_the_head_byte_for_byte() {
    let bytes = every_byte();
    for (method, name, _) in METHODS {
        for body in [&bytes[..], b"", b"\r\n\r\nHTTP/1.1"] {
            let length = body.len().to_string();
            let read = sent(&Call::new(method, contacts()).with_json(body));
            assert_eq!(read.field("Content-Type"), Some(&b"application/json; charset=utf-8"[..]), "{name}");
            assert_eq!((read.field("Content-Length"), &*read.body), (Some(length.as_bytes()), body), "{name}");
            let read = sent(&Call::new(method, contacts()).with_body("image/png; x=\"ö\"", body).unwrap());
            assert_eq!(read.field("Content-Type"), Some("image/png; x=\"ö\"".as_bytes()), "{name}");
            assert_eq!((read.field("Content-Length"), &*read.body), (Some(length.as_bytes()), body), "{name}");
        }
    }
}

//= 9112-6.3-length-if-known
#[test]
fn of_a_body_that_the_caller_sends_the_head_says_the_length() {
    for (method, name, _) in METHODS {
        for len in [0, 1, 5_000_000, usize::MAX] {
            let call = Call::new(method, contacts()).with_body_of_length("application/octet-stream", len).unwrap();
            let read = sent(&call);
            assert_eq!(read.field("Content-Type"), Some(&b"application/octet-stream"[..]), "{name}");
            assert_eq!(read.field("Content-Length"), Some(len.to_string().as_bytes()), "{name}");
            assert_eq!(read.body, b"", "{name}");
        }
    }
}

#[test]
fn the_last_body_that_is_given_counts() {
    let call = Call::post(contacts()).with_json(b"{}").with_body_of_length("image/png", 3).unwrap();
    assert_eq!(sent(&call).field("Content-Length"), Some(&b"3"[..]));
    let read = sent(&call.with_body("text/plain", b"four").unwrap());
    assert_eq!((read.field("Content-Type"), &*read.body), (Some(&b"text/plain"[..]), &b"four"[..]));
}

#[test]
fn after_the_head_the_reply_is_waited_for_though_the_caller_s_body_is_yet_to_come() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let call = Call::put(contacts()).with_body_of_length("image/png", 5_000_000).unwrap();
    let mut exchange = session.call(&call);
    let head = pull(&mut session, &mut exchange, 16);
    assert_eq!((head.len(), exchange.state()), (exchange.request_len(&session), State::Receiving));
    assert!(head.ends_with(b"\r\n\r\n"));
}

//= 3986-2.2-conflicts, 3986-2.5-utf-8
#[test]
fn a_query_reads_back_as_it_was() {
    let query = [
        ("$filter", "Name eq 'Ö & Co'"),
        ("$top", "3"),
        ("a+b", "1+1=2"),
        ("&=#?", "a&b=c#d?e"),
        ("percent", "100% %41 %"),
        ("quotes", "\"'`\\/"),
        ("emoji", "😀\u{10FFFF}\u{D7FF}\u{E000}"),
        ("controls", "\0\r\nHost: evil\r\n\t\u{7f}"),
        ("", "no name"),
        ("no value", ""),
        ("$filter", "again"),
    ];
    let call = Call::get(contacts()).with_query(&query);
    let read = sent(&call);
    assert!(read.target.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"#<>\\^`{|}".contains(&byte)));
    assert_eq!(read.path_and_query(), ("/odata/Contact", own(&query)));
    assert!(read.target.contains("$filter=Name%20eq%20'%C3%96%20%26%20Co'&"), "{}", read.target);
}

#[test]
fn a_query_comes_after_the_one_that_the_path_has() {
    for (path, expected) in [
        ("/odata/Contact?$top=3", &[("$top", "3"), ("a", "b&c"), ("d", "e")][..]),
        ("/odata/Contact?$filter=a%20eq%20'?'", &[("$filter", "a eq '?'"), ("a", "b&c"), ("d", "e")]),
        ("/odata/Contact?", &[("a", "b&c"), ("d", "e")]),
        ("/odata/Contact", &[("a", "b&c"), ("d", "e")]),
    ] {
        let call = Call::get(Path::site(path).unwrap()).with_query(&[("a", "b&c"), ("d", "e")]);
        let read = sent(&call);
        assert_eq!(read.path_and_query(), ("/odata/Contact", own(expected)), "{path}");
        assert_eq!(sent(&Call::get(Path::site(path).unwrap()).with_query(&[])).target, path);
    }
}

#[test]
fn cookies_go_by_the_path_whatever_the_query() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/", "own=x; path=/odata/Contact"]);
    let call = Call::get(contacts()).with_query(&[("x", "/other")]);
    assert_eq!(Read::call(&mut session, &call).field("Cookie"), Some(&b"own=x; .ASPXAUTH=t"[..]));
}

#[test]
fn what_is_accepted_is_the_caller_s() {
    for accept in ["image/png", "*/*", "application/json;odata.metadata=none", "text/html, */*;q=0.1"] {
        let read = sent(&Call::get(contacts()).with_accept(accept).unwrap());
        assert_eq!(read.field("Accept"), Some(accept.as_bytes()));
    }
    for call in [Call::get(contacts()).with_repeatable(), Call::post(contacts()), Call::ping()] {
        for accept in ["application/json", "*/*"] {
            let again = call.with_accept(accept).unwrap();
            assert_eq!(sent(&again.with_accept(accept).unwrap()).fields, sent(&again).fields, "{accept}");
        }
    }
}

#[test]
fn further_fields_stand_after_the_library_s_own_as_they_were_given() {
    let fields = [
        Field::new("Content-Range", "bytes 0-122/123").unwrap(),
        Field::new("Content-Disposition", "attachment; filename=Ö.txt").unwrap(),
        Field::new("If-Match", "W/\"a\tb\"").unwrap(),
        Field::new("x-empty", "").unwrap(),
        Field::new("Prefer", "a").unwrap(),
        Field::new("Prefer", "b").unwrap(),
    ];
    for (method, _, _) in METHODS {
        let read = sent(&Call::new(method, contacts()).with_json(b"{}").with_fields(&fields));
        let own = ["Host", "User-Agent", "Accept", "Content-Type", "Content-Length"];
        let extra = ["Content-Range", "Content-Disposition", "If-Match", "x-empty", "Prefer", "Prefer"];
        assert_eq!(read.names(), [&own[..], &AUTHORIZATION, &extra].concat());
        let values: Vec<_> = read.fields[9..].iter().map(|(_, value)| std::str::from_utf8(value).unwrap()).collect();
        assert_eq!(
            values,
            ["bytes 0-122/123", "attachment; filename=Ö.txt", "W/\"a\tb\"", "", "a", "b"],
            "{method:?}"
        );
    }
}

//= 9110-5.3-one-line-each, 6265bis-5.8.1-one-string
#[test]
fn each_line_that_authorises_stands_once_in_a_call_of_each_method() {
    let fields = [Field::new("Cookie2", "x").unwrap(), Field::new("X-BPMCSRF", "x").unwrap()];
    let mut memory = [0; MEMORY];
    let mut session = signed_in(framework(), &mut memory, &COOKIES);
    let lines = authorization(&session, contacts());
    for (method, name, _) in METHODS {
        let call = Call::new(method, contacts()).with_fields(&fields).with_json(b"Cookie: a=b\r\n");
        let mut exchange = session.call(&call);
        let request = pull(&mut session, &mut exchange, MEMORY);
        let read = Read::new(&request);
        assert_eq!(
            AUTHORIZATION.map(|name| read.field(name)),
            [Some(&b"true"[..]), Some(COOKIE_FIELD), Some(b"b/."), Some(b"c")],
            "{name}"
        );
        assert!(request.windows(lines.len()).any(|window| window == lines), "{name}");
    }
}

#[test]
fn a_session_without_cookies_sends_none() {
    for read in sent_to_both(&Call::post(contacts())) {
        assert_eq!(read.names(), ["Host", "User-Agent", "Accept", "Content-Length", "ForceUseSession"]);
    }
}

//= 9112-6.1-chunked-once, 9112-6.1-chunked-last, 9112-6.1-none-to-strangers, 9112-6.2-not-both
//= 9112-6.3-no-chunked-to-strangers, 9112-7.4-no-chunked-in-te, 9112-7.4-te-is-an-option, 9110-2.2-role
//= 9110-5.3-one-line-each, 9110-7.6.1-options, 9110-7.6.1-no-others, 9110-7.8-upgrade-is-an-option
//= 9110-10.1.4-te-is-an-option
#[test]
fn the_library_s_own_fields_are_refused_in_any_case() {
    let swap = |name: &str| -> String {
        let swapped = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
        name.chars().map(swapped).collect()
    };
    for name in [
        "Accept",
        "Accept-Encoding",
        "Authorization",
        "BPMCSRF",
        "Connection",
        "Content-Length",
        "Content-Type",
        "Cookie",
        "CRT_CSRF",
        "Expect",
        "ForceUseSession",
        "Host",
        "Keep-Alive",
        "Proxy-Authorization",
        "Proxy-Connection",
        "Set-Cookie",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "User-Agent",
    ] {
        for name in [name.into(), name.to_ascii_lowercase(), name.to_ascii_uppercase(), swap(name)] {
            assert_eq!(Field::new(&name, "x"), Err(FieldError::Reserved), "{name}");
            assert_ne!(Field::new(&format!("{name}\t"), "x"), Field::new("X", "x"), "{name}");
            assert!(Field::new(&format!("{name}2"), "x").is_ok(), "{name}");
        }
    }
}

//= 9112-2.2-no-bare-cr, 9112-5.2-no-folding
#[test]
fn what_would_break_a_line_gets_into_no_value() {
    let call = Call::post(contacts());
    for value in ["a\r\nCookie: b=c", "\n", "a\rb", "a\0b", " a", "a ", "\ta", "\u{1b}", "\u{7f}"] {
        let refused = Some(FieldError::Value);
        assert_eq!(call.with_accept(value).err(), refused, "{value:?}");
        assert_eq!(call.with_body(value, b"").err(), refused, "{value:?}");
        assert_eq!(call.with_body_of_length(value, 1).err(), refused, "{value:?}");
        assert_eq!(Field::new("X", value).err(), refused, "{value:?}");
    }
    for name in ["", "a b", "a:", "a\r\n", "ö", "\0", &"a".repeat(MAX_WANTED_FIELD + 1)] {
        assert_eq!(call.with_wanted_field(name).err(), Some(FieldError::Name), "{name:?}");
    }
    assert!(call.with_wanted_field(&"a".repeat(MAX_WANTED_FIELD)).is_ok());
}

#[test]
fn every_buffer_size_gives_the_same_call() {
    let bytes = every_byte();
    let query = [("$filter", "Name eq 'Ö & Co' 😀")];
    let fields = [Field::new("Prefer", "return=minimal").unwrap()];
    let mut memory = [0; MEMORY];
    let mut session = signed_in(framework(), &mut memory, &COOKIES);
    for (method, name, _) in METHODS {
        let call = Call::new(method, contacts()).with_query(&query).with_fields(&fields);
        for call in [call, call.with_json(&bytes), call.with_body_of_length("image/png", 99).unwrap()] {
            let mut exchange = session.call(&call);
            let len = exchange.request_len(&session);
            let whole = pull(&mut session, &mut exchange, len);
            assert_eq!(whole.len(), len);
            for size in 1..=len + 1 {
                let mut exchange = session.call(&call);
                assert_eq!(pull(&mut session, &mut exchange, size), whole, "{name} in {size}");
            }
        }
    }
}

#[test]
fn logging_out_keeping_alive_and_the_health_check_go_where_the_runtime_has_them() {
    let [logout, ping] = [sent_to_both(&Call::logout()), sent_to_both(&Call::ping())];
    let posts = [
        (&logout[0], "/CreatioWebApp/0/rest/MainMenuService/Logout"),
        (&logout[1], "/rest/MainMenuService/Logout"),
        (&ping[0], "/CreatioWebApp/0/ping"),
        (&ping[1], "/ping"),
    ];
    for (read, target) in posts {
        assert_eq!((&*read.method, &*read.target), ("POST", target));
        assert_eq!((read.field("Content-Length"), &*read.body), (Some(&b"0"[..]), &b""[..]), "{target}");
    }
    // The health check asks for a runtime, whatever the site is said to be.
    for (runtime, path) in
        [(Runtime::NetFramework, "/0/api/HealthCheck/Ping"), (Runtime::Net, "/api/HealthCheck/Ping")]
    {
        let [first, second] = sent_to_both(&Call::health_check(runtime));
        assert_eq!((&*first.method, first.target), ("GET", format!("/CreatioWebApp{path}")));
        assert_eq!((&*second.method, &*second.target), ("GET", path));
    }
    let anything = Some(&b"*/*"[..]);
    assert_eq!(sent(&Call::health_check(Runtime::Net)).field("Accept"), anything);
    for call in [Call::logout(), Call::ping()] {
        let read = sent(&call);
        assert_eq!(read.field("Accept"), anything);
        assert_eq!((read.field("Cookie"), read.field("BPMCSRF")), (Some(COOKIE_FIELD), Some(&b"b/."[..])));
    }
}

/// A name that the library has no use for itself.
const NAME: &str = "X-[A-Za-z0-9!#$%&'*+.^_`|~-]{0,12}";
/// `field-value = *field-content` (RFC 9110, 5.5)
const VALUE: &str = "([!-~é-ÿ😀]([ \t!-~é-ÿ😀]{0,20}[!-~é-ÿ😀])?)?";

proptest! {
    //= 9110-2.2-grammar
    #[test]
    fn calls_of_any_content_read_back_the_same(
        method in prop::sample::select(&METHODS[..]),
        query in prop::collection::vec(any::<(String, String)>(), 0..5),
        fields in prop::collection::vec((NAME, VALUE), 0..5),
        accept in VALUE,
        content_type in VALUE,
        body in any::<Vec<u8>>(),
        size in 1usize..200,
    ) {
        let pairs: Vec<_> = query.iter().map(|(name, value)| (&**name, &**value)).collect();
        let lines: Vec<_> = fields.iter().map(|(name, value)| Field::new(name, value).unwrap()).collect();
        let call = Call::new(method.0, contacts()).with_query(&pairs).with_fields(&lines);
        let call = call.with_accept(&accept).unwrap().with_body(&content_type, &body).unwrap();
        let mut memory = [0; 64];
        let mut session = Session::new(net(), &mut memory);
        let mut exchange = session.call(&call);
        let read = Read::new(&pull(&mut session, &mut exchange, size));
        prop_assert_eq!(&read.method, method.1);
        prop_assert_eq!(read.path_and_query(), ("/odata/Contact", query));
        prop_assert_eq!(read.field("Accept"), Some(accept.as_bytes()));
        prop_assert_eq!(read.field("Content-Type"), Some(content_type.as_bytes()));
        let length = body.len().to_string();
        prop_assert_eq!(read.field("Content-Length"), Some(length.as_bytes()));
        let fields: Vec<_> = fields.into_iter().map(|(name, value)| (name, value.into_bytes())).collect();
        prop_assert_eq!(&read.fields[6..], fields);
        prop_assert_eq!(read.body, body);
    }

    //= 9110-2.2-grammar
    #[test]
    fn a_field_of_any_text_is_refused_or_reads_back_the_same(name in any::<String>(), value in any::<String>()) {
        for (name, value) in [(&*name, &*value), ("X", &*value), (&*name, "x")] {
            if let Ok(field) = Field::new(name, value) {
                let read = sent(&Call::get(contacts()).with_fields(&[field]));
                let last = read.fields.last().unwrap();
                prop_assert_eq!((&*last.0, &*last.1), (name, value.as_bytes()));
            }
        }
    }
}
