//! Codes with PKCE, refresh tokens and revocation as the crate `oauth2` sees them, and what it does not do.

use creatio_emulator::{Emulator, Identity, OauthClient, Options, TokenEndpoint};
use oauth2::basic::{BasicClient, BasicErrorResponseType, BasicTokenResponse};
use oauth2::{
    AccessToken, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, RevocationUrl, Scope,
    StandardRevocableToken, TokenResponse, TokenUrl,
};
use ureq::Agent;

use crate::client::Client;

const ID: &str = "desktop";
const REDIRECT_URI: &str = "http://127.0.0.1:7001/";

fn start(identity: Identity, options: Options) -> Emulator {
    let clients = vec![
        OauthClient::public(ID),
        OauthClient::new("web", "s+é&=%/:").with_redirect_uri("https://gateway.example.com/back?a=b"),
    ];
    Emulator::start(Options { identity: Some(Identity { clients, ..identity }), ..options }).unwrap()
}

fn emulator() -> Emulator {
    start(Identity::default(), Options::default())
}

fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).max_redirects(0).build().new_agent()
}

fn send(request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let (head, mut body) = agent().run(request)?.into_parts();
    Ok(HttpResponse::from_parts(head, body.read_to_vec()?))
}

/// The library's client with all endpoints.
macro_rules! library {
    ($root:expr) => {
        BasicClient::new(ClientId::new(ID.to_owned()))
            .set_auth_uri(AuthUrl::new(format!("{}/connect/authorize", $root)).unwrap())
            .set_token_uri(TokenUrl::new(format!("{}/connect/token", $root)).unwrap())
            .set_revocation_url(
                RevocationUrl::new(format!("{}/connect/revocation", $root).replace("http:", "https:")).unwrap(),
            )
            .set_redirect_uri(RedirectUrl::new(REDIRECT_URI.to_owned()).unwrap())
    };
}

/// Where a browser is sent that opens this, and with what.
fn browse(url: &str) -> (u16, Vec<(String, String)>) {
    let reply = agent().get(url).call().unwrap();
    let location =
        reply.headers().get("location").map(|field| field.to_str().unwrap().to_owned()).unwrap_or_default();
    let (_, query) = location.split_once('?').unwrap_or_default();
    let decode = |text: &str| {
        let bytes = oauth2::url::form_urlencoded::parse(text.as_bytes()).into_owned();
        bytes.collect::<Vec<_>>()
    };
    (reply.status().as_u16(), decode(query))
}

fn parameter(pairs: &[(String, String)], name: &str) -> Option<String> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
}

