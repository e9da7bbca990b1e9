//! How a client signs in for a call.

use super::link::Link;
use super::transport::Transport;
use crate::client::Error;
use crate::client::sign_in::{Identity, Refresh, Renewed};
use crate::request::login::Credentials;

/// A way to sign in a session that has ended, or is empty: [`Credentials`], an [`Identity`] for a token, a [`Refresh`] for one by
/// the session's refresh token, or one of the caller's own.
///
/// One of the caller's own is a step around another: where many processes share a user, it has one of them sign in at a time, and
/// takes what another has stored instead. It wraps one of those here:
///
#[doc = example!(sign_in)]
///
/// Where it lets no sign-in be, its error is [`Error::SignIn`] with [`Refusal::Withheld`](crate::client::Refusal::Withheld).
pub trait SignIn {
    waiting! {
    /// Signs the session in, or restores it from a newer snapshot, and says which.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::SignIn`] where the session is not signed in. It goes to the caller of
    /// [`call_renewed`](super::Client::call_renewed).
    fn sign_in<T: Transport>(&mut self, link: &mut Link<'_, '_, T>) -> Result<Renewed, Error<T::Error>>;
    }
}

impl SignIn for &Credentials<'_> {
    waiting! {
    /// Signs in, unless the [session](crate::Session::sign_in_delay) does not let it.
    fn sign_in<T: Transport>(&mut self, link: &mut Link<'_, '_, T>) -> Result<Renewed, Error<T::Error>> {
        wait!(link.renew(*self))
    }
    }
}

impl SignIn for &Identity<'_> {
    waiting! {
    /// Gets a token, unless the [session](crate::Session::sign_in_delay) does not let it.
    fn sign_in<T: Transport>(&mut self, link: &mut Link<'_, '_, T>) -> Result<Renewed, Error<T::Error>> {
        wait!(link.renew(*self))
    }
    }
}

impl SignIn for &Refresh<'_> {
    waiting! {
    /// Gets a token by the session's refresh token, unless the session does not let it or has none.
    fn sign_in<T: Transport>(&mut self, link: &mut Link<'_, '_, T>) -> Result<Renewed, Error<T::Error>> {
        wait!(link.renew(*self))
    }
    }
}

impl<S: SignIn> SignIn for &mut S {
    waiting! {
    fn sign_in<T: Transport>(&mut self, link: &mut Link<'_, '_, T>) -> Result<Renewed, Error<T::Error>> {
        wait!(S::sign_in(self, link))
    }
    }
}
