//! A `defmt` logger for programs on the host, which have no other.
//!
//! Whoever calls something that logs has to link it: `use creatio_defmt as _;`. What is logged was chosen when the crate
//! that logs was compiled, by `DEFMT_LOG` in `.cargo/config.toml`.

use std::cell::RefCell;
use std::mem;

#[defmt::global_logger]
struct HostLogger;

/// What a thread has logged.
struct Frames {
    encoder: defmt::Encoder,
    bytes: Vec<u8>,
}

thread_local! {
    static FRAMES: RefCell<Frames> =
        const { RefCell::new(Frames { encoder: defmt::Encoder::new(), bytes: Vec::new() }) };
}

fn encode(encode: impl FnOnce(&mut defmt::Encoder, &mut dyn FnMut(&[u8]))) {
    FRAMES.with_borrow_mut(|Frames { encoder, bytes }| encode(encoder, &mut |piece| bytes.extend_from_slice(piece)));
}

// SAFETY: each thread has an encoder of its own, so that no frame is written into another.
unsafe impl defmt::Logger for HostLogger {
    fn acquire() {
        encode(|encoder, write| encoder.start_frame(write));
    }

    unsafe fn flush() {}

    unsafe fn release() {
        encode(|encoder, write| encoder.end_frame(write));
    }

    unsafe fn write(bytes: &[u8]) {
        encode(|encoder, write| encoder.write(bytes, write));
    }
}

defmt::timestamp!("");

#[defmt::panic_handler]
fn panic() -> ! {
    panic!("defmt::panic")
}

/// Logs a value at the level `debug`.
pub fn log(value: impl defmt::Format) {
    defmt::debug!("{}", value);
}

/// What this thread has logged since this was last asked, as it would go over the wire.
pub fn take_frames() -> Vec<u8> {
    FRAMES.with_borrow_mut(|frames| mem::take(&mut frames.bytes))
}

/// Where the system has loaded this to, by which the decoder finds the texts of frames.
#[unsafe(no_mangle)]
pub static CREATIO_DEFMT_ANCHOR: u8 = 0;
