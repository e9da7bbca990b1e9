//! The ways to sign in, each an exchange of its own.

use core::fmt;

use crate::answer::earlier_sign_in::EarlierSignIn;
use crate::answer::login::{StatusText, Verdict};
use crate::answer::token::{TokenText, TokenVerdict};
use crate::answer::windows::WindowsVerdict;
use crate::exchange::Exchange;
use crate::exchange::error::Misuse;
use crate::request::code::AuthorizationRequest;
use crate::request::login::Credentials;
use crate::request::password_change::PasswordChange;
use crate::request::token::ClientCredentials;
use crate::session::Session;
use crate::session::authorization::RefreshToken;
use crate::site::Site;
use crate::text::numbered::named;

/// An identity service, which is a site of its own, and who asks it for tokens (OAuth 2.0).
///
/// ```
/// use creatio_auth::client::Identity;
/// use creatio_auth::{ClientCredentials, Runtime, Site};
/// # use creatio_defmt as _;
///
/// let client = ClientCredentials::borrowed("3D2C1B0A", "secret");
/// let identity = Identity::new(Site::parse("https://example-is.creatio.com", Runtime::Net)?, &client);
/// // For `Client::token`, and for `call_renewed` in place of credentials.
/// # let _ = identity;
/// # Ok::<(), creatio_auth::SiteError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// Where it is.
    pub service: Site<'a>,
    /// Who asks.
    pub client: &'a ClientCredentials<'a>,
}

impl<'a> Identity<'a> {
    /// An identity service, and who asks it.
    pub const fn new(service: Site<'a>, client: &'a ClientCredentials<'a>) -> Self {
        Identity { service, client }
    }

    /// The way to sign in by the session's refresh token.
    pub const fn by_refresh(self) -> Refresh<'a> {
        Refresh(self)
    }
}

/// An identity service that is asked by the session's refresh token: see [`Identity::by_refresh`].
#[derive(Clone, Copy, Debug)]
pub struct Refresh<'a>(Identity<'a>);

/// An identity service that is asked by a code.
pub(super) struct Code<'a> {
    pub identity: &'a Identity<'a>,
    pub request: &'a AuthorizationRequest<'a>,
    pub code: &'a str,
}

/// What a way to sign in has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Renewed {
    /// The session has signed in.
    SignedIn,
    /// It was [restored](Session::restore) from a newer snapshot, such as that of another process. Nothing is known of it but that
    /// it was good once: where the site does not take it either, a sign-in is still to be had.
    Restored,
}

/// Why the session is not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Refusal {
    /// The verdict about a login.
    Login(Verdict),
    /// The verdict about a request for a token.
    Token(TokenVerdict),
    /// The verdict about a login by Windows authentication.
    Windows(WindowsVerdict),
    /// None was tried, for the one before was refused, or brought nothing that could be used, and so it stays
    /// ([`Session::earlier_sign_in`]). Sign in yourself, or [allow](Session::allow_sign_in) it, when something has changed.
    Earlier(EarlierSignIn),
    /// None was tried yet, for nobody knows what has become of the one before: not now, but later. Nothing is counted for it.
    Wait {
        /// After so many seconds ([`Session::sign_in_delay`]). Then call again, having told the session the
        /// [time](Session::set_time), or that they [have passed](Session::end_sign_in_delay).
        seconds: u32,
    },
    /// None was tried, for a way to sign in of the caller's own says so. It knows why.
    Withheld,
    /// None was tried, for what [saves](crate::client::transports::Saving) the session before one has not done so.
    NotSaved,
    /// The session has no refresh token, or none any more: the person has to approve.
    NotApproved,
}

named!(Refusal {
    Login { .. },
    Token { .. },
    Windows { .. },
    Earlier { .. },
    Wait { .. },
    Withheld,
    NotSaved,
    NotApproved,
});

named!(Renewed { SignedIn, Restored });

