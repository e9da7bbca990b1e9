//! Another Rust library for C, with a panic handler of its own, which it can reach.
#![no_std]

unsafe extern "C" {
    /// The program's, in C: what becomes of a panic.
    fn second_failed() -> !;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: it takes nothing and does not return.
    unsafe { second_failed() }
}

/// The byte number `index`; it panics where there is none.
///
/// # Safety
///
/// There are `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn second_byte(bytes: *const u8, len: usize, index: usize) -> u8 {
    // SAFETY: by the caller's word.
    let bytes = unsafe { core::slice::from_raw_parts(bytes, len) };
    bytes[index]
}
