//! Signs in over plain TCP, on a board with 64 KiB of RAM.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use creatio_firmware::board::{self, Lm3s6965};
use creatio_firmware::{outcome, semihosting, work};

#[entry]
fn main() -> ! {
    let start = board::start::<Lm3s6965>();
    let arguments = start.arguments;
    let ending = work::run(arguments, start.socket());
    semihosting::exit(outcome::code(ending))
}
