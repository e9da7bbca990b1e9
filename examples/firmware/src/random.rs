//! Random numbers.
//!
//! They come from the host's `/dev/urandom`, by way of the debugger, since neither QEMU's boards nor their chips have a
//! source of their own. A chip that is to speak TLS has one (a TRNG), and reads it here.

use rand_core::{CryptoRng, Error, RngCore};

use crate::semihosting::File;

/// A source that may be used for keys.
pub struct Random(File);

impl Random {
    /// Panics where there is no randomness: nothing may go on with numbers that can be guessed.
    pub fn open() -> Self {
        Random(File::open("/dev/urandom").expect("the host has /dev/urandom"))
    }
}

impl RngCore for Random {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        assert_eq!(self.0.read(bytes), bytes.len(), "/dev/urandom does not end");
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Random {}
