//! The request to revoke a token (RFC 7009, section 2.1).

use crate::cookie::jar::Jar;
use crate::session::authorization::{self, BEARER};

/// Where an identity service revokes tokens (protocol notes, section 5).
pub(crate) const REVOCATION_PATH: &str = "/connect/revocation";

//= 7009-2.1-token, 7009-2.1-post
/// What the form begins with, and the token: the refresh token, with which a service revokes the tokens that came by it, or else the
/// one that authorises calls; empty if there is none.
pub(crate) fn token<'j>(jar: &'j Jar<'_>) -> (&'static str, &'j [u8]) {
    match authorization::refresh_token(jar) {
        [] => {
            let value = authorization::value(jar).unwrap_or_default();
            ("token_type_hint=access_token&token=", value.strip_prefix(BEARER).unwrap_or_default())
        }
        token => ("token_type_hint=refresh_token&token=", token),
    }
}
