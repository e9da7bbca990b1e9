//! Logins by Windows authentication (RFC 4559, MS-NTHT): the requests of both runtimes, each answer in every cut, and what the session
//! has then.

mod support;

use creatio_auth::WindowsVerdict::{self, *};
use creatio_auth::{
    Again, DocumentError, Fault, LoginPageSign, Misuse, ReplyError, RequestPart, Session, Site, Verdict,
    WindowsScheme,
};
use support::fixtures::{SUCCESS, chunked, raw, with_length};
use support::{Cut, MEMORY, Read, contacts, cookie_field, feed, framework, net, pull};

const UNAUTHORIZED: &str = "HTTP/1.1 401 Unauthorized";
const PAGE: &str = "<html><h2>401 - Unauthorized: Access is denied due to invalid credentials.</h2></html>";
const TICKET: &str = "Set-Cookie: .ASPXAUTH=0A1B2C; path=/; HttpOnly";
const CSRF: &str = "Set-Cookie: BPMCSRF=abc; path=/";

/// What is seen of an answer, apart from the session's memory.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    verdict: WindowsVerdict,
    challenge: Vec<u8>,
    offered: (bool, bool, bool),
    message: Option<String>,
}

fn answer(
    session: &mut Session<'_>,
    scheme: WindowsScheme,
    token: &[u8],
    reply: &[u8],
    cut: Cut,
) -> Result<(Seen, bool), ReplyError> {
    let mut exchange = session.windows_login(scheme, token);
    pull(session, &mut exchange, 512);
    let outcome = feed(session, &mut exchange, reply, cut);
    outcome.result?;
    assert!(outcome.body.is_empty(), "the body is the exchange's alone");
    let windows = exchange.windows_result(session).unwrap();
    assert_eq!(exchange.is_signed_in(session), Ok(windows.verdict.is_authenticated()));
    assert_eq!(exchange.login_result(session).err(), Some(Misuse::NotALogin));
    let seen = Seen {
        verdict: windows.verdict,
        challenge: windows.challenge.to_vec(),
        offered: (windows.offered.negotiate, windows.offered.ntlm, windows.offered.basic),
        message: windows.message.map(|text| text.to_string()),
    };
    Ok((seen, exchange.keeps_alive()))
}

/// What comes of a reply to a token, which is the same however it is cut.
fn verdict(site: Site<'static>, token: &[u8], lines: &[&str], body: &str) -> Seen {
    let mut first = None;
    for reply in [with_length(lines, body), chunked(lines, body, &[7, 1])] {
        for cut in Cut::all(reply.len()) {
            let mut memory = [0; MEMORY];
            let mut session = Session::new(site, &mut memory);
            let seen = answer(&mut session, WindowsScheme::Ntlm, token, &reply, cut).unwrap().0;
            assert_eq!(seen, *first.get_or_insert_with(|| seen.clone()), "{lines:?} {cut:?}");
            let is_answered_well = seen.verdict.is_authenticated() || seen.verdict.wants_token();
            assert_eq!(session.sign_in_delay().is_some(), is_answered_well || seen.verdict.again() == Again::Yes);
        }
    }
    first.unwrap()
}

//= 9110-11.6.2-value
#[test]
fn each_runtime_has_its_own_door() {
    for (site, line, body, accept, length) in [
        (framework(), ("GET", "/CreatioWebApp/Login/NuiLogin.aspx?ntlmlogin"), "", &b"*/*"[..], None),
        (net(), ("POST", "/ServiceModel/AuthService.svc/DomainLogin"), "{}", b"application/json", Some(&b"2"[..])),
    ] {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(site, &mut memory);
        let mut exchange = session.windows_login(WindowsScheme::Ntlm, b"NTLMSSP\0");
        assert_eq!(exchange.request_len(&session), pull(&mut session, &mut exchange, 4096).len());
        let mut exchange = session.windows_login(WindowsScheme::Ntlm, b"NTLMSSP\0");
        let request = pull(&mut session, &mut exchange, 1);
        let read = Read::new(&request);
        assert_eq!((&*read.method, &*read.target), line);
        assert_eq!(read.body, body.as_bytes());
        assert_eq!(read.field("Authorization"), Some(&b"NTLM TlRMTVNTUAA="[..]));
        assert_eq!((read.field("Accept"), read.field("Content-Length")), (Some(accept), length));
        assert!(!exchange.may_be_sent_again());
    }
}

