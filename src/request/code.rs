//! What a person is asked to approve, and the request for a token by the code that comes of it: the authorization code grant
//! with PKCE (RFC 6749, section 4.1; RFC 7636; RFC 8252 for programs without a secret).

use core::fmt;

use super::token::{RANDOM_LEN, Redeemed, TokenRequest};
use crate::site::Site;
use crate::site::path::Path;
use crate::site::target::Target;
use crate::text::bytes::has;
use crate::text::encoding::{Digits, FORM};
use crate::text::fault::BufferTooSmall;
use crate::text::template::{Part, Parts, Slot, Template, template};

/// Where an identity service has people approve (protocol notes, section 5).
const AUTHORIZATION_PATH: &str = "/connect/authorize";

/// How long the `code_verifier` is in characters: what 32 bytes take (RFC 7636, section 4.1).
pub const VERIFIER_LEN: usize = 43;

/// How many of the random bytes are for the verifier. The others are for the `state`.
const VERIFIER_BYTES: usize = 32;

/// How long the `state` is in characters.
pub(crate) const STATE_LEN: usize = 22;

/// What a person is asked to approve in a browser: that a program acts in their name (RFC 6749, section 4.1.1), with proof that who
/// redeems the code is who asked for it (PKCE with S256, RFC 7636).
///
/// ```
/// use creatio_auth::{AuthorizationRequest, AuthorizationVerdict, ClientCredentials, Runtime, Session, Site};
///
/// # fn sha256(_: &[u8]) -> [u8; 32] { [7; 32] }
/// # let random = [5; 48];
/// let site = Site::parse("https://crm.creatio.com", Runtime::NetFramework)?;
/// let identity = site; // the newest sites are their own
/// // `random` is 48 bytes that nobody can guess, new for each request, and secret until the token is there.
/// let request = AuthorizationRequest::new("3D2C…", "http://127.0.0.1:7001/", &random)
///     .with_scope("offline_access ApplicationAccess_6d3f…")
///     .below_prefix();
///
/// let mut url = [0; 512]; // for a browser
/// let len = request.write_url(&identity, &sha256(&request.verifier()), &mut url)?;
///
/// // What the browser comes back with, for example the target of a request to a listener on loopback:
/// # let mut state = String::from_utf8(url[..len].to_vec()).unwrap();
/// # state = state[state.find("state=").unwrap()..][..28].to_owned();
/// # let mut target = format!("/?code=4f2e&{state}").into_bytes();
/// let response = request.read_response(&mut target);
/// assert_eq!(response.verdict, AuthorizationVerdict::Approved);
///
/// let client = ClientCredentials::public("3D2C…").below_prefix();
/// # let mut memory = [0; 4096];
/// let mut session = Session::new(site, &mut memory);
/// let code = response.code.unwrap();
/// let exchange = session.token_by_code(&identity, &client, &request, code.as_str());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct AuthorizationRequest<'a> {
    client_id: &'a str,
    redirect_uri: &'a str,
    scope: &'a str,
    path: Path<'a>,
    random: &'a [u8; RANDOM_LEN],
}

/// Without the random bytes.
impl fmt::Debug for AuthorizationRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest")
            .field("client_id", &self.client_id)
            .field("redirect_uri", &self.redirect_uri)
            .field("scope", &self.scope)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl<'a> AuthorizationRequest<'a> {
    //= 6749-3.1.2.3-redirect-uri, 7636-4.1-random
    /// The client's id, and one of the URIs that are registered for it, to which the browser is to come back.
    ///
    /// The random bytes are of a source that is good for secrets, and used for one request only. They are the caller's to wipe.
    pub const fn new(client_id: &'a str, redirect_uri: &'a str, random: &'a [u8; RANDOM_LEN]) -> Self {
        AuthorizationRequest { client_id, redirect_uri, scope: "", path: Path::of_ours(AUTHORIZATION_PATH), random }
    }

    /// What the program wants to do (RFC 6749, section 3.3), names with spaces between them. `offline_access` among them asks for a
    /// refresh token.
    pub const fn with_scope(mut self, scope: &'a str) -> Self {
        self.scope = scope;
        self
    }

    /// Asks below the runtime's prefix, as [`ClientCredentials::below_prefix`](crate::ClientCredentials::below_prefix).
    pub const fn below_prefix(mut self) -> Self {
        self.path = self.path.below_prefix();
        self
    }

    //= 6749-3.1-authorization-endpoint
    /// Where people approve, if not at `/connect/authorize`.
    pub const fn with_path(mut self, path: Path<'a>) -> Self {
        self.path = path;
        self
    }

    //= 7636-4.1-grammar
    /// The `code_verifier`, of which the caller is to make the SHA-256. It is secret.
    pub fn verifier(&self) -> [u8; VERIFIER_LEN] {
        let mut verifier = [0; VERIFIER_LEN];
        self.verifier_for_c(&mut verifier);
        verifier
    }

    /// As [`AuthorizationRequest::verifier`], for C.
    #[doc(hidden)]
    pub fn verifier_for_c<S: Slot>(&self, out: &mut [S; VERIFIER_LEN]) {
        let mut digits = Digits::default();
        for (item, group) in out.chunks_mut(4).enumerate() {
            base64url(self.random.split_at(VERIFIER_BYTES).0, item, &mut digits);
            group.iter_mut().zip(digits.as_slice()).for_each(|(to, from)| to.set(*from));
        }
    }

    /// The SHA-256 of the [`verifier`](AuthorizationRequest::verifier), for [`write_url`](AuthorizationRequest::write_url).
    #[cfg(feature = "sha2")]
    pub fn challenge(&self) -> [u8; 32] {
        use sha2::{Digest, Sha256};
        use zeroize::Zeroize;

        let mut verifier = self.verifier();
        let challenge = Sha256::digest(verifier).into();
        verifier.zeroize();
        challenge
    }

    //= 6749-10.12-state, 7636-4.2-s256, 7636-4.3-challenge
    /// Writes the URL that a browser is to open, and returns how many bytes it is. The challenge is the SHA-256 of the
    /// [`verifier`](AuthorizationRequest::verifier), 32 bytes. `identity` is the identity service.
    ///
    /// # Errors
    ///
    /// [`BufferTooSmall`] says how many bytes it takes; `out` is as it was.
    pub fn write_url(
        &self,
        identity: &Site<'_>,
        challenge: &[u8; 32],
        out: &mut [u8],
    ) -> Result<usize, BufferTooSmall> {
        self.write_url_for_c(identity, challenge, out)
    }

    /// As [`AuthorizationRequest::write_url`], for C.
    #[doc(hidden)]
    pub fn write_url_for_c<S: Slot>(
        &self,
        identity: &Site<'_>,
        challenge: &[u8; 32],
        out: &mut [S],
    ) -> Result<usize, BufferTooSmall> {
        let target = Target::new(identity, self.path);
        URL.write_whole(&Url { request: self, identity, target, challenge }, out)
    }

    //= 6749-10.12-csrf
    /// Whether this is the state, in a time that hangs on nothing but how long it is.
    #[expect(clippy::arithmetic_side_effects, reason = "there are few digits")]
    pub(crate) fn is_state(&self, given: &[u8]) -> bool {
        let (mut differs, mut at, mut digits) = (given.len() ^ STATE_LEN, 0, Digits::default());
        while at < STATE_LEN {
            base64url(self.state_bytes(), at / 4, &mut digits);
            for digit in digits.as_slice() {
                differs |= usize::from(digit ^ given.get(at).copied().unwrap_or_default());
                at += 1;
            }
        }
        core::hint::black_box(differs) == 0
    }

    fn state_bytes(&self) -> &'a [u8] {
        self.random.split_at(VERIFIER_BYTES).1
    }

    pub(crate) fn redeem(&self, code: &'a str) -> Redeemed<'a> {
        Redeemed { code, redirect_uri: self.redirect_uri, random: self.random }
    }
}

