use std::time::Duration;

use super::{Redis, Store};
use crate::File;
use crate::stored::{BoxError, Stored};

/// A store that a setting names: a file, or a key in a Redis server.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file.
    File(File),
    /// A key in a Redis server.
    Redis(Redis),
}

impl Place {
    waiting! {
    /// A path; or `redis://HOST:PORT`, where the key is this one.
    ///
    /// # Errors
    ///
    /// What is wrong with the server.
    pub fn open(text: &str, key: &str) -> Result<Self, BoxError> {
        if text.starts_with("redis://") {
            return Ok(Place::Redis(wait!(Redis::open(text, key))?));
        }
        Ok(Place::File(File::new(text)))
    }
    }

    waiting! {
    /// Forgets the snapshot, and with it that a sign-in was refused.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn remove(&self) -> Result<(), BoxError> {
        match self {
            Place::File(file) => Ok(file.remove()?),
            Place::Redis(redis) => wait!(redis.remove()),
        }
    }
    }
}

impl Store for Place {
    waiting! {
    fn load(&self) -> Result<Option<Stored>, BoxError> {
        match self {
            Place::File(file) => wait!(file.load()),
            Place::Redis(redis) => wait!(redis.load()),
        }
    }
    }

    waiting! {
    fn compare_and_set(&self, revision: u64, snapshot: &[u8]) -> Result<bool, BoxError> {
        match self {
            Place::File(file) => wait!(file.compare_and_set(revision, snapshot)),
            Place::Redis(redis) => wait!(redis.compare_and_set(revision, snapshot)),
        }
    }
    }

    waiting! {
    fn lease(&self, holder: u64, time_out: Duration) -> Result<bool, BoxError> {
        match self {
            Place::File(file) => wait!(file.lease(holder, time_out)),
            Place::Redis(redis) => wait!(redis.lease(holder, time_out)),
        }
    }
    }

    waiting! {
    fn release(&self, holder: u64) -> Result<(), BoxError> {
        match self {
            Place::File(file) => wait!(file.release(holder)),
            Place::Redis(redis) => wait!(redis.release(holder)),
        }
    }
    }
}
