//! Tokens: the request for one, each verdict at every cut and in every framing, and what the session is then.

mod support;

use creatio_auth::TokenVerdict::{self, *};
use creatio_auth::{
    Call, CallVerdict, ClientCredentials, DocumentError, EndSign, Misuse, Path, ReplyError, Runtime, Session, Site,
};
use support::fixtures::{SUCCESS, chunked, raw, setting, with_length};
use support::{
    Cut, MEMORY, Read, authorization, call_answer, contacts, cookie_field, feed, framework, login, net, pull,
};

const OK: &str = "HTTP/1.1 200 OK";
const JSON: &str = "Content-Type: application/json; charset=UTF-8";
const HTML: &str = "Content-Type: text/html; charset=utf-8";
const COOKIES: [&str; 2] = [".ASPXAUTH=t; path=/", "BPMCSRF=c; path=/"];
const GOOD: &str = r#"{"access_token":"eyJhbGciOi.J9-_~+/=","expires_in":3600,"token_type":"Bearer","scope":"App"}"#;
const TOKEN: &str = "eyJhbGciOi.J9-_~+/=";

fn identity() -> Site<'static> {
    Site::parse("https://crm-is.example.com:8443/is", Runtime::Net).unwrap()
}

fn client() -> ClientCredentials<'static> {
    ClientCredentials::borrowed("3D2C", "B0A1SECRET")
}

/// What a session sees of the answer to its request.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answer {
    verdict: TokenVerdict,
    http_status: u16,
    expires_in: Option<u32>,
    error: Option<String>,
    description: Option<String>,
    retry_after: Option<u32>,
}

impl Answer {
    fn new(verdict: TokenVerdict, http_status: u16) -> Self {
        let (expires_in, error, description, retry_after) = (None, None, None, None);
        Answer { verdict, http_status, expires_in, error, description, retry_after }
    }
}

/// Asks for a token.
fn ask(session: &mut Session<'_>, reply: &[u8], cut: Cut) -> Result<Answer, ReplyError> {
    let (identity, client) = (identity(), client());
    let mut exchange = session.token(&identity, &client);
    pull(session, &mut exchange, 512);
    let outcome = feed(session, &mut exchange, reply, cut);
    outcome.result?;
    assert!(outcome.body.is_empty(), "the body is the exchange's alone");
    let token = exchange.token_result(session).unwrap();
    assert_eq!(exchange.is_signed_in(session), Ok(token.verdict == Granted));
    Ok(Answer {
        verdict: token.verdict,
        http_status: token.http_status,
        expires_in: token.expires_in,
        error: token.error.map(|text| text.to_string()),
        description: token.error_description.map(|text| text.to_string()),
        retry_after: token.retry_after,
    })
}

