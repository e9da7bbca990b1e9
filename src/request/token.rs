//! A request for a token, by any of its grants (OAuth 2.0, RFC 6749, sections 4.1.3, 4.4 and 6).

use core::fmt;

use super::error::FieldError;
use super::field::check_field_lines;
use super::pair::Pair;
use super::secret::Secret;
use crate::site::Site;
use crate::site::path::Path;
use crate::text::encoding::FORM;
use crate::text::template::{Part, Template, template};

/// Where an identity service issues its tokens (protocol notes, section 5).
const TOKEN_PATH: &str = "/connect/token";

/// The name and the secret of a program that asks an identity service for something (OAuth 2.0, RFC 6749): borrowed, redacted in
/// `Debug`, and the secret wiped when dropped.
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
pub struct ClientCredentials<'a> {
    id: &'a str,
    /// None for a public client.
    secret: Option<Secret<'a>>,
    by_basic: bool,
    path: Path<'a>,
    field_lines: &'a str,
}

impl fmt::Debug for ClientCredentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials").field("id", &self.id).field("path", &self.path).finish_non_exhaustive()
    }
}

impl<'a> ClientCredentials<'a> {
    /// A client's id and its secret, whose memory is overwritten with zeros when the value is dropped.
    pub const fn new(id: &'a str, secret: &'a mut str) -> Self {
        Self::of(id, Some(Secret::Wiped(secret)))
    }

    /// A client's id and its secret, which is left as it is: one in flash, or one that its owner wipes.
    pub const fn borrowed(id: &'a str, secret: &'a str) -> Self {
        Self::of(id, Some(Secret::Kept(secret)))
    }

    //= 6749-3.2.1-client-id, 6749-9-native
    /// A client without a secret, which says its id alone: a public client (RFC 6749, section 2.1).
    pub const fn public(id: &'a str) -> Self {
        Self::of(id, None)
    }

    const fn of(id: &'a str, secret: Option<Secret<'a>>) -> Self {
        ClientCredentials { id, secret, by_basic: false, path: Path::of_ours(TOKEN_PATH), field_lines: "" }
    }

    /// Sends id and secret by HTTP Basic instead of in the form (RFC 6749, section 2.3.1). A client without a secret does not.
    pub fn by_basic(mut self) -> Self {
        self.by_basic = self.secret.is_some();
        self
    }

    /// Asks below the runtime's prefix, as in `/0/connect/token`: the newest sites issue tokens themselves, and are the identity
    /// service that is asked.
    pub fn below_prefix(mut self) -> Self {
        self.path = self.path.below_prefix();
        self
    }

    //= 6749-3.2-query
    /// Where to ask, if not at `/connect/token`; to [revoke](crate::Session::revoke), at `/connect/revocation`; or for the
    /// [endpoints](crate::Session::discover), at `/.well-known/openid-configuration`.
    pub fn with_path(mut self, path: Path<'a>) -> Self {
        self.path = path;
        self
    }

    /// Fields beside those that the library writes itself, as the lines that they are to be: `Name: value` and CR LF each.
    /// Those of the [session](crate::Session::set_field_lines) are for its site alone, and not sent to the identity service.
    ///
    /// # Errors
    ///
    /// [`FieldError`] where a line is none that [`Field::new`](crate::Field::new) takes, or does not end with CR LF.
    pub fn with_field_lines(mut self, lines: &'a str) -> Result<Self, FieldError> {
        check_field_lines(lines.as_bytes())?;
        self.field_lines = lines;
        Ok(self)
    }

    #[inline(never)]
    pub(crate) fn request<'c>(&'c self, identity: Site<'c>, code: Option<Redeemed<'c>>) -> TokenRequest<'c> {
        TokenRequest {
            identity,
            path: self.path,
            id: self.id,
            secret: self.secret.as_ref().map(Secret::as_str),
            by_basic: self.by_basic,
            field_lines: self.field_lines,
            code,
        }
    }
}

/// A request for a token (RFC 6749, sections 4.1.3, 4.4.2 and 6), or of its kind.
#[derive(Clone, Copy)]
pub(crate) struct TokenRequest<'c> {
    pub identity: Site<'c>,
    pub path: Path<'c>,
    id: &'c str,
    secret: Option<&'c str>,
    by_basic: bool,
    field_lines: &'c str,
    /// Where the grant is a code.
    pub(super) code: Option<Redeemed<'c>>,
}

/// How many random bytes an [`AuthorizationRequest`](crate::AuthorizationRequest) takes.
pub const RANDOM_LEN: usize = 48;

/// A code that is to bring a token, and what shows who asked for it.
#[derive(Clone, Copy)]
pub(crate) struct Redeemed<'c> {
    pub code: &'c str,
    pub redirect_uri: &'c str,
    pub random: &'c [u8; RANDOM_LEN],
}

//= 9112-2.2-no-extra-crlf, 9112-3.2-host, 6749-2.3.1-not-in-the-url, 6749-3.2-post, 6749-3.2-once
//= 6749-3.2.1-authenticated, 6749-4.4.2-authenticated
/// The request. Id and secret are encoded as parts of a form before they are user name and password of HTTP Basic. The letters from
/// `g` to `z` are the grant's.
pub(super) const TEMPLATE: Template = template!(
    "POST$. $[$b$r$p$] HTTP/1.1\r\nHost: $h$(o:$o$)\r\n$<$(uUser-Agent: $u\r\n$)Accept: application/json\r\n",
    "Content-Type: application/x-www-form-urlencoded$(l\r\nContent-Length: $l$)",
    "$(y\r\nAuthorization: Basic $)$(q$q$)\r\n$f\r\n$|",
    "$g$v$w$x$k$(z$z$)$(0&client_id=$0$)$(1&client_secret=$1$)"
);

impl TokenRequest<'_> {
    /// The same to another path of the identity service, unless the client names one of its own.
    pub(crate) fn to(self, path: &'static str) -> Self {
        if self.path.as_str() == TOKEN_PATH { TokenRequest { path: self.path.to(path), ..self } } else { self }
    }

    pub(super) fn part<'a>(&'a self, letter: u8, item: usize, part: &mut Part<'a>) -> bool {
        match letter {
            b'y' => return self.by_basic,
            b'q' if self.by_basic => {
                let next =
                    Pair::new(self.id, self.secret.unwrap_or_default(), Some(&FORM)).digits(item, &mut part.digits);
                part.next = next.unwrap_or_default();
                return next.is_some();
            }
            b'f' => {
                part.text = self.field_lines.as_bytes();
                return true;
            }
            //= 6749-4.4.2-grant-type
            b'g' => {
                part.text = b"grant_type=client_credentials";
                return true;
            }
            //= 6749-2.3-one-method
            b'0' => part.text = self.id.as_bytes(),
            b'1' if self.secret.is_some() => part.text = self.secret.unwrap_or_default().as_bytes(),
            _ => return false,
        }
        part.coding = Some(&FORM);
        !self.by_basic
    }
}
