//! Where a snapshot is kept: a file, or a key of a Redis server.

use std::convert::Infallible;
use std::fmt;
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result, ensure};
use redis::Commands;
use zeroize::Zeroizing;

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
    /// The snapshot, which is wiped when it is dropped. One that others may read or write is not taken.
    pub fn load(&self) -> Result<Option<Zeroizing<Vec<u8>>>> {
        match self {
            Store::File(path) => match fs::File::open(path) {
                Ok(file) => read(file, path).map(Some),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error).context("cannot read the snapshot"),
            },
            Store::Redis(url) => Ok(connect(url)?.get::<_, Option<Vec<u8>>>(KEY)?.map(Zeroizing::new)),
        }
    }

    /// For the owner alone, and never half of it: a reader finds the old one or the new one. The file is a new one, so that
    /// nobody has it open already, and it has the mode that it is made with.
    pub fn save(&self, snapshot: &[u8]) -> Result<()> {
        match self {
            Store::File(path) => {
                let new = path.with_extension(format!("{}.new", std::process::id()));
                match fs::remove_file(&new) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(error).context("cannot remove what is in the way of the snapshot");
                    }
                    _ => {} // one of a process that had this number, and ended too early
                }
                let mut file = fs::OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .mode(0o600)
                    .open(&new)
                    .context("cannot make a file for the snapshot")?;
                let written = file.write_all(snapshot).and_then(|()| file.sync_all());
                written.and_then(|()| fs::rename(&new, path)).inspect_err(|_| _ = fs::remove_file(&new))?;
                Ok(())
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

/// Reads a file of the owner's own, into memory that does not move and leave copies behind.
fn read(mut file: fs::File, path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    let metadata = file.metadata()?;
    let mode = metadata.permissions().mode() & 0o777;
    ensure!(
        mode & 0o077 == 0,
        "the snapshot is as good as a password, and others may use {} (mode {mode:03o}); remove it, and sign in anew",
        path.display()
    );
    let mut snapshot = Zeroizing::new(Vec::with_capacity(metadata.len().try_into().unwrap_or(0)));
    (&mut file).take(metadata.len()).read_to_end(&mut snapshot).context("cannot read the snapshot")?;
    Ok(snapshot)
}

fn connect(url: &str) -> Result<redis::Connection> {
    redis::Client::open(url)
        .and_then(|client| client.get_connection())
        .with_context(|| format!("no Redis server at {url}; is it up?"))
}