/// The answer, which is the same in every framing and cut. Only a token changes the session, and then as a whole.
fn answer(lines: &[&str], body: &str) -> Result<Answer, ReplyError> {
    let mut answers = Vec::new();
    for reply in [with_length(lines, body), chunked(lines, body, &[1, 2]), raw(lines, body)] {
        for cut in Cut::all(reply.len()) {
            let mut memory = [0; 512];
            let mut session = support::signed_in(net(), &mut memory, &COOKIES);
            let before = support::snapshot(&session);
            let answer = ask(&mut session, &reply, cut);
            if answer.as_ref().is_ok_and(|answer| answer.verdict == Granted) {
                assert!(session.has_authorization() && !session.has_ticket() && session.cookies().count() == 0);
            } else {
                assert_eq!(support::snapshot(&session), before, "{lines:?} {cut:?}");
            }
            answers.push(answer);
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{lines:?}: {answers:?}");
    answers.remove(0)
}

fn verdict(lines: &[&str], body: &str) -> TokenVerdict {
    answer(lines, body).unwrap().verdict
}

/// A session that has been granted this token.
fn granted<'m>(memory: &'m mut [u8], token: &str, expires_in: &str, now: Option<u64>) -> Session<'m> {
    let mut session = Session::new(framework(), memory);
    if let Some(now) = now {
        session.set_time(now);
    }
    let body = format!(r#"{{"access_token":"{token}","token_type":"bearer"{expires_in}}}"#);
    let answer = ask(&mut session, &with_length(&[OK, JSON], &body), Cut::Pieces(7)).unwrap();
    assert_eq!(answer.verdict, Granted);
    session
}

//= 6749-2.3-one-method, 6749-2.3.1-not-in-the-url, 6749-3.2-post, 6749-3.2-once, 6749-3.2.1-authenticated
//= 6749-4.4.2-grant-type, 6749-4.4.2-authenticated, 6749-B-utf-8
#[test]
fn the_request_is_a_form_to_the_identity_service_and_carries_no_cookie() {
    let mut memory = [0; MEMORY];
    let mut session = support::signed_in(framework(), &mut memory, &COOKIES);
    let (identity, client) = (identity(), ClientCredentials::borrowed("a b&ü", "1 2%/+*-._~"));
    let mut exchange = session.token(&identity, &client);
    let len = exchange.request_len(&session);
    let request = pull(&mut session, &mut exchange, 1);
    assert_eq!(request.len(), len);
    let read = Read::new(&request);
    assert_eq!((&*read.method, &*read.target), ("POST", "/is/connect/token"));
    assert_eq!(read.names(), ["Host", "User-Agent", "Accept", "Content-Type", "Content-Length"]);
    assert_eq!(read.field("Host"), Some(&b"crm-is.example.com:8443"[..]));
    assert_eq!(read.field("Content-Type"), Some(&b"application/x-www-form-urlencoded"[..]));
    let expected = "grant_type=client_credentials&client_id=a%20b%26%C3%BC&client_secret=1%202%25%2F%2B*-._%7E";
    assert_eq!(String::from_utf8_lossy(&read.body), expected);
    let pairs: Vec<_> = url::form_urlencoded::parse(&read.body).into_owned().collect();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let expected =
        [pair("grant_type", "client_credentials"), pair("client_id", "a b&ü"), pair("client_secret", "1 2%/+*-._~")];
    assert_eq!(pairs, expected);
}

//= 6749-2.3-one-method, 6749-3.2.1-authenticated, 6749-B-utf-8
#[test]
fn the_secret_can_go_by_http_basic() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(framework(), &mut memory);
    // RFC 6749, appendix B: the text of the example is encoded before it is part of user name and password.
    for (id, secret, basic) in [
        (" %&+£€", "s", "JTIwJTI1JTI2JTJCJUMyJUEzJUUyJTgyJUFDOnM="),
        ("s6BhdRkqt3", "gX1fBat3bV", "czZCaGRSa3F0MzpnWDFmQmF0M2JW"),
        ("s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw", "czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"),
        ("", "", "Og=="),
        ("a", "", "YTo="),
    ] {
        let client = ClientCredentials::borrowed(id, secret).by_basic();
        let mut exchange = session.token(&identity(), &client);
        let read = Read::new(&pull(&mut session, &mut exchange, 64));
        assert_eq!(read.body, b"grant_type=client_credentials");
        let expected = format!("Basic {basic}");
        assert_eq!(read.field("Authorization").map(String::from_utf8_lossy), Some(expected.into()), "{id:?}");
    }
}

#[test]
fn the_newest_sites_issue_tokens_below_their_own_prefix() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(framework(), &mut memory);
    let client = client().with_path(Path::site("/connect/token").unwrap());
    let mut exchange = session.token(&framework(), &client);
    assert_eq!(Read::new(&pull(&mut session, &mut exchange, 64)).target, "/CreatioWebApp/0/connect/token");
}

