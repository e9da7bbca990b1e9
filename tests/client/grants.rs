//! Refresh tokens, codes, revocation and endpoints by the clients, over real connections to the emulator, in buffers of each size.

use creatio_auth::client::blocking::Client;
use creatio_auth::client::{Error, Identity, Refusal};
use creatio_auth::{
    AuthorizationRequest, AuthorizationVerdict, Call, CallVerdict, ClientCredentials, EarlierSignIn,
    OauthHealthVerdict, RefreshToken, Runtime, Session, Site, TokenVerdict,
};
use creatio_emulator::{Emulator, OauthClient, Options};

use crate::support::contacts;
use crate::tcp::Tcp;

const REDIRECT_URI: &str = "http://127.0.0.1:7001/";

fn emulator(rotates: bool) -> Emulator {
    let clients = vec![OauthClient::public("desktop")];
    let identity = creatio_emulator::Identity { clients, rotates, ..Default::default() };
    Emulator::start(Options { identity: Some(identity), ..Options::default() }).unwrap()
}

fn site(url: &str) -> Site<'_> {
    Site::parse(url, Runtime::NetFramework).unwrap()
}

/// The code that a person's approval brings, as a browser brings it.
fn approve(identity: &Site<'_>, request: &AuthorizationRequest<'_>) -> String {
    let mut url = vec![0; 1024];
    let len = request.write_url(identity, &request.challenge(), &mut url).unwrap();
    let url = std::str::from_utf8(&url[..len]).unwrap();
    let agent = ureq::Agent::config_builder().max_redirects(0).build().new_agent();
    let reply = agent.get(url).call().unwrap();
    let mut location = reply.headers().get("location").unwrap().as_bytes().to_vec();
    let response = request.read_response(&mut location);
    assert_eq!(response.verdict, AuthorizationVerdict::Approved);
    response.code.unwrap().as_str().to_owned()
}

#[test]
fn a_site_without_an_identity_service_says_so() {
    for runtime in [creatio_emulator::Runtime::NetFramework, creatio_emulator::Runtime::Net] {
        let emulator = Emulator::start(Options { runtime, ..Options::default() }).unwrap();
        let (url, mut memory, mut buffer) = (emulator.url(), [0; 4096], [0; 64]);
        let ours = match runtime {
            creatio_emulator::Runtime::Net => Runtime::Net,
            creatio_emulator::Runtime::NetFramework => Runtime::NetFramework,
        };
        let mut session = Session::new(Site::parse(&url, ours).unwrap(), &mut memory);
        let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
        let health = client.oauth_health().unwrap();
        assert_eq!((health.verdict, health.http_status), (OauthHealthVerdict::SettingsMissing, 500));
        assert!(health.message.unwrap().as_str().contains("OAuth20IdentityServerUrl"));
        // The connection is kept, and goes on.
        assert_eq!(client.oauth_health().unwrap().verdict, OauthHealthVerdict::SettingsMissing);
        assert_eq!(emulator.counters().connections, 1);
    }
}

#[test]
fn a_client_lives_by_refresh_tokens_and_logs_out_by_revoking() {
    for (rotates, size) in [(true, 1), (true, 4096), (false, 99)] {
        let emulator = emulator(rotates);
        let (url, identity_url) = (emulator.url(), emulator.identity_url().unwrap());
        let who = ClientCredentials::public("desktop");
        let identity = Identity::new(site(&identity_url), &who);
        let random = [7; 48];
        let request = AuthorizationRequest::new("desktop", REDIRECT_URI, &random).with_scope("offline_access");
        let (mut memory, mut buffer) = ([0; 8192], vec![0; size]);
        let mut session = Session::new(site(&url), &mut memory);
        let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);

        assert_eq!(client.oauth_health().unwrap().verdict, OauthHealthVerdict::Healthy);
        let found = client.discover(&identity).unwrap();
        assert_eq!(found.verdict, TokenVerdict::Found);
        let endpoint = found.token_endpoint.unwrap().as_str().to_owned();
        assert_eq!(identity.service.path_of(&endpoint).unwrap().as_str(), "/connect/token");

        assert!(matches!(client.token_by_refresh(&identity), Err(Error::SignIn(Refusal::NotApproved))));
        let code = approve(&identity.service, &request);
        assert_eq!(client.token_by_code(&identity, &request, &code).unwrap().verdict, TokenVerdict::Granted);
        assert_eq!(client.session().refresh_token(), RefreshToken::Kept);
        assert_eq!(client.call(&Call::get(contacts())).unwrap().answer().unwrap().verdict, CallVerdict::Fine);

        for round in 1..4 {
            // A token that has ended is renewed for the call, which is made once.
            emulator.expire_tokens();
            let create = Call::post(contacts()).with_json(br#"{"Name":"Ann"}"#);
            let answer = client.call_renewed(&create, &identity.by_refresh()).unwrap().answer().unwrap();
            assert_eq!((answer.verdict, emulator.counters().writes), (CallVerdict::Fine, round));
            assert_eq!(client.token_by_refresh(&identity).unwrap().verdict, TokenVerdict::Granted);
        }
        assert_eq!(client.revoke(&identity).unwrap(), TokenVerdict::Revoked);
        assert!(!client.session().has_authorization() && client.session().refresh_token() == RefreshToken::None);
        assert_eq!(client.revoke(&identity).unwrap(), TokenVerdict::Revoked, "there is nothing to revoke");
        let refused = client.call_renewed(&Call::get(contacts()), &identity.by_refresh());
        assert!(matches!(refused, Err(Error::SignIn(Refusal::NotApproved))));
    }
}

