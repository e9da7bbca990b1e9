//! Where a snapshot is kept: a file, or a key of a Redis server.

use std::convert::Infallible;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result};
use redis::Commands;

const KEY: &str = "creatio-session";

#[derive(Clone)]
pub enum Store {
    File(PathBuf),
    Redis(String),
}

impl FromStr for Store {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(if text.starts_with("redis://") { Store::Redis(text.into()) } else { Store::File(text.into()) })
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Store::File(path) => path.display().fmt(f),
            Store::Redis(url) => f.write_str(url),
        }
    }
}

impl Store {
    pub fn load(&self) -> Result<Option<Vec<u8>>> {
        match self {
            Store::File(path) => match fs::read(path) {
                Ok(snapshot) => Ok(Some(snapshot)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error).context("cannot read the snapshot"),
            },
            Store::Redis(url) => Ok(connect(url)?.get(KEY)?),
        }
    }

    /// For the owner alone, and never half of it: a reader finds the old one or the new one.
    pub fn save(&self, snapshot: &[u8]) -> Result<()> {
        match self {
            Store::File(path) => {
                let new = path.with_extension(format!("{}.new", std::process::id()));
                let mut file =
                    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
                file.write_all(snapshot)?;
                file.sync_all()?;
                fs::rename(new, path).context("cannot write the snapshot")
            }
            Store::Redis(url) => Ok(connect(url)?.set::<_, _, ()>(KEY, snapshot)?),
        }
    }

    pub fn remove(&self) -> Result<()> {
        match self {
            Store::File(path) => fs::remove_file(path).context("cannot remove the snapshot"),
            Store::Redis(url) => Ok(connect(url)?.del::<_, ()>(KEY)?),
        }
    }
}

fn connect(url: &str) -> Result<redis::Connection> {
    redis::Client::open(url)
        .and_then(|client| client.get_connection())
        .with_context(|| format!("no Redis server at {url}; is it up?"))
}