//= 9110-5.6.3-rws, 6265bis-7.3-none-sent
#[test]
fn a_token_authorises_each_call_alone() {
    let expected = Answer { expires_in: Some(3600), ..Answer::new(Granted, 200) };
    assert_eq!(answer(&[OK, JSON], GOOD), Ok(expected));
    let mut memory = [0; MEMORY];
    let mut session = support::signed_in(framework(), &mut memory, &COOKIES);
    let cookie = "Set-Cookie: .ASPXAUTH=of-the-identity-service; path=/";
    ask(&mut session, &with_length(&[OK, JSON, cookie], GOOD), Cut::Whole).unwrap();
    assert!(session.has_authorization() && !session.has_ticket() && !session.has_csrf_token());
    for call in [Call::get(contacts()), Call::post(contacts()).with_json(b"{}"), Call::logout()] {
        let read = Read::call(&mut session, &call);
        let expected = format!("Bearer {TOKEN}");
        assert_eq!(read.field("Authorization").map(String::from_utf8_lossy), Some(expected.into()));
        for name in ["Cookie", "BPMCSRF", "CRT_CSRF", "ForceUseSession"] {
            assert_eq!(read.field(name), None, "{name}");
        }
    }
    let lines = format!("Authorization: Bearer {TOKEN}\r\n");
    assert_eq!(authorization(&session, contacts()), lines.as_bytes());
    assert!(!session.memory_holds(b"hunter2"));
}

/// What a test asks of a session beside its interface.
trait Inspect {
    fn memory_holds(&self, bytes: &[u8]) -> bool;
}

impl Inspect for Session<'_> {
    fn memory_holds(&self, bytes: &[u8]) -> bool {
        let mut snapshot = vec![0; self.snapshot_len()];
        self.write_snapshot(&mut snapshot).unwrap();
        snapshot.windows(bytes.len()).any(|window| window == bytes)
    }
}

//= 6265bis-7.3-disabled, 6265bis-7.3-none-taken
#[test]
fn a_call_by_token_takes_no_cookies() {
    let mut memory = [0; MEMORY];
    let mut session = granted(&mut memory, "T0KEN", "", None);
    support::set_cookies(&mut session, contacts(), &[".ASPXAUTH=t; path=/", "BPMCSRF=c; path=/", "visid=1; path=/"]);
    assert_eq!(session.cookies().count(), 0);
    assert_eq!(authorization(&session, contacts()), b"Authorization: Bearer T0KEN\r\n");
}

#[test]
fn the_door_that_was_used_last_counts() {
    let mut memory = [0; MEMORY];
    let mut session = granted(&mut memory, "T0KEN", "", None);
    let who = support::credentials();
    let mut exchange = session.login(&who);
    assert!(Read::new(&pull(&mut session, &mut exchange, 64)).field("Cookie").is_none(), "no token goes as a cookie");
    assert!(login(&mut session, &setting(&COOKIES), Cut::Whole).is_authenticated());
    assert!(session.has_ticket() && !session.has_authorization());
    assert_eq!(cookie_field(&session, contacts()), ".ASPXAUTH=t; BPMCSRF=c");
    ask(&mut session, &with_length(&[OK, JSON], GOOD), Cut::Whole).unwrap();
    assert!(!session.has_ticket() && session.has_authorization());
    session.clear();
    assert!(!session.has_authorization());
}

#[test]
fn what_authorises_a_call_goes_alone_where_there_is_more_than_one() {
    let mut memory = [0; MEMORY];
    let mut session = granted(&mut memory, "T0KEN", "", None);
    // The first of two steps brings no ticket yet.
    login(&mut session, &setting(&["BPMCSRF=c; path=/", "CRT_CSRF=c; path=/"]), Cut::Whole);
    assert_eq!(authorization(&session, contacts()), b"Authorization: Bearer T0KEN\r\n");
    // A ticket for a part of the site goes before a token there.
    login(&mut session, &setting(&[".ASPXAUTH=t; path=/CreatioWebApp/0/odata"]), Cut::Whole);
    let by_cookies =
        "ForceUseSession: true\r\nCookie: .ASPXAUTH=t; BPMCSRF=c; CRT_CSRF=c\r\nBPMCSRF: c\r\nCRT_CSRF: c\r\n";
    assert_eq!(
        authorization(&session, contacts()).escape_ascii().to_string(),
        by_cookies.escape_default().to_string()
    );
    let elsewhere = authorization(&session, Path::site("/rest").unwrap());
    assert_eq!(elsewhere, b"Authorization: Bearer T0KEN\r\n");
}

