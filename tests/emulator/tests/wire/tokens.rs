//! The identity service: tokens, and each refusal of RFC 6749, section 5.2.

use std::num::NonZeroUsize;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use creatio_emulator::{
    AuthMethod, Emulator, Identity, InvalidClient, Member, OauthClient, Options, Runtime, TokenEndpoint, TokenError,
};
use serde_json::{Value, json};

use crate::client::{Client, Reply};
use crate::start;

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const RIGHT: &str = "grant_type=client_credentials&client_id=client&client_secret=secret";
const NO_SECRET: &str = "grant_type=client_credentials";

pub fn with(identity: Identity) -> Emulator {
    start(Options { identity: Some(identity), ..Options::default() })
}

pub fn identity(emulator: &Emulator) -> Client {
    Client::at(emulator.identity_url().unwrap(), emulator.certificate_pem())
}

/// Asks the identity service for a token.
fn ask(emulator: &Emulator, body: &str) -> Reply {
    identity(emulator).send_with("POST", "/connect/token", &[FORM], body.as_bytes())
}

fn ask_by_basic(emulator: &Emulator, id: &str, secret: &str, body: &str) -> Reply {
    let credentials = format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")));
    let fields = [FORM, ("Authorization", credentials.as_str())];
    identity(emulator).send_with("POST", "/connect/token", &fields, body.as_bytes())
}

/// A new token.
pub fn token(emulator: &Emulator) -> String {
    ask(emulator, RIGHT).json()["access_token"].as_str().unwrap().to_owned()
}

fn assert_refused(reply: &Reply, status: u16, error: &str) {
    assert_eq!((reply.status, reply.json()), (status, json!({"error": error})), "{error}");
    assert_eq!(reply.field("Content-Type"), Some("application/json; charset=UTF-8"));
    assert_eq!(reply.field("Cache-Control"), Some("no-store"));
    assert_eq!(reply.field("WWW-Authenticate").is_some(), status == 401);
}

#[test]
fn a_token_by_either_way_to_send_the_secret() {
    for tls in [false, true] {
        let emulator = start(Options { tls, identity: Some(Identity::default()), ..Options::default() });
        let mut tokens = Vec::new();
        for reply in [ask(&emulator, RIGHT), ask_by_basic(&emulator, "client", "secret", NO_SECRET)] {
            assert_eq!(reply.status, 200);
            assert_eq!(reply.field("Content-Type"), Some("application/json; charset=UTF-8"));
            assert_eq!(reply.field("Cache-Control"), Some("no-store"));
            assert_eq!(reply.field("Pragma"), Some("no-cache"));
            assert!(reply.set_cookies().is_empty());
            let body = reply.json();
            let members: Vec<&String> = body.as_object().unwrap().keys().collect();
            assert_eq!(members, ["access_token", "expires_in", "token_type", "scope"]);
            assert_eq!((&body["expires_in"], &body["token_type"]), (&json!(3600), &json!("Bearer")));
            assert!(body["scope"].as_str().unwrap().starts_with("ApplicationAccess_"));
            tokens.push(body["access_token"].as_str().unwrap().to_owned());
        }
        assert_ne!(tokens[0], tokens[1]);
        for token in tokens {
            assert_eq!(token.len(), 1150);
            let parts: Vec<&str> = token.split('.').collect();
            assert_eq!((parts.len(), &parts[0][..3]), (3, "eyJ"));
            assert!(token.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)));
        }
        let counters = emulator.counters();
        assert_eq!((counters.tokens_issued, counters.token_requests_refused), (2, 0));
    }
}

#[test]
fn credentials_are_form_urlencoded_in_both() {
    let clients = vec![OauthClient::new("a:b c", "s+é&=%:/")];
    let emulator = with(Identity { clients, ..Identity::default() });
    let (id, secret) = ("a%3Ab+c", "s%2B%C3%A9%26%3D%25%3A%2f");
    assert_eq!(ask_by_basic(&emulator, id, secret, NO_SECRET).status, 200);
    let body = format!("{NO_SECRET}&client_id={id}&client_secret={secret}");
    assert_eq!(ask(&emulator, &body).status, 200);

    for secret in ["s+é&=%:/", "s+%C3%A9%26%3D%25%3A%2f"] {
        assert_refused(&ask_by_basic(&emulator, id, secret, NO_SECRET), 401, "invalid_client");
    }
}

