//! The emulator over real TCP and TLS, asked by a client that shares no code with it.

mod approval;
mod basic;
mod batch;
mod bearer;
mod calls;
mod client;
mod connections;
mod cuts;
mod ends;
mod failures;
mod files;
mod firewall;
mod first_factor;
mod gates;
mod images;
mod lockout;
mod login;
mod oauth_library;
mod odata_3;
mod other_clients;
mod password;
mod program;
mod queries;
mod records;
mod refusals;
mod second_factor;
mod services;
mod tokens;
mod trouble;

use creatio_emulator::{Emulator, Options};

fn start(options: Options) -> Emulator {
    Emulator::start(options).expect("the emulator starts")
}
