//! What has happened, counted.

use std::sync::atomic::{AtomicU64, Ordering};

/// How often things have happened since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Requests to the login service, whatever their outcome, but for those counted as `overloaded`.
    pub logins: u64,
    /// Logins that began a session.
    pub logins_accepted: u64,
    /// One-time codes sent as texts.
    pub text_codes: u64,
    /// Passwords changed.
    pub passwords_changed: u64,
    /// Tokens issued, wherever they were asked for.
    pub tokens_issued: u64,
    /// Token requests refused with an error of RFC 6749.
    pub token_requests_refused: u64,
    /// Calls that had a session and its CSRF header, or a valid token, and so were executed and
    /// answered, even if the answer was cut. Logout is one of them, and a batch is one in all.
    pub calls: u64,
    /// TCP connections accepted, including those that failed to agree on TLS and
    /// those to the identity service.
    pub connections: u64,
    /// Calls and logins answered with the status of [`Emulator::overload`](crate::Emulator::overload) or
    /// [`Emulator::overload_logins`](crate::Emulator::overload_logins), and not counted as `calls` or `logins`.
    pub overloaded: u64,
    /// Writes that were executed: a record created, changed or deleted, a binary column set, a
    /// piece of a file added. Those in a batch count one by one.
    pub writes: u64,
    /// Writes that came to be executed and were refused, because the record is not there or would
    /// not be valid, for example. They have changed nothing.
    pub writes_refused: u64,
}

/// The counting [`Counters`].
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) logins: Counter,
    pub(crate) logins_accepted: Counter,
    pub(crate) text_codes: Counter,
    pub(crate) passwords_changed: Counter,
    pub(crate) tokens_issued: Counter,
    pub(crate) token_requests_refused: Counter,
    pub(crate) calls: Counter,
    pub(crate) connections: Counter,
    pub(crate) overloaded: Counter,
    writes: Counter,
    writes_refused: Counter,
}

#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add_one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Tally {
    /// Counts a write by its outcome.
    pub(crate) fn write(&self, executed: bool) {
        if executed {
            self.writes.add_one();
        } else {
            self.writes_refused.add_one();
        }
    }

    pub(crate) fn counters(&self) -> Counters {
        Counters {
            logins: self.logins.get(),
            logins_accepted: self.logins_accepted.get(),
            text_codes: self.text_codes.get(),
            passwords_changed: self.passwords_changed.get(),
            tokens_issued: self.tokens_issued.get(),
            token_requests_refused: self.token_requests_refused.get(),
            calls: self.calls.get(),
            connections: self.connections.get(),
            overloaded: self.overloaded.get(),
            writes: self.writes.get(),
            writes_refused: self.writes_refused.get(),
        }
    }
}
