//! How deep the stack has been.

use core::ops::Range;
use core::ptr;

use crate::println;

/// What the start-up code fills unused memory with (`paint-stack` of cortex-m-rt).
const PAINT: u32 = 0xCCCC_CCCC;

unsafe extern "C" {
    static mut _stack_start: u32;
    static mut _stack_end: u32;
}

/// From the end of the variables to the end of the memory, where the stack begins.
fn room() -> Range<usize> {
    (&raw const _stack_end).addr()..(&raw const _stack_start).addr()
}

/// How many bytes the stack may have.
pub fn size() -> usize {
    room().len()
}

/// The most bytes that the stack has had since the start: up to the first word that is not as it was painted.
pub fn peak() -> usize {
    let room = room();
    let first = &raw const _stack_end;
    // SAFETY: reads words of RAM between two symbols of the linker script, which nothing else writes to meanwhile:
    // the interrupt's frame lies below the stack pointer, and is gone or complete when it matters.
    let untouched = (0..room.len() / 4).take_while(|word| unsafe { ptr::read_volatile(first.add(*word)) } == PAINT);
    room.len() - 4 * untouched.count()
}

/// Prints it.
pub fn report(when: &str) {
    println!("stack     {} of {} bytes, {when}", peak(), size());
}
