//! How much RAM a program takes.

use core::arch::asm;
use core::mem::size_of;
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
const PAINT: usize = 0xA5C3_E197;

type Part = unsafe fn(&'static mut [u8]) -> bool;

fn works(part: Part, memory_size: usize) -> bool {
    // SAFETY: each part ends before the next begins; and every program has both.
    unsafe { MEMORY.put(|| [0; MEMORY_SIZE]).get_mut(..memory_size).is_some_and(|memory| part(memory)) }
}

/// The least memory that a login works with.
fn least_memory() -> usize {
    socket::PIECE.store(BUFFER_SIZE, Relaxed);
    (0..MEMORY_SIZE).step_by(8).find(|size| works(signs_in, *size)).unwrap_or(MEMORY_SIZE)
}

fn works_in_every_piece() -> bool {
    [1, 7, 64, BUFFER_SIZE].iter().all(|piece| {
        socket::PIECE.store(*piece, Relaxed);
        works(run, MEMORY_SIZE)
    })
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
    let works = works_in_every_piece();
    let stack = peak(here);

    print_number(c"site", size_of::<Site<'_>>());
    print_number(c"session", size_of::<Session<'_>>());
    print_number(c"exchange", size_of::<Exchange<'_>>());
    print_number(c"memory", memory_size);
    print_number(c"buffer", BUFFER_SIZE);
    print_number(c"stack", stack);
    exit(usize::from(!works))
}
