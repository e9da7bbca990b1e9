//! Revoking tokens (RFC 7009): the request, each answer in every cut, and what the session has then.

mod support;

use creatio_auth::TokenVerdict::{self, *};
use creatio_auth::{
    AuthorizationRequest, ClientCredentials, Misuse, Path, RefreshToken, ReplyError, Runtime, Session, Site,
};
use support::fixtures::{chunked, raw, with_length};
use support::{Cut, MEMORY, Read, feed, framework, net, pull};

const OK: &str = "HTTP/1.1 200 OK";
const HTML: &str = "Content-Type: text/html";

fn identity() -> Site<'static> {
    Site::parse("https://crm-is.example.com", Runtime::Net).unwrap()
}

fn client() -> ClientCredentials<'static> {
    ClientCredentials::borrowed("3D2C", "B0A1")
}

/// A session with a token, and with this refresh token.
fn granted<'m>(memory: &'m mut [u8], refresh: &str) -> Session<'m> {
    let mut session = Session::new(framework(), memory);
    let (client, request) = (client(), AuthorizationRequest::new("3D2C", "http://127.0.0.1/", &[7; 48]));
    let mut exchange = session.token_by_code(&identity(), &client, &request, "4f2e");
    pull(&mut session, &mut exchange, 512);
    let body = format!(r#"{{"access_token":"A+T","token_type":"Bearer","refresh_token":"{refresh}"}}"#);
    feed(&mut session, &mut exchange, &with_length(&[OK], body), Cut::Whole).result.unwrap();
    session
}

fn revoke(session: &mut Session<'_>, reply: &[u8], cut: Cut) -> Result<TokenVerdict, ReplyError> {
    let client = client();
    let mut exchange = session.revoke(&identity(), &client).unwrap();
    pull(session, &mut exchange, 512);
    let outcome = feed(session, &mut exchange, reply, cut);
    outcome.result?;
    assert!(outcome.body.is_empty(), "the body is the exchange's alone");
    assert_eq!(exchange.is_signed_in(session), Ok(false));
    Ok(exchange.token_result(session).unwrap().verdict)
}

//= 7009-2.1-token, 7009-2.1-post
#[test]
fn the_request_has_the_refresh_token_or_else_the_other_and_proves_who_asks() {
    for (refresh, form) in
        [("R &T", "token_type_hint=refresh_token&token=R%20%26T"), ("", "token_type_hint=access_token&token=A%2BT")]
    {
        for (client, more, basic, target) in [
            (client(), "&client_id=3D2C&client_secret=B0A1", None, "/connect/revocation"),
            (client().by_basic(), "", Some(&b"Basic M0QyQzpCMEEx"[..]), "/connect/revocation"),
            (ClientCredentials::public("3D2C"), "&client_id=3D2C", None, "/connect/revocation"),
            (
                ClientCredentials::public("3D2C").with_path(Path::root("/revoke").unwrap()),
                "&client_id=3D2C",
                None,
                "/revoke",
            ),
        ] {
            let mut memory = [0; MEMORY];
            let mut session = granted(&mut memory, refresh);
            let mut exchange = session.revoke(&identity(), &client).unwrap();
            let read = Read::new(&pull(&mut session, &mut exchange, 1));
            assert_eq!((&*read.method, &*read.target), ("POST", target));
            assert_eq!(String::from_utf8_lossy(&read.body), format!("{form}{more}"));
            assert_eq!(read.field("Authorization"), basic);
        }
    }
    let mut memory = [0; MEMORY];
    let mut session = granted(&mut memory, "RT");
    let below = client().below_prefix();
    let mut exchange = session.revoke(&framework(), &below).unwrap();
    let target = Read::new(&pull(&mut session, &mut exchange, 64)).target;
    assert_eq!(target, "/CreatioWebApp/0/connect/revocation");
}

