//! Signs in over plain TCP, on a board with 64 KiB of RAM.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use creatio_firmware::board::{self, Lm3s6965};
use creatio_firmware::{outcome, println, semihosting, socket, work};

#[entry]
fn main() -> ! {
    let start = board::start::<Lm3s6965>();
    let ending = work::run(start.arguments, start.socket());
    println!("reads     {}", socket::reads());
    semihosting::exit(outcome::code(ending))
}
