//! What a browser comes back with from the page where a person approves (RFC 6749, section 4.1.2), and the code's way to a token.

use super::token::CODE;
use crate::exchange::Exchange;
use crate::json::plain::is_utf8;
use crate::json::text::Text;
use crate::request::Request;
use crate::request::code::AuthorizationRequest;
use crate::request::token::ClientCredentials;
use crate::session::Session;
use crate::site::Site;
use crate::text::again::Again;
use crate::text::number::hex_digit;
use crate::text::numbered::numbered;

/// What a browser has come back with. Its texts stand in the memory that it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "the person may have said no, which the verdict tells"]
#[non_exhaustive]
pub struct AuthorizationResponse<'u> {
    /// What it means.
    pub verdict: AuthorizationVerdict,
    /// The code, secret, good for one request for a token and for some minutes: there where the verdict is
    /// [`Approved`](AuthorizationVerdict::Approved), and not otherwise.
    pub code: Option<Text<'u>>,
    /// `error`: the code of the error, as the service writes it.
    pub error: Option<Text<'u>>,
    /// `error_description`: for people.
    pub error_description: Option<Text<'u>>,
}

// The numbers are those of the C interface.
numbered! {
    /// What it means that a browser comes back from the page where a person approves (RFC 6749, section 4.1.2.1).
    #[cfg_attr(feature = "serde", derive(serde::Serialize))]
    pub enum AuthorizationVerdict {
        /// There is a code.
        Approved = 1, "approved";
        /// `access_denied`: the person, or the service, says no.
        AccessDenied = 2, "the person, or the identity service, does not approve";
        /// `invalid_request`
        InvalidRequest = 3, "the identity service does not understand the request";
        /// `unauthorized_client`: the client may not ask for a code.
        UnauthorizedClient = 4, "the client is not allowed to ask a person";
        /// `unsupported_response_type`: the service gives no codes.
        UnsupportedResponseType = 5, "the identity service gives no codes";
        /// `invalid_scope`
        InvalidScope = 6, "the identity service refuses the scope";
        /// `server_error`
        ServerError = 7, "the identity service has failed; try again later";
        /// `temporarily_unavailable`
        TemporarilyUnavailable = 8, "the identity service is busy; try again later";
        /// Another `error`; its text has it.
        OtherError = 9, "the identity service refuses; its error says why";
        /// No `state`, or another one: this is not the answer to this request, and may be somebody's attempt to slip in a code of
        /// their own. Nothing else of it is told. Go on waiting for the answer.
        OtherState = 10, "this is not the answer to this request; go on waiting for it";
        /// Neither a code nor an error, or a code that is none, or one of these twice.
        NoCode = 11, "the identity service sent neither a code nor an error";
    }
}

impl AuthorizationVerdict {
    /// Whether the person may be asked again with nothing changed: where the service has failed, or is busy.
    pub const fn again(&self) -> Again {
        let is_for_now =
            matches!(self, AuthorizationVerdict::ServerError | AuthorizationVerdict::TemporarilyUnavailable);
        if is_for_now { Again::Yes } else { Again::No }
    }
}

/// RFC 6749, section 4.1.2.1
const ERRORS: [(&str, AuthorizationVerdict); 7] = [
    ("access_denied", AuthorizationVerdict::AccessDenied),
    ("invalid_request", AuthorizationVerdict::InvalidRequest),
    ("unauthorized_client", AuthorizationVerdict::UnauthorizedClient),
    ("unsupported_response_type", AuthorizationVerdict::UnsupportedResponseType),
    ("invalid_scope", AuthorizationVerdict::InvalidScope),
    ("server_error", AuthorizationVerdict::ServerError),
    ("temporarily_unavailable", AuthorizationVerdict::TemporarilyUnavailable),
];

/// The parameters of interest.
const NAMES: [&[u8]; 4] = [b"code", b"state", b"error", b"error_description"];

impl AuthorizationRequest<'_> {
    //= 6749-4.1-code
    /// Reads what the browser has come back to: the redirect URI with what the service has put behind it, or the target of the
    /// request that it has made there. What is read of it is decoded in its place, and so the memory is changed.
    ///
    /// Anybody can have a browser come to the URI. What does not have the `state` of this request, which is compared in constant
    /// time, is [not its answer](AuthorizationVerdict::OtherState).
    pub fn read_response<'u>(&self, uri: &'u mut [u8]) -> AuthorizationResponse<'u> {
        let mut response = AuthorizationResponse {
            verdict: AuthorizationVerdict::NoCode,
            code: None,
            error: None,
            error_description: None,
        };
        let (texts, is_doubled) = read(uri);
        let [code, state, error, description] = texts;
        if !state.is_some_and(|state| self.is_state(state)) {
            response.verdict = AuthorizationVerdict::OtherState;
        } else if is_doubled {
            // It is none.
        } else if let Some(error) = error {
            let known = ERRORS.iter().find(|(name, _)| name.as_bytes() == error);
            response.verdict = known.map_or(AuthorizationVerdict::OtherError, |(_, verdict)| *verdict);
            response.error = text(error);
            response.error_description = description.and_then(text);
        } else if let Some(code) = code.filter(|code| is_code(code)) {
            response.verdict = AuthorizationVerdict::Approved;
            response.code = text(code);
        }
        response
    }
}

