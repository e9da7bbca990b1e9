//! The authorization code grant with PKCE: the URL for the browser, what it comes back with, and the request for the token.

mod support;

use creatio_auth::AuthorizationVerdict::{self, *};
use creatio_auth::{
    AuthorizationRequest, BufferTooSmall, ClientCredentials, Path, RefreshToken, Runtime, Session, Site, TokenVerdict,
};
use proptest::prelude::*;
use support::fixtures::with_length;
use support::{Cut, MEMORY, Read, feed, framework, pull};
use url::Url;

const ID: &str = "3D2C & ü";
const REDIRECT_URI: &str = "http://127.0.0.1:7001/callback?tenant=a b";

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const RANDOM: [u8; 48] = {
    let mut random = [0xFB; 48];
    let verifier = [
        116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191,
        240, 91, 88, 5, 88, 83, 132, 141, 121,
    ];
    let mut at = 0;
    while at < verifier.len() {
        random[at] = verifier[at];
        at += 1;
    }
    random
};
/// 16 bytes of 0xFB.
const STATE: &str = "-_v7-_v7-_v7-_v7-_v7-w";

fn identity() -> Site<'static> {
    Site::parse("https://crm-is.example.com:8443/is", Runtime::Net).unwrap()
}

fn request() -> AuthorizationRequest<'static> {
    AuthorizationRequest::new(ID, REDIRECT_URI, &RANDOM).with_scope("offline_access App_6d+3")
}

fn url(request: &AuthorizationRequest<'_>, identity: &Site<'_>) -> Url {
    let challenge = request.challenge();
    let BufferTooSmall { needed } = request.write_url(identity, &challenge, &mut []).unwrap_err();
    for len in 0..needed {
        let mut short = vec![0xEE; len];
        assert_eq!(request.write_url(identity, &challenge, &mut short), Err(BufferTooSmall { needed }));
        assert!(short.iter().all(|byte| *byte == 0xEE));
    }
    let mut out = vec![0; needed + 1];
    assert_eq!(request.write_url(identity, &challenge, &mut out), Ok(needed));
    Url::parse(std::str::from_utf8(&out[..needed]).unwrap()).unwrap()
}

//= 7636-4.1-grammar, 7636-4.2-s256
#[test]
fn verifier_and_challenge_are_those_of_rfc_7636() {
    assert_eq!(request().verifier(), *VERIFIER.as_bytes());
    let url = url(&request(), &identity());
    assert!(url.query_pairs().any(|pair| pair == ("code_challenge".into(), CHALLENGE.into())), "{url}");
}

