//! The C interface of `creatio-auth`: nothing but translation.
//!
//! What each function does is said where C programmers read it, in `include/creatio_auth.h`, which cbindgen generates
//! from the comments here.
#![no_std]
#![allow(non_camel_case_types)]
// What C owes the functions stands at the top of the header, once for all of them.
#![allow(clippy::missing_safety_doc)]
#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]

// A build that unwinds (that of `cargo test`, for one) takes the standard library's panic handler.
#[cfg(any(panic = "unwind", test))]
extern crate std;

// In the order in which the data passes, each importing from those above it alone; the header has them in the same order,
// which rustfmt keeps between empty lines.
mod text;

mod site;

mod session;

mod request;

mod exchange;

mod answer;

mod probe;

mod renewal;

mod batch;

#[cfg(test)]
mod tests;

use core::ffi::{CStr, c_char, c_void};

use zeroize::Zeroize;

/// Nothing in this library panics: `cargo xtask size` looks for it in the linked image. Rust asks for a handler all
/// the same.
#[cfg(all(panic = "abort", feature = "panic-handler", not(test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}

// The compiled parts of Rust's own library in the archive ask for `rust_eh_personality`, which nothing calls in a build that
// aborts, and `--whole-archive` takes them all. Weak: where another Rust library brings the real one, that is the one to take.
#[cfg(all(
    panic = "abort",
    target_os = "linux",
    // Those that Rust 1.88 assembles for.
    any(
        target_arch = "x86",
        target_arch = "x86_64",
        target_arch = "arm",
        target_arch = "aarch64",
        target_arch = "riscv64",
        target_arch = "loongarch64",
        target_arch = "s390x",
    )
))]
core::arch::global_asm!(".weak rust_eh_personality", "rust_eh_personality:", ".long 0");

// The same where GNU's linker sees a weak symbol from its own object alone.
#[cfg(all(panic = "abort", windows, target_arch = "x86_64", target_env = "gnu"))]
core::arch::global_asm!(".comm rust_eh_personality, 4, 2");

/// Nothing in this library allocates. But where it is built together with the rest of the workspace, which wants more
/// of the same dependencies, these bring `alloc`, and that an allocator: one that has nothing to give.
#[cfg(all(panic = "abort", not(test)))]
mod no_memory {
    use core::alloc::{GlobalAlloc, Layout};

    struct NoMemory;

    // SAFETY: no memory is ever given, so none is given back.
    unsafe impl GlobalAlloc for NoMemory {
        unsafe fn alloc(&self, _: Layout) -> *mut u8 {
            core::ptr::null_mut()
        }

        unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
    }

    #[global_allocator]
    static NO_MEMORY: NoMemory = NoMemory;
}

/// All structs of C's, for what tells a header from another. Where one has grown, this says so.
const _: () = {
    let contexts = size_of::<site::creatio_site>()
        + size_of::<session::creatio_session>()
        + size_of::<exchange::creatio_exchange>()
        + size_of::<probe::creatio_runtime_probe>()
        + size_of::<renewal::creatio_renewal>()
        + size_of::<batch::writer::creatio_batch_writer>()
        + size_of::<batch::reader::creatio_batch_reader>();
    let handed_in = size_of::<request::login::creatio_credentials>()
        + size_of::<request::call::creatio_call>()
        + size_of::<request::token::creatio_client_credentials>()
        + size_of::<batch::writer::creatio_batch_part>()
        + size_of::<request::code::creatio_authorization_request>()
        + size_of::<request::ntlm::creatio_ntlm_credentials>();
    let handed_out = size_of::<session::cookie::creatio_cookie>()
        + size_of::<exchange::creatio_fed>()
        + size_of::<answer::creatio_text>()
        + size_of::<answer::login::creatio_login>()
        + size_of::<answer::call::creatio_answer>()
        + size_of::<answer::token::creatio_token>()
        + size_of::<batch::reader::creatio_batch_answer>()
        + size_of::<answer::code::creatio_authorization_response>()
        + size_of::<answer::discovery::creatio_discovery>()
        + size_of::<answer::oauth_health::creatio_oauth_health>()
        + size_of::<answer::windows::creatio_windows>();
    assert!(
        contexts + handed_in + handed_out == text::interface::SIZES as usize,
        "a struct has another size: CREATIO_SIZES of include/creatio_auth.h, in text/interface.rs, is another"
    );
};

/// The version of the library in use, for example "0.1.0". Compare it with `CREATIO_VERSION`, that of the header.
#[unsafe(no_mangle)]
pub extern "C" fn creatio_version() -> *const c_char {
    const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => panic!(),
    };
    VERSION.as_ptr()
}

/// Overwrites a secret of yours with zeros, in a way that no compiler removes. NULL is allowed where `len` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn creatio_wipe(memory: *mut c_void, len: usize) {
    // SAFETY: by the header's conventions.
    if let Some(bytes) = unsafe { text::memory::buffer(memory.cast(), len) } {
        bytes.zeroize();
    }
}