/// `code = 1*VSCHAR` (RFC 6749, appendix A.11)
fn is_code(code: &[u8]) -> bool {
    !code.is_empty() && code.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

fn text(bytes: &[u8]) -> Option<Text<'_>> {
    is_utf8(bytes).then(|| Text::new(bytes, false))
}

type Texts<'u> = [Option<&'u [u8]>; NAMES.len()];

//= 6749-3.2-once
/// The values of the parameters of interest, decoded, and whether one of them stands twice.
#[expect(clippy::arithmetic_side_effects, reason = "it stands in the URI")]
fn read(uri: &mut [u8]) -> (Texts<'_>, bool) {
    let (mut texts, mut is_doubled) = ([None; NAMES.len()], false);
    let start = uri.iter().position(|byte| *byte == b'?').map_or(uri.len(), |at| at + 1);
    let mut rest = uri.get_mut(start..).unwrap_or_default();
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| matches!(byte, b'&' | b'#')).unwrap_or(rest.len());
        let (pair, after) = rest.split_at_mut_checked(end).unwrap_or_default();
        rest = match after {
            [b'&', after @ ..] => after,
            _ => &mut [], // nothing behind a fragment is of interest
        };
        let name_len = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let (name, value) = pair.split_at_mut_checked(name_len).unwrap_or_default();
        let Some(place) = NAMES.iter().position(|known| *known == name) else { continue };
        if let (Some(text), [_, value @ ..]) = (texts.get_mut(place), value) {
            is_doubled |= text.is_some();
            *text = Some(decode(value));
        }
    }
    (texts, is_doubled)
}

/// Decodes a value of a form in its place (RFC 6749, appendix B). A percent sign without two hexadecimal digits stands for itself.
#[expect(clippy::arithmetic_side_effects, reason = "places in the value, which is no longer than memory is")]
fn decode(value: &mut [u8]) -> &[u8] {
    let (mut from, mut to) = (0, 0);
    while let Some(byte) = value.get(from).copied() {
        let (mut decoded, mut len) = (if byte == b'+' { b' ' } else { byte }, 1);
        if let Some([b'%', high, low]) = value.get(from..from + 3)
            && let (high @ ..=15, low @ ..=15) = (hex_digit(*high), hex_digit(*low))
        {
            (decoded, len) = (high << 4 | low, 3);
        }
        if let Some(place) = value.get_mut(to) {
            *place = decoded;
        }
        from += len;
        to += 1;
    }
    value.get(..to).unwrap_or_default()
}

impl<'m> Session<'m> {
    /// Begins a request for a token by a code (RFC 6749, section 4.1.3), which a [response](AuthorizationRequest::read_response) to
    /// this request has brought. It ends any exchange that is under way, and goes to the identity service, as
    /// [`Session::token`].
    ///
    /// The token takes the place of all that the session has, with the refresh token, if one comes, for
    /// [`Session::token_by_refresh`]. A code is good once: with [`TokenVerdict::InvalidGrant`](crate::TokenVerdict::InvalidGrant),
    /// or where the answer is cut off, the person has to approve again.
    pub fn token_by_code<'c>(
        &mut self,
        identity: &Site<'c>,
        client: &'c ClientCredentials<'_>,
        request: &AuthorizationRequest<'c>,
        code: &'c str,
    ) -> Exchange<'c>
    where
        'm: 'c,
    {
        self.begin(&CODE, || Request::Token(client.request(*identity, Some(request.redeem(code)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::ToOwned;
    use std::vec::Vec;

    fn decoded(value: &str) -> Vec<u8> {
        decode(&mut value.to_owned().into_bytes()).to_vec()
    }

    #[test]
    fn values_are_decoded_as_others_decode_them() {
        for value in ["", "a", "a+b", "%41%2b%2B%20", "%", "%4", "%zz", "%%41", "a%C3%BC", "%4g%", "~._-"] {
            let form = std::format!("x={value}");
            let (_, theirs) = url::form_urlencoded::parse(form.as_bytes()).next().unwrap();
            assert_eq!(decoded(value), theirs.as_bytes(), "{value}");
        }
    }
}