/// A code, and the verifier that goes with it.
fn approve(root: &str) -> (String, PkceCodeVerifier) {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let library = library!(root);
    let (url, state) = library
        .authorize_url(CsrfToken::new_random)
        .add_scope(Scope::new("offline_access".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    let (status, pairs) = browse(url.as_str());
    assert_eq!((status, parameter(&pairs, "state")), (302, Some(state.secret().clone())));
    (parameter(&pairs, "code").unwrap(), verifier)
}

fn redeem(root: &str, code: &str, verifier: PkceCodeVerifier) -> Result<BasicTokenResponse, BasicErrorResponseType> {
    let library = library!(root);
    let request = library.exchange_code(AuthorizationCode::new(code.to_owned())).set_pkce_verifier(verifier);
    request.request(&send).map_err(refusal)
}

fn refresh(root: &str, token: &RefreshToken) -> Result<BasicTokenResponse, BasicErrorResponseType> {
    library!(root).exchange_refresh_token(token).request(&send).map_err(refusal)
}

fn refusal(
    error: RequestTokenError<ureq::Error, oauth2::StandardErrorResponse<BasicErrorResponseType>>,
) -> BasicErrorResponseType {
    match error {
        RequestTokenError::ServerResponse(refusal) => refusal.error().clone(),
        other => panic!("{other:?}"),
    }
}

fn status_with(emulator: &Emulator, token: &AccessToken) -> u16 {
    let mut client = Client::new(emulator);
    client.fields.push(("Authorization", format!("Bearer {}", token.secret())));
    client.get("/0/odata/Contact").status
}

#[test]
fn a_code_brings_a_pair_and_each_refresh_another() {
    let emulator = emulator();
    let root = emulator.identity_url().unwrap();
    let (code, verifier) = approve(&root);
    let mut pair = redeem(&root, &code, verifier).unwrap();
    for _ in 0..3 {
        assert_eq!(pair.expires_in(), Some(std::time::Duration::from_secs(180)));
        assert_eq!(status_with(&emulator, pair.access_token()), 200);
        let next = refresh(&root, pair.refresh_token().unwrap()).unwrap();
        assert_ne!(next.refresh_token().unwrap().secret(), pair.refresh_token().unwrap().secret());
        pair = next;
    }
}

#[test]
fn a_refresh_token_that_comes_again_ends_its_family() {
    let emulator = emulator();
    let root = emulator.identity_url().unwrap();
    let (code, verifier) = approve(&root);
    let first = redeem(&root, &code, verifier).unwrap();
    let second = refresh(&root, first.refresh_token().unwrap()).unwrap();
    assert_eq!(refresh(&root, first.refresh_token().unwrap()).unwrap_err(), BasicErrorResponseType::InvalidGrant);
    assert_eq!(refresh(&root, second.refresh_token().unwrap()).unwrap_err(), BasicErrorResponseType::InvalidGrant);
    assert_eq!(status_with(&emulator, second.access_token()), 401);
}

#[test]
fn without_rotation_one_refresh_token_serves_on() {
    let emulator = start(Identity { rotates: false, ..Identity::default() }, Options::default());
    let root = emulator.identity_url().unwrap();
    let (code, verifier) = approve(&root);
    let pair = redeem(&root, &code, verifier).unwrap();
    for _ in 0..2 {
        assert!(refresh(&root, pair.refresh_token().unwrap()).unwrap().refresh_token().is_none());
    }
    emulator.expire_refresh_tokens();
    assert_eq!(refresh(&root, pair.refresh_token().unwrap()).unwrap_err(), BasicErrorResponseType::InvalidGrant);
}

#[test]
fn a_code_is_good_once_and_with_its_own_verifier_and_uri() {
    let emulator = emulator();
    let root = emulator.identity_url().unwrap();
    let (code, _) = approve(&root);
    let (_, other) = PkceCodeChallenge::new_random_sha256();
    assert_eq!(redeem(&root, &code, other).unwrap_err(), BasicErrorResponseType::InvalidGrant);
    let (code, verifier) = approve(&root);
    let again = PkceCodeVerifier::new(verifier.secret().clone());
    let pair = redeem(&root, &code, verifier).unwrap();
    assert_eq!(redeem(&root, &code, again).unwrap_err(), BasicErrorResponseType::InvalidGrant);
    assert_eq!(status_with(&emulator, pair.access_token()), 401, "the tokens of a code that comes twice end");
    let (code, _) = approve(&root);
    let form = format!("grant_type=authorization_code&client_id={ID}&redirect_uri={REDIRECT_URI}&code={code}");
    let form = form.replace('+', "%2B");
    let reply = agent().post(format!("{root}/connect/token")).content_type("application/x-www-form-urlencoded");
    assert_eq!(reply.send(form).unwrap().status(), 400, "no code without a verifier");
}

#[test]
fn what_is_not_as_it_should_be_is_not_approved() {
    let emulator = emulator();
    let root = emulator.identity_url().unwrap();
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let good = format!(
        "{root}/connect/authorize?client_id={ID}&redirect_uri={REDIRECT_URI}&response_type=code&state=s\
         &code_challenge={challenge}&code_challenge_method=S256"
    );
    let error = |url: &str| {
        let (status, pairs) = browse(url);
        assert_eq!((status, parameter(&pairs, "state").as_deref()), (302, Some("s")));
        parameter(&pairs, "error")
    };
    assert_eq!(error(&good), None);
    for (change, with, expected) in [
        ("response_type=code", "response_type=token", "unsupported_response_type"),
        ("&response_type=code", "", "invalid_request"),
        ("&code_challenge_method=S256", "", "invalid_request"),
        ("S256", "plain", "invalid_request"),
        (challenge, "short", "invalid_request"),
        ("state=s", "state=s&scope=openid", "invalid_scope"),
    ] {
        assert_eq!(error(&good.replace(change, with)).as_deref(), Some(expected), "{with}");
    }
    for (change, with) in
        [(ID, "other"), (REDIRECT_URI, "https://evil.example.com/"), ("127.0.0.1:7001", "127.0.0.1.evil")]
    {
        assert_eq!(browse(&good.replace(change, with)), (400, vec![]), "nobody is sent there");
    }
    emulator.change_identity(|identity| identity.approval = Some("access_denied"));
    assert_eq!(error(&good).as_deref(), Some("access_denied"));
}

#[test]
fn a_token_is_revoked_with_all_of_its_family() {
    let emulator = emulator();
    let root = emulator.identity_url().unwrap();
    let revoke = |token: StandardRevocableToken| {
        // The library wants TLS for that; the request is the same.
        let plain = |mut request: HttpRequest| {
            *request.uri_mut() = request.uri().to_string().replace("https:", "http:").parse().unwrap();
            send(request)
        };
        library!(root).revoke_token(token).unwrap().request(&plain)
    };
    let (code, verifier) = approve(&root);
    let pair = redeem(&root, &code, verifier).unwrap();
    revoke(pair.refresh_token().unwrap().clone().into()).unwrap();
    assert_eq!(status_with(&emulator, pair.access_token()), 401);
    assert_eq!(refresh(&root, pair.refresh_token().unwrap()).unwrap_err(), BasicErrorResponseType::InvalidGrant);
    // One that is not known is at its end.
    revoke(pair.refresh_token().unwrap().clone().into()).unwrap();

    let (code, verifier) = approve(&root);
    let pair = redeem(&root, &code, verifier).unwrap();
    revoke(pair.access_token().clone().into()).unwrap();
    assert_eq!(status_with(&emulator, pair.access_token()), 401);
    assert!(refresh(&root, pair.refresh_token().unwrap()).is_ok());
}

#[test]
fn a_client_with_a_secret_has_to_say_it() {
    let emulator = emulator();
    let root = emulator.identity_url().unwrap();
    let redirect_uri = || RedirectUrl::new("https://gateway.example.com/back?a=b".to_owned()).unwrap();
    let library = library!(root).set_redirect_uri(redirect_uri());
    for (secret, is_good) in [("s+é&=%/:", true), ("wrong", false)] {
        let mut web = library.clone();
        web = web.set_client_secret(ClientSecret::new(secret.to_owned()));
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, _) = web.authorize_url(CsrfToken::new_random).set_pkce_challenge(challenge).url();
        let url = url.as_str().replace(&format!("client_id={ID}"), "client_id=web");
        let (_, pairs) = browse(&url);
        let code = AuthorizationCode::new(parameter(&pairs, "code").unwrap());
        assert_eq!(parameter(&pairs, "a").as_deref(), Some("b"), "the URI keeps its query");
        let mut named = BasicClient::new(ClientId::new("web".to_owned()))
            .set_token_uri(TokenUrl::new(format!("{root}/connect/token")).unwrap())
            .set_redirect_uri(redirect_uri());
        named = named.set_client_secret(ClientSecret::new(secret.to_owned()));
        let answer = named.exchange_code(code).set_pkce_verifier(verifier).request(&send);
        assert_eq!(answer.is_ok(), is_good);
        if let Ok(pair) = answer {
            assert!(pair.refresh_token().is_none(), "nobody asked for one");
        }
    }
}

#[test]
fn the_metadata_say_where_all_is_at_the_service_and_at_the_newest_sites() {
    let options = Options { token_endpoint: TokenEndpoint::Served, base_path: "/App".into(), ..Options::default() };
    let emulator = start(Identity::default(), options);
    for root in [emulator.identity_url().unwrap(), format!("{}/0", emulator.url())] {
        let reply = agent().get(format!("{root}/.well-known/openid-configuration")).call().unwrap();
        let document: serde_json::Value = serde_json::from_str(&reply.into_body().read_to_string().unwrap()).unwrap();
        for (name, path) in [
            ("token_endpoint", "token"),
            ("authorization_endpoint", "authorize"),
            ("revocation_endpoint", "revocation"),
        ] {
            assert_eq!(document[name], format!("{root}/connect/{path}"));
        }
        let (code, verifier) = approve(&root);
        assert!(redeem(&root, &code, verifier).is_ok());
    }
}
