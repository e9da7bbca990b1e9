//! The users, and what comes of what they sign in with.

use std::sync::Mutex;

use serde::Deserialize;

use crate::options::{Outcome, User};
use crate::site::Site;

/// The users as they are now: a change of password changes them.
pub(crate) struct Users(Mutex<Vec<User>>);

/// The body of a login, or of one that changes the password. Members it does not name are ignored.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Login {
    pub(crate) user_name: String,
    pub(crate) user_password: String,
    pub(crate) workspace_name: Option<String>,
    pub(crate) time_zone_offset: Option<i32>,
    pub(crate) provider_name: Option<String>,
    pub(crate) claim_list: Option<Vec<Claim>>,
    pub(crate) new_user_password: String,
    pub(crate) confirm_user_password: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Claim {
    pub(crate) key: String,
    pub(crate) value: String,
}

/// What comes of a login.
pub(crate) enum Judgement {
    /// What the user is meant to get.
    Outcome(Outcome),
    /// A wrong user name or password.
    Wrong,
    /// Too many failures before.
    Locked,
    /// All is right, and yet it is rejected for this reason.
    Refused(&'static str),
}

impl Users {
    pub(crate) fn new(users: Vec<User>) -> Self {
        Self(Mutex::new(users))
    }

    fn find(&self, name: &str) -> Option<User> {
        let users = self.0.lock().expect("no holder panics");
        users.iter().find(|user| user.name == name).cloned()
    }

    /// Gives a user a password that neither is to be changed nor has expired.
    fn set_password(&self, name: &str, password: &str) {
        let mut users = self.0.lock().expect("no holder panics");
        let user = users.iter_mut().find(|user| user.name == name).expect("no user is removed");
        password.clone_into(&mut user.password);
        user.outcome = Outcome::Accepted;
    }
}

impl Login {
    /// Judges it, and keeps count of the user's failures.
    pub(crate) fn judge(&self, site: &Site) -> Judgement {
        let Some(user) = site.users.find(&self.user_name) else {
            return Judgement::Wrong;
        };
        let failures = &site.failed_logins;
        match user.outcome {
            Outcome::Denied => {}
            _ if failures.is_locked(&user.name) => {
                failures.add_one(&user.name);
                return Judgement::Locked;
            }
            _ if user.password != self.user_password => {
                failures.add_one(&user.name);
                return Judgement::Wrong;
            }
            Outcome::Accepted | Outcome::PasswordChangeAdvised => failures.forget(&user.name),
            Outcome::PasswordExpired | Outcome::Rejected => {}
        }
        Judgement::Outcome(user.outcome)
    }

    /// Judges it, and changes the password if all is right.
    pub(crate) fn change_password(&self, site: &Site) -> Judgement {
        match self.judge(site) {
            Judgement::Outcome(Outcome::Accepted | Outcome::PasswordChangeAdvised | Outcome::PasswordExpired) => {}
            other => return other,
        }
        if self.new_user_password != self.confirm_user_password {
            return Judgement::Refused("The new password and its confirmation differ.");
        }
        if self.new_user_password.is_empty() {
            return Judgement::Refused("The new password is empty.");
        }
        if self.new_user_password == self.user_password {
            return Judgement::Refused("The new password is the old one.");
        }
        site.users.set_password(&self.user_name, &self.new_user_password);
        site.failed_logins.forget(&self.user_name);
        site.tally.passwords_changed.add_one();
        Judgement::Outcome(Outcome::Accepted)
    }
}