//= 4559-4.2-base64
#[test]
fn a_token_of_any_length_is_written_whatever_the_buffer_and_none_is_no_field() {
    let bytes: Vec<u8> = (0..200).collect();
    for (len, text) in [(1, "AA=="), (2, "AAE="), (3, "AAEC"), (4, "AAECAw==")] {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        let mut exchange = session.windows_login(WindowsScheme::Negotiate, &bytes[..len]);
        let read = Read::new(&pull(&mut session, &mut exchange, 3));
        assert_eq!(read.field("Authorization"), Some(format!("Negotiate {text}").as_bytes()));
    }
    let mut whole = None;
    for size in 1..300 {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(framework(), &mut memory);
        let mut exchange = session.windows_login(WindowsScheme::Negotiate, &bytes);
        let request = pull(&mut session, &mut exchange, size);
        assert_eq!(request, *whole.get_or_insert_with(|| request.clone()), "{size}");
    }
    let mut memory = [0; MEMORY];
    let mut session = Session::new(framework(), &mut memory);
    let mut exchange = session.windows_login(WindowsScheme::Negotiate, &[]);
    assert_eq!(Read::new(&pull(&mut session, &mut exchange, 99)).field("Authorization"), None);
}

//= 4559-4.2-base64, 4559-4.2-last, 4559-5-continued
#[test]
fn a_challenge_is_decoded_and_answered_over_the_same_connection() {
    for (site, last, body) in [
        (framework(), "HTTP/1.1 302 Found\r\nLocation: /CreatioWebApp/0/Shell/", ""),
        (framework(), "HTTP/1.1 200 OK\r\nContent-Type: text/html", "<html>"),
        (net(), "HTTP/1.1 200 OK\r\nContent-Type: application/json", SUCCESS),
    ] {
        for first in ["WWW-Authenticate: NTLM", "Server: x"] {
            let sticky = "Set-Cookie: lb=7; path=/";
            let lines =
                [UNAUTHORIZED, first, "WWW-Authenticate: NTLM TlRMTVNTUAAC", sticky, "Content-Type: text/html"];
            let challenge = with_length(&lines, PAGE);
            let good = with_length(&[last, TICKET, CSRF, "WWW-Authenticate: NTLM b2s="], body);
            for (challenge_cut, good_cut) in Cut::all(challenge.len())
                .map(|cut| (cut, Cut::Whole))
                .chain(Cut::all(good.len()).map(|cut| (Cut::Whole, cut)))
            {
                let mut memory = [0; MEMORY];
                let mut session = Session::new(site, &mut memory);
                let (seen, keeps_alive) =
                    answer(&mut session, WindowsScheme::Ntlm, b"1", &challenge, challenge_cut).unwrap();
                assert_eq!((seen.verdict, seen.challenge), (ChallengeReceived, b"NTLMSSP\0\x02".to_vec()));
                assert!(keeps_alive);
                assert_eq!(session.sign_in_delay(), Some(0), "nobody was refused");
                let mut exchange = session.windows_login(WindowsScheme::Ntlm, b"3");
                let read = Read::new(&pull(&mut session, &mut exchange, 64));
                assert_eq!(read.field("Cookie"), Some(&b"lb=7"[..]), "the way to where the handshake has begun");
                let (seen, keeps_alive) = answer(&mut session, WindowsScheme::Ntlm, b"3", &good, good_cut).unwrap();
                assert_eq!((seen.verdict, &*seen.challenge), (Login(Verdict::Authenticated), &b"ok"[..]));
                assert!(keeps_alive && session.has_ticket() && session.has_csrf_token());
                assert_eq!(cookie_field(&session, contacts()), "lb=7; .ASPXAUTH=0A1B2C; BPMCSRF=abc");
                assert_eq!(session.sign_in_delay(), Some(0));
            }
        }
    }
}

#[test]
fn a_document_without_a_code_is_no_answer() {
    for body in ["{}", r#"{"Message":"x"}"#] {
        let reply = with_length(&["HTTP/1.1 200 OK", "Content-Type: application/json", TICKET], body);
        for cut in Cut::all(reply.len()) {
            let mut memory = [0; MEMORY];
            let mut session = Session::new(net(), &mut memory);
            let error = answer(&mut session, WindowsScheme::Ntlm, b"3", &reply, cut).unwrap_err();
            assert_eq!(error, ReplyError::Document(DocumentError::NoCode));
            assert_eq!(session.cookies().count(), 0, "the session is as it was");
        }
    }
}