#[test]
fn what_was_asked_for_is_recorded_without_the_secret() {
    let emulator = with(Identity::default());
    assert_eq!(emulator.last_token_request(), None);
    ask(&emulator, &format!("{RIGHT}&resource=x"));
    let record = emulator.last_token_request().unwrap();
    assert_eq!(record.client_id.as_deref(), Some("client"));
    assert_eq!(record.auth_method, Some(AuthMethod::ClientSecretPost));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(record.parameters, [pair("grant_type", "client_credentials"), pair("resource", "x")]);

    ask_by_basic(&emulator, "me%2b", "secret", NO_SECRET);
    let record = emulator.last_token_request().unwrap();
    assert_eq!(record.client_id.as_deref(), Some("me+"));
    assert_eq!(record.auth_method, Some(AuthMethod::ClientSecretBasic));
}

#[test]
fn invalid_requests() {
    let emulator = with(Identity::default());
    let invalid = [
        "",
        "client_id=client&client_secret=secret",
        "grant_type=&client_id=client&client_secret=secret",
        "grant_type=client_credentials&client_secret=secret",
        &format!("{RIGHT}&grant_type=client_credentials"),
        &format!("{RIGHT}&client_id=client"),
        &format!("{RIGHT}&client_secret=secret"),
        &format!("{RIGHT}&x=1&x=2"),
        &format!("{RIGHT}&x=%4"),
        &format!("{RIGHT}&x=%ff"),
    ];
    for body in invalid {
        assert_refused(&ask(&emulator, body), 400, "invalid_request");
    }
    // Two ways to send the secret, and two clients.
    assert_refused(&ask_by_basic(&emulator, "client", "secret", RIGHT), 400, "invalid_request");
    let other = format!("{NO_SECRET}&client_id=other");
    assert_refused(&ask_by_basic(&emulator, "client", "secret", &other), 400, "invalid_request");

    let mut client = identity(&emulator);
    for kind in [None, Some("application/json"), Some("text/plain")] {
        assert_refused(&client.send("POST", "/connect/token", kind, RIGHT), 400, "invalid_request");
    }
    assert_eq!(client.get("/connect/token").status, 405);
    assert_eq!(client.get("/").status, 404);

    // What is not wrong.
    let same = format!("{NO_SECRET}&client_id=client&x=&x=&&y");
    assert_eq!(ask_by_basic(&emulator, "client", "secret", &same).status, 200);
    let kind = Some("Application/X-WWW-form-urlencoded ; charset=utf-8");
    assert_eq!(client.send("POST", "/connect/token", kind, RIGHT).status, 200);
    let counters = emulator.counters();
    assert_eq!((counters.tokens_issued, counters.token_requests_refused), (2, 15));
}

#[test]
fn invalid_clients() {
    let statuses = [
        (InvalidClient::Standard, 400, 401),
        (InvalidClient::Status400, 400, 400),
        (InvalidClient::Status401, 401, 401),
    ];
    for (invalid_client, by_body, by_basic) in statuses {
        let emulator = with(Identity { invalid_client, ..Identity::default() });
        for credentials in ["", "&client_id=client", "&client_id=client&client_secret=Secret", "&client_id=x"] {
            assert_refused(&ask(&emulator, &format!("{NO_SECRET}{credentials}")), by_body, "invalid_client");
        }
        for (id, secret) in [("client", ""), ("client", "Secret"), ("x", "secret"), ("%", "secret")] {
            assert_refused(&ask_by_basic(&emulator, id, secret, NO_SECRET), by_basic, "invalid_client");
        }
        for authorization in ["Basic !", "Basic Y2xpZW50", "Bearer x", "Digest x"] {
            let fields = [FORM, ("Authorization", authorization)];
            let reply = identity(&emulator).send_with("POST", "/connect/token", &fields, NO_SECRET.as_bytes());
            assert_refused(&reply, by_basic, "invalid_client");
        }
    }
}

