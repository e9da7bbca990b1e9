//! Tokens, endpoints and revocation, asked for by a client.

use super::client::{Client, Farewell};
use super::transport::Transport;
use crate::answer::discovery::Discovery;
use crate::answer::oauth_health::OauthHealth;
use crate::answer::token::{Token, TokenVerdict};
use crate::client::Error;
use crate::client::sign_in::{Code, Door, Identity};
use crate::client::transfer::{Goal, Transfer};
use crate::request::code::AuthorizationRequest;
use crate::session::Session;

impl<'m, T: Transport> Client<'_, 'm, T> {
    waiting! {
    /// Gets a token from the identity service by the session's refresh token, and gives the answer, whatever its verdict. See
    /// [`Session::token_by_refresh`](crate::Session::token_by_refresh).
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::SignIn`] where the session has no refresh token.
    pub fn token_by_refresh(&mut self, identity: &Identity<'_>) -> Result<Token<'_>, Error<T::Error>> {
        let (mut link, door) = (self.link(), identity.by_refresh());
        wait!(link.open_for(&door))?;
        let mut transfer = Transfer::new(door.begin(link.session), false, 0);
        wait!(link.sign_in(&mut transfer, &door))?;
        Ok(transfer.exchange.token_result(link.session)?)
    }
    }

    waiting! {
    /// Gets a token from the identity service by a code, and gives the answer, whatever its verdict. See
    /// [`Session::token_by_code`](crate::Session::token_by_code).
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub fn token_by_code(
        &mut self,
        identity: &Identity<'_>,
        request: &AuthorizationRequest<'_>,
        code: &str,
    ) -> Result<Token<'_>, Error<T::Error>> {
        let (mut link, door) = (self.link(), Code { identity, request, code });
        wait!(link.open_for(&door))?;
        let mut transfer = Transfer::new(door.begin(link.session), false, 0);
        wait!(link.sign_in(&mut transfer, &door))?;
        Ok(transfer.exchange.token_result(link.session)?)
    }
    }

    waiting! {
    /// Asks an identity service for its endpoints, and gives the answer, whatever its verdict. See
    /// [`Session::discover`](crate::Session::discover).
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub fn discover(&mut self, identity: &Identity<'_>) -> Result<Discovery<'_>, Error<T::Error>> {
        let mut link = self.link();
        let begin = |session: &mut Session<'m>| session.discover(&identity.service, identity.client);
        let is_reused = wait!(link.open(&identity.service))?;
        let mut transfer = Transfer::new(begin(link.session), is_reused, 0);
        wait!(link.go(&mut transfer, &identity.service, Goal::End, begin))?;
        Ok(transfer.exchange.discovery_result(link.session)?)
    }
    }

    waiting! {
    /// Asks the site how its own connection to the identity service is, and gives the answer, whatever its verdict. See
    /// [`Session::oauth_health`](crate::Session::oauth_health).
    ///
    /// # Errors
    ///
    /// [`Error`]
    pub fn oauth_health(&mut self) -> Result<OauthHealth<'_>, Error<T::Error>> {
        let mut link = self.link();
        let site = *link.session.site();
        let begin = |session: &mut Session<'m>| session.oauth_health();
        let is_reused = wait!(link.open(&site))?;
        let mut transfer = Transfer::new(begin(link.session), is_reused, 0);
        wait!(link.go(&mut transfer, &site, Goal::End, begin))?;
        Ok(transfer.exchange.oauth_health_result(link.session)?)
    }
    }

    waiting! {
    /// Revokes the session's tokens, and forgets the session whatever comes of it: the log-out where a token authorises calls. The
    /// connection is closed. See [`Session::revoke`](crate::Session::revoke). One that has no token counts as
    /// [revoked](TokenVerdict::Revoked).
    ///
    /// # Errors
    ///
    /// [`Error`]: the service was perhaps not told. The session is cleared all the same.
    pub fn revoke(&mut self, identity: &Identity<'_>) -> Result<TokenVerdict, Error<T::Error>> {
        let Farewell(link) = &mut Farewell(self.link());
        if !link.session.has_token_to_revoke() {
            return Ok(TokenVerdict::Revoked);
        }
        let begin = |session: &mut Session<'m>| session.revoke_for_c(&identity.service, identity.client);
        let is_reused = wait!(link.open(&identity.service))?;
        let mut transfer = Transfer::new(begin(link.session), is_reused, 0);
        wait!(link.go(&mut transfer, &identity.service, Goal::End, begin))?;
        Ok(transfer.exchange.token_result(link.session)?.verdict)
    }
    }
}
