//! The least a firmware needs to sign in.
#![no_std]
#![no_main]

use firmware_size::sign_in;

#[unsafe(no_mangle)]
fn run(memory: &'static mut [u8]) -> bool {
    sign_in(memory).is_some()
}

#[unsafe(no_mangle)]
fn signs_in(memory: &'static mut [u8]) -> bool {
    sign_in(memory).is_some()
}
