//! Staying signed in: one sign-in where the session has ended, and none after one that was rejected.

use creatio_auth::client::blocking::Client;
use creatio_auth::client::embedded_io_07::ErrorKind;
use creatio_auth::client::{Error, Identity, Refusal};
use creatio_auth::{
    AuthorizationRequest, Call, CallVerdict, ClientCredentials, EarlierSignIn, EndSign, PasswordChange, ReplyError,
    Runtime, Session, Site, TokenVerdict, Verdict,
};

use crate::replies::body;
use crate::script::{Line, Script};
use crate::support;
use crate::support::fixtures::{SUCCESS, chunked, raw, setting, with_length};
use crate::support::{MEMORY, contacts, credentials, net, signed_in};

const JSON: &str = "Content-Type: application/json";
const HTML: &str = "Content-Type: text/html; charset=utf-8";
const PAGE: &str = "<!DOCTYPE html><script src=\"/Login/NuiLogin.aspx\"></script>";

const NO_USER: &str =
    r#"{"responseStatus":{"ErrorCode":"ArgumentNullOrEmptyException","Message":"\"userConnection\" must be"}}"#;

fn redirect() -> Vec<u8> {
    with_length(&["HTTP/1.1 302 Found", "Location: /Login/NuiLogin.aspx?ReturnUrl=%2f0"], "moved")
}

/// The replies that say that the session has ended, and how.
pub fn ended() -> [(Vec<u8>, EndSign); 9] {
    let failed = r#"{"Message":"Authentication failed.","StackTrace":null}"#;
    let padded = format!("{}{PAGE}", " \r\n".repeat(40));
    [
        (redirect(), EndSign::RedirectToLogin),
        (with_length(&["HTTP/1.1 200 OK", HTML], PAGE), EndSign::LoginPage),
        (chunked(&["HTTP/1.1 200 OK"], PAGE, &[1, 1]), EndSign::LoginPage),
        (with_length(&["HTTP/1.1 200 OK", JSON], PAGE), EndSign::LoginPage),
        (chunked(&["HTTP/1.1 200 OK", HTML], padded, &[100]), EndSign::LoginPage),
        (with_length(&["HTTP/1.1 401 No", JSON], failed), EndSign::AuthenticationFailed),
        (with_length(&["HTTP/1.1 401 No", JSON], "{}"), EndSign::Unauthorized),
        (with_length(&["HTTP/1.1 200 OK", JSON], NO_USER), EndSign::NoUserConnection),
        (chunked(&["HTTP/1.1 500 Oops", JSON], NO_USER, &[70, 40]), EndSign::NoUserConnection),
    ]
}

/// Whether the site has certainly not done what the call asks.
pub fn is_certain(sign: EndSign) -> bool {
    !matches!(sign, EndSign::LoginPage | EndSign::NoUserConnection)
}

pub fn ok() -> Vec<u8> {
    with_length(&["HTTP/1.1 200 OK", JSON], SUCCESS)
}

pub fn let_in() -> Vec<u8> {
    setting(&[".ASPXAUTH=new; path=/", "BPMCSRF=c; path=/"])
}

fn rejected() -> Vec<u8> {
    with_length(&["HTTP/1.1 200 OK", JSON], r#"{"Code":1,"Message":"No"}"#)
}

/// That none is tried, for the one before came to this.
pub fn earlier(verdict: Verdict) -> Refusal {
    Refusal::Earlier(EarlierSignIn::Login(verdict))
}

/// A client that had signed in, with these replies over as many connections as it makes.
fn with_client<R>(
    replies: impl IntoIterator<Item = Vec<u8>>,
    test: impl FnOnce(&mut Client<'_, '_, Script>, &Script) -> R,
) -> R {
    over(Line::new(replies).goes_on(), test)
}

/// The same, where the replies come byte by byte.
fn byte_by_byte<R>(
    replies: impl IntoIterator<Item = Vec<u8>>,
    test: impl FnOnce(&mut Client<'_, '_, Script>, &Script) -> R,
) -> R {
    over(Line::new(replies).pieces(1).goes_on(), test)
}

fn over<R>(line: Line, test: impl FnOnce(&mut Client<'_, '_, Script>, &Script) -> R) -> R {
    let script = Script::new([line]);
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 512]);
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=old; path=/", "BPMCSRF=c; path=/"]);
    let mut client = Client::new(&mut session, script.clone(), &mut buffer);
    test(&mut client, &script)
}

