//! How much RAM a program takes.

use core::arch::asm;
use core::mem::size_of;
use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::Relaxed;

use creatio_auth::{Exchange, Session, Site};

use crate::semihosting::{exit, print_number};
use crate::{BUFFER_SIZE, MEMORY_SIZE, Static, socket};

unsafe extern "Rust" {
    /// The program: begins a session in the memory, signs in, and does all it does. True if everything came as it
    /// should.
    fn run(memory: &'static mut [u8]) -> bool;

    /// The first part of it.
    fn signs_in(memory: &'static mut [u8]) -> bool;
}

unsafe extern "C" {
    /// The least address that the stack may reach, from the linker script.
    static mut stack_limit: usize;
}

static MEMORY: Static<[u8; MEMORY_SIZE]> = Static::new();
/// How large the future is that a program waits for; none where it has no such thing.
pub(crate) static FUTURE: AtomicUsize = AtomicUsize::new(0);
const PAINT: usize = 0xA5C3_E197;

/// A new piece of that size, which no run before has any more.
fn memory(size: usize) -> &'static mut [u8] {
    // SAFETY: each run ends before the next begins.
    unsafe { MEMORY.put(|| [0; MEMORY_SIZE]) }.get_mut(..size).unwrap_or_default()
}

/// The least memory that a login works with.
fn least_memory() -> usize {
    socket::PIECE.store(BUFFER_SIZE, Relaxed);
    // SAFETY: every program has it.
    (0..MEMORY_SIZE).step_by(8).find(|size| unsafe { signs_in(memory(*size)) }).unwrap_or(MEMORY_SIZE)
}

/// Where the stack is now, in the function that this becomes a part of.
#[inline(always)]
fn stack_here() -> *mut usize {
    let here: *mut usize;
    // SAFETY: it reads a register.
    unsafe {
        #[cfg(target_arch = "arm")]
        asm!("mov {}, sp", out(reg) here);
        #[cfg(target_arch = "riscv32")]
        asm!("mv {}, sp", out(reg) here);
    }
    here
}

/// Paints all that is free below `here`, in line: a function called would stand in the wet paint.
#[inline(always)]
unsafe fn paint(here: *mut usize) {
    let mut word = &raw mut stack_limit;
    while word < here {
        // SAFETY: by the caller's word nothing is below the stack but its limit.
        unsafe { word.write_volatile(PAINT) };
        word = word.wrapping_add(1);
    }
}

/// How many bytes below `here` have been written to since.
fn peak(here: *mut usize) -> usize {
    let mut word = &raw mut stack_limit;
    // SAFETY: from the limit up to here is the stack.
    while word < here && unsafe { word.read_volatile() } == PAINT {
        word = word.wrapping_add(1);
    }
    here.addr() - word.addr()
}

pub fn measure() -> ! {
    let memory_size = least_memory();
    let here = stack_here();
    // SAFETY: this function is the lowest on the stack.
    unsafe { paint(here) };
    let mut works = true;
    for piece in [1, 7, 64, BUFFER_SIZE] {
        socket::PIECE.store(piece, Relaxed);
        // SAFETY: every program has it.
        works &= unsafe { run(memory(MEMORY_SIZE)) };
    }
    let stack = peak(here);

    print_number(c"site", size_of::<Site<'_>>());
    print_number(c"session", size_of::<Session<'_>>());
    print_number(c"exchange", size_of::<Exchange<'_>>());
    print_number(c"memory", memory_size);
    print_number(c"buffer", BUFFER_SIZE);
    print_number(c"stack", stack);
    print_number(c"future", FUTURE.load(Relaxed));
    exit(usize::from(!works))
}
