//! Prints the lines that are in `defmt` frames of a program on the host.
//!
//! `creatio-defmt-decoder PROGRAM ANCHOR <FRAMES`, where the anchor is the address of `CREATIO_DEFMT_ANCHOR` in the running
//! program.

use std::io::{self, Read};
use std::{env, fs};

use defmt_decoder::Table;
use object::{Object, ObjectSection, ObjectSymbol};

fn main() {
    let arguments: Vec<_> = env::args().collect();
    let [_, program, anchor] = &arguments[..] else { panic!("PROGRAM and ANCHOR are needed") };
    let program = with_running_addresses(fs::read(program).unwrap(), anchor.parse().unwrap());
    let mut frames = Vec::new();
    io::stdin().read_to_end(&mut frames).unwrap();

    let table = Table::parse(&program).unwrap().expect("the program logs something");
    let mut decoder = table.new_stream_decoder();
    decoder.received(&frames);
    while let Ok(frame) = decoder.decode() {
        println!("{}", frame.display(false).to_string().trim_start()); // where the time would be
    }
}

/// A frame has the low 16 bits of where a text lies. On a chip the linker puts all texts at addresses from 1 on; on a host
/// they are among the program's data, which the system loads to where it likes. So this writes what they came to be into
/// the program's table of symbols.
fn with_running_addresses(mut program: Vec<u8>, anchor: u64) -> Vec<u8> {
    let file = object::File::parse(&program[..]).unwrap();
    let moved_by = anchor - file.symbol_by_name("CREATIO_DEFMT_ANCHOR").unwrap().address();
    let (start, len) = file.section_by_name(".symtab").unwrap().file_range().unwrap();
    let symbols = &mut program[start as usize..(start + len) as usize];
    // Elf64_Sym: 4 bytes of name, 4 of other things, 8 of value, 8 of size
    for value in symbols.chunks_exact_mut(24).map(|symbol| &mut symbol[8..16]) {
        let address = u64::from_le_bytes(value.try_into().unwrap()).wrapping_add(moved_by);
        value.copy_from_slice(&(address & 0xFFFF).to_le_bytes());
    }
    program
}