pub fn post() -> Call<'static> {
    Call::post(contacts()).with_json(b"{}")
}

/// What is read to its end to see whether the session has ended stops at the limit.
#[test]
fn an_end_that_has_no_end_is_an_error_and_a_good_answer_may_be_long() {
    for lines in [
        &["HTTP/1.1 302 Found", "Location: /Login/NuiLogin.aspx"][..],
        &["HTTP/1.1 401 No", JSON],
        &["HTTP/1.1 200 OK", HTML],
        &["HTTP/1.1 200 OK", JSON],
    ] {
        for beginning in [PAGE, NO_USER] {
            let reply = raw(lines, format!("{beginning}{:5000}", ""));
            over(Line::new([reply]).pieces(400), |client, script| {
                client.session_mut().set_body_limit(4000);
                let error = client.call_renewed(&Call::get(contacts()), &credentials()).err();
                let expected = Some(Error::Reply(ReplyError::BodyTooLarge));
                assert_eq!((error, script.requests().len()), (expected, 1), "{lines:?}, {beginning}");
            });
        }
    }
    let long = with_length(&["HTTP/1.1 200 OK", JSON], format!("{{\"value\":\"{:5000}\"}}", ""));
    over(Line::new([long]).pieces(100), |client, _| {
        client.session_mut().set_body_limit(4000);
        let mut reply = client.call_renewed(&Call::get(contacts()), &credentials()).unwrap();
        assert_eq!(body(&mut reply).unwrap().len(), 5012);
    });
}

#[test]
fn an_empty_session_signs_in_first_and_only_then_makes_the_call() {
    let line = |replies: Vec<Vec<u8>>| Script::new([Line::new(replies).goes_on()]);
    let calling = |script: &Script, memory: &mut [u8], times: usize| {
        let mut session = Session::new(net(), memory);
        let mut buffer = [0; 512];
        let mut client = Client::new(&mut session, script.clone(), &mut buffer);
        let once = |client: &mut Client<'_, '_, Script>| {
            client.call_renewed(&post(), &credentials()).and_then(|reply| Ok(reply.answer()?.verdict))
        };
        (0..times).map(|_| once(&mut client)).collect::<Vec<_>>()
    };
    let mut memory = [0; MEMORY];

    let script = line(vec![let_in(), ok(), ok()]);
    assert_eq!(calling(&script, &mut memory, 2), [Ok(CallVerdict::Fine); 2]);
    script.notes(|notes| assert!(notes.sent[0].starts_with(b"POST /ServiceModel/AuthService.svc/Login ")));
    assert_eq!(script.requests().len(), 3);

    // The password is sent once, and the write never.
    let script = line(vec![rejected()]);
    let refused =
        [Err(Error::SignIn(Refusal::Login(Verdict::Rejected))), Err(Error::SignIn(earlier(Verdict::Rejected)))];
    assert_eq!(calling(&script, &mut memory, 2), refused);
    assert_eq!(script.requests().len(), 1);

    // There is one sign-in for a call, also where it comes first.
    for (reply, _) in ended() {
        let script = line(vec![let_in(), reply]);
        assert_eq!(calling(&script, &mut memory, 1), [Ok(CallVerdict::RenewedInVain)]);
        assert_eq!(script.requests().len(), 2);
    }
}

#[test]
fn an_ended_session_is_renewed_once_whatever_its_sign() {
    let get = Call::get(contacts());
    for (reply, sign) in ended() {
        // What the first byte shows.
        if sign != EndSign::NoUserConnection {
            byte_by_byte([reply.clone(), let_in(), ok()], |client, script| {
                let answer = client.call_renewed(&get, &credentials()).unwrap().answer().unwrap();
                assert_eq!((answer.verdict, script.requests().len()), (CallVerdict::Fine, 3), "{sign:?}");
            });
        }
        with_client([reply.clone(), let_in(), ok()], |client, script| {
            let mut reply = client.call_renewed(&get, &credentials()).unwrap();
            assert_eq!(body(&mut reply).unwrap(), SUCCESS.as_bytes(), "{sign:?}");
            assert_eq!(reply.answer().unwrap().verdict, CallVerdict::Fine, "{sign:?}");
            assert_eq!((script.requests().len(), script.connects()), (3, 2), "{sign:?}");
        });
        with_client([reply.clone(), let_in(), reply], |client, script| {
            let answer = client.call_renewed(&get, &credentials()).unwrap().answer().unwrap();
            assert_eq!(answer.verdict, CallVerdict::RenewedInVain, "once is enough");
            assert_eq!(script.requests().len(), 3, "{sign:?}");
        });
    }
}

