//! A firmware that uses what most gateways come to use of the crate.
#![no_std]
#![no_main]

use firmware_size::sign_in;
use firmware_size::usual::usual;

#[unsafe(no_mangle)]
fn run(memory: &'static mut [u8]) -> bool {
    usual(memory, |_| Some(())).is_some()
}

#[unsafe(no_mangle)]
fn signs_in(memory: &'static mut [u8]) -> bool {
    sign_in(memory).is_some()
}