//= 6749-3.1-authorization-endpoint, 6749-3.1.2.3-redirect-uri, 6749-10.12-state, 7636-4.3-challenge
#[test]
fn the_url_has_each_parameter_once_and_encoded() {
    let site = |url, runtime| Site::parse(url, runtime).unwrap();
    for (request, identity, before) in [
        (request(), identity(), "https://crm-is.example.com:8443/is/connect/authorize?client_id="),
        (
            request().below_prefix(),
            site("http://crm.example.com/App", Runtime::NetFramework),
            "http://crm.example.com/App/0/connect/authorize?client_id=",
        ),
        (
            request().below_prefix(),
            site("https://[::1]:444", Runtime::Net),
            "https://[::1]:444/connect/authorize?client_id=",
        ),
        (
            request().with_path(Path::root("/oauth?tenant=1").unwrap()),
            site("https://crm.example.com", Runtime::Net),
            "https://crm.example.com/oauth?tenant=1&client_id=",
        ),
    ] {
        let url = url(&request, &identity);
        assert!(url.as_str().starts_with(before), "{url}");
        let pairs: Vec<_> = url.query_pairs().into_owned().filter(|(name, _)| name != "tenant").collect();
        let expected = [
            ("client_id", ID),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", "offline_access App_6d+3"),
            ("state", STATE),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(url.fragment(), None);
    }
    let without_scope = AuthorizationRequest::new(ID, REDIRECT_URI, &RANDOM);
    assert!(!url(&without_scope, &identity()).as_str().contains("scope"));
}

/// What is made of a URI: the verdict, the code, the error and its description.
fn read(uri: impl AsRef<[u8]>) -> (AuthorizationVerdict, Option<String>, Option<String>, Option<String>) {
    let mut uri = uri.as_ref().to_vec();
    let request = request();
    let response = request.read_response(&mut uri);
    assert_eq!(response.code.is_some(), response.verdict == Approved);
    let text = |text: Option<creatio_auth::Text<'_>>| text.map(|text| text.as_str().to_owned());
    (response.verdict, text(response.code), text(response.error), text(response.error_description))
}

fn verdict(uri: &str) -> AuthorizationVerdict {
    read(uri).0
}

//= 6749-4.1-code
#[test]
fn a_code_is_read_wherever_it_stands() {
    let approved = |code: &str| (Approved, Some(code.to_owned()), None, None);
    for (uri, code) in [
        (format!("/?code=4f2e&state={STATE}"), "4f2e"),
        (format!("http://127.0.0.1:7001/callback?tenant=a%20b&state={STATE}&code=4f2e&iss=x"), "4f2e"),
        (format!("com.example:/cb?code=a%2Bb%26c+d&state={STATE}#code=other"), "a+b&c d"),
        (format!("?code=a?b&&state={STATE}&"), "a?b"),
        (format!("/?code=4f2e&state={}", STATE.replace('-', "%2D").replace('_', "%5f")), "4f2e"),
        (format!("/?cod=x&codex=y&code=4f2e&=&state={STATE}&x"), "4f2e"),
    ] {
        assert_eq!(read(&uri), approved(code), "{uri}");
    }
}

#[test]
fn each_error_of_rfc_6749_is_a_verdict() {
    for (error, expected) in [
        ("access_denied", AccessDenied),
        ("invalid_request", InvalidRequest),
        ("unauthorized_client", UnauthorizedClient),
        ("unsupported_response_type", UnsupportedResponseType),
        ("invalid_scope", InvalidScope),
        ("server_error", ServerError),
        ("temporarily_unavailable", TemporarilyUnavailable),
        ("login_required", OtherError),
        ("", OtherError),
        ("Access_denied", OtherError),
    ] {
        // A code beside an error is none.
        let uri = format!("/?error={error}&error_description=No%2C+they+said%20%C3%BC&code=c&state={STATE}");
        assert_eq!(read(&uri), (expected, None, Some(error.into()), Some("No, they said ü".into())), "{uri}");
        let uri = format!("/?error={error}&error_description=%FF&state={STATE}");
        assert_eq!(read(&uri), (expected, None, Some(error.into()), None), "what is no UTF-8 is left out");
    }
}

//= 6749-10.12-csrf
#[test]
fn what_has_another_state_is_not_the_answer_and_nothing_of_it_is_told() {
    let other = (OtherState, None, None, None);
    for state in ["", "x", &STATE[1..], &STATE[..21], &format!("{STATE}w"), &STATE.to_uppercase(), "%", "%2D"] {
        assert_eq!(read(format!("/?code=c&state={state}")), other, "{state}");
        assert_eq!(read(format!("/?error=access_denied&error_description=d&state={state}")), other, "{state}");
    }
    for at in 0..STATE.len() {
        for bit in 0..8 {
            let mut wrong = STATE.as_bytes().to_vec();
            wrong[at] ^= 1 << bit;
            assert_eq!(read([b"/?code=c&state=", &wrong[..]].concat()), other, "{at} {bit}");
        }
    }
    for uri in ["", "/", "/?", "/?code=c", "/?code=c&state", "/?error=access_denied"] {
        assert_eq!(read(uri), other, "{uri}");
    }
    assert_eq!(read(format!("/?code=c#state={STATE}")), other);
    assert_eq!(read(format!("/state={STATE}&code=c")), other, "it is no query");
}

//= 6749-3.2-once
#[test]
fn what_has_neither_a_code_nor_an_error_or_one_twice_is_no_answer() {
    for more in [
        "",
        "&code=",
        "&code",
        "&code=a&code=a",
        "&code=a&code=b&code=c",
        "&code=a%0D%0Ab",
        "&code=%C3%BC",
        "&error=a&error=b",
    ] {
        assert_eq!(verdict(&format!("/?state={STATE}{more}")), NoCode, "{more}");
    }
    assert_eq!(verdict(&format!("/?state={STATE}&state={STATE}&code=c")), NoCode);
}

proptest! {
    #[test]
    fn any_bytes_are_read_as_another_reader_of_forms_does(query in "[a-e=&%+?#0-9A-F]{0,40}", bytes in any::<Vec<u8>>()) {
        let _ = read(&bytes);
        let uri = format!("/?{query}&state={STATE}&error=e&error_description={query}");
        let (form, _) = uri[2..].split_once('#').unwrap_or((&uri[2..], ""));
        let pairs: Vec<_> = url::form_urlencoded::parse(form.as_bytes()).into_owned().collect();
        let theirs = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let (verdict, _, _, ours) = read(&uri);
        let is_odd = |value: &String| value.contains('\u{FFFD}');
        if verdict == OtherError {
            prop_assert!(ours == theirs("error_description") || theirs("error_description").is_some_and(|text| is_odd(&text)));
        } else {
            prop_assert!(verdict == OtherState && theirs("state").is_none() || verdict == NoCode);
        }
    }
}

//= 6749-4.1-code, 6749-3.2.1-client-id, 7636-4.5-verifier
#[test]
fn the_request_has_code_redirect_uri_and_verifier_and_proves_who_asks_in_each_way() {
    let mut memory = [0; MEMORY];
    let mut session = support::signed_in(framework(), &mut memory, &[".ASPXAUTH=t; path=/"]);
    let secret = || ClientCredentials::borrowed(ID, "B 0");
    for (client, more, is_basic) in [
        (ClientCredentials::public(ID), &[("client_id", ID)][..], false),
        (secret(), &[("client_id", ID), ("client_secret", "B 0")], false),
        (secret().by_basic(), &[], true),
    ] {
        let (identity, request) = (identity(), request());
        let mut exchange = session.token_by_code(&identity, &client, &request, "a+b&c d");
        let len = exchange.request_len(&session);
        let bytes = pull(&mut session, &mut exchange, 1);
        assert_eq!(bytes.len(), len);
        let read = Read::new(&bytes);
        assert_eq!((&*read.method, &*read.target), ("POST", "/is/connect/token"));
        assert_eq!((read.field("Authorization").is_some(), read.field("Cookie")), (is_basic, None));
        let pairs: Vec<_> = url::form_urlencoded::parse(&read.body).into_owned().collect();
        let own = [
            ("grant_type", "authorization_code"),
            ("code", "a+b&c d"),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ];
        let expected: Vec<_> =
            own.iter().chain(more).map(|(name, value)| ((*name).into(), (*value).into())).collect();
        assert_eq!(pairs, expected);
    }
}

#[test]
fn a_code_that_is_refused_leaves_what_there_is() {
    let (identity, client, request) = (identity(), ClientCredentials::public(ID), request());
    let good = r#"{"access_token":"AT","token_type":"Bearer","refresh_token":"RT"}"#;
    let spent = with_length(&["HTTP/1.1 400 B"], r#"{"error":"invalid_grant"}"#);
    for cut in Cut::all(spent.len()) {
        let mut memory = [0; 512];
        let mut session = Session::new(framework(), &mut memory);
        for (reply, verdict) in
            [(&with_length(&["HTTP/1.1 200 OK"], good), TokenVerdict::Granted), (&spent, TokenVerdict::InvalidGrant)]
        {
            let mut exchange = session.token_by_code(&identity, &client, &request, "4f2e");
            pull(&mut session, &mut exchange, 512);
            let cut = if *reply == spent { cut } else { Cut::Whole };
            assert_eq!(feed(&mut session, &mut exchange, reply, cut).result, Ok(()));
            assert_eq!(exchange.token_result(&session).unwrap().verdict, verdict);
        }
        assert_eq!((session.refresh_token(), session.sign_in_delay()), (RefreshToken::MaybeSpent, None));
        assert!(session.has_authorization());
    }
}

#[test]
fn memory_that_is_too_small_for_the_first_pair_is_told_and_what_is_said_to_be_enough_comes_to_it() {
    let (identity, client, request) = (identity(), ClientCredentials::public(ID), request());
    let good =
        with_length(&["HTTP/1.1 200 OK"], r#"{"access_token":"AT","refresh_token":"RT","token_type":"Bearer"}"#);
    let run = |size: usize| {
        let mut memory = vec![0; size];
        let mut session = Session::new(framework(), &mut memory);
        let mut exchange = session.token_by_code(&identity, &client, &request, "4f2e");
        pull(&mut session, &mut exchange, 512);
        let result = feed(&mut session, &mut exchange, &good, Cut::Pieces(5)).result;
        let is_kept = session.has_authorization() && session.refresh_token() == RefreshToken::Kept;
        assert_eq!(is_kept, result.is_ok(), "both or neither, with {size}");
        result
    };
    for size in 0..64 {
        support::enough(size, 8, run);
    }
}

//= 7636-4.1-random
#[test]
fn nothing_of_the_random_bytes_is_shown() {
    let random = [0x5A; 48];
    let request = AuthorizationRequest::new("3D2C", "http://127.0.0.1/", &random);
    let shown = format!("{request:?} {request:#?}");
    assert!(shown.starts_with("AuthorizationRequest { client_id: "), "{shown}");
    assert!(!shown.contains("90") && !shown.contains("5a") && !shown.contains("WlpaWlpa"), "{shown}");
}
