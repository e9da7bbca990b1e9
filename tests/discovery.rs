//! Where an identity service has its endpoints: read while the document comes, in every cut.

mod support;

use creatio_auth::TokenVerdict::{self, *};
use creatio_auth::{ClientCredentials, DocumentError, Misuse, Path, ReplyError, Runtime, Session, Site};
use support::fixtures::{chunked, raw, with_length};
use support::{Cut, Read, feed, framework, net, pull};

const OK: &str = "HTTP/1.1 200 OK";
const JSON: &str = "Content-Type: application/json";
/// As an identity service of IdentityServer4 has it, with what is of no interest here.
const DOCUMENT: &str = r#"{"issuer":"https://crm-is.example.com","jwks_uri":"https://crm-is.example.com/.well-known/openid-configuration/jwks",
"authorization_endpoint":"https:\/\/crm-is.example.com\/connect\/authorize","token_endpoint":"https://crm-is.example.com/connect/token",
"userinfo_endpoint":"https://crm-is.example.com/connect/userinfo","revocation_endpoint":"https://crm-is.example.com/connect/revocation",
"scopes_supported":["offline_access"],"mtls_endpoint_aliases":{"token_endpoint":"https://mtls.example.com/connect/token"},
"code_challenge_methods_supported":["plain","S256"]}"#;

fn identity() -> Site<'static> {
    Site::parse("https://crm-is.example.com", Runtime::Net).unwrap()
}

fn client() -> ClientCredentials<'static> {
    ClientCredentials::borrowed("3D2C", "B0A1")
}

/// The verdict, and the endpoints for tokens, for approval and for revocation.
type Told = (TokenVerdict, [Option<String>; 3]);

fn discover(session: &mut Session<'_>, reply: &[u8], cut: Cut) -> Result<Told, ReplyError> {
    let client = client();
    let mut exchange = session.discover(&identity(), &client);
    assert_eq!(exchange.discovery_result(session).unwrap_err(), Misuse::OutOfTurn);
    pull(session, &mut exchange, 512);
    let outcome = feed(session, &mut exchange, reply, cut);
    outcome.result?;
    assert!(outcome.body.is_empty(), "the body is the exchange's alone");
    assert_eq!(exchange.token_result(session).unwrap_err(), Misuse::NotATokenRequest);
    assert_eq!(exchange.is_signed_in(session), Err(Misuse::NotALogin));
    let found = exchange.discovery_result(session).unwrap();
    let texts = [found.token_endpoint, found.authorization_endpoint, found.revocation_endpoint];
    let texts = texts.map(|text| text.map(|text| text.to_string()));
    let by_number = [0, 1, 2].map(|number| exchange.endpoint_text(session, number).map(|text| text.to_string()));
    assert_eq!(by_number, texts, "in the order that they have in C");
    Ok((found.verdict, texts))
}