/// The digits of an item of bytes in base64url (RFC 4648, section 5); false if there are none.
#[expect(clippy::arithmetic_side_effects, reason = "the item before was there")]
fn base64url(bytes: &[u8], item: usize, digits: &mut Digits) -> bool {
    let bytes = bytes.get(3 * item..).unwrap_or_default();
    digits.base64url(bytes.get(..3).unwrap_or(bytes));
    !bytes.is_empty()
}

const URL: Template = template!(
    "$t://$h$(o:$o$)$b$r$p$s",
    "client_id=$0&redirect_uri=$1&response_type=code$(2&scope=$2$)",
    "&state=$(3$3$)&code_challenge=$(4$4$)&code_challenge_method=S256"
);

/// The parts of a URL.
struct Url<'u> {
    request: &'u AuthorizationRequest<'u>,
    identity: &'u Site<'u>,
    target: Target<'u>,
    challenge: &'u [u8; 32],
}

impl Parts for Url<'_> {
    #[expect(clippy::arithmetic_side_effects, reason = "there are few items")]
    fn part<'a>(&'a self, letter: u8, item: usize, part: &mut Part<'a>) -> bool {
        let request = self.request;
        let [base, prefix, _] = self.target.pieces;
        let path = request.path.as_str();
        let text = match letter {
            b't' if self.identity.is_https() => "https",
            b't' => "http",
            b'h' => self.identity.host(),
            b'o' => {
                let port = self.identity.explicit_port();
                part.digits.number(port.unwrap_or_default().into());
                return port.is_some();
            }
            b'b' => base,
            b'r' => prefix,
            b'p' => path,
            b's' if has(path, b'?') => "&",
            b's' => "?",
            b'3' | b'4' => {
                let bytes = if letter == b'3' { request.state_bytes() } else { self.challenge };
                part.next = item + 1;
                return base64url(bytes, item, &mut part.digits);
            }
            _ => {
                part.coding = Some(&FORM);
                match letter {
                    b'0' => request.client_id,
                    b'1' => request.redirect_uri,
                    _ => request.scope,
                }
            }
        };
        part.text = text.as_bytes();
        !text.is_empty()
    }
}

impl TokenRequest<'_> {
    //= 6749-4.1-code, 7636-4.5-verifier
    /// The letters of its form that stand for a code, and for what goes with it.
    #[expect(clippy::arithmetic_side_effects, reason = "there are few items")]
    pub(super) fn code_part<'a>(&'a self, letter: u8, item: usize, part: &mut Part<'a>) -> bool {
        let Some(code) = &self.code else { return false };
        let text = match letter {
            b'g' => "grant_type=authorization_code&code=",
            b'v' => code.code,
            b'x' => code.redirect_uri,
            b'w' => "&redirect_uri=",
            b'k' => "&code_verifier=",
            b'z' => {
                part.next = item + 1;
                return base64url(code.random.split_at(VERIFIER_BYTES).0, item, &mut part.digits);
            }
            _ => return self.part(letter, item, part),
        };
        part.text = text.as_bytes();
        if letter == b'v' || letter == b'x' {
            part.coding = Some(&FORM);
        }
        true
    }
}
