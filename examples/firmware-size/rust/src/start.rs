//! What runs before the program, and what Rust asks for.

use crate::measure::measure;

/// Nothing here panics: `cargo xtask size` looks for it in the image.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    crate::semihosting::exit(101)
}

/// Where a chip begins.
#[unsafe(no_mangle)]
extern "C" fn reset() -> ! {
    // The floating-point unit is off at first, and its registers are used for copying, too.
    #[cfg(target_abi = "eabihf")]
    // SAFETY: CPACR is there on every chip with such a unit.
    unsafe {
        let coprocessors = 0xE000_ED88 as *mut u32;
        coprocessors.write_volatile(coprocessors.read_volatile() | 0xF << 20);
        core::arch::asm!("dsb", "isb");
    }
    measure()
}

#[cfg(target_arch = "arm")]
mod vectors {
    unsafe extern "C" {
        static stack_top: u32;
    }

    #[repr(C)]
    struct Vectors {
        stack: *const u32,
        reset: extern "C" fn() -> !,
    }

    // SAFETY: nobody writes to it.
    unsafe impl Sync for Vectors {}

    #[used]
    #[unsafe(link_section = ".vectors")]
    static VECTORS: Vectors = Vectors { stack: &raw const stack_top, reset: super::reset };
}

#[cfg(target_arch = "riscv32")]
core::arch::global_asm!(
    ".section .vectors, \"ax\"",
    ".global _start",
    "_start:",
    "    la sp, stack_top",
    "    j reset"
);