/// In every framing and cut; the session is as it was.
fn told(lines: &[&str], body: &str) -> Result<Told, ReplyError> {
    let mut all = Vec::new();
    for reply in [with_length(lines, body), chunked(lines, body, &[1, 2]), raw(lines, body)] {
        for cut in Cut::all(reply.len()) {
            let mut memory = [0; 1024];
            let mut session = support::signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
            let (before, revision) = (support::snapshot(&session), session.revision());
            all.push(discover(&mut session, &reply, cut));
            assert_eq!((support::snapshot(&session), session.revision()), (before, revision));
        }
    }
    all.dedup();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

//= 8414-3.1-get
#[test]
fn the_request_says_nothing_of_the_client() {
    let mut memory = [0; 512];
    let mut session = support::signed_in(framework(), &mut memory, &[".ASPXAUTH=t; path=/"]);
    for (site, client, target) in [
        (identity(), client().by_basic(), "/.well-known/openid-configuration"),
        (framework(), client().below_prefix(), "/CreatioWebApp/0/.well-known/openid-configuration"),
        (
            identity(),
            client().with_path(Path::root("/.well-known/oauth-authorization-server").unwrap()),
            "/.well-known/oauth-authorization-server",
        ),
    ] {
        let client = client.with_field_lines("X-Key: k\r\n").unwrap();
        let mut exchange = session.discover(&site, &client);
        let len = exchange.request_len(&session);
        let request = pull(&mut session, &mut exchange, 1);
        let read = Read::new(&request);
        assert_eq!((&*read.method, &*read.target, read.body.len(), request.len()), ("GET", target, 0, len));
        assert_eq!(read.names(), ["Host", "User-Agent", "Accept", "X-Key"]);
    }
}

//= 8414-3.2-endpoints
#[test]
fn the_endpoints_are_found_and_what_is_of_no_interest_is_not_kept() {
    let url = |path: &str| Some(format!("https://crm-is.example.com/connect/{path}"));
    let endpoints = [url("token"), url("authorize"), url("revocation")];
    assert_eq!(told(&[OK, JSON], DOCUMENT), Ok((Found, endpoints)));
    let one = r#"{"token_endpoint":"https://crm-is.example.com/connect/token"}"#;
    assert_eq!(told(&[OK], one), Ok((Found, [url("token"), None, None])));
    for body in ["{}", r#"{"token_endpoint":""}"#, r#"{"token_endpoint":1}"#] {
        assert_eq!(told(&[OK], body).unwrap().0, NoEndpoint, "{body}");
    }
}

//= 8414-3.3-issuer
#[test]
fn an_endpoint_is_taken_at_the_service_s_own_host_alone() {
    let identity = identity();
    for (endpoint, path) in [
        ("https://crm-is.example.com/connect/token", Some("/connect/token")),
        ("https://CRM-IS.example.com:443/a?b=c", Some("/a?b=c")),
        ("https://evil.example.com/connect/token", None),
        ("http://crm-is.example.com/connect/token", None),
    ] {
        assert_eq!(identity.path_of(endpoint).map(|path| path.as_str()), path, "{endpoint}");
    }
}

#[test]
fn whoever_else_answers_is_told() {
    let page = "<form action=\"/Login/NuiLogin.aspx?ReturnUrl=x\">";
    for (lines, body, verdict) in [
        (&["HTTP/1.1 404 N"][..], "", NotFound),
        (&["HTTP/1.1 503 B"], "", Busy),
        (&["HTTP/1.1 302 F", "Location: /Login/NuiLogin.aspx?ReturnUrl=x"], "", WrongHost),
        (&["HTTP/1.1 301 M", "Location: https://x.example.com/"], "", Redirect),
        (&[OK], page, WrongHost),
        (&[OK], "<html>Welcome", WebPage),
        (&["HTTP/1.1 500 O"], "", UnexpectedStatus),
    ] {
        assert_eq!(told(lines, body), Ok((verdict, [None, None, None])), "{lines:?}");
    }
    assert_eq!(told(&[OK], "[]"), Err(DocumentError::NotAnObject.into()));
    assert_eq!(told(&[OK], "{\"a\":"), Err(DocumentError::CutOff.into()));
    let doubled = r#"{"token_endpoint":"a","token_endpoint":"b"}"#;
    assert_eq!(told(&[OK], doubled), Err(DocumentError::Doubled.into()));
}

#[test]
fn a_document_of_any_size_takes_no_more_memory_than_the_endpoints() {
    let long =
        DOCUMENT.replace("\"scopes_supported\"", &format!("\"x\":\"{}\",\"scopes_supported\"", "y".repeat(20_000)));
    let mut memory = [0; 400];
    let mut session = Session::new(net(), &mut memory);
    let (verdict, [token, ..]) = discover(&mut session, &with_length(&[OK], &long), Cut::Pieces(99)).unwrap();
    assert_eq!((verdict, token.as_deref()), (Found, Some("https://crm-is.example.com/connect/token")));
    assert_eq!(session.sign_in_delay(), Some(0), "it is no sign-in");
}

#[test]
fn what_does_not_ask_for_endpoints_has_none() {
    let (mut memory, client) = ([0; 512], client());
    let mut session = Session::new(net(), &mut memory);
    let mut exchange = session.token(&identity(), &client);
    pull(&mut session, &mut exchange, 512);
    feed(&mut session, &mut exchange, &with_length(&["HTTP/1.1 404 N"], ""), Cut::Whole);
    assert_eq!(exchange.discovery_result(&session).unwrap_err(), Misuse::OutOfTurn);
    let exchange = session.call(&creatio_auth::Call::get(support::contacts()));
    assert_eq!(exchange.discovery_result(&session).unwrap_err(), Misuse::NotATokenRequest);
}
