//! The way to revoke a token

use creatio_auth::Session;

use crate::answer::token::begin_at_identity;
use crate::exchange::creatio_exchange;
use crate::request::token::creatio_client_credentials;
use crate::session::creatio_session;
use crate::site::creatio_site;
use crate::text::status::creatio_status;

/// Begins a request that the session's refresh token, and the tokens that came by it, be worth nothing any more
/// (RFC 7009); where it has none, the token that authorises calls. It goes to the identity service, as
/// `creatio_session_token`, and ends any exchange of the session that is under way. It is how a session that a token
/// authorises logs out. `creatio_exchange_token_result` has the answer: with CREATIO_TOKEN_REVOKED the session has
/// forgotten both tokens, and a service says so of a token that it does not know, too. With any other,
/// `creatio_session_clear` forgets them. Sites may take a token that they can check by themselves up to its end.
///
/// Returns CREATIO_OK, CREATIO_END where the session has no token, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP,
/// CREATIO_ERR_NOT_UTF8, or a CREATIO_ERR_PATH_ or CREATIO_ERR_FIELD_ status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_session_revoke(
    session: *mut creatio_session,
    identity: *const creatio_site,
    client: *const creatio_client_credentials,
    exchange: *mut creatio_exchange,
) -> creatio_status {
    let has_token = |session: &Session<'static>| session.has_token_to_revoke();
    // SAFETY: by the header's conventions.
    unsafe {
        begin_at_identity(session, identity, client, exchange, has_token, |session, identity, client| {
            session.revoke_for_c(identity, client)
        })
    }
}
