//! A request for a token: OAuth 2.0 with client credentials (RFC 6749, section 4.4).

use super::secret::Secret;
use crate::site::Site;
use crate::site::path::Path;
use crate::text::window::{self, Base64, Window};

/// Where an identity service issues its tokens (protocol notes, section 5).
const TOKEN_PATH: &str = "/connect/token";

/// The name and the secret of a program that signs in by OAuth 2.0: borrowed, redacted in `Debug`, and the secret wiped
/// when dropped.
///
/// ```
/// use creatio_auth::{ClientCredentials, Runtime, Session, Site};
///
/// // The application, and its identity service, which is elsewhere.
/// let site = Site::parse("https://crm.creatio.com", Runtime::Net)?;
/// let identity = Site::parse("https://crm-is.creatio.com", Runtime::Net)?;
///
/// let mut secret = String::from("B0A1…");
/// let client = ClientCredentials::new("3D2C…", &mut secret);
/// let mut memory = [0; 4096];
/// let mut session = Session::new(site, &mut memory);
/// let exchange = session.token(&identity, &client); // over a connection to the identity service
/// # Ok::<(), creatio_auth::SiteError>(())
/// ```
#[derive(Debug)]
pub struct ClientCredentials<'a> {
    id: &'a str,
    secret: Secret<'a>,
    by_basic: bool,
    path: Path<'a>,
}

impl<'a> ClientCredentials<'a> {
    /// A client's id and its secret, whose memory is overwritten with zeros when the value is dropped.
    pub fn new(id: &'a str, secret: &'a mut str) -> Self {
        Self::with_secret(id, Secret::Wiped(secret))
    }

    /// A client's id and its secret, which is left as it is: one in flash, or one that its owner wipes.
    pub fn borrowed(id: &'a str, secret: &'a str) -> Self {
        Self::with_secret(id, Secret::Kept(secret))
    }

    fn with_secret(id: &'a str, secret: Secret<'a>) -> Self {
        ClientCredentials { id, secret, by_basic: false, path: Path::of_ours(TOKEN_PATH) }
    }

    /// Sends id and secret by HTTP Basic instead of in the form (RFC 6749, section 2.3.1).
    pub fn by_basic(mut self) -> Self {
        self.by_basic = true;
        self
    }

    /// Where tokens are issued, if not at `/connect/token`. The newest sites issue them themselves: at
    /// `Path::site("/connect/token")` of their own site.
    pub fn with_path(mut self, path: Path<'a>) -> Self {
        self.path = path;
        self
    }

    #[inline(never)]
    pub(crate) fn request<'c>(&'c self, identity: Site<'c>) -> TokenRequest<'c> {
        TokenRequest { identity, path: self.path, id: self.id, secret: self.secret.as_str(), by_basic: self.by_basic }
    }
}

/// A request for a token (RFC 6749, section 4.4.2).
#[derive(Clone, Copy)]
pub(crate) struct TokenRequest<'c> {
    pub identity: Site<'c>,
    pub path: Path<'c>,
    id: &'c str,
    secret: &'c str,
    by_basic: bool,
}

impl TokenRequest<'_> {
    pub(crate) fn write_form(&self, out: &mut Window<'_>) {
        out.put_str("grant_type=client_credentials");
        if !self.by_basic {
            out.put_str("&client_id=");
            out.put_form(self.id);
            out.put_str("&client_secret=");
            out.put_form(self.secret);
        }
    }

    /// Id and secret are encoded as parts of a form before they are user name and password.
    pub(crate) fn write_authorization(&self, out: &mut Window<'_>) {
        if self.by_basic {
            out.put_str("Authorization: Basic ");
            let mut base64 = Base64::new(out);
            window::form_encoded(self.id).for_each(|byte| base64.put(byte));
            base64.put(b':');
            window::form_encoded(self.secret).for_each(|byte| base64.put(byte));
            base64.end();
            out.put_str("\r\n");
        }
    }
}
