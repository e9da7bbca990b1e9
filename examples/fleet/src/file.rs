//! A store in a file, for the processes of one user on one machine.
//!
//! The file has the revision, in 8 bytes, least significant first, and then the snapshot. The lease is in a file beside it, as long
//! as there is one.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use zeroize::Zeroizing;

use crate::lease::{self, Clock, Lease};
use crate::stored::Stored;

/// How many bytes the revision is.
const REVISION: usize = 8;

/// A store in a file, for processes of one user on one machine.
///
/// The file is for its owner alone, and one that others may use is not taken. Whoever reads finds the old one or the new one, and never
/// half of it. What is not to happen at once is kept apart by a lock of the directory (`flock`), which ends with its process: so
/// let it be one of this machine.
#[derive(Clone)]
pub struct File {
    path: PathBuf,
    clock: Clock,
}

impl File {
    /// The file need not be there yet, and its directory has to.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        File { path: path.into(), clock: lease::system() }
    }

    /// The same, whose leases end by that clock.
    pub fn with_clock(self, clock: Clock) -> Self {
        File { clock, ..self }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Forgets the snapshot, and with it that a sign-in was refused.
    ///
    /// # Errors
    ///
    /// What the file system says, but for a file that is not there.
    pub fn remove(&self) -> io::Result<()> {
        self.alone(|| remove(&self.path))
    }

    pub(crate) fn newest(&self) -> io::Result<Option<Stored>> {
        let Some(bytes) = read(&self.path)? else { return Ok(None) };
        let (revision, snapshot) = bytes.split_first_chunk::<REVISION>().ok_or(io::ErrorKind::InvalidData)?;
        let snapshot = Zeroizing::new(snapshot.to_vec());
        Ok(Some(Stored { revision: u64::from_le_bytes(*revision), snapshot }))
    }

    pub(crate) fn set(&self, revision: u64, snapshot: &[u8]) -> io::Result<bool> {
        self.alone(|| {
            let is_known = self.newest()?.map_or(0, |stored| stored.revision) == revision;
            if is_known {
                write(&self.path, &[&(revision + 1).to_le_bytes(), snapshot])?;
            }
            Ok(is_known)
        })
    }

    pub(crate) fn take_lease(&self, holder: u64, time_out: Duration) -> io::Result<bool> {
        self.alone(|| {
            let now = (self.clock)();
            let is_free = self.lease()?.is_none_or(|lease| lease.holder == holder || lease.is_over(now));
            if is_free {
                write(&self.beside(".lease"), &[&Lease::new(holder, now, time_out).to_bytes()])?;
            }
            Ok(is_free)
        })
    }

    pub(crate) fn give_back(&self, holder: u64) -> io::Result<()> {
        self.alone(|| match self.lease()? {
            Some(lease) if lease.holder == holder => remove(&self.beside(".lease")),
            _ => Ok(()),
        })
    }

    fn lease(&self) -> io::Result<Option<Lease>> {
        Ok(read(&self.beside(".lease"))?.and_then(|bytes| Lease::of_bytes(&bytes)))
    }

    fn beside(&self, end: &str) -> PathBuf {
        beside(&self.path, end)
    }

    /// What no other process does meanwhile.
    fn alone<R>(&self, work: impl FnOnce() -> io::Result<R>) -> io::Result<R> {
        let directory = self.path.parent().filter(|path| !path.as_os_str().is_empty());
        let directory = fs::File::open(directory.unwrap_or(Path::new(".")))?;
        flock(&directory, FlockOperation::LockExclusive)?; // until it is closed
        work()
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File").field("path", &self.path).finish_non_exhaustive()
    }
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(end);
    name.into()
}

/// Reads a file of the owner's own, into memory that does not move and leave copies behind.
fn read(path: &Path) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let file = match fs::File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let metadata = file.metadata()?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let path = path.display();
        return Err(io::Error::other(format!(
            "the snapshot is as good as a password, and others may use {path} (mode {mode:03o}); remove it, and sign in anew"
        )));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(metadata.len().try_into().unwrap_or(0)));
    file.take(metadata.len()).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Writes a file anew, for the owner alone. It is a new one, so that nobody has it open already, and it has the mode that it is made
/// with.
fn write(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let new = beside(path, ".new");
    remove(&new)?; // of a process that ended in the middle
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    let written = parts.iter().try_for_each(|part| file.write_all(part)).and_then(|()| file.sync_all());
    written.and_then(|()| fs::rename(&new, path)).inspect_err(|_| _ = fs::remove_file(&new))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}
