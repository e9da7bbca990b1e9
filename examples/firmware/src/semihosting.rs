//! The debugger's side: output, arguments, and the end of the program.
//!
//! QEMU stands in for a debugger here. A real device has none in the field; its settings come from flash, and its messages
//! go to a serial line.

use core::arch::asm;
use core::fmt::{self, Write};

const SYS_WRITE0: u32 = 0x04;
const SYS_GET_CMDLINE: u32 = 0x15;
const SYS_EXIT_EXTENDED: u32 = 0x20;

/// The reason of an exit that the program chose itself, with a code beside it.
const APPLICATION_EXIT: u32 = 0x2_0026;

/// Asks the debugger for something. What `block` points to depends on `operation`.
///
/// # Safety
///
/// `block` is what the operation wants, and stays valid for the time of the call.
unsafe fn call(operation: u32, block: *const ()) -> i32 {
    let result;
    // SAFETY: breakpoint 0xAB is semihosting's own and changes r0 alone, besides what the caller vouches for.
    unsafe {
        asm!("bkpt 0xAB", inlateout("r0") operation => result, in("r1") block, options(nostack, preserves_flags))
    };
    result
}

/// Writes to the debugger's console, a small piece at a time, each closed with a zero.
struct Console;

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut piece = [0; 65];
        for bytes in text.as_bytes().chunks(piece.len() - 1) {
            piece[..bytes.len()].copy_from_slice(bytes);
            piece[bytes.len()] = 0;
            // SAFETY: the piece ends with a zero, as SYS_WRITE0 wants it.
            unsafe { call(SYS_WRITE0, piece.as_ptr().cast()) };
        }
        Ok(())
    }
}

/// What [`println!`](crate::println) calls.
pub fn print(arguments: fmt::Arguments<'_>) {
    let _ = Console.write_fmt(arguments); // cannot fail
}

/// Prints a line on the debugger's console.
#[macro_export]
macro_rules! println {
    ($($argument:tt)*) => {{
        $crate::semihosting::print(format_args!($($argument)*));
        $crate::semihosting::print(format_args!("\n"));
    }};
}

/// The words that the program was started with, joined by spaces. Empty if they do not fit or are no UTF-8.
pub fn command_line(buffer: &mut [u8]) -> &str {
    let mut block = [buffer.as_mut_ptr().addr(), buffer.len()];
    // SAFETY: the block is an address and a length, as SYS_GET_CMDLINE wants it, and the buffer is ours.
    let result = unsafe { call(SYS_GET_CMDLINE, block.as_mut_ptr().cast()) };
    let len = if result == 0 { block[1].min(buffer.len()) } else { 0 };
    core::str::from_utf8(&buffer[..len]).unwrap_or_default()
}

/// Ends the program, and the emulator with it.
pub fn exit(code: u32) -> ! {
    let block = [APPLICATION_EXIT, code];
    loop {
        // SAFETY: the block is a reason and a code, as SYS_EXIT_EXTENDED wants it.
        unsafe { call(SYS_EXIT_EXTENDED, block.as_ptr().cast()) };
    }
}
