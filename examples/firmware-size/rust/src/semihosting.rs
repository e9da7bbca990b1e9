//! Asks the debugger, which here is QEMU, to print and to end the run.

use core::arch::asm;

const WRITE0: usize = 0x04;
const EXIT_EXTENDED: usize = 0x20;

fn call(operation: usize, argument: *const u8) {
    // SAFETY: no operation here writes to memory.
    unsafe {
        #[cfg(target_arch = "arm")]
        asm!("bkpt #0xab", inout("r0") operation => _, in("r1") argument);
        // Three instructions that are not compressed and in one page, by which a debugger knows it.
        #[cfg(target_arch = "riscv32")]
        asm!(
            ".balign 16",
            ".option push",
            ".option norvc",
            "slli x0, x0, 0x1f",
            "ebreak",
            "srai x0, x0, 7",
            ".option pop",
            inout("a0") operation => _,
            in("a1") argument,
        );
    }
}

/// Prints a name, which ends in a NUL, and a number as a line, in hexadecimal: not every chip divides.
pub fn print_number(name: &'static core::ffi::CStr, mut number: usize) {
    call(WRITE0, name.as_ptr().cast());
    let mut text = [0; 11];
    let mut digits = text.iter_mut().rev().skip(1);
    let mut put = |byte| {
        if let Some(place) = digits.next() {
            *place = byte;
        }
    };
    put(b'\n');
    loop {
        put(match (number % 16) as u8 {
            digit @ 0..10 => b'0' + digit,
            digit => b'a' - 10 + digit,
        });
        number /= 16;
        if number == 0 {
            break;
        }
    }
    put(b' ');
    drop(digits);
    let unused = text.iter().take_while(|byte| **byte == 0).count();
    call(WRITE0, text.as_ptr().wrapping_add(unused));
}

/// Ends QEMU with an exit code.
pub fn exit(code: usize) -> ! {
    const APPLICATION_EXIT: usize = 0x20026;
    let argument = [APPLICATION_EXIT, code];
    loop {
        call(EXIT_EXTENDED, argument.as_ptr().cast());
    }
}
