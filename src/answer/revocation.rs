//! The way to revoke a token, and what that is answered with (RFC 7009, section 2.2).

use super::token::{self, TokenVerdict};
use crate::exchange::error::Failure;
use crate::exchange::{Exchange, Kind, Own};
use crate::request::revocation::{self, REVOCATION_PATH};
use crate::request::token::ClientCredentials;
use crate::request::{self, Request};
use crate::session::Session;
use crate::site::Site;
use crate::text::time::Time;

/// What a revocation does in its own way.
static REVOCATION: Kind = Kind {
    form: &request::REVOCATION,
    // Of a good answer the status says all, unless it is somebody else's.
    reads_body: |_, head| head.status >= 400 || head.html,
    is_sign_in: false,
    complete,
    ..token::KIND
};

//= 7009-2.2-status, 7009-2.2-no-body, 7009-2.2.1-503
/// The reply is complete: the session has forgotten its tokens, if they are worth nothing any more.
fn complete(exchange: &mut Exchange<'_>, session: &mut Session<'_>) -> Result<(), Failure> {
    let mut verdict = token::verdict(exchange, session.jar.memory);
    if verdict == TokenVerdict::NoToken {
        verdict = TokenVerdict::Revoked;
        session.jar.drop_over(Time::UNKNOWN, true);
    }
    exchange.own = Own::Token(verdict as u8);
    Ok(())
}

impl<'m> Session<'m> {
    /// Begins a request that the session's refresh token, and the tokens that came by it, be worth nothing any more (RFC 7009); where
    /// it has none, the token that authorises calls. None where it has neither. It ends any exchange that is under way, and goes
    /// to the identity service, as [`Session::token`].
    ///
    /// It is how a session that a token authorises logs out. [`Exchange::token_result`] has the answer: with
    /// [`TokenVerdict::Revoked`] the session has forgotten both tokens, and a service says so of a token that it does not know, too.
    /// With any other, [`clear`](Session::clear) forgets them. Sites may take a token that they can check by themselves up to its end.
    pub fn revoke<'c>(&mut self, identity: &Site<'c>, client: &'c ClientCredentials<'_>) -> Option<Exchange<'c>>
    where
        'm: 'c,
    {
        if !self.has_token_to_revoke() {
            return None;
        }
        Some(self.revoke_for_c(identity, client))
    }

    #[doc(hidden)]
    pub fn has_token_to_revoke(&self) -> bool {
        !revocation::token(&self.jar).1.is_empty()
    }

    /// As [`Session::revoke`], for C, which has asked whether there is one.
    #[doc(hidden)]
    #[inline(always)] // so that the exchange is made where it is to be
    pub fn revoke_for_c<'c>(&mut self, identity: &Site<'c>, client: &'c ClientCredentials<'_>) -> Exchange<'c>
    where
        'm: 'c,
    {
        self.begin(&REVOCATION, || Request::Token(client.request(*identity, None).to(REVOCATION_PATH)))
    }
}
