//! The identity service as a library sees it that others have written.

use std::time::Duration;

use creatio_emulator::{AuthMethod, Emulator, Identity, OauthClient, TokenError};
use oauth2::basic::{BasicClient, BasicErrorResponseType, BasicRequestTokenError, BasicTokenResponse};
use oauth2::{
    AuthType, ClientId, ClientSecret, HttpRequest, HttpResponse, RequestTokenError, Scope, TokenResponse, TokenUrl,
};
use ureq::Agent;

use crate::client::Client;
use crate::tokens::with;

// Both need encoding in a form, and the colon would end the id in Basic.
const ID: &str = "gateway:1 ü";
const SECRET: &str = "s+é&=%/:";

fn emulator() -> Emulator {
    with(Identity { clients: vec![OauthClient::new(ID, SECRET)], ..Identity::default() })
}

fn send(request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let config = Agent::config_builder().http_status_as_error(false).build();
    let (head, mut body) = config.new_agent().run(request)?.into_parts();
    Ok(HttpResponse::from_parts(head, body.read_to_vec()?))
}

fn ask(
    emulator: &Emulator,
    auth_type: AuthType,
    secret: &str,
    scope: Option<&str>,
) -> Result<BasicTokenResponse, BasicRequestTokenError<ureq::Error>> {
    let endpoint = format!("{}/connect/token", emulator.identity_url().unwrap());
    BasicClient::new(ClientId::new(ID.to_owned()))
        .set_client_secret(ClientSecret::new(secret.to_owned()))
        .set_token_uri(TokenUrl::new(endpoint).unwrap())
        .set_auth_type(auth_type)
        .exchange_client_credentials()
        .add_scopes(scope.map(|scope| Scope::new(scope.to_owned())))
        .request(&send)
}

#[test]
fn it_gets_a_token_either_way_and_uses_it() {
    let ways =
        [(AuthType::BasicAuth, AuthMethod::ClientSecretBasic), (AuthType::RequestBody, AuthMethod::ClientSecretPost)];
    let emulator = emulator();
    for (auth_type, auth_method) in ways {
        let answer = ask(&emulator, auth_type, SECRET, None).unwrap();
        assert_eq!(answer.expires_in(), Some(Duration::from_secs(3600)));
        assert_eq!(answer.token_type().as_ref(), "bearer");
        let [scope] = answer.scopes().unwrap().as_slice() else { panic!("one scope") };
        let record = emulator.last_token_request().unwrap();
        assert_eq!((record.client_id.as_deref(), record.auth_method), (Some(ID), Some(auth_method)));

        let mut client = Client::new(&emulator);
        client.fields.push(("Authorization", format!("Bearer {}", answer.access_token().secret())));
        assert_eq!(client.get("/0/odata/Contact").status, 200);
        assert!(ask(&emulator, AuthType::BasicAuth, SECRET, Some(scope)).is_ok());
    }
}

#[test]
fn it_reads_every_refusal() {
    let emulator = emulator();
    let refusal = |auth_type, secret, scope| match ask(&emulator, auth_type, secret, scope) {
        Err(RequestTokenError::ServerResponse(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    for auth_type in [AuthType::BasicAuth, AuthType::RequestBody] {
        let refused = refusal(auth_type, "wrong", None);
        assert_eq!((refused.error(), refused.error_description()), (&BasicErrorResponseType::InvalidClient, None));
    }
    let refused = refusal(AuthType::BasicAuth, SECRET, Some("openid"));
    assert_eq!(refused.error(), &BasicErrorResponseType::InvalidScope);

    let forced = [
        (TokenError::InvalidRequest, BasicErrorResponseType::InvalidRequest),
        (TokenError::InvalidGrant, BasicErrorResponseType::InvalidGrant),
        (TokenError::UnauthorizedClient, BasicErrorResponseType::UnauthorizedClient),
        (TokenError::UnsupportedGrantType, BasicErrorResponseType::UnsupportedGrantType),
    ];
    let description = "Клієнта «вимкнено» \\ 🚀";
    for (error, expected) in forced {
        emulator.change_identity(|identity| {
            identity.forced_error = Some(error);
            identity.error_description = Some(description.to_owned());
        });
        let refused = refusal(AuthType::RequestBody, SECRET, None);
        assert_eq!(refused.error(), &expected);
        assert_eq!(refused.error_description().map(String::as_str), Some(description));
    }
}
