//! The arguments about OAuth.

use std::time::Duration;

use creatio_emulator::{
    AuthMethod, EndedToken, Identity, InvalidClient, Member, OauthClient, TokenEndpoint, TokenError,
};

#[derive(clap::Args)]
#[command(next_help_heading = "Identity service (OAuth 2.0)")]
pub struct Oauth {
    /// Start an identity service too, and print its URL on a second line.
    ///
    /// Without --oauth-client it has one client, whose id is client and whose secret is secret.
    #[arg(long)]
    identity: bool,

    /// Port of the identity service; 0 takes any free one
    #[arg(long, value_name = "PORT", default_value_t = 0, requires = "identity")]
    identity_port: u16,

    /// Client that gets tokens; may be repeated
    #[arg(long, value_name = "ID:SECRET", value_parser = super::name_and_password, requires = "identity")]
    oauth_client: Vec<(String, String)>,

    /// Client without a secret, whom people approve, which they do at once; may be repeated.
    ///
    /// The browser may be sent back to http://127.0.0.1/, with any port and the path / alone, and to each --redirect-uri.
    #[arg(long, value_name = "ID", requires = "identity")]
    public_client: Vec<String>,

    /// Where else the browser may be sent back to from a --public-client; on http://127.0.0.1 with any port; may be
    /// repeated
    #[arg(long, value_name = "URI", requires = "public_client")]
    redirect_uri: Vec<String>,

    /// Take the secret in this way only
    #[arg(long, value_enum, requires = "identity")]
    auth_method: Option<AuthMethod>,

    /// Length of a token
    #[arg(long, value_name = "CHARACTERS", default_value_t = Identity::default().token_length, requires = "identity")]
    token_length: usize,

    /// How long a token is valid
    #[arg(long, value_name = "SECONDS",
        default_value_t = Identity::default().token_lifetime.as_secs(), requires = "identity")]
    token_lifetime: u64,

    /// Say this in expires_in, whatever is true; an empty text leaves it out
    #[arg(long, value_name = "JSON", requires = "identity")]
    expires_in: Option<String>,

    /// Refuse every token request so
    #[arg(long, value_enum, value_name = "ERROR", requires = "identity")]
    token_error: Option<TokenError>,

    /// Say this in error_description
    #[arg(long, value_name = "TEXT", requires = "identity")]
    error_description: Option<String>,

    /// Status of an invalid_client; standard is 401 if Authorization was sent, otherwise 400
    #[arg(long, value_enum, default_value_t, requires = "identity")]
    invalid_client: InvalidClient,

    /// What the application itself answers at connect/token
    #[arg(long, value_enum, default_value_t)]
    pub token_endpoint: TokenEndpoint,

    /// What a call with an unknown or ended token is answered with
    #[arg(long, value_enum, default_value_t)]
    pub ended_token: EndedToken,
}

impl Oauth {
    pub fn into_identity(self) -> Option<Identity> {
        let standard = Identity::default();
        let clients: Vec<OauthClient> =
            self.oauth_client.into_iter().map(|(id, secret)| OauthClient::new(id, secret)).collect();
        let public = self.public_client.into_iter().map(|id| {
            self.redirect_uri.iter().fold(OauthClient::public(id), |client, uri| client.with_redirect_uri(uri))
        });
        let clients: Vec<OauthClient> = clients.into_iter().chain(public).collect();
        let identity = Identity {
            port: self.identity_port,
            clients: if clients.is_empty() { standard.clients.clone() } else { clients },
            auth_method: self.auth_method,
            token_length: self.token_length,
            token_lifetime: Duration::from_secs(self.token_lifetime),
            expires_in: match self.expires_in {
                None => Member::Truth,
                Some(text) if text.is_empty() => Member::Absent,
                Some(text) => Member::Json(text),
            },
            forced_error: self.token_error,
            error_description: self.error_description,
            invalid_client: self.invalid_client,
            ..standard
        };
        self.identity.then_some(identity)
    }
}