#[test]
fn a_refusal_of_the_grant_is_final() {
    let emulator = emulator(true);
    let (url, identity_url) = (emulator.url(), emulator.identity_url().unwrap());
    let who = ClientCredentials::public("desktop");
    let identity = Identity::new(site(&identity_url), &who);
    let random = [8; 48];
    let request = AuthorizationRequest::new("desktop", REDIRECT_URI, &random).with_scope("offline_access");
    let (mut memory, mut buffer) = ([0; 8192], [0; 256]);
    let mut session = Session::new(site(&url), &mut memory);
    let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
    let code = approve(&identity.service, &request);
    assert_eq!(client.token_by_code(&identity, &request, &code).unwrap().verdict, TokenVerdict::Granted);
    emulator.expire_tokens();
    emulator.expire_refresh_tokens();
    let refused = emulator.counters().token_requests_refused;
    let call = Call::get(contacts());
    for _ in 0..3 {
        let answer = client.call_renewed(&call, &identity.by_refresh()).map(|_| ());
        let reason =
            if emulator.counters().token_requests_refused == refused + 1 { answer } else { panic!("asked again") };
        assert!(matches!(
            reason,
            Err(Error::SignIn(
                Refusal::Token(TokenVerdict::InvalidGrant)
                    | Refusal::Earlier(EarlierSignIn::Token(TokenVerdict::InvalidGrant))
            ))
        ));
    }
    assert_eq!((client.session().refresh_token(), client.session().sign_in_delay()), (RefreshToken::None, None));
    // The person approves again.
    let code = approve(&identity.service, &request);
    assert_eq!(client.token_by_code(&identity, &request, &code).unwrap().verdict, TokenVerdict::Granted);
    assert_eq!(
        client.call_renewed(&call, &identity.by_refresh()).unwrap().answer().unwrap().verdict,
        CallVerdict::Fine
    );
}

#[cfg(feature = "tokio-1")]
#[test]
fn the_asynchronous_client_does_the_same() {
    use creatio_auth::client::asynch;
    use creatio_auth::client::transports::tokio_1;

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let emulator = emulator(true);
    let (url, identity_url) = (emulator.url(), emulator.identity_url().unwrap());
    let who = ClientCredentials::public("desktop");
    let identity = Identity::new(site(&identity_url), &who);
    let random = [9; 48];
    let request = AuthorizationRequest::new("desktop", REDIRECT_URI, &random).with_scope("offline_access");
    let (mut memory, mut buffer) = ([0; 8192], [0; 64]);
    let mut session = Session::new(site(&url), &mut memory);
    let mut client =
        asynch::Client::new(&mut session, tokio_1::Tcp::new(std::time::Duration::from_secs(5)), &mut buffer);
    let code = approve(&identity.service, &request);
    runtime.block_on(async {
        assert_eq!(client.discover(&identity).await.unwrap().verdict, TokenVerdict::Found);
        assert_eq!(client.token_by_code(&identity, &request, &code).await.unwrap().verdict, TokenVerdict::Granted);
        emulator.expire_tokens();
        let call = Call::get(contacts());
        let reply = client.call_renewed(&call, &identity.by_refresh()).await.unwrap();
        assert_eq!(reply.answer().await.unwrap().verdict, CallVerdict::Fine);
        assert_eq!(client.token_by_refresh(&identity).await.unwrap().verdict, TokenVerdict::Granted);
        assert_eq!(client.revoke(&identity).await.unwrap(), TokenVerdict::Revoked);
    });
}
