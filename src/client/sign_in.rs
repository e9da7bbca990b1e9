//! The ways to sign in, each an exchange of its own.

use core::fmt;

use crate::answer::login::Verdict;
use crate::answer::token::TokenVerdict;
use crate::exchange::Exchange;
use crate::exchange::error::Misuse;
use crate::request::login::Credentials;
use crate::request::password_change::PasswordChange;
use crate::request::token::ClientCredentials;
use crate::session::Session;
use crate::site::Site;

/// A way to sign in when the session has ended: [`Credentials`], or an [`Identity`] for a token. There are no others.
pub trait SignIn: Door {}

impl SignIn for Credentials<'_> {}
impl SignIn for Identity<'_> {}

/// An identity service, which is a site of its own, and who asks it for tokens (OAuth 2.0).
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// Where it is.
    pub service: Site<'a>,
    /// Who asks.
    pub client: &'a ClientCredentials<'a>,
}

/// Why the session is not signed in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Refusal {
    /// The verdict about a login.
    Login(Verdict),
    /// The verdict about a request for a token.
    Token(TokenVerdict),
}

impl Refusal {
    /// Whether it would be the same again, and might lock the account.
    pub(super) const fn is_final(&self) -> bool {
        matches!(
            self,
            Refusal::Login(
                Verdict::Rejected
                    | Verdict::UnknownCode
                    | Verdict::BadCredentials
                    | Verdict::NeedGrantLicense
                    | Verdict::NoLicense
                    | Verdict::PasswordExpired
                    | Verdict::SecondFactorWanted
                    | Verdict::AuthenticatorWanted
            ) | Refusal::Token(TokenVerdict::InvalidClient | TokenVerdict::UnauthorizedClient)
        )
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Login(verdict) => verdict.fmt(f),
            Refusal::Token(verdict) => verdict.fmt(f),
        }
    }
}

/// An exchange that signs in. A trait and no enum, so that a program links those that it uses, and no others.
pub trait Door {
    /// The site that it goes to.
    fn site<'a>(&'a self, home: &'a Site<'a>) -> &'a Site<'a>;

    fn begin<'c, 'm: 'c>(&'c self, session: &mut Session<'m>) -> Exchange<'c>;

    /// The verdict of the complete exchange, where it has not signed in.
    fn refusal(exchange: &Exchange<'_>, session: &Session<'_>) -> Result<Option<Refusal>, Misuse>;
}

impl Door for Credentials<'_> {
    fn site<'a>(&'a self, home: &'a Site<'a>) -> &'a Site<'a> {
        home
    }

    fn begin<'c, 'm: 'c>(&'c self, session: &mut Session<'m>) -> Exchange<'c> {
        session.login(self)
    }

    fn refusal(exchange: &Exchange<'_>, session: &Session<'_>) -> Result<Option<Refusal>, Misuse> {
        let verdict = exchange.login_result(session)?.verdict;
        Ok((!verdict.is_authenticated()).then_some(Refusal::Login(verdict)))
    }
}

impl Door for PasswordChange<'_> {
    fn site<'a>(&'a self, home: &'a Site<'a>) -> &'a Site<'a> {
        home
    }

    fn begin<'c, 'm: 'c>(&'c self, session: &mut Session<'m>) -> Exchange<'c> {
        session.change_password(self)
    }

    fn refusal(exchange: &Exchange<'_>, session: &Session<'_>) -> Result<Option<Refusal>, Misuse> {
        Credentials::refusal(exchange, session)
    }
}

impl Door for Identity<'_> {
    fn site<'a>(&'a self, _: &'a Site<'a>) -> &'a Site<'a> {
        &self.service
    }

    fn begin<'c, 'm: 'c>(&'c self, session: &mut Session<'m>) -> Exchange<'c> {
        session.token(&self.service, self.client)
    }

    fn refusal(exchange: &Exchange<'_>, session: &Session<'_>) -> Result<Option<Refusal>, Misuse> {
        let verdict = exchange.token_result(session)?.verdict;
        Ok((verdict != TokenVerdict::Granted).then_some(Refusal::Token(verdict)))
    }
}