#[test]
fn a_write_is_made_again_only_where_the_site_has_certainly_not_done_it() {
    for (reply, sign) in ended() {
        with_client([reply, let_in(), ok()], |client, script| {
            let result = client.call_renewed(&post(), &credentials()).map(|reply| reply.http_status());
            let expected = if is_certain(sign) { Ok(200) } else { Err(Error::NotRepeated) };
            assert_eq!(
                (result, script.requests().len()),
                (expected, if is_certain(sign) { 3 } else { 2 }),
                "{sign:?}"
            );
            assert!(client.session().has_ticket());
        });
    }
}

#[test]
fn a_site_that_is_too_busy_to_let_in_says_when_to_try_again() {
    let busy = with_length(&["HTTP/1.1 503 Busy", "Retry-After: 9"], "");
    with_client([redirect(), busy, ok()], |client, _| {
        assert_eq!(client.refusal_retry_after(), None);
        let error = client.call_renewed(&post(), &credentials()).unwrap_err();
        assert_eq!(error, Error::SignIn(Refusal::Login(Verdict::Busy)));
        assert_eq!((client.refusal_retry_after(), client.session().sign_in_delay()), (Some(9), Some(0)));
        client.call(&post()).unwrap();
        assert_eq!(client.refusal_retry_after(), None);
    });
}

