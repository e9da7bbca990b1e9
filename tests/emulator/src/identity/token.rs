//! Access tokens.

use crate::random;

const BASE64_URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// `{"alg":"RS256","typ":"at+jwt"}` and the dot after it.
const HEADER: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.";

/// Too few characters would leave a token that can be guessed.
const MIN_LENGTH: usize = 64;

/// A new token in the shape of a JWT, whose payload and signature are random: clients must not look
/// into it (RFC 6749, section 1.4).
pub(super) fn new(length: usize) -> String {
    let rest = length.max(MIN_LENGTH) - HEADER.len() - ".".len();
    let payload = random::text(BASE64_URL, rest / 2);
    let signature = random::text(BASE64_URL, rest - rest / 2);
    format!("{HEADER}{payload}.{signature}")
}