#[test]
fn one_way_to_send_the_secret_can_be_all() {
    for auth_method in [AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost] {
        let emulator = with(Identity { auth_method: Some(auth_method), ..Identity::default() });
        let basic = ask_by_basic(&emulator, "client", "secret", NO_SECRET);
        let post = ask(&emulator, RIGHT);
        if auth_method == AuthMethod::ClientSecretBasic {
            assert_eq!(basic.status, 200);
            assert_refused(&post, 400, "invalid_client");
        } else {
            assert_eq!(post.status, 200);
            assert_refused(&basic, 401, "invalid_client");
        }
    }
}

#[test]
fn other_grants_other_clients_and_other_scopes_are_refused() {
    let clients = vec![
        OauthClient::new("client", "secret"),
        OauthClient { authorized: false, ..OauthClient::new("browser", "secret") },
    ];
    let emulator = with(Identity { clients, ..Identity::default() });
    for grant_type in ["password", "implicit", "Client_Credentials"] {
        let body = RIGHT.replace("client_credentials", grant_type);
        assert_refused(&ask(&emulator, &body), 400, "unsupported_grant_type");
    }
    let browser = RIGHT.replace("client_id=client", "client_id=browser");
    assert_refused(&ask(&emulator, &browser), 400, "unauthorized_client");
    assert_refused(&ask(&emulator, &format!("{RIGHT}&scope=openid")), 400, "invalid_scope");

    let scope = ask(&emulator, RIGHT).json()["scope"].as_str().unwrap().to_owned();
    assert_refused(&ask(&emulator, &format!("{RIGHT}&scope={scope}+openid")), 400, "invalid_scope");
    assert_eq!(ask(&emulator, &format!("{RIGHT}&scope={scope}")).status, 200);
}

#[test]
fn every_refusal_can_be_forced_and_described() {
    let errors = [
        (TokenError::InvalidRequest, "invalid_request"),
        (TokenError::InvalidClient, "invalid_client"),
        (TokenError::InvalidGrant, "invalid_grant"),
        (TokenError::UnauthorizedClient, "unauthorized_client"),
        (TokenError::UnsupportedGrantType, "unsupported_grant_type"),
        (TokenError::InvalidScope, "invalid_scope"),
    ];
    let emulator = with(Identity::default());
    for (error, code) in errors {
        emulator.change_identity(|identity| identity.forced_error = Some(error));
        assert_refused(&ask(&emulator, RIGHT), 400, code);
        let by_basic = if error == TokenError::InvalidClient { 401 } else { 400 };
        assert_refused(&ask_by_basic(&emulator, "client", "secret", NO_SECRET), by_basic, code);
    }
    let description = "The client \"Ö\"\r\nis switched off.";
    emulator.change_identity(|identity| identity.error_description = Some(description.to_owned()));
    let body = ask(&emulator, RIGHT).json();
    assert_eq!(body, json!({"error": "invalid_scope", "error_description": description}));

    emulator.change_identity(|identity| identity.forced_error = None);
    assert_eq!(ask(&emulator, RIGHT).status, 200);
    assert_eq!(ask(&emulator, NO_SECRET).json()["error_description"], description);
}

