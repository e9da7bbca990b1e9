//! The debugger's side: output, arguments, and the end of the program.
//!
//! QEMU stands in for a debugger here. A real device has none in the field; its settings come from flash, and its messages
//! go to a serial line.

use core::arch::asm;
use core::fmt::{self, Write};

const SYS_OPEN: u32 = 0x01;
const SYS_CLOSE: u32 = 0x02;
const SYS_WRITE0: u32 = 0x04;
const SYS_READ: u32 = 0x06;
const SYS_TIME: u32 = 0x11;
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
pub fn print_bytes(bytes: &[u8]) {
    let mut piece = [0; 65];
    for bytes in bytes.chunks(piece.len() - 1) {
        piece[..bytes.len()].copy_from_slice(bytes);
        piece[bytes.len()] = 0;
        // SAFETY: the piece ends with a zero, as SYS_WRITE0 wants it.
        unsafe { call(SYS_WRITE0, piece.as_ptr().cast()) };
    }
}

struct Console;

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        print_bytes(text.as_bytes());
        Ok(())
    }
}

/// What [`print!`](crate::print) calls.
pub fn print(arguments: fmt::Arguments<'_>) {
    let _ = Console.write_fmt(arguments); // cannot fail
}

/// Prints on the debugger's console.
#[macro_export]
macro_rules! print {
    ($($argument:tt)*) => { $crate::semihosting::print(format_args!($($argument)*)) };
}

/// Prints a line there.
#[macro_export]
macro_rules! println {
    ($($argument:tt)*) => {{
        $crate::print!($($argument)*);
        $crate::print!("\n");
    }};
}

/// The words that the program was started with, joined by spaces. Empty if they do not fit or are no UTF-8.
pub fn command_line(buffer: &mut [u8]) -> &str {
    let mut block = [buffer.as_mut_ptr().expose_provenance(), buffer.len()];
    // SAFETY: the block is an address and a length, as SYS_GET_CMDLINE wants it, and the buffer is ours.
    let result = unsafe { call(SYS_GET_CMDLINE, block.as_mut_ptr().cast()) };
    let len = if result == 0 { block[1].min(buffer.len()) } else { 0 };
    core::str::from_utf8(&buffer[..len]).unwrap_or_default()
}

/// Seconds since 1970, by the debugger's clock.
pub fn unix_seconds() -> u64 {
    // SAFETY: SYS_TIME wants nothing.
    u64::from(unsafe { call(SYS_TIME, core::ptr::null()) }.cast_unsigned())
}

/// A file of the debugger's, open for reading.
pub struct File {
    handle: u32,
}

/// The longest name of a file.
const NAME: usize = 128;

impl File {
    /// `None` if there is none of that name, or the name is too long.
    pub fn open(name: &str) -> Option<Self> {
        const READ_BINARY: usize = 1;
        let mut text = [0; NAME + 1]; // with a zero at its end
        text.get_mut(..name.len()).filter(|text| text.len() <= NAME)?.copy_from_slice(name.as_bytes());
        let block = [text.as_ptr().expose_provenance(), READ_BINARY, name.len()];
        // SAFETY: the block is a name that ends with a zero, a mode, and the name's length, as SYS_OPEN wants it.
        let handle = unsafe { call(SYS_OPEN, block.as_ptr().cast()) };
        Some(File { handle: handle.try_into().ok()? })
    }

    /// Reads as much as fits and is there, and says how much that is.
    pub fn read(&mut self, buffer: &mut [u8]) -> usize {
        let block = [self.handle as usize, buffer.as_mut_ptr().expose_provenance(), buffer.len()];
        // SAFETY: the block is a handle, an address and a length, as SYS_READ wants it, and the buffer is ours.
        let left = unsafe { call(SYS_READ, block.as_ptr().cast()) };
        buffer.len().saturating_sub(usize::try_from(left).unwrap_or(buffer.len()))
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let block = [self.handle];
        // SAFETY: the block is a handle, as SYS_CLOSE wants it.
        unsafe { call(SYS_CLOSE, block.as_ptr().cast()) };
    }
}

/// Ends the program, and the emulator with it.
pub fn exit(code: u32) -> ! {
    let block = [APPLICATION_EXIT, code];
    loop {
        // SAFETY: the block is a reason and a code, as SYS_EXIT_EXTENDED wants it.
        unsafe { call(SYS_EXIT_EXTENDED, block.as_ptr().cast()) };
    }
}
