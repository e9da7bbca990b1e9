//! What the measured programs have in common: the start of a chip, a socket whose peer is in flash, and the report of
//! the RAM they took.
//!
//! Each program is there twice: `login` uses the crate, and `login-without` does the same without it. The difference
//! between their images is the crate.
#![no_std]

mod measure;
mod peer;
mod replies;
mod semihosting;
mod sign_in;
pub mod socket;
mod start;
pub mod usual;

use core::cell::UnsafeCell;
use core::mem::MaybeUninit;

pub use peer::{Peer, WHO, session, wait};
pub use replies::{CALL, CHALLENGE, ENDED, ENDPOINTS, LOGIN, LOGOUT, REVOKED, TOKEN, TOKENS};
pub use sign_in::{EXCHANGE, SESSION, exchange, log_in, sign_in};

/// How many bytes are sent and received at once.
pub const BUFFER_SIZE: usize = 256;
/// The most that the session may have; how much it needs is found out.
pub const MEMORY_SIZE: usize = 4096;

/// Room for a value outside of the stack, so that the stack is seen by itself.
pub struct Static<T>(UnsafeCell<MaybeUninit<T>>);

// SAFETY: there is one thread.
unsafe impl<T> Sync for Static<T> {}

impl<T> Static<T> {
    /// Room with nothing in it.
    pub const fn new() -> Self {
        Self(UnsafeCell::new(MaybeUninit::uninit()))
    }

    /// Puts a value there.
    ///
    /// # Safety
    ///
    /// What was there before must not be in use any more.
    #[allow(clippy::mut_from_ref)] // which is what the caller answers for
    #[inline(always)]
    pub unsafe fn put(&self, value: impl FnOnce() -> T) -> &mut T {
        // SAFETY: by the caller's word.
        unsafe { (*self.0.get()).write(value()) }
    }
}

impl<T> Default for Static<T> {
    fn default() -> Self {
        Self::new()
    }
}
