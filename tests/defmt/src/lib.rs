//! A `defmt` logger for programs on the host, which have no other, and what a decoder makes of its frames.
//!
//! Whoever calls something that logs has to link it: `use creatio_defmt as _;`. What is logged was chosen when the crate
//! that logs was compiled, by `DEFMT_LOG` in `.cargo/config.toml`.

use std::cell::RefCell;
use std::{env, fs, mem};

use defmt_decoder::Table;
use object::{Object, ObjectSection, ObjectSymbol};

#[defmt::global_logger]
struct HostLogger;

/// What a thread has logged.
struct Frames {
    encoder: defmt::Encoder,
    bytes: Vec<u8>,
}

thread_local! {
    static FRAMES: RefCell<Frames> = const { RefCell::new(Frames { encoder: defmt::Encoder::new(), bytes: Vec::new() }) };
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

/// What this thread has logged since this was last asked, as it would go over the wire.
pub fn take_frames() -> Vec<u8> {
    FRAMES.with_borrow_mut(|frames| mem::take(&mut frames.bytes))
}

/// The lines that are in frames of this program, as a developer sees them.
pub fn decode(frames: &[u8]) -> Vec<String> {
    let program = with_addresses_of_now(fs::read(env::current_exe().unwrap()).unwrap());
    let table = Table::parse(&program).unwrap().expect("this program logs something");
    let mut decoder = table.new_stream_decoder();
    decoder.received(frames);
    let lines = std::iter::from_fn(|| decoder.decode().ok().map(|frame| frame.display(false).to_string()));
    lines.map(|line| line.trim_start().to_owned()).collect() // before it is room for the time
}

/// A frame has the low 16 bits of where a text lies. On a chip the linker puts all texts at addresses from 1 on; here they
/// are among the program's data, which the system loads to where it likes. So this writes what they came to be into the
/// program's table of symbols.
fn with_addresses_of_now(mut program: Vec<u8>) -> Vec<u8> {
    #[unsafe(no_mangle)]
    static CREATIO_DEFMT_ANCHOR: u8 = 0;

    let file = object::File::parse(&program[..]).unwrap();
    let anchor = file.symbol_by_name("CREATIO_DEFMT_ANCHOR").unwrap().address();
    let moved_by = (&raw const CREATIO_DEFMT_ANCHOR).addr() as u64 - anchor;
    let (start, len) = file.section_by_name(".symtab").unwrap().file_range().unwrap();
    let symbols = &mut program[start as usize..(start + len) as usize];
    // Elf64_Sym: 4 bytes of name, 4 of other things, 8 of value, 8 of size
    for value in symbols.chunks_exact_mut(24).map(|symbol| &mut symbol[8..16]) {
        let address = u64::from_le_bytes(value.try_into().unwrap()).wrapping_add(moved_by);
        value.copy_from_slice(&(address & 0xFFFF).to_le_bytes());
    }
    program
}

#[cfg(test)]
mod tests {
    use super::{decode, take_frames};

    #[derive(defmt::Format)]
    struct Answer(u8);

    #[test]
    fn what_was_logged_is_decoded() {
        defmt::error!("{} and {:?} of {}", 5_u32, Answer(42), "text");
        defmt::warn!("héllo");
        let frames = take_frames();
        assert_eq!(decode(&frames), ["ERROR 5 and Answer(42) of text", "WARN héllo"]);
        assert_eq!(take_frames(), b"");
    }
}
