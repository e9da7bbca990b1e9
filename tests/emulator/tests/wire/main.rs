//! The emulator over real TCP and TLS, asked by a client that shares no code with it.

mod calls;
mod client;
mod connections;
mod login;

use creatio_emulator::{Emulator, Options};

fn start(options: Options) -> Emulator {
    Emulator::start(options).expect("the emulator starts")
}
