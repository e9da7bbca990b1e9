//! What becomes of a panic: it is told, and ends the program with a code of its own.

use core::panic::PanicInfo;

use crate::semihosting;

/// The code of a program that panicked.
pub const CODE: u32 = 101;

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    crate::println!("{info}");
    semihosting::exit(CODE)
}
