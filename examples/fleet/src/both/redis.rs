use std::fmt;
use std::time::Duration;

use redis::cmd;
use zeroize::Zeroizing;

use super::{Server, Store, server};
use crate::stored::{BoxError, Stored};

/// A store in a Redis server, for processes on any number of machines.
///
/// The key is a hash with the fields `revision` and `snapshot`; the lease is a key of its own, with `:lease` behind the name. What
/// replicates the server may lose what was stored last: there one login more may come of it.
#[derive(Clone)]
pub struct Redis {
    server: Server,
    key: String,
}

const COMPARE_AND_SET: &str = "
    local revision = tonumber(redis.call('HGET', KEYS[1], 'revision') or 0)
    if revision ~= tonumber(ARGV[1]) then return 0 end
    redis.call('HSET', KEYS[1], 'revision', string.format('%d', revision + 1), 'snapshot', ARGV[2])
    return 1";

const LEASE: &str = "
    local holder = redis.call('GET', KEYS[1])
    if holder and holder ~= ARGV[1] then return 0 end
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
    return 1";

const RELEASE: &str = "
    if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
    return 1";

impl Redis {
    waiting! {
    /// The server at `redis://HOST:PORT`, and the key in it.
    ///
    /// # Errors
    ///
    /// What is wrong with the URL, or the server.
    pub fn open(url: &str, key: &str) -> Result<Self, BoxError> {
        Ok(Redis { server: wait!(server(url))?, key: key.to_owned() })
    }
    }

    /// Another key in the same server: another user's.
    pub fn with_key(&self, key: &str) -> Self {
        Redis { server: self.server.clone(), key: key.to_owned() }
    }

    waiting! {
    /// Forgets the snapshot, and with it that a sign-in was refused.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub fn remove(&self) -> Result<(), BoxError> {
        let mut connection = connection!(self.server);
        Ok(query!(cmd("DEL").arg(&self.key), connection)?)
    }
    }

    fn lease_key(&self) -> String {
        format!("{}:lease", self.key)
    }
}

impl Store for Redis {
    waiting! {
    fn load(&self) -> Result<Option<Stored>, BoxError> {
        let mut connection = connection!(self.server);
        let found: (Option<u64>, Option<Vec<u8>>) =
            query!(cmd("HMGET").arg(&self.key).arg("revision").arg("snapshot"), connection)?;
        let (Some(revision), Some(snapshot)) = found else { return Ok(None) };
        Ok(Some(Stored { revision, snapshot: Zeroizing::new(snapshot) }))
    }
    }

    waiting! {
    fn compare_and_set(&self, revision: u64, snapshot: &[u8]) -> Result<bool, BoxError> {
        let mut connection = connection!(self.server);
        let command = &mut cmd("EVAL");
        Ok(query!(command.arg(COMPARE_AND_SET).arg(1).arg(&self.key).arg(revision).arg(snapshot), connection)?)
    }
    }

    waiting! {
    fn lease(&self, holder: u64, time_out: Duration) -> Result<bool, BoxError> {
        let mut connection = connection!(self.server);
        let milliseconds = u64::try_from(time_out.as_millis())?;
        let command = &mut cmd("EVAL");
        Ok(query!(command.arg(LEASE).arg(1).arg(self.lease_key()).arg(holder).arg(milliseconds), connection)?)
    }
    }

    waiting! {
    fn release(&self, holder: u64) -> Result<(), BoxError> {
        let mut connection = connection!(self.server);
        Ok(query!(cmd("EVAL").arg(RELEASE).arg(1).arg(self.lease_key()).arg(holder), connection)?)
    }
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").field("key", &self.key).finish_non_exhaustive()
    }
}