#[test]
fn the_message_of_a_sign_in_that_is_refused_is_there_until_the_next_exchange() {
    let said = |body| with_length(&["HTTP/1.1 200 OK", JSON], body);
    for (body, expected) in [
        (r#"{"Code":1,"Message":"Locked \u0445"}"#, Some("Locked х")),
        (r#"{"Code":1,"Exception":{"Message":"Why"},"Message":""}"#, Some("Why")),
        (r#"{"Code":1}"#, None),
    ] {
        with_client([redirect(), said(body), ok()], |client, _| {
            assert!(client.refusal_message().is_none());
            client.call_renewed(&post(), &credentials()).unwrap_err();
            assert_eq!(client.refusal_message().map(|message| message.to_string()).as_deref(), expected, "{body}");
            client.call(&post()).unwrap();
            assert!(client.refusal_message().is_none());
        });
    }
}

#[test]
fn so_is_that_of_a_password_change_and_of_a_code() {
    let message = |client: &Client<'_, '_, Script>| client.refusal_message().map(|message| message.to_string());
    let said = with_length(&["HTTP/1.1 200 OK", JSON], r#"{"Code":1,"Message":"Too short"}"#);
    with_client([said], |client, _| {
        let change = PasswordChange::borrowed(credentials(), "new");
        assert_eq!(client.change_password(&change).unwrap().verdict, Verdict::Rejected);
        assert_eq!(message(client).as_deref(), Some("Too short"));
    });
    let body = r#"{"error":"invalid_grant","error_description":"Used"}"#;
    with_client([with_length(&["HTTP/1.1 400 Bad Request", JSON], body)], |client, _| {
        let who = ClientCredentials::public("desktop");
        let request = AuthorizationRequest::new("desktop", "http://127.0.0.1:7001/", &[7; 48]);
        let token = client.token_by_code(&Identity::new(net(), &who), &request, "c").unwrap();
        assert_eq!(token.verdict, TokenVerdict::InvalidGrant);
        assert_eq!(message(client).as_deref(), Some("Used"));
    });
}

#[test]
fn without_renewal_the_answer_is_what_it_is() {
    for (reply, sign) in ended() {
        with_client([reply], |client, script| {
            let answer = client.call(&post()).unwrap().answer().unwrap();
            assert_eq!((answer.verdict, script.requests().len()), (CallVerdict::SessionEnded(sign), 1));
        });
    }
}

#[test]
fn a_rejected_login_is_not_repeated_until_the_caller_has_signed_in() {
    let unauthorized = with_length(&["HTTP/1.1 401 No"], "");
    let said = |body| with_length(&["HTTP/1.1 200 OK", JSON], body);
    for (reply, verdict) in [
        (rejected(), Verdict::Rejected),
        (unauthorized, Verdict::BadCredentials),
        (said(r#"{"Code":3}"#), Verdict::NeedGrantLicense),
        (said(r#"{"Code":4}"#), Verdict::NoLicense),
        (said(r#"{"Code":5}"#), Verdict::PasswordExpired),
        (said(r#"{"Code":1,"Exception":{"Type":"X.StartAuthFlowException"}}"#), Verdict::SecondFactorWanted),
        (said(r#"{"Code":1,"Exception":{"Type":"X.TotpIsNotEnabledException"}}"#), Verdict::AuthenticatorWanted),
        (said(r#"{"Code":7,"Message":"A code, please"}"#), Verdict::UnknownCode),
    ] {
        let replies = [redirect(), reply.clone(), reply, let_in(), redirect(), let_in(), ok()];
        with_client(replies, |client, script| {
            let refused = Err(Error::SignIn(Refusal::Login(verdict)));
            let who = credentials();
            let renewed = |client: &mut Client<'_, '_, Script>| {
                client.call_renewed(&post(), &who).map(|reply| reply.http_status())
            };
            let earlier = Err(Error::SignIn(earlier(verdict)));
            assert_eq!(renewed(client), refused);
            assert_eq!(script.requests().len(), 2);
            assert_eq!(renewed(client), earlier);
            assert_eq!(script.requests().len(), 2, "no second login, and no call that nothing authorises");
            assert_eq!(client.login(&who).unwrap().verdict, verdict);
            assert_eq!(renewed(client), earlier);
            assert_eq!(script.requests().len(), 3, "nor after one of the caller's that was rejected");
            assert!(client.login(&who).unwrap().verdict.is_authenticated());
            assert_eq!(renewed(client), Ok(200), "{:?}", script.requests());
        });
    }
}

#[test]
fn only_an_ended_session_is_renewed() {
    let page = "<html><body>Under construction</body></html>";
    for (reply, verdict) in [
        (with_length(&["HTTP/1.1 200 OK", HTML], page), CallVerdict::NotJson),
        (with_length(&["HTTP/1.1 302 Found", "Location: /elsewhere"], ""), CallVerdict::UnexpectedStatus),
        (with_length(&["HTTP/1.1 403 No", JSON], "{}"), CallVerdict::Forbidden),
        (with_length(&["HTTP/1.1 429 No", "Retry-After: 7"], ""), CallVerdict::Busy),
        (with_length(&["HTTP/1.1 503 No", "Retry-After: 7"], ""), CallVerdict::Busy),
        (with_length(&["HTTP/1.1 500 No"], "oops"), CallVerdict::ServerError),
    ] {
        with_client([reply], |client, script| {
            let answer = client.call_renewed(&post(), &credentials()).unwrap().answer().unwrap();
            assert_eq!((answer.verdict, script.requests().len()), (verdict, 1));
            assert_eq!(answer.retry_after, (verdict == CallVerdict::Busy).then_some(7));
        });
    }
    // What had to be read to see that is not handed out, in no part.
    for reply in [
        with_length(&["HTTP/1.1 200 OK", HTML], page.repeat(9)),
        with_length(&["HTTP/1.1 302 Found", "Location: /elsewhere"], "moved"),
    ] {
        byte_by_byte([reply], |client, _| {
            assert_eq!(client.call_renewed(&post(), &credentials()).unwrap().piece(), Ok(None));
        });
    }
    // A page that was asked for is handed out.
    let call = Call::get(contacts()).with_accept("text/html").unwrap();
    with_client([with_length(&["HTTP/1.1 200 OK", HTML], PAGE)], |client, _| {
        let mut reply = client.call_renewed(&call, &credentials()).unwrap();
        assert_eq!(body(&mut reply).unwrap(), PAGE.as_bytes());
    });
    // So is one that says nothing of the session, since the call may have been done.
    with_client([with_length(&["HTTP/1.1 201 Created", HTML], PAGE)], |client, script| {
        let mut reply = client.call_renewed(&post(), &credentials()).unwrap();
        assert_eq!(body(&mut reply).unwrap(), PAGE.as_bytes());
        assert_eq!(reply.answer().unwrap().verdict, CallVerdict::NotJson);
        assert_eq!(script.requests().len(), 1);
    });
}

#[test]
fn a_renewal_takes_no_more_memory_than_the_first_login_where_the_end_is_certain() {
    let ticket = |letter: &str| format!(".ASPXAUTH={}; path=/", letter.repeat(1000));
    for (reply, sign) in ended() {
        let script = Script::new([Line::new([reply, setting(&[&ticket("n")]), ok()]).goes_on()]);
        let (mut memory, mut buffer) = ([0; 1400], [0; 512]);
        let mut session = signed_in(net(), &mut memory, &[&ticket("o")]);
        let mut client = Client::new(&mut session, script.clone(), &mut buffer);
        let result = client.call_renewed(&post(), &credentials()).map(|reply| reply.answer().unwrap().verdict);
        if sign.is_certain() {
            assert_eq!(result, Ok(CallVerdict::Fine), "{sign:?}");
        } else {
            assert!(matches!(result, Err(Error::Reply(ReplyError::MemoryTooSmall { .. }))), "{result:?}");
        }
        let expected = if sign.is_certain() { "n" } else { "o" };
        assert!(support::cookie_field(client.session(), contacts()).contains(expected), "{sign:?}");
    }
}

#[test]
fn a_token_that_is_over_is_got_anew_from_the_identity_service() {
    let granted = |token: &str| {
        let document = format!(r#"{{"access_token":"{token}","expires_in":3600,"token_type":"Bearer"}}"#);
        with_length(&["HTTP/1.1 200 OK", JSON], document)
    };
    let over = || with_length(&["HTTP/1.1 401 No"], "");
    let denied = || with_length(&["HTTP/1.1 400 No", JSON], r#"{"error":"invalid_client"}"#);
    let lines = [
        vec![granted("one")],
        vec![ok(), over()],
        vec![granted("two")],
        vec![ok(), over()],
        vec![denied()],
        vec![over()],
    ];
    let script = Script::new(lines.map(Line::new));
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 64]);
    let mut session = Session::new(net(), &mut memory);
    let mut client = Client::new(&mut session, script.clone(), &mut buffer);
    let service = Site::parse("https://crm-is.example.com", Runtime::Net).unwrap();
    let who = ClientCredentials::borrowed("id", "secret");
    let identity = Identity::new(service, &who);
    assert_eq!(client.token(&identity).unwrap().verdict, TokenVerdict::Granted);
    for _ in 0..2 {
        let reply = client.call_renewed(&post(), &identity).unwrap();
        assert_eq!(reply.answer().unwrap().verdict, CallVerdict::Fine);
    }
    let invalid = TokenVerdict::InvalidClient;
    for refusal in [Refusal::Token(invalid), Refusal::Earlier(EarlierSignIn::Token(invalid))] {
        let error = client.call_renewed(&post(), &identity).unwrap_err();
        assert_eq!(error, Error::SignIn(refusal));
    }
    let (here, there) = ("https://crm.example.com", "https://crm-is.example.com");
    script.notes(|notes| assert_eq!(notes.sites, [there, here, there, here, there, here]));
    // There is nothing to end at the site, and the service is not told: that is said.
    assert_eq!(client.logout(), Ok(None));
    assert_eq!((script.connects(), client.session().has_authorization()), (6, false));
}

#[test]
fn a_log_out_forgets_the_session_whatever_comes_of_it() {
    let forgotten = |replies: Vec<Vec<u8>>| {
        with_client(replies, |client, script| {
            let result = client.logout();
            assert!(!client.session().has_ticket() && !script.is_connected());
            result
        })
    };
    assert_eq!(forgotten(vec![ok()]), Ok(Some(CallVerdict::Fine)));
    for (reply, _) in ended() {
        assert_eq!(forgotten(vec![reply]), Ok(Some(CallVerdict::Fine)));
    }
    assert_eq!(forgotten(vec![with_length(&["HTTP/1.1 500 No"], "")]), Ok(Some(CallVerdict::ServerError)));
    assert!(forgotten(vec![]).is_err());
    assert!(forgotten(vec![b"HTTP/1.1 200 O".to_vec()]).is_err());

    let script = Script::new([]);
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 64]);
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=old; path=/"]);
    let mut client = Client::new(&mut session, script, &mut buffer);
    assert_eq!(client.logout(), Err(Error::Connect(ErrorKind::ConnectionRefused)));
    assert!(!client.session().has_ticket());
    assert_eq!(client.logout(), Ok(None), "twice is no error");
}
