//! The users, and what comes of what they sign in with.

use std::sync::Mutex;

use serde::Deserialize;

use crate::options::{Outcome, SecondFactor, User};
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
    /// The cookie that came with it.
    #[serde(skip)]
    pub(crate) first_factor: Option<String>,
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
    /// The password is right, and the first of two steps is done.
    FirstStep,
    /// The password is right or of no avail, and something else is wrong.
    Refused { code: i32, message: &'static str },
}

impl Users {
    pub(crate) fn new(users: Vec<User>) -> Self {
        Self(Mutex::new(users))
    }

    fn find(&self, name: &str) -> Option<User> {
        let users = self.0.lock().expect("no holder panics");
        users.iter().find(|user| user.name == name).cloned()
    }

    /// Whether the site wants one-time codes of anybody.
    pub(crate) fn have_one_time_codes(&self) -> bool {
        self.0.lock().expect("no holder panics").iter().any(|user| user.one_time_code.is_some())
    }

    /// Gives a user another one-time code. Whether there is such a user.
    pub(crate) fn set_one_time_code(&self, name: &str, code: Option<String>) -> bool {
        let mut users = self.0.lock().expect("no holder panics");
        let user = users.iter_mut().find(|user| user.name == name);
        user.map(|user| user.one_time_code = code).is_some()
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
    /// A login by nothing but these two.
    pub(crate) fn new(user_name: String, user_password: String) -> Self {
        Self { user_name, user_password, ..Self::default() }
    }

    /// Judges it, and keeps count of the user's failures.
    pub(crate) fn judge(&self, site: &Site) -> Judgement {
        let user = match self.user(site) {
            Ok(user) => user,
            Err(judgement) => return judgement,
        };
        if user.outcome != Outcome::Denied
            && let Err(judgement) = self.second_factor(&user, site)
        {
            return judgement;
        }
        if matches!(user.outcome, Outcome::Accepted | Outcome::PasswordChangeAdvised) {
            site.failed_logins.forget(&user.name);
        }
        Judgement::Outcome(user.outcome)
    }

    /// The user whose password it is, or to whom the password does not matter.
    pub(crate) fn user(&self, site: &Site) -> Result<User, Judgement> {
        if site.options.oauth_only {
            let message = "Integrations sign in by OAuth 2.0 only.";
            return Err(Judgement::Refused { code: site.options.oauth_only_rejection, message });
        }
        let user = site.users.find(&self.user_name).ok_or(Judgement::Wrong)?;
        let failures = &site.failed_logins;
        if user.outcome == Outcome::Denied {
            return Ok(user);
        }
        if failures.is_locked(&user.name) {
            failures.add_one(&user.name);
            return Err(Judgement::Locked);
        }
        if user.password != self.user_password {
            failures.add_one(&user.name);
            return Err(Judgement::Wrong);
        }
        Ok(user)
    }

    /// Checks the one-time code, if the user has one. A wrong one is a failed login; a missing one is
    /// no more than the first step towards a login.
    fn second_factor(&self, user: &User, site: &Site) -> Result<(), Judgement> {
        let Some(code) = &user.one_time_code else { return Ok(()) };
        let refused = |message| Err(Judgement::Refused { code: site.options.one_time_code_rejection, message });
        let in_two_steps = site.options.second_factor != SecondFactor::OneStep;
        let mut claims = self.claim_list.iter().flatten();
        let Some(claim) = claims.find(|claim| claim.key == "token") else {
            return if in_two_steps { Err(Judgement::FirstStep) } else { refused("A one-time code is needed.") };
        };
        let first_factor = self.first_factor.as_deref().and_then(|value| site.first_factors.find(value));
        if in_two_steps && first_factor.as_ref() != Some(&user.name) {
            return refused("The first step is missing, or was too long ago.");
        }
        let provider = &site.options.one_time_code_provider;
        if provider.is_some() && self.provider_name != *provider {
            return refused("There is no such provider of one-time codes.");
        }
        let was_sent = !site.options.text_code || site.text_codes.find(&user.name).is_some();
        if claim.value != *code || !was_sent {
            site.failed_logins.add_one(&user.name);
            return refused("The one-time code is wrong.");
        }
        site.first_factors.end(&user.name);
        site.text_codes.remove(&user.name);
        Ok(())
    }

    /// Judges it, and changes the password if all is right.
    pub(crate) fn change_password(&self, site: &Site) -> Judgement {
        match self.judge(site) {
            Judgement::Outcome(Outcome::Accepted | Outcome::PasswordChangeAdvised | Outcome::PasswordExpired) => {}
            other => return other,
        }
        let refused = |message| Judgement::Refused { code: 1, message };
        if self.new_user_password != self.confirm_user_password {
            return refused("The new password and its confirmation differ.");
        }
        if self.new_user_password.is_empty() {
            return refused("The new password is empty.");
        }
        if self.new_user_password == self.user_password {
            return refused("The new password is the old one.");
        }
        site.users.set_password(&self.user_name, &self.new_user_password);
        site.failed_logins.forget(&self.user_name);
        site.tally.passwords_changed.add_one();
        Judgement::Outcome(Outcome::Accepted)
    }
}