//= 4559-4.1-first, 4559-5-continued
#[test]
fn what_a_401_offers_says_what_to_do() {
    let negotiate = "WWW-Authenticate: Negotiate";
    let ntlm = "www-authenticate:ntlm";
    let basic = "WWW-Authenticate: Basic realm=\"a, NTLM\"";
    for site in [framework(), net()] {
        for (token, fields, expected, offered) in [
            (&b""[..], &[negotiate, ntlm][..], TokenWanted, (true, true, false)),
            (b"", &[negotiate], SchemeNotOffered, (true, false, false)),
            (b"", &[basic], BasicWanted, (false, false, true)),
            (b"", &[], SchemeNotOffered, (false, false, false)),
            (b"3", &[negotiate, ntlm], Refused, (true, true, false)),
            (b"3", &["WWW-Authenticate: Negotiate, NTLM"], Refused, (true, true, false)),
            (b"3", &[negotiate], SchemeNotOffered, (true, false, false)),
            (b"3", &["WWW-Authenticate: Negotiate AAAA"], SchemeNotOffered, (true, false, false)),
            (b"3", &[basic], BasicWanted, (false, false, true)),
            (b"3", &[basic, ntlm], Refused, (false, true, true)),
            (b"3", &[basic, negotiate], SchemeNotOffered, (true, false, true)),
            (b"3", &["WWW-Authenticate: Digest realm=\"x\""], SchemeNotOffered, (false, false, false)),
            (b"3", &["WWW-Authenticate: NTLM A"], MalformedChallenge, (false, true, false)),
            (b"3", &["WWW-Authenticate: NTLM AA AA"], MalformedChallenge, (false, true, false)),
            (b"3", &["WWW-Authenticate: NTLM AAAA", "Connection: close"], ChallengeReceived, (false, true, false)),
            (b"3", &["WWW-Authenticate: NTLM AAAA"], ChallengeReceived, (false, true, false)),
        ] {
            let lines = [&[UNAUTHORIZED, "Content-Type: text/html"], fields].concat();
            let seen = verdict(site, token, &lines, PAGE);
            assert_eq!((seen.verdict, seen.offered), (expected, offered), "{fields:?}");
            assert_eq!(seen.challenge.is_empty(), expected != ChallengeReceived);
        }
    }
}

/// It would be the password once more, and so on without end.
#[test]
fn a_challenge_to_the_last_message_of_ntlm_is_a_refusal() {
    for (token, expected, delay) in [
        (&b"NTLMSSP\0\x01\0\0\0"[..], ChallengeReceived, Some(0)),
        (b"NTLMSSP\0\x03\0\0\0", Refused, None),
        (b"NTLMSSP\0\x03", Refused, None),
        (b"NTLMSSP\0", ChallengeReceived, Some(0)),
        (b"\x60NTLMSSP\0\x03", ChallengeReceived, Some(0)),
    ] {
        for (scheme, challenge) in [
            (WindowsScheme::Ntlm, "WWW-Authenticate: NTLM TlRMTVNTUAAC"),
            (WindowsScheme::Negotiate, "WWW-Authenticate: Negotiate TlRMTVNTUAAC"),
        ] {
            let mut memory = [0; MEMORY];
            let mut session = Session::new(framework(), &mut memory);
            let reply = with_length(&[UNAUTHORIZED, challenge], "");
            let (seen, _) = answer(&mut session, scheme, token, &reply, Cut::Pieces(3)).unwrap();
            assert_eq!((seen.verdict, session.sign_in_delay()), (expected, delay), "{}", token.escape_ascii());
        }
    }
}

//= 4559-5-error
#[test]
fn on_framework_the_ticket_says_who_is_in() {
    let found = "HTTP/1.1 302 Found";
    let page = "Content-Type: text/html; charset=utf-8";
    for (lines, body, expected) in [
        (&[found, "Location: /CreatioWebApp/0/Shell/", TICKET, CSRF][..], "", Verdict::Authenticated),
        // One that has a CSRF token and no ticket is let in, too (protocol notes, section 2).
        (&[found, "Location: /CreatioWebApp/0/Shell/", CSRF], "", Verdict::Authenticated),
        (&["HTTP/1.1 200 OK", page, TICKET], PAGE, Verdict::Authenticated),
        (&["HTTP/1.1 200 OK", TICKET], "", Verdict::Authenticated),
        (&["HTTP/1.1 200 OK", page, CSRF], PAGE, Verdict::LoginPage(LoginPageSign::HtmlContentType)),
        (&["HTTP/1.1 200 OK", CSRF], "", Verdict::NoTicket),
        (&["HTTP/1.1 200 OK"], "text", Verdict::NoTicket),
        (
            &[found, "Location: /CreatioWebApp/Login/NuiLogin.aspx?ErrorCode=1", CSRF],
            "",
            Verdict::LoginPage(LoginPageSign::RedirectToLogin),
        ),
        (&[found, "Location: https://crm.example.com/"], "", Verdict::LoginPage(LoginPageSign::Redirect)),
        (&["HTTP/1.1 403 Forbidden"], PAGE, Verdict::AccessDenied),
        (&["HTTP/1.1 404 Not Found"], PAGE, Verdict::UnexpectedStatus),
        (&["HTTP/1.1 503 Busy", "Retry-After: 3"], "", Verdict::Busy),
        (&["HTTP/1.1 200 OK", "Set-Cookie: .ASPXAUTH=; path=/"], "", Verdict::NoTicket),
    ] {
        assert_eq!(verdict(framework(), b"3", lines, body).verdict, Login(expected), "{lines:?}");
    }
}

