//! What changes a password.

use super::login::{Credentials, LoginBody, write_member};
use super::secret::Secret;
use crate::site::path::Path;
use crate::text::window::Window;

/// The path of the change of a password, likewise.
static PASSWORD_CHANGE_PATH: Path<'_> = Path::of_ours("/ServiceModel/AuthService.svc/DoChangePasswordLogin");

/// Credentials and the password that is to take the place of theirs: redacted in `Debug`, and wiped when dropped.
#[derive(Debug)]
pub struct PasswordChange<'a> {
    credentials: Credentials<'a>,
    new_password: Secret<'a>,
}

impl<'a> PasswordChange<'a> {
    /// A new password, whose memory is overwritten with zeros when the value is dropped. Where the change succeeds, it has
    /// to be kept elsewhere by then.
    pub fn new(credentials: Credentials<'a>, new_password: &'a mut str) -> Self {
        PasswordChange { credentials, new_password: Secret::Wiped(new_password) }
    }

    /// A new password that is left as it is.
    pub fn borrowed(credentials: Credentials<'a>, new_password: &'a str) -> Self {
        PasswordChange { credentials, new_password: Secret::Kept(new_password) }
    }

    #[inline(never)]
    pub(crate) fn body(&self) -> PasswordChangeBody<'_> {
        PasswordChangeBody {
            login: self.credentials.body(&PASSWORD_CHANGE_PATH),
            new_password: self.new_password.as_str(),
        }
    }
}

/// The document that a change of the password sends.
#[derive(Clone, Copy)]
pub(crate) struct PasswordChangeBody<'c> {
    pub login: LoginBody<'c>,
    new_password: &'c str,
}

impl PasswordChangeBody<'_> {
    pub(crate) fn write(&self, out: &mut Window<'_>) {
        self.login.write_members(out);
        for name in [",\"NewUserPassword\":", ",\"ConfirmUserPassword\":"] {
            write_member(name, Some(self.new_password), out);
        }
        out.put_str("}");
    }
}
