//! Failed logins in a row, and the lock that follows.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Mutex;

/// By user name. Only users that exist are counted.
pub(crate) struct FailedLogins {
    counts: Mutex<HashMap<String, u32>>,
    /// So many lock the user.
    limit: Option<NonZeroU32>,
}

impl FailedLogins {
    pub(crate) fn new(limit: Option<NonZeroU32>) -> Self {
        Self { counts: Mutex::default(), limit }
    }

    pub(crate) fn count(&self, user: &str) -> u32 {
        self.counts.lock().expect("no holder panics").get(user).copied().unwrap_or_default()
    }

    pub(crate) fn is_locked(&self, user: &str) -> bool {
        self.limit.is_some_and(|limit| self.count(user) >= limit.get())
    }

    pub(crate) fn add_one(&self, user: &str) {
        let mut counts = self.counts.lock().expect("no holder panics");
        *counts.entry(user.to_owned()).or_default() += 1;
    }

    pub(crate) fn forget(&self, user: &str) {
        self.counts.lock().expect("no holder panics").remove(user);
    }
}