#[test]
fn on_net_the_answer_is_that_of_a_login() {
    let ok = "HTTP/1.1 200 OK";
    let rejected = r#"{"Code":1,"Message":"Нет","Exception":{"Type":"System.Security.SecurityException"}}"#;
    let second = r#"{"Code":1,"Message":"x","Exception":{"Type":"Terrasoft.StartAuthFlowException"}}"#;
    for (lines, body, expected, message) in [
        (&[ok, TICKET, CSRF][..], SUCCESS, Verdict::Authenticated, Some("")),
        (&[ok, CSRF], SUCCESS, Verdict::NoTicket, Some("")),
        (&[ok, TICKET], r#"{"Code":2}"#, Verdict::PasswordChangeAdvised, None),
        (&[ok], rejected, Verdict::Rejected, Some("Нет")),
        (&[ok], second, Verdict::SecondFactorWanted, Some("x")),
        (&[ok], r#"{"Code":4}"#, Verdict::NoLicense, None),
        (&[ok, "Content-Type: text/html"], PAGE, Verdict::LoginPage(LoginPageSign::HtmlContentType), None),
        (&[ok], PAGE, Verdict::LoginPage(LoginPageSign::HtmlBody), None),
        (
            &["HTTP/1.1 302 F", "Location: /Login/Login.html?ReturnUrl=x", CSRF],
            "",
            Verdict::LoginPage(LoginPageSign::RedirectToLogin),
            None,
        ),
        (&["HTTP/1.1 302 F", "Location: /Shell/", CSRF], "", Verdict::LoginPage(LoginPageSign::Redirect), None),
        (&["HTTP/1.1 403 F"], "", Verdict::AccessDenied, None),
        (&["HTTP/1.1 502 F"], PAGE, Verdict::Busy, None),
    ] {
        let seen = verdict(net(), b"3", lines, body);
        assert_eq!((seen.verdict, seen.message.as_deref()), (Login(expected), message), "{lines:?} {body}");
    }
}

#[test]
fn a_ticket_of_an_earlier_login_lets_nobody_in() {
    for (site, lines, body, expected) in [
        (framework(), &["HTTP/1.1 200 OK"][..], "", Verdict::NoTicket),
        (framework(), &["HTTP/1.1 302 F", "Location: /"], "", Verdict::LoginPage(LoginPageSign::Redirect)),
    ] {
        let mut memory = [0; MEMORY];
        let mut session = support::signed_in(site, &mut memory, &[".ASPXAUTH=old; path=/", "BPMCSRF=old; path=/"]);
        let reply = with_length(lines, body);
        let (seen, _) = answer(&mut session, WindowsScheme::Negotiate, b"3", &reply, Cut::Whole).unwrap();
        assert_eq!(seen.verdict, Login(expected));
    }
}

#[test]
fn a_connection_that_is_cut_changes_nothing_and_is_told() {
    let challenge = with_length(&[UNAUTHORIZED, "WWW-Authenticate: NTLM AAAA", "Set-Cookie: a=b; path=/"], PAGE);
    let good = with_length(&["HTTP/1.1 200 OK", TICKET], SUCCESS);
    for reply in [challenge, good] {
        for len in 0..reply.len() {
            let mut memory = [0; MEMORY];
            let mut session = Session::new(net(), &mut memory);
            let error = answer(&mut session, WindowsScheme::Ntlm, b"1", &reply[..len], Cut::Whole).unwrap_err();
            assert_eq!((error.fault(), session.cookies().count()), (Fault::Peer, 0), "{len} {error:?}");
        }
    }
}

#[test]
fn memory_that_is_too_small_says_how_much_is_enough() {
    let token = "TlRM".repeat(100);
    let challenge = format!("WWW-Authenticate: Negotiate, NTLM {token}");
    let reply = with_length(&[UNAUTHORIZED, "Set-Cookie: a=b; path=/", &challenge], PAGE);
    for size in 0..1000 {
        let mut memory = vec![0; size];
        let mut session = Session::new(framework(), &mut memory);
        match answer(&mut session, WindowsScheme::Ntlm, b"1", &reply, Cut::Whole) {
            Ok((seen, _)) => {
                assert_eq!((seen.verdict, seen.challenge), (ChallengeReceived, b"NTL".repeat(100)));
                assert!(size > 400);
            }
            Err(ReplyError::MemoryTooSmall { needed }) => {
                assert!(needed > size);
                let mut memory = vec![0; needed];
                let mut session = Session::new(framework(), &mut memory);
                let (seen, _) = answer(&mut session, WindowsScheme::Ntlm, b"1", &reply, Cut::Whole).unwrap();
                assert_eq!(seen.verdict, ChallengeReceived, "{size} {needed}");
            }
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[test]
fn the_challenge_of_an_interim_reply_does_not_count() {
    let interim = raw(&["HTTP/1.1 103 Early Hints", "WWW-Authenticate: NTLM AAAA"], "");
    let reply = [interim, with_length(&[UNAUTHORIZED, "WWW-Authenticate: NTLM"], PAGE)].concat();
    let mut memory = [0; MEMORY];
    let mut session = Session::new(framework(), &mut memory);
    let (seen, _) = answer(&mut session, WindowsScheme::Ntlm, b"3", &reply, Cut::Pieces(1)).unwrap();
    assert_eq!((seen.verdict, seen.challenge), (Refused, vec![]));
}

#[test]
fn someone_elses_client_sends_it_and_hands_the_challenge_over() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let mut exchange = session.windows_login(WindowsScheme::Negotiate, b"YII");
    let mut out = [0; 512];
    let len = exchange.request_part(&mut session, RequestPart::Method, &mut out).unwrap();
    assert_eq!(&out[..len], b"POST");
    let len = exchange.request_part(&mut session, RequestPart::Fields, &mut out).unwrap();
    let fields = String::from_utf8_lossy(&out[..len]);
    assert!(fields.contains("Authorization: Negotiate WUlJ\r\n") && !fields.contains("Content-Length"), "{fields}");
    exchange.feed_field(&mut session, b"WWW-Authenticate", b"NTLM").unwrap();
    exchange.feed_field(&mut session, b"www-authenticate", b"Negotiate oYI= ").unwrap();
    exchange.end_head(&mut session, 401).unwrap();
    exchange.close(&mut session).unwrap();
    let windows = exchange.windows_result(&session).unwrap();
    assert_eq!(
        (windows.verdict, windows.challenge, windows.offered.ntlm),
        (ChallengeReceived, &b"\xA1\x82"[..], true)
    );
}

#[test]
fn each_is_asked_of_its_own_kind_alone_and_in_turn() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let exchange = session.windows_login(WindowsScheme::Ntlm, b"1");
    assert_eq!(exchange.windows_result(&session).err(), Some(Misuse::OutOfTurn));
    assert!(!format!("{exchange:?}").contains("49"), "the token is secret");
    let credentials = support::credentials();
    let other = session.login(&credentials);
    assert_eq!(exchange.windows_result(&session).err(), Some(Misuse::OtherSession));
    assert_eq!(other.windows_result(&session).err(), Some(Misuse::NotALogin));
}

#[test]
fn verdicts_have_names_numbers_and_texts_of_their_own() {
    let all = [
        ChallengeReceived,
        TokenWanted,
        Refused,
        SchemeNotOffered,
        BasicWanted,
        MalformedChallenge,
        ConnectionClosed,
        Login(Verdict::Busy),
    ];
    for (at, verdict) in all.iter().enumerate() {
        assert!(format!("{verdict:?}").starts_with(verdict.name()));
        for other in &all[..at] {
            assert_ne!(verdict.number(), other.number());
            assert_ne!(verdict.to_string(), other.to_string());
        }
    }
    assert_eq!(Login(Verdict::Busy).again(), Again::Yes);
    assert_eq!((WindowsScheme::Ntlm.name(), WindowsScheme::Negotiate.name()), ("Ntlm", "Negotiate"));
}