impl Refusal {
    /// Why no sign-in may go out by itself now, if so: the one place where the clients ask.
    pub(super) fn of_earlier(session: &Session<'_>) -> Option<Self> {
        match session.sign_in_delay() {
            Some(0) => None,
            Some(seconds) => Some(Refusal::Wait { seconds }),
            None => Some(Refusal::Earlier(session.earlier_sign_in().unwrap_or(EarlierSignIn::Unreadable))),
        }
    }

    /// Whether it may come to something else later by itself: the site is busy, and has judged nothing, or nobody knows.
    pub(super) const fn is_for_now(&self) -> bool {
        matches!(
            self,
            Refusal::Wait { .. }
                | Refusal::Login(Verdict::Busy)
                | Refusal::Token(TokenVerdict::Busy)
                | Refusal::Windows(WindowsVerdict::Login(Verdict::Busy))
        )
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Login(verdict) => verdict.fmt(f),
            Refusal::Token(verdict) => verdict.fmt(f),
            Refusal::Windows(verdict) => verdict.fmt(f),
            Refusal::Earlier(earlier) => {
                write!(f, "an earlier sign-in has come to nothing, and this one would, too: {earlier}")
            }
            Refusal::Wait { seconds } => {
                write!(f, "the last sign-in was lost on its way; the next one may be in {seconds} seconds")
            }
            Refusal::Withheld => f.write_str("the program's own way to sign in has not let it be"),
            Refusal::NotSaved => f.write_str("the session could not be saved before, and so none was tried"),
            Refusal::NotApproved => f.write_str("there is no refresh token; the person has to approve"),
        }
    }
}

/// An exchange that signs in. A trait and no enum, so that a program links those that it uses, and no others.
pub trait Door {
    /// The site that it goes to.
    fn site<'a>(&'a self, home: &'a Site<'a>) -> &'a Site<'a>;

    fn begin<'c, 'm: 'c>(&'c self, session: &mut Session<'m>) -> Exchange<'c>;

    /// Whether the session has what it takes.
    fn is_possible(_: &Session<'_>) -> bool {
        true
    }

    /// The texts of the answer that say why it has not, the best one first.
    const MESSAGES: [u8; 2];

    /// The verdict of the complete exchange, where it has not signed in.
    fn refusal(exchange: &Exchange<'_>, session: &Session<'_>) -> Result<Option<Refusal>, Misuse>;
}

impl Door for Credentials<'_> {
    const MESSAGES: [u8; 2] = [StatusText::Message as u8, StatusText::ExceptionMessage as u8];

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
    const MESSAGES: [u8; 2] = Credentials::MESSAGES;

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
    const MESSAGES: [u8; 2] = [TokenText::Description as u8, TokenText::Error as u8];

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

impl Door for Refresh<'_> {
    const MESSAGES: [u8; 2] = Identity::MESSAGES;

    fn site<'a>(&'a self, _: &'a Site<'a>) -> &'a Site<'a> {
        &self.0.service
    }

    fn begin<'c, 'm: 'c>(&'c self, session: &mut Session<'m>) -> Exchange<'c> {
        session.token_by_refresh_for_c(&self.0.service, self.0.client)
    }

    fn is_possible(session: &Session<'_>) -> bool {
        session.refresh_token() != RefreshToken::None
    }

    fn refusal(exchange: &Exchange<'_>, session: &Session<'_>) -> Result<Option<Refusal>, Misuse> {
        Identity::refusal(exchange, session)
    }
}

impl Door for Code<'_> {
    const MESSAGES: [u8; 2] = Identity::MESSAGES;

    fn site<'a>(&'a self, _: &'a Site<'a>) -> &'a Site<'a> {
        &self.identity.service
    }

    fn begin<'c, 'm: 'c>(&'c self, session: &mut Session<'m>) -> Exchange<'c> {
        session.token_by_code(&self.identity.service, self.identity.client, self.request, self.code)
    }

    fn refusal(exchange: &Exchange<'_>, session: &Session<'_>) -> Result<Option<Refusal>, Misuse> {
        Identity::refusal(exchange, session)
    }
}
