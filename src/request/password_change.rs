//! What changes a password.

use super::login::{Credentials, LoginTexts};
use super::secret::Secret;
use crate::site::path::Path;

/// The path of the change of a password below the base path, on both runtimes.
pub(crate) static PASSWORD_CHANGE_PATH: Path<'_> =
    Path::of_ours("/ServiceModel/AuthService.svc/DoChangePasswordLogin");

/// Credentials and the password that is to take the place of theirs: redacted in `Debug`, and wiped when dropped.
///
/// ```
/// use creatio_auth::{Credentials, Exchange, PasswordChange, Session};
///
/// fn change<'c>(session: &mut Session<'c>, change: &'c PasswordChange<'c>) -> Exchange<'c> {
///     session.change_password(change) // which signs in at the same time; `login_result` says what came of it
/// }
///
/// let (mut old, mut new) = (String::from("old"), String::from("new"));
/// let change = PasswordChange::new(Credentials::new("Supervisor", &mut old), &mut new);
/// # let _ = change;
/// ```
#[derive(Debug)]
pub struct PasswordChange<'a> {
    credentials: Credentials<'a>,
    new_password: Secret<'a>,
}

impl<'a> PasswordChange<'a> {
    /// A new password, whose memory is overwritten with zeros when the value is dropped. Where the change succeeds, it has
    /// to be kept elsewhere by then.
    pub const fn new(credentials: Credentials<'a>, new_password: &'a mut str) -> Self {
        PasswordChange { credentials, new_password: Secret::Wiped(new_password) }
    }

    /// A new password that is left as it is.
    pub const fn borrowed(credentials: Credentials<'a>, new_password: &'a str) -> Self {
        PasswordChange { credentials, new_password: Secret::Kept(new_password) }
    }

    pub(crate) fn texts(&self) -> LoginTexts<'_> {
        let mut texts = self.credentials.texts();
        texts.set(LoginTexts::NEW_PASSWORD, self.new_password.as_str());
        texts
    }
}
