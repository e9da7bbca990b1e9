//! Tickets and tokens: texts that stand for something until they end.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What each of them stands for.
pub(crate) struct Expiring<T> {
    entries: Mutex<HashMap<String, Entry<T>>>,
    /// After how many more calls all of them end.
    calls_left: Mutex<Option<u32>>,
}

struct Entry<T> {
    value: T,
    /// `None` if the clock cannot tell a moment so late.
    deadline: Option<Instant>,
    /// How many calls it has authorised.
    calls: u32,
}

impl<T> Default for Expiring<T> {
    fn default() -> Self {
        Self { entries: Mutex::default(), calls_left: Mutex::default() }
    }
}

impl<T: Clone + PartialEq> Expiring<T> {
    /// Lets `key` stand for `value` for so long.
    pub(crate) fn insert(&self, key: String, value: T, lifetime: Duration) {
        let now = Instant::now();
        let mut entries = self.entries.lock().expect("no holder panics");
        if entries.len() == entries.capacity() {
            entries.retain(|_, entry| entry.deadline.is_none_or(|deadline| now < deadline));
        }
        let deadline = now.checked_add(lifetime);
        entries.insert(key, Entry { value, deadline, calls: 0 });
    }

    /// What `key` stands for, if it has not ended.
    pub(crate) fn find(&self, key: &str) -> Option<T> {
        let entries = self.entries.lock().expect("no holder panics");
        let entry = entries.get(key)?;
        let valid = entry.deadline.is_none_or(|end| Instant::now() < end);
        valid.then(|| entry.value.clone())
    }

    /// To be told when this one has authorised a call: it ends after so many.
    pub(crate) fn spend(&self, key: &str, most: NonZeroU32) {
        let mut entries = self.entries.lock().expect("no holder panics");
        if let Some(entry) = entries.get_mut(key) {
            entry.calls += 1;
            if entry.calls == most.get() {
                entries.remove(key);
            }
        }
    }

    /// Ends this one.
    pub(crate) fn remove(&self, key: &str) {
        self.entries.lock().expect("no holder panics").remove(key);
    }

    /// Ends all that stand for `value`.
    pub(crate) fn end(&self, value: &T) {
        let mut entries = self.entries.lock().expect("no holder panics");
        entries.retain(|_, entry| entry.value != *value);
    }

    /// Ends all after so many more calls.
    pub(crate) fn clear_after(&self, calls: u32) {
        *self.calls_left.lock().expect("no holder panics") = (calls > 0).then_some(calls);
        if calls == 0 {
            self.clear();
        }
    }

    /// To be told when a call that one of them has authorised was answered.
    pub(crate) fn call_answered(&self) {
        let mut calls_left = self.calls_left.lock().expect("no holder panics");
        let Some(calls) = calls_left.as_mut() else { return };
        *calls = calls.saturating_sub(1);
        if *calls == 0 {
            *calls_left = None;
            self.clear();
        }
    }

    /// Ends all.
    pub(crate) fn clear(&self) {
        self.entries.lock().expect("no holder panics").clear();
    }
}
