//! What `blocking`, `asynch` and `typed` are without the crate.
#![no_std]
#![no_main]

use firmware_size::{CALL, ENDED, LOGIN, LOGOUT, socket};

#[unsafe(no_mangle)]
fn run(memory: &'static mut [u8]) -> bool {
    [LOGIN, ENDED, LOGIN, CALL, LOGOUT].iter().all(|reply| {
        socket::open(reply);
        socket::read(memory) > 0
    })
}

#[unsafe(no_mangle)]
fn signs_in(memory: &'static mut [u8]) -> bool {
    run(memory)
}