#[test]
fn a_token_that_lives_beyond_2106_has_an_end_there() {
    let mut memory = [0; MEMORY];
    let session = granted(&mut memory, "T0KEN", r#","expires_in":2147483647"#, Some(3_000_000_000));
    assert_eq!(session.token_expires_at(), Some(u64::from(u32::MAX) - 1));
}

#[test]
fn a_login_takes_the_place_of_a_token_for_good() {
    let mut memory = [0; MEMORY];
    let mut session = granted(&mut memory, "T0KEN", "", None);
    let rejected = setting(&["BPMLOADER=l; path=/"]);
    assert!(!login(&mut session, &rejected, Cut::Whole).is_authenticated());
    assert!(session.has_authorization(), "a login without a ticket changes nothing of it");
    let message = r#"{"Code":0,"Message":"Welcome"}"#;
    let lines = COOKIES.map(|cookie| format!("Set-Cookie: {cookie}"));
    let answer = login(&mut session, &with_length(&[OK, &lines[0], &lines[1]], message), Cut::Pieces(7)).answer;
    assert_eq!(answer.unwrap().message.as_deref(), Some("Welcome"));
    assert!(!session.memory_holds(b"T0KEN"));
    // Calls by someone else's right do not begin in silence when the ticket is over.
    support::set_cookies(&mut session, contacts(), &[".ASPXAUTH=; path=/; Max-Age=0"]);
    assert!(!session.has_ticket() && !session.has_authorization());
    assert_eq!(cookie_field(&session, contacts()), "BPMLOADER=l; BPMCSRF=c");
}

#[test]
fn each_error_of_rfc_6749_is_a_verdict() {
    for (error, expected) in [
        ("invalid_request", InvalidRequest),
        ("invalid_client", InvalidClient),
        ("invalid_grant", InvalidGrant),
        ("unauthorized_client", UnauthorizedClient),
        ("unsupported_grant_type", UnsupportedGrantType),
        ("invalid_scope", InvalidScope),
        ("server_error", OtherError),
        ("", OtherError),
        ("Invalid_Client", OtherError),
    ] {
        for status in if error == "invalid_client" { &[400, 401, 200, 500][..] } else { &[400] } {
            let body = format!(r#"{{"error_description":"Because \u00fc","error":"{error}","access_token":"x"}}"#);
            let expected = Answer {
                error: Some(error.into()),
                description: Some("Because ü".into()),
                ..Answer::new(expected, *status)
            };
            assert_eq!(answer(&[&format!("HTTP/1.1 {status} X"), JSON], &body), Ok(expected), "{error} {status}");
        }
    }
    assert_eq!(verdict(&["HTTP/1.1 401 U", JSON], "{}"), InvalidClient);
    assert_eq!(verdict(&["HTTP/1.1 401 U"], ""), InvalidClient);
    assert_eq!(verdict(&["HTTP/1.1 400 B"], "no document"), UnexpectedStatus);
}

#[test]
fn the_application_is_the_wrong_host_to_ask() {
    let page = "<html><form action=\"/Login/NuiLogin.aspx?ReturnUrl=%2fconnect%2ftoken\">";
    for (lines, body) in [
        (&["HTTP/1.1 302 Found", "Location: /Login/NuiLogin.aspx?ReturnUrl=%2fconnect%2ftoken"][..], "moved"),
        (&["HTTP/1.1 302 Found", "Location: https://crm.example.com/Login/Login.html?ReturnUrl=x"], ""),
        (&[OK, HTML], page),
        (&[OK], page),
        (&["HTTP/1.1 401 Unauthorized", HTML], page),
    ] {
        assert_eq!(verdict(lines, body), WrongHost, "{lines:?}");
    }
    // What is one by its type alone, and what is one without.
    for (line, body) in [(HTML, "<html>Welcome to nginx!"), (HTML, "{}"), (JSON, "<html>Welcome to nginx!")] {
        assert_eq!(verdict(&[OK, line], body), WebPage, "{line}");
    }
    assert_eq!(verdict(&["HTTP/1.1 301 M", "Location: https://crm-is.example.com/connect/token"], ""), Redirect);
    for status in ["404 Not Found", "405 Method Not Allowed"] {
        assert_eq!(verdict(&[&format!("HTTP/1.1 {status}"), HTML], "<html>nothing here"), NotFound);
    }
    assert_eq!(verdict(&["HTTP/1.1 500 Oops"], ""), UnexpectedStatus);
}

#[test]
fn a_busy_service_says_when_to_come_again() {
    for status in [429, 503] {
        let lines = [&format!("HTTP/1.1 {status} Busy"), "Retry-After: 7"];
        assert_eq!(answer(&lines, ""), Ok(Answer { retry_after: Some(7), ..Answer::new(Busy, status) }));
    }
}

//= 6749-3.2-once, 6749-7.1-type, 6749-10.14-sanitized
#[test]
fn what_is_no_token_is_told() {
    for (expected, body) in [
        (NoToken, "{}"),
        (NoToken, r#"{"token_type":"Bearer"}"#),
        (NoToken, r#"{"access_token":"","token_type":"Bearer"}"#),
        (NoToken, r#"{"access_token":null,"token_type":"Bearer"}"#),
        (NoToken, r#"{"access_token":5,"token_type":"Bearer"}"#),
        (NoToken, r#"{"access_token":{"a":"b"},"token_type":"Bearer"}"#),
        (NoToken, r#"{"access_token":"a b","token_type":"Bearer"}"#),
        (NoToken, r#"{"access_token":"a\r\nX-Injected: 1","token_type":"Bearer"}"#),
        (NoToken, r#"{"access_token":"\u0000","token_type":"Bearer"}"#),
        (NoToken, r#"{"access_token":"tökén","token_type":"Bearer"}"#),
        (UnsupportedTokenType, r#"{"access_token":"a","token_type":"mac"}"#),
        (UnsupportedTokenType, r#"{"access_token":"a","token_type":""}"#),
        (UnsupportedTokenType, r#"{"access_token":"a"}"#),
        (UnsupportedTokenType, r#"{"access_token":"a","token_type":"Bearer "}"#),
        (Granted, r#"{"token_type":"BEARER","access_token":"a"}"#),
    ] {
        assert_eq!(answer(&[OK, JSON], body), Ok(Answer::new(expected, 200)), "{body}");
    }
    let refused = |body| answer(&[OK, JSON], body).map(|answer| answer.verdict);
    assert_eq!(refused("[]"), Err(DocumentError::NotAnObject.into()));
    assert_eq!(refused(&GOOD[..GOOD.len() - 1]), Err(DocumentError::CutOff.into()));
    assert_eq!(refused(r#"{"access_token":"a","access_token":"b"}"#), Err(DocumentError::Doubled.into()));
    assert_eq!(refused("granted"), Err(DocumentError::NotJson.into()));
}

#[test]
fn a_token_of_any_length_fits_or_says_how_much_memory_it_takes() {
    for len in [1, 22, 23, 24, 1150, 4096, 16_000] {
        let token = "x".repeat(len);
        for body in [
            format!(r#"{{"access_token":"{token}","token_type":"Bearer"}}"#),
            format!(r#"{{"token_type":"Bearer","expires_in":1,"access_token":"{token}"}}"#),
        ] {
            for reply in [with_length(&[OK, JSON], &body), raw(&[OK, JSON], &body)] {
                let mut size = 0;
                loop {
                    let mut memory = vec![0; size];
                    let mut session = Session::new(net(), &mut memory);
                    match ask(&mut session, &reply, Cut::Whole) {
                        Ok(answer) => {
                            assert_eq!(answer.verdict, Granted, "{size}");
                            let lines = authorization(&session, contacts());
                            assert_eq!(lines, format!("Authorization: Bearer {token}\r\n").as_bytes());
                            break;
                        }
                        Err(ReplyError::MemoryTooSmall { needed }) => {
                            assert!(needed > size, "{needed} are not enough");
                            assert!(!session.has_authorization());
                            size = if len < 30 { size + 1 } else { needed };
                        }
                        Err(error) => panic!("{error}"),
                    }
                }
                assert!(size <= len + 160, "{size} bytes for {len}");
            }
        }
    }
}

#[test]
fn a_token_is_no_longer_than_the_field_that_it_goes_in() {
    // The value has 65,535 bytes at the most, of which `Bearer ` are seven.
    for (len, verdict) in [(65_528, Granted), (65_529, NoToken), (65_535, NoToken)] {
        let token = "x".repeat(len);
        let body = format!(r#"{{"access_token":"{token}","token_type":"Bearer"}}"#);
        let mut memory = vec![0; 200_000];
        let mut session = Session::new(net(), &mut memory);
        let answer = ask(&mut session, &with_length(&[OK, JSON], &body), Cut::Whole).unwrap();
        assert_eq!(answer.verdict, verdict, "{len}");
        assert_eq!(session.has_authorization(), verdict == Granted);
        let line = format!("Authorization: Bearer {token}\r\n");
        assert_eq!(authorization(&session, contacts()) == line.as_bytes(), verdict == Granted);
    }
}

#[test]
fn memory_of_every_size_takes_a_token_or_the_size_that_does_is_named() {
    let token = "x".repeat(100);
    for body in [
        format!(r#"{{"access_token":"{token}","token_type":"Bearer"}}"#),
        format!(r#"{{"token_type":"Bearer","access_token":"{token}"}}"#),
    ] {
        // Without a field whose value would take more of the memory than the token.
        let reply = with_length(&[OK], &body);
        let run = |size: usize| {
            let mut memory = vec![0; size];
            let mut session = Session::new(net(), &mut memory);
            let result = ask(&mut session, &reply, Cut::Pieces(7));
            assert_eq!(session.has_authorization(), result.is_ok(), "{size}");
            result.map(|answer| answer.verdict)
        };
        let enough = (0..).find(|size| run(*size).is_ok()).unwrap();
        for size in 0..enough + 100 {
            let (mut size, mut rounds) = (size, 0);
            while let Err(error) = run(size) {
                let ReplyError::MemoryTooSmall { needed } = error else { panic!("{error} in {size} bytes") };
                assert!(size < enough && needed > size && rounds < 3, "{needed} in {size} bytes");
                (size, rounds) = (needed, rounds + 1);
            }
            assert!(run(size) == Ok(Granted) && size >= enough, "{size}");
        }
    }
}

#[test]
fn a_new_token_takes_the_place_of_the_old_one_and_of_no_other_memory() {
    let mut memory = [0; 256];
    let mut session = granted(&mut memory, "first", "", None);
    let used = session.snapshot_len();
    for round in 0..1000 {
        let token = format!("{round:05}");
        let body = format!(r#"{{"access_token":"{token}","token_type":"Bearer"}}"#);
        ask(&mut session, &with_length(&[OK], &body), Cut::Pieces(13)).unwrap();
        assert_eq!(session.snapshot_len(), used);
        assert!(session.memory_holds(token.as_bytes()) && !session.memory_holds(b"first"));
    }
    drop(session);
    assert!(memory.iter().all(|byte| *byte == 0));
}

#[test]
fn nothing_of_a_failed_exchange_is_kept() {
    let mut memory = [0; MEMORY];
    let reply = with_length(&[OK, JSON], GOOD);
    for len in 0..reply.len() {
        let mut session = granted(&mut memory, "T0KEN", "", None);
        let before = support::snapshot(&session);
        assert_eq!(ask(&mut session, &reply[..len], Cut::Whole), Err(ReplyError::ClosedEarly));
        assert_eq!(support::snapshot(&session), before);
        assert!(!session.memory_holds(TOKEN.as_bytes()));
    }
}

#[test]
fn it_is_time_for_a_new_token_before_the_end_of_the_old_one() {
    const NOW: u64 = 1_800_000_000;
    let mut memory = [0; MEMORY];
    let mut session = granted(&mut memory, "a", r#","expires_in":3600"#, Some(NOW));
    assert_eq!(session.token_expires_at(), Some(NOW + 3600));
    for (now, margin, expected) in [
        (NOW, 0, false),
        (NOW, 3599, false),
        (NOW, 3600, true),
        (NOW, u32::MAX, true),
        (NOW + 3539, 60, false),
        (NOW + 3540, 60, true),
        (NOW + 3599, 0, false),
        (NOW + 3600, 0, true),
        (NOW + 100_000, 0, true),
        (u64::MAX, 1, true),
        // A clock that has gone back says nothing of the end.
        (NOW - 1, 0, true),
        (0, 0, true),
    ] {
        session.set_time(now);
        assert_eq!(session.needs_token(margin), expected, "{now} {margin}");
    }
    // It is still sent: whether it has really ended, only the site knows.
    assert!(Read::call(&mut session, &Call::get(contacts())).field("Authorization").is_some());
}

#[test]
fn the_end_of_a_token_is_known_where_a_clock_and_a_whole_number_say_it() {
    const NOW: u64 = 1_800_000_000;
    for (expires_in, expected) in [
        ("", None),
        (r#","expires_in":null"#, None),
        (r#","expires_in":"3600""#, None),
        (r#","expires_in":-5"#, None),
        (r#","expires_in":3600.5"#, None),
        (r#","expires_in":36e2"#, None),
        (r#","expires_in":36e+2"#, None),
        (r#","expires_in":-3.6"#, None),
        (r#","expires_in":-3.6e-2"#, None),
        (r#","expires_in":[3600]"#, None),
        (r#","expires_in":0"#, Some(NOW)),
        (r#","expires_in":1"#, Some(NOW + 1)),
        (r#","expires_in":2147483647"#, Some(NOW + 2_147_483_647)),
        (r#","expires_in":99999999999999999999"#, Some(NOW + 2_147_483_647)),
    ] {
        let mut memory = [0; MEMORY];
        let session = granted(&mut memory, "a", expires_in, Some(NOW));
        assert_eq!(session.token_expires_at(), expected, "{expires_in}");
        assert_eq!(session.needs_token(0), expected == Some(NOW), "{expires_in}");
        let mut memory = [0; MEMORY];
        let mut session = granted(&mut memory, "a", expires_in, None);
        assert_eq!((session.token_expires_at(), session.needs_token(u32::MAX)), (None, false), "without a clock");
        session.set_time(NOW);
        assert!(!session.needs_token(u32::MAX), "a clock that came later knows nothing of it");
    }
}

#[test]
fn a_token_that_the_site_no_longer_takes_is_the_end_of_the_session() {
    let ended = CallVerdict::SessionEnded(EndSign::TokenRejected);
    let login_page = "Location: /Login/NuiLogin.aspx?ReturnUrl=%2f0";
    for (lines, body, expected) in [
        (&["HTTP/1.1 401 U", "WWW-Authenticate: Bearer error=\"invalid_token\""][..], "", ended),
        (&["HTTP/1.1 401 U", JSON], r#"{"Message":"Authentication failed."}"#, ended),
        (&["HTTP/1.1 302 Found", login_page], "", CallVerdict::SessionEnded(EndSign::RedirectToLogin)),
        (&["HTTP/1.1 403 F"], "", CallVerdict::AccessDenied),
        (&[OK, JSON], "{}", CallVerdict::Fine),
    ] {
        let reply = with_length(lines, body);
        for cut in Cut::all(reply.len()) {
            let mut memory = [0; 256];
            let mut session = granted(&mut memory, "T0KEN", "", None);
            let (_, answer) = call_answer(&mut session, &Call::get(contacts()), &reply, cut);
            assert_eq!(answer.unwrap().verdict, expected, "{lines:?}");
        }
    }
}

#[test]
fn a_token_outlives_a_restart_with_its_end() {
    const NOW: u64 = 1_800_000_000;
    let mut memory = [0; MEMORY];
    let session = granted(&mut memory, TOKEN, r#","expires_in":3600"#, Some(NOW));
    let mut bytes = vec![0; session.snapshot_len()];
    session.write_snapshot(&mut bytes).unwrap();
    let mut other = [0; MEMORY];
    let mut restored = support::restored(framework(), &mut other, &bytes).unwrap();
    assert_eq!(authorization(&restored, contacts()), authorization(&session, contacts()));
    assert!(restored.needs_token(3600) && !restored.needs_token(3599)); // the time is that of the snapshot
    restored.set_time(NOW + 3500);
    assert_eq!(restored.token_expires_at(), Some(NOW + 3600));
    assert!(restored.needs_token(100) && !restored.needs_token(99));
}

#[test]
fn results_are_told_from_each_other() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let (identity, client) = (identity(), client());
    let mut exchange = session.token(&identity, &client);
    assert_eq!(exchange.token_result(&session).unwrap_err(), Misuse::OutOfTurn);
    assert_eq!(exchange.is_signed_in(&session), Err(Misuse::OutOfTurn));
    pull(&mut session, &mut exchange, 512);
    feed(&mut session, &mut exchange, &with_length(&[OK], GOOD), Cut::Whole);
    assert_eq!(exchange.login_result(&session).unwrap_err(), Misuse::NotALogin);
    assert_eq!(exchange.call_result(&session).unwrap_err(), Misuse::NotACall);
    let call = Call::get(contacts());
    let mut exchange = session.call(&call);
    pull(&mut session, &mut exchange, 512);
    feed(&mut session, &mut exchange, &with_length(&[OK], "{}"), Cut::Whole);
    assert_eq!(exchange.token_result(&session).unwrap_err(), Misuse::NotATokenRequest);
    assert_eq!(exchange.is_signed_in(&session), Err(Misuse::NotALogin));
    let who = support::credentials();
    let mut exchange = session.login(&who);
    pull(&mut session, &mut exchange, 512);
    feed(&mut session, &mut exchange, &with_length(&[OK], SUCCESS), Cut::Whole);
    assert_eq!(exchange.token_result(&session).unwrap_err(), Misuse::NotATokenRequest);
    assert_eq!(exchange.is_signed_in(&session), Ok(false), "no ticket came");
}

#[test]
fn the_hint_says_where_the_identity_service_of_a_cloud_site_is() {
    let hint =
        |url: &'static str| Site::parse(url, Runtime::Net).unwrap().identity_hint().map(|hint| hint.to_string());
    assert_eq!(hint("https://crm.creatio.com").as_deref(), Some("https://crm-is.creatio.com"));
    assert_eq!(hint("https://Dev-1.Creatio.COM:444/x").as_deref(), Some("https://Dev-1-is.Creatio.COM"));
    for other in ["https://crm-is.creatio.com", "https://crm.example.com", "https://creatio.com", "http://10.0.0.1"] {
        assert_eq!(hint(other), None, "{other}");
    }
}