#[test]
fn members_can_lie_or_be_missing() {
    let emulator = with(Identity::default());
    let spelt = |text: &str| Member::Json(text.to_owned());
    for text in ["0", "60", "\"3600\"", "99999999999999999999999", "-1", "3.6e3", "null"] {
        emulator.change_identity(|identity| identity.expires_in = spelt(text));
        assert!(ask(&emulator, RIGHT).body.contains(&format!(r#","expires_in":{text},"#)), "{text}");
    }
    emulator.change_identity(|identity| {
        identity.expires_in = Member::Absent;
        identity.scope = Member::Absent;
        identity.token_type = spelt("\"mac\"");
        identity.access_token = spelt(r#""a\u000d\nb""#);
    });
    let reply = ask(&emulator, RIGHT);
    assert_eq!(reply.body, r#"{"access_token":"a\u000d\nb","token_type":"mac"}"#);
    assert_eq!(reply.json()["access_token"], "a\r\nb");

    for (member, value) in [(Member::Absent, Value::Null), (spelt("\"\""), json!(""))] {
        emulator.change_identity(|identity| identity.access_token = member);
        assert_eq!(ask(&emulator, RIGHT).json()["access_token"], value);
    }
    assert_eq!(emulator.counters().tokens_issued, 10);
}

#[test]
fn tokens_of_any_length_come_in_chunks_too() {
    for (token_length, length) in [(0, 64), (64, 64), (65, 65), (32 * 1024, 32 * 1024)] {
        let identity = Identity { token_length, ..Identity::default() };
        let chunk_size = NonZeroUsize::new(100);
        let emulator = start(Options { identity: Some(identity), chunk_size, ..Options::default() });
        let reply = ask(&emulator, RIGHT);
        assert_eq!(reply.field("Transfer-Encoding"), Some("chunked"));
        let token = reply.json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(token.len(), length);
        let mut client = Client::new(&emulator);
        client.fields.push(("Authorization", format!("Bearer {token}")));
        assert_eq!(client.get("/0/odata/Contact").status, 200);
    }
}

#[test]
fn requests_can_be_cut_and_the_end_closes_the_port() {
    let emulator = with(Identity::default());
    let mut client = identity(&emulator);
    emulator.cut_request_after(RIGHT.len());
    assert!(client.try_send("POST", "/connect/token", &[FORM], RIGHT.as_bytes()).is_err());
    assert_eq!(emulator.counters().tokens_issued, 0);
    assert_eq!(client.send_with("POST", "/connect/token", &[FORM], RIGHT.as_bytes()).status, 200);
    drop(emulator);
    assert!(client.try_send("POST", "/connect/token", &[FORM], RIGHT.as_bytes()).is_err());
}

#[test]
fn the_application_sends_who_wants_a_token_to_the_login_page() {
    let returns = [
        (Runtime::NetFramework, "/connect/token", "%2fbase%2fconnect%2ftoken"),
        (Runtime::NetFramework, "/0/connect/token", "%2fbase%2f0%2fconnect%2ftoken"),
        (Runtime::Net, "/connect/token", "%2Fbase%2Fconnect%2Ftoken"),
    ];
    for (runtime, target, return_url) in returns {
        for token_endpoint in [TokenEndpoint::Redirect, TokenEndpoint::LoginPage] {
            let base_path = "base".to_owned();
            let emulator = start(Options { runtime, token_endpoint, base_path, ..Options::default() });
            assert_eq!(emulator.identity_url(), None);
            let reply = Client::new(&emulator).send_with("POST", target, &[FORM], RIGHT.as_bytes());
            let place = if token_endpoint == TokenEndpoint::Redirect {
                assert_eq!(reply.status, 302);
                reply.field("Location").unwrap()
            } else {
                assert_eq!((reply.status, reply.field("Content-Type")), (200, Some("text/html; charset=utf-8")));
                &reply.body
            };
            assert!(place.contains(&format!("?ReturnUrl={return_url}")));
        }
    }
}

#[test]
fn the_newest_applications_issue_tokens_themselves() {
    for (runtime, prefix) in [(Runtime::NetFramework, "/0"), (Runtime::Net, "")] {
        let token_endpoint = TokenEndpoint::Served;
        let identity = Some(Identity::default());
        let emulator = start(Options { runtime, token_endpoint, identity, ..Options::default() });
        let mut client = Client::new(&emulator);
        let mut ask = |target: &str| client.send_with("POST", target, &[FORM], RIGHT.as_bytes());
        let reply = ask(&format!("{prefix}/connect/token"));
        assert_eq!(reply.json()["access_token"].as_str().unwrap().len(), 1150);
        if !prefix.is_empty() {
            assert_eq!(ask("/connect/token").status, 302);
        }
    }
    let nobody = Options { token_endpoint: TokenEndpoint::Served, ..Options::default() };
    assert_eq!(Emulator::start(nobody).unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
}

#[test]
fn debug_shows_no_secret() {
    let clients = vec![OauthClient::new("visible", "hidden")];
    let identity = Identity { clients, ..Identity::default() };
    let options = Options { identity: Some(identity.clone()), ..Options::default() };
    let emulator = with(identity);
    ask(&emulator, "grant_type=password&client_id=visible&client_secret=hidden&password=hidden");
    let text = format!("{options:?} {emulator:?} {:?}", emulator.last_token_request());
    assert!(text.contains("visible") && text.contains("grant_type") && !text.contains("hidden"));
}
