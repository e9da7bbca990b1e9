//! Snapshots that are encrypted and authenticated: XChaCha20-Poly1305.

use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::stored::{BoxError, Stored};

/// A key of 32 bytes that snapshots are sealed with. It is wiped when it is dropped.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// This one, which has to be as hard to guess as any key.
    pub fn new(bytes: [u8; 32]) -> Self {
        Key(Zeroizing::new(bytes))
    }

    /// One that is written in 64 hexadecimal digits; none where it is not.
    pub fn of_hex(digits: &str) -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        for (byte, place) in key.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(&digits[place..place + 2], 16).ok()?;
        }
        Some(Key(key))
    }

    /// The nonce, and then what is sealed. It can be opened as what it was sealed for.
    pub(crate) fn seal(&self, name: &str, revision: u64, snapshot: &[u8]) -> Result<Vec<u8>, BoxError> {
        let nonce = XNonce::try_generate()?; // so long that no two are the same
        let payload = Payload { msg: snapshot, aad: &bound_to(name, revision) };
        let sealed = self.cipher().encrypt(&nonce, payload).map_err(|_| "the snapshot is too long to be sealed")?;
        Ok([&*nonce, &*sealed].concat())
    }

    pub(crate) fn open(&self, name: &str, stored: Stored) -> Result<Stored, BoxError> {
        let Stored { revision, snapshot } = stored;
        let (nonce, sealed) = snapshot.split_first_chunk::<24>().ok_or(FORGED)?;
        let payload = Payload { msg: sealed, aad: &bound_to(name, revision) };
        let opened = self.cipher().decrypt(&XNonce::from(*nonce), payload).map_err(|_| FORGED)?;
        Ok(Stored { revision, snapshot: Zeroizing::new(opened) })
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }
}

const FORGED: &str =
    "it was sealed with another key, or for another place, or altered since; remove it, and sign in anew";

/// What else is authenticated: whose snapshot it is, and which.
fn bound_to(name: &str, revision: u64) -> Vec<u8> {
    [&revision.to_le_bytes(), name.as_bytes()].concat()
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").finish_non_exhaustive()
    }
}
