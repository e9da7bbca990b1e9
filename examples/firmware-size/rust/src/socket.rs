//! A socket whose peer is in flash. The compiler is kept from seeing what goes through it.

use core::hint::black_box;
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering::Relaxed};

static ANSWER: AtomicPtr<u8> = AtomicPtr::new(core::ptr::null_mut());
static LEFT: AtomicUsize = AtomicUsize::new(0);
/// How many bytes arrive at once. Zero at first, as all is: nothing here gives variables other values.
pub(crate) static PIECE: AtomicUsize = AtomicUsize::new(0);

/// Sets what the peer answers.
pub fn open(reply: &'static str) {
    ANSWER.store(reply.as_ptr().cast_mut(), Relaxed);
    LEFT.store(reply.len(), Relaxed);
}

/// Sends bytes, which nobody reads.
#[inline(never)]
pub fn write(bytes: &[u8]) {
    for byte in bytes {
        black_box(*byte);
    }
}

/// Some of the bytes there are; 0 when the peer has closed the connection.
#[inline(never)]
pub fn read(into: &mut [u8]) -> usize {
    let mut answer = ANSWER.load(Relaxed).cast_const();
    let len = LEFT.load(Relaxed).min(PIECE.load(Relaxed)).min(into.len());
    for place in into.iter_mut().take(len) {
        // SAFETY: there are at least `len` bytes left of the reply.
        unsafe {
            *place = answer.read_volatile();
            answer = answer.add(1);
        }
    }
    ANSWER.store(answer.cast_mut(), Relaxed);
    LEFT.store(LEFT.load(Relaxed) - len, Relaxed);
    len
}