//= 7009-2.2-status, 7009-2.2-no-body
#[test]
fn a_token_that_is_revoked_is_forgotten_whatever_the_body_says() {
    for body in ["", "{}", "{\"error\":\"x\"}", "no document", "{\"a\":", "\u{1}"] {
        for reply in [with_length(&[OK], body), chunked(&[OK], body, &[1]), raw(&[OK], body)] {
            for cut in Cut::all(reply.len()) {
                let mut memory = [0; 512];
                let mut session = granted(&mut memory, "RT");
                assert_eq!(revoke(&mut session, &reply, cut), Ok(Revoked), "{body:?} {cut:?}");
                assert!(!session.has_authorization() && session.refresh_token() == RefreshToken::None);
                let client = client();
                assert!(session.revoke(&identity(), &client).is_none(), "there is nothing more to revoke");
                drop(session);
                assert!(memory.iter().all(|byte| *byte == 0));
            }
        }
    }
}

//= 7009-2.2.1-503
#[test]
fn any_other_answer_leaves_the_tokens_and_counts_for_no_sign_in() {
    let login_page = "<form action=\"/Login/NuiLogin.aspx?ReturnUrl=x\">";
    for (lines, body, expected) in [
        (&["HTTP/1.1 503 Busy"][..], "", Busy),
        (&["HTTP/1.1 400 B"], r#"{"error":"unsupported_token_type"}"#, OtherError),
        (&["HTTP/1.1 400 B"], r#"{"error":"invalid_grant"}"#, InvalidGrant),
        (&["HTTP/1.1 401 U"], r#"{"error":"invalid_client"}"#, InvalidClient),
        (&["HTTP/1.1 302 F", "Location: /Login/NuiLogin.aspx?ReturnUrl=x"], "", WrongHost),
        (&[OK, HTML], login_page, WrongHost),
        (&[OK, HTML], "<html>Welcome", WebPage),
        (&["HTTP/1.1 404 N"], "", NotFound),
        (&["HTTP/1.1 500 O"], "", UnexpectedStatus),
    ] {
        let reply = with_length(lines, body);
        for cut in Cut::all(reply.len()) {
            let mut memory = [0; 512];
            let mut session = granted(&mut memory, "RT");
            assert_eq!(revoke(&mut session, &reply, cut), Ok(expected), "{lines:?}");
            assert_eq!((session.refresh_token(), session.sign_in_delay()), (RefreshToken::Kept, Some(0)));
            assert!(session.has_authorization());
        }
        for len in 0..reply.len() {
            let mut memory = [0; 512];
            let mut session = granted(&mut memory, "RT");
            assert_eq!(revoke(&mut session, &reply[..len], Cut::Whole), Err(ReplyError::ClosedEarly));
            assert_eq!((session.refresh_token(), session.sign_in_delay()), (RefreshToken::Kept, Some(0)));
        }
    }
}

#[test]
fn there_is_nothing_to_revoke_without_a_token() {
    let (mut memory, client) = ([0; MEMORY], client());
    let mut session = support::signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
    assert!(session.revoke(&identity(), &client).is_none());
    session.use_basic(&support::credentials()).unwrap();
    assert!(session.revoke(&identity(), &client).is_none(), "a password is no token");
}

#[test]
fn its_answer_is_told_in_its_turn() {
    let (mut memory, client) = ([0; MEMORY], client());
    let mut session = granted(&mut memory, "RT");
    let mut exchange = session.revoke(&identity(), &client).unwrap();
    assert_eq!(exchange.token_result(&session).unwrap_err(), Misuse::OutOfTurn);
    pull(&mut session, &mut exchange, 512);
    assert_eq!(session.sign_in_delay(), Some(0), "it is no sign-in");
    feed(&mut session, &mut exchange, &with_length(&[OK], ""), Cut::Whole);
    assert_eq!(exchange.login_result(&session).unwrap_err(), Misuse::NotALogin);
    let token = exchange.token_result(&session).unwrap();
    assert_eq!((token.verdict, token.http_status, token.expires_in, token.error), (Revoked, 200, None, None));
}
